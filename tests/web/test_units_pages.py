"""Units: the list, one unit on a day, and the form that says who answers for it."""

import re

import pytest

from actions.ward import changes_in, facts_of, post, take_in, unit
from tracker.db.trail import entries
from tracker.web.pages import ROWS
from web.crowd import following, furnish, ids, said_in, walked
from web.house import ANA, EVE, House

FIELDS = {"name": "ICU", "facility": "East", "managers": "kim@x.example; lou@x.example", "director": ""}


def rows_of(text: str) -> list[str]:
    """What each row of a list says."""
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    return [said_in(row) for row in rows]


def recorded(house: House) -> list[tuple[str | None, ...]]:
    """What holds of units: name, facility, managers, director."""
    return sorted(fact[1:] for fact in facts_of(house.database)["units"].elements())


def test_each_unit_says_who_answers_and_how_many_are_out(house: House) -> None:
    """Those on record without people, and those that people alone name, among them."""
    furnish(house)
    take_in(house.database, unit("ICU", "East", "kim@x.example;lou@x.example"), unit("Empty"))
    found = rows_of(house.signed_in("auditor").get("/units").text)[1:]
    assert found == [
        "ED 1 1 person",
        "Empty 0",
        "ICU 2 1 person East kim@x.example, lou@x.example",
        "OR 7 1 person",
    ]


def test_units_are_searched_and_shown_page_by_page(house: House) -> None:
    """By the start of any word, whatever its case and accents; pages follow each other without gap."""
    take_in(house.database, *(post(f"N{at}", f"Général {at:03}") for at in range(120)))
    browser = house.signed_in("educator")
    first, second = (browser.get(f"/units?q=gen{after}").text for after in ("", "&after=Général+049"))
    third = browser.get(following(second, "next") or "").text
    names = [row.split(" 1 ")[0] for text in (first, second, third) for row in rows_of(text)[1:]]
    assert names == [f"Général {at:03}" for at in range(120)]
    assert (following(first, "prev"), following(third, "next")) == (None, None)
    assert browser.get(following(third, "prev") or "").text == second
    assert rows_of(browser.get(following(second, "prev") or "").text) == rows_of(first)
    assert "1 unit<" in browser.get("/units?q=119").text
    assert "Show all units" in browser.get("/units?q=zz").text


def test_a_manager_has_only_their_own_units(house: House) -> None:
    """In the list; of another the page says the same as of one that there is not."""
    browser = house.signed_in("manager")
    assert [row.split()[0] for row in rows_of(browser.get("/units").text)[1:]] == ["ICU"]
    there, nowhere = browser.get("/units/ED"), browser.get("/units/None")
    assert there.text.replace("ED", "X") == nowhere.text.replace("None", "X")
    assert (there.status_code, nowhere.status_code) == (400, 400)
    assert "Change" not in browser.get("/units/ICU").text


def test_a_unit_shows_who_answers_and_how_many_stand_where(house: House) -> None:
    """Each figure leads to the list of those people."""
    furnish(house)
    take_in(house.database, unit("OR", "East", "kim@x.example", "dir@x.example"))
    browser = house.signed_in("educator")
    text = browser.get("/units/OR").text
    for each in ("East", "kim@x.example", "dir@x.example"):
        assert f"<bdi>{each}</bdi>" in text
    figures = re.findall(r'<li class="\w*"><a href="([^"]+)"><b>(\d+)</b> ([^<]+)', text)
    assert {words: int(number) for _, number, words in figures} == {
        "people at work": 7,
        "out of compliance": 1,
        "with an end near": 1,
        "newcomers": 0,
        "on leave": 1,
        "unverified": 0,
        "waiting to be checked": 1,
    }
    for address, number, _ in figures:
        assert len(ids(browser.get(address.replace("&amp;", "&")).text)) == int(number)
    assert 'href="/reports?unit=OR"' in text


