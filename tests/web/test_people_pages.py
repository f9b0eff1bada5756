"""The list of people: who is found, narrowed, sorted, page by page and as a file; never anybody else's people."""

import io
import re

import openpyxl
import pytest
from starlette.testclient import TestClient

from actions.ward import post, take_in
from tracker.web.lists import STANDINGS
from tracker.web.pages import ROWS
from web.crowd import following, furnish, ids, row_of, table_of, walked
from web.house import ANA, EVE, House

BOTH = {ANA, EVE}
GROUPS = {
    "": {"current", "expiring", "grace", "expired", "on_leave", "exempt", "pending", "unmatched", *BOTH},
    "out": {"expired", *BOTH},
    "expiring": {"expiring"},
    "exempt": {"exempt"},
    "on_leave": {"on_leave"},
    "current": {"current", "expiring", "pending"},
    "pending": {"pending"},
    "grace": {"grace"},
    "prerequisite_gap": set(),
    "unverified": set(),
    "expired": {"expired"},
    "missing": BOTH,
    "not_recorded": set(),
    "to_check": {"grace", "pending"},
    "no_address": {"current", "expiring", "grace", "expired", "on_leave", "exempt", "unmatched", *BOTH},
    "unmatched": {"unmatched"},
}


@pytest.fixture
def browser(house: House) -> TestClient:
    """That of an educator, with somebody in each standing."""
    return furnish(house).signed_in("educator")


def test_each_group_has_its_people(browser: TestClient) -> None:
    """Whoever has one such standing on the day; every group that can be chosen is tried."""
    assert set(GROUPS) == {value for value, _ in STANDINGS}
    for group, who in GROUPS.items():
        found = ids(browser.get("/people", params={"standing": group}).text)
        assert (set(found), len(found)) == (who, len(who)), group


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"q": "an"}, {ANA}),
        ({"q": "nell@"}, {"pending"}),
        ({"q": "ex"}, {"expiring", "expired", "exempt"}),
        ({"unit": "OR", "role": "clerk"}, {"unmatched"}),
        ({"role": "m"}, {"current", "expiring", "grace", "expired", "on_leave", "exempt"}),
        ({"requirement": "acls"}, {"pending", *BOTH}),
        ({"requirement": "acls", "standing": "current"}, set()),
        ({"requirement": "bls", "standing": "current", "unit": "ICU"}, {"pending"}),
        ({"requirement": "acls", "standing": "unmatched", "unit": "ICU"}, set()),
        ({"unit": " icu"}, {"pending", ANA}),
        ({"unit": "IC"}, set()),
        ({"unit": "ICU", "standing": "to_check"}, {"pending"}),
        ({"requirement": "acls", "standing": "to_check"}, {"pending"}),
    ],
)
def test_what_is_asked_together_narrows_together(browser: TestClient, asked: dict[str, str], who: set[str]) -> None:
    """A standing beside a requirement is the standing with that one; the address says all of it."""
    assert set(ids(browser.get("/people", params=asked).text)) == who


def test_a_row_says_what_a_manager_asks_first(browser: TestClient) -> None:
    """The worst standing in a word with a shape, what the person is out of, the next last day and the days left."""
    text = browser.get("/people").text
    assert row_of(text, ANA) == "Ana Abel 4512 missing acls, bls ICU RN"
    assert row_of(text, "expiring") == "Ezra Egan expiring current, ends soon 31 Jul 2025 in 46 days OR MD"
    assert row_of(text, "grace") == "Gwen Gray grace in grace 24 Jun 2025 in 9 days OR MD"
    assert row_of(text, "unmatched") == "Una Ulm unmatched no requirement OR Clerk"
    assert row_of(text, "on_leave") == "Lee Lane on_leave on leave OR MD"
    for look in ("out", "soon", "grace", "aside", "current", "pending"):
        assert f'<i class="shape {look}" aria-hidden="true"></i>' in text