def test_the_grid_has_a_cell_for_each_person_and_requirement(house: House) -> None:
    """With a word and a shape, and the last day of what still holds; a link to the person in each."""
    text = furnish(house).signed_in("manager").get("/units/ICU").text
    assert rows_of(text) == [
        "Name bls acls",
        "Ana Abel 4512, RN missing missing",
        "Nell Nunn pending, RN current 31 Jan 2027 newcomer 31 Jul 2025",
    ]
    assert text.count(f'href="/people/{ANA}"') == 3
    assert '<i class="shape out"' in text


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ("", {"pending", ANA}),
        ("?requirement=acls&standing=pending", {"pending"}),
        ("?requirement=bls&standing=pending", set()),
        ("?standing=out", {ANA}),
        ("?standing=exempt", set()),
    ],
)
def test_the_grid_is_narrowed(house: House, asked: str, who: set[str]) -> None:
    """By requirement, which leaves its column alone, and by standing; where nobody fits it says how to go back."""
    text = furnish(house).signed_in("educator").get(f"/units/ICU{asked}").text
    assert set(ids(text)) == who
    assert (">acls</bdi>" in text) is ("requirement=bls" not in asked and bool(who))
    assert ("Show all of them" in text) is (not who)


def test_a_large_unit_is_shown_page_by_page(house: House) -> None:
    """Fifty people a page, each once."""
    take_in(house.database, *(post(f"N{at}", "A/B ward?", name=f"Bea {at}") for at in range(70)))
    pages = walked(house.signed_in("educator"), "/units/A%2FB%20ward%3F")
    assert [len(each) for each in pages] == [ROWS, 20]
    assert len({who for each in pages for who in each}) == 70


def test_an_empty_unit_and_an_unknown_one_say_what_to_do(house: House) -> None:
    """In a sentence."""
    take_in(house.database, unit("Empty"))
    browser = house.signed_in("educator")
    assert "take in a roster" in browser.get("/units/Empty").text
    for path in ("/units/None", "/change-unit?unit=None"):
        assert "There is no unit 'None'" in browser.get(path).text.replace("&#39;", "'")


@pytest.mark.parametrize("role", ["administrator", "educator"])
def test_who_may_set_the_policy_says_who_answers_for_a_unit(house: House, role: str) -> None:
    """It is recorded under their address, shown on the page, and stands in the form again."""
    browser = house.signed_in(role)
    answer = browser.post("/change-unit", data=FIELDS | {"mark": house.mark(browser)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/units/ICU?done=unit")
    shown = browser.get(answer.headers["location"]).text
    assert "The unit is recorded" in shown
    assert "lou@x.example" in shown
    assert recorded(house) == [("ICU", "East", "kim@x.example;lou@x.example", None)]
    assert 'value="kim@x.example; lou@x.example"' in browser.get("/change-unit?unit=ICU").text
    with house.database.read() as connection:
        (last,) = entries(connection, 1)
    assert (last.actor, last.action, last.subject) == (f"{role}@hospital.example", "unit-change", "unit:ICU")


@pytest.mark.parametrize("role", ["manager", "auditor", "staff"])
def test_nobody_else_changes_a_unit(house: House, role: str) -> None:
    """Not even their own."""
    browser = house.signed_in(role)
    before = changes_in(house.database)
    answer = browser.post("/change-unit", data=FIELDS | {"mark": house.mark(browser)})
    assert (answer.status_code, changes_in(house.database)) == (403, before)


def test_a_form_without_the_mark_changes_nothing(house: House) -> None:
    """It may be another site's."""
    browser = house.signed_in("educator")
    before = changes_in(house.database)
    for mark in ({}, {"mark": "0" * 64}):
        assert browser.post("/change-unit", data=FIELDS | mark).status_code == 400
    assert changes_in(house.database) == before


def test_a_wrong_form_comes_back_as_it_was_typed(house: House) -> None:
    """With what is wrong on top; the unit that is there already is not changed by adding it."""
    browser = house.signed_in("educator")
    take_in(house.database, unit("ICU", "East"))
    for wrong, words in (
        ({"managers": "nobody"}, "is no e-mail address"),
        ({"name": "icu", "new": "yes"}, "already"),
        ({"name": " ", "new": "yes"}, "Give the unit its name"),
    ):
        data = FIELDS | {"facility": "<West>"} | wrong | {"mark": house.mark(browser)}
        answer = browser.post("/change-unit", data=data)
        assert (answer.status_code, words in answer.text) == (400, True)
        assert 'value="&lt;West&gt;"' in answer.text
    assert recorded(house) == [("ICU", "East", None, None)]


def test_eve_is_in_no_grid_of_a_manager_of_the_icu(house: House) -> None:
    """Whatever the address asks."""
    browser = house.signed_in("manager")
    for asked in ("", "?standing=out", f"?after={EVE}", f"?before={EVE}"):
        assert EVE not in ids(browser.get(f"/units/ICU{asked}").text)