def test_with_a_requirement_a_row_is_about_this_one(browser: TestClient) -> None:
    """Its standing and its last day, by which the list is sorted then, and not those of another."""
    text = browser.get("/people?requirement=bls&sort=left&unit=ICU").text
    assert ids(text) == ["pending", ANA]
    assert row_of(text, "pending") == "Nell Nunn pending current 31 Jan 2027 in 595 days ICU RN"
    assert row_of(text, ANA) == "Ana Abel 4512 missing bls ICU RN"


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", ["Ana", "Cora", "Eve", "Ezra", "Gwen", "Lee", "Nell", "Pax", "Una", "Xena"]),
        ("unit", ["Eve", "Ana", "Nell", "Cora", "Ezra", "Gwen", "Lee", "Pax", "Una", "Xena"]),
        ("left", ["Gwen", "Ezra", "Nell", "Xena", "Cora", "Ana", "Eve", "Lee", "Pax", "Una"]),
    ],
)
def test_each_order(browser: TestClient, sort: str, first: list[str]) -> None:
    """By name, by unit and then name, or the nearest last day first and those without one last."""
    assert re.findall(r'<a href="/people/[^"]*"><bdi>(\w+)', browser.get(f"/people?sort={sort}").text) == first


@pytest.mark.parametrize("sort", ["name", "unit", "left"])
def test_pages_follow_each_other_without_gap_or_repetition(house: House, sort: str) -> None:
    """There and back again, those of one name and those without one among them."""
    names = [None, None, "Same Name", "Same Name", *(f"Bea {number}" for number in range(120))]
    take_in(house.database, *(post(f"N{at}", f"U{at % 3}", name=name) for at, name in enumerate(names)))
    browser = house.signed_in("educator")
    there = walked(browser, f"/people?sort={sort}")
    assert [len(each) for each in there] == [ROWS, ROWS, len(names) + 2 - 2 * ROWS]
    assert len({who for each in there for who in each}) == len(names) + 2
    last = following(browser.get(f"/people?sort={sort}&after={there[1][-1]}").text, "prev")
    assert last is not None
    assert walked(browser, last, "prev") == [there[1], there[0]]


def test_addresses_of_pages_name_nobody(house: House) -> None:
    """They go into logs and histories: an employee id and what somebody typed is all that they say."""
    take_in(house.database, *(post(f"N{at}", name=f"Bea Secret{at}") for at in range(60)))
    following_page = following(house.signed_in("educator").get("/people?q=bea&standing=out").text, "next")
    assert following_page is not None
    assert re.fullmatch(r"/people\?after=N\d+&q=bea&standing=out", following_page)


def test_a_page_after_somebody_who_left_or_never_was_is_the_first(browser: TestClient) -> None:
    """And one before the first is the first."""
    first = ids(browser.get("/people").text)
    for asked in ("after=nobody", "before=nobody", f"before={first[0]}"):
        assert ids(browser.get(f"/people?{asked}").text) == first


def test_the_files_have_all_that_is_shown_in_its_order(house: House) -> None:
    """Every page of it, whatever page is open, and the same columns in both."""
    take_in(house.database, *(post(f"N{at}", f"U{at % 3}", name=f"Bea {at}") for at in range(60)))
    browser = furnish(house).signed_in("educator")
    for asked in ("sort=unit", "standing=out&sort=name", "q=bea&unit=U1&sort=left"):
        shown = [who for each in walked(browser, f"/people?{asked}") for who in each]
        header, *rows = table_of(browser, f"/people.csv?{asked}&after=N3")
        assert [row[0] for row in rows] == shown
        book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/people.xlsx?{asked}").content))
        found = [[cell.value for cell in row] for row in book["People"].iter_rows()]
        assert found[0] == header
        assert [row[0] for row in found[1:]] == shown


def test_days_and_figures_of_a_file_are_real(browser: TestClient) -> None:
    """A spreadsheet program sorts them as such."""
    (row,) = table_of(browser, "/people.csv?q=ezra")[1:]
    assert row == ["expiring", "Ezra Egan", "current", "", "2025-07-31", "46", "OR", "MD"]
    answer = browser.get("/people.xlsx?q=gwen")
    assert 'filename="people-2025-06-15.xlsx"' in answer.headers["content-disposition"]
    cells = openpyxl.load_workbook(io.BytesIO(answer.content))["People"][2]
    assert (str(cells[4].value), cells[5].value) == ("2025-06-24 00:00:00", 9)


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_becomes_a_formula(house: House, start: str) -> None:
    """What somebody typed stays text in a spreadsheet."""
    name = f"{start}HYPERLINK(1)"
    take_in(house.database, post("X-1", "OR", name=name))
    browser = house.signed_in("educator")
    assert table_of(browser, "/people.csv?q=X-1")[1][1] == f"'{name}"
    cell = openpyxl.load_workbook(io.BytesIO(browser.get("/people.xlsx?q=X-1").content))["People"][2][1]
    assert (cell.value, cell.data_type) == (name, "s")


@pytest.mark.parametrize(
    "asked", ["", "?unit=ED", "?q=eve", "?sort=left", f"?after={EVE}", f"?before={EVE}", "?standing=out", "?role=nurse"]
)
def test_a_manager_has_only_their_own_people(house: House, asked: str) -> None:
    """Of somebody who works elsewhere too only the own unit; no filter, order, page or file leads further."""
    take_in(house.database, post(ANA, "ED", "2025-01-01", role="Nurse"), other_unit="also")
    browser = house.signed_in("manager")
    text, rows = browser.get(f"/people{asked}").text, table_of(browser, f"/people.csv{asked}")[1:]
    found = [] if asked in ("?unit=ED", "?q=eve", "?role=nurse") else [ANA]
    assert ids(text) == [row[0] for row in rows] == found
    for who in found:
        assert row_of(text, who) == "Ana Abel 4512 missing acls, bls ICU RN"
        assert rows == [[ANA, "Ana Abel", "missing", "acls; bls", "", "", "ICU", "RN"]]
    assert "Eve" not in text
    assert asked == "?unit=ED" or ">ED<" not in text


def test_the_list_is_about_the_day_of_the_page(house: House) -> None:
    """Who works then, standing as then; its form and its links stay on the day."""
    take_in(house.database, post("old", "OR", "2024-01-01", "2024-12-31", name="Old Oak"))
    text = house.signed_in("educator").get("/people?on=2024-06-15").text
    assert ids(text) == ["old"]
    assert '<input type="hidden" name="on" value="2024-06-15">' in text
    assert "/people.csv?on=2024-06-15" in text


@pytest.mark.parametrize("path", ["/people", "/people.csv", "/people.xlsx"])
def test_what_cannot_be_asked_is_told_in_a_sentence(house: House, path: str) -> None:
    """With what to do instead."""
    browser = house.signed_in("educator")
    for asked, words in (("sort=age", "choose name, unit or left"), ("standing=fine", "choose one of the list")):
        answer = browser.get(f"{path}?{asked}")
        assert (answer.status_code, words in answer.text) == (400, True)
    assert browser.get(f"{path}?q={'x' * 201}").status_code == 422


def test_it_says_how_many_are_shown_and_what_to_do_about_nobody(house: House) -> None:
    """In a place that is read out when it changes; before a policy it says what to do first."""
    browser = house.signed_in("educator")
    shown = '<p id="shown" class="quiet" role="status">{}</p>'
    assert shown.format("2 people") in browser.get("/people").text
    assert shown.format("1 person") in browser.get("/people?q=ana").text
    nobody = browser.get("/people?q=zz").text
    assert shown.format("Nobody") in nobody
    assert 'or <a href="/people">show everybody</a>' in nobody
    assert "Take in a roster" in browser.get("/people?on=2020-01-01").text


@pytest.mark.parametrize("path", ["/people", "/people.csv", "/people.xlsx", "/units", "/units/ICU"])
def test_before_a_policy_each_list_says_what_to_do(empty: House, path: str) -> None:
    """As the first page does."""
    assert "Choose a policy" in empty.signed_in("educator").get(path).text


def test_a_page_stays_light(house: House) -> None:
    """With fifty people of long names in several of many units, and each unit to choose from."""
    rows = [post(f"N{at}", f"Unit {'x' * 40} {at % 190}", name=f"{'Long' * 10} {at}") for at in range(400)]
    take_in(house.database, *rows)
    browser = house.signed_in("educator")
    assert len(browser.get("/people").content) < 150_000
    assert len(browser.get("/units").content) < 150_000
