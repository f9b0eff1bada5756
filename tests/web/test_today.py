"""The first page: figures that open their lists, units and requirements, any day."""

import re
import threading
from datetime import date, timedelta
from time import monotonic, sleep

import pytest

from actions.ward import USUAL, away, card, govern, post, staff, take_in
from asking.test_questions import statements
from conftest import Databases
from tracker.db.change import change
from tracker.db.tables import submissions
from tracker.domain.board import Heading
from tracker.domain.scope import EVERYONE
from tracker.web.background import Background
from tracker.web.boards import AT_ONCE, PART, Boards
from web.house import ANA, BOSS, TODAY, House


def figures(text: str) -> dict[str, int]:
    """The figures of the first page, by the list that each opens."""
    return {name: int(count) for name, count in re.findall(r'show=([a-z-]+)#list"[^>]*><b>(\d+)</b>', text)}


def listed(text: str) -> list[str]:
    """The employee ids on the list that is shown."""
    return re.findall(r'href="/people/([^"?]+)[^"]*"', text)


@pytest.mark.parametrize("role", ["educator", "manager"])
def test_each_figure_is_the_length_of_its_list(house: House, role: str) -> None:
    """For those who see everybody, and for those who see some."""
    take_in(house.database, card(ANA, "2023-07-05"), post("1", "ICU", "2025-06-01", name="New"))
    browser = house.signed_in(role)
    found = figures(browser.get("/").text)
    assert set(found) == set(Heading)
    assert sum(found.values()) > 0
    for heading, count in found.items():
        assert len(set(listed(browser.get(f"/?show={heading}").text))) == count, heading


def test_what_waits_to_be_checked_is_one_thing(house: House) -> None:
    """A card that was handed in, counted alike here, for the unit, and in the list; not one that nobody confirmed."""
    govern(house.database, USUAL.replace('id = "bls"', 'id = "bls"\nverified = true'))
    take_in(house.database, post("1", "ICU", "2025-01-01"), post("2", "ICU", "2025-01-01"))
    take_in(house.database, card("1", "2025-06-01"))
    with change(house.database, BOSS, "test") as made:
        number = made.cards_of(["2"])["2"].id
        made.record(submissions, [(number, "BLS", TODAY, None)])
    browser = house.signed_in("manager")
    assert listed(browser.get("/?show=to-check").text) == ["2"]
    assert listed(browser.get("/people?standing=to_check").text) == ["2"]
    assert figures(browser.get("/").text)["to-check"] == 1
    assert "<b>1</b> waiting to be checked" in browser.get("/units/ICU").text
    assert "<b>1</b> unverified" in browser.get("/units/ICU").text


def test_what_changes_is_counted_anew(house: House) -> None:
    """A card that is recorded between two looks is in the second."""
    browser = house.signed_in("educator")
    assert ANA in listed(browser.get("/").text)
    take_in(house.database, card(ANA, "2025-06-05"), card(ANA, "2025-06-05", type="ACLS"))
    assert ANA not in listed(browser.get("/").text)


def test_ends_are_told_by_week(house: House) -> None:
    """Each week opens those of whom something ends in it, and nobody else."""
    take_in(house.database, *(post(str(one), "ED", "2024-01-01") for one in (1, 2)))
    take_in(house.database, card("1", "2023-06-05"), card("2", "2023-07-05"))
    browser = house.signed_in("educator")
    weeks = re.findall(r"week=(\d{4}-\d\d-\d\d)#list", browser.get("/?show=expiring").text)
    assert [listed(browser.get(f"/?show=expiring&week={last}").text) for last in weeks] == [["1"], ["2"]]
    assert [date.fromisoformat(last) >= TODAY for last in weeks] == [True, True]


def test_months_after_a_past_day_are_told_as_they_went(house: House) -> None:
    """Not as what will come; and the menu names the day that it leads to."""
    browser = house.signed_in("educator")
    assert "Months to come are dashed" in browser.get("/").text
    past = browser.get("/?on=2025-03-01").text
    assert ("Months to come" in past, "where they have passed, that is how they went" in past) == (False, True)
    assert 'aria-current="page">1 Mar 2025</a>' in past


def test_where_records_begin_within_the_months_it_says_so(house: House) -> None:
    """Not where they begin before all of them, or after."""
    take_in(house.database, post("5001", "ICU", "2020-01-01", name="Old Hand"))
    browser = house.signed_in("educator")
    days = {"2022-06-01": False, "2024-06-01": True, "2026-06-01": False}
    assert {day: "Records begin within" in browser.get(f"/?on={day}").text for day in days} == days


def test_the_list_is_shown_fifty_a_page(house: House) -> None:
    """And every one of them once."""
    take_in(house.database, *(post(f"N{at:03}", "ED", "2024-01-01") for at in range(120)))
    browser = house.signed_in("educator")
    pages = [listed(browser.get(f"/?number={number}").text) for number in (1, 2, 3)]
    assert [len(each) for each in pages] == [50, 50, 22]
    assert len({who for each in pages for who in each}) == 122
    assert 'rel="next"' not in browser.get("/?number=3").text


def test_somebody_on_leave_is_told_of_before_they_are_back(house: House) -> None:
    """If they come back to a gap."""
    take_in(house.database, away(ANA, "2025-06-01", "2025-06-30"))
    text = house.signed_in("educator").get("/?show=returning").text
    assert listed(text) == [ANA]
    assert "1 Jul 2025" in text


def test_without_a_policy_it_says_what_to_do(empty: House) -> None:
    """And opens."""
    answer = empty.signed_in("educator").get("/")
    assert (answer.status_code, "Nothing is set up yet" in answer.text) == (200, True)


def test_a_hospital_is_counted_beside_the_look(house: House) -> None:
    """More people than a look may wait for: first it says so, then they are all there."""
    take_in(house.database, *staff((AT_ONCE + 1) * PART))
    browser = house.signed_in("educator")
    assert "being counted for the first time" in browser.get("/").text
    until = monotonic() + 60
    while "being counted" in (text := browser.get("/").text):
        assert monotonic() < until
        sleep(0.2)
    assert figures(text)[Heading.OUT] == (AT_ONCE + 1) * PART + 2


def test_days_are_counted_one_at_a_time(house: House) -> None:
    """Whoever walks through many days begins one thread and not one for each; the day looked at last is counted."""
    take_in(house.database, *staff((AT_ONCE + 1) * PART))
    background, before = Background(), threading.active_count()
    boards = Boards(house.database, background)
    days = [TODAY - timedelta(days=each) for each in range(12)]
    assert [boards.of(EVERYONE, day).board for day in days] == [None] * len(days)
    assert threading.active_count() - before <= 1
    background.wait()
    shown = boards.of(EVERYONE, days[-1])
    assert (shown.board is not None, shown.is_late) == (True, False)


def test_after_a_change_only_its_part_is_counted(databases: Databases) -> None:
    """As many statements where there are five parts as where there are two."""
    asked = []
    for parts in (2, AT_ONCE):
        house = House(databases.new()).furnish()
        take_in(house.database, *staff(parts * PART - 10))
        boards = Boards(house.database, Background())
        boards.of(EVERYONE, TODAY)
        take_in(house.database, card(ANA, "2025-06-05"))
        asked.append(statements(house.database, lambda boards=boards: boards.of(EVERYONE, TODAY)))
    assert asked[0] == asked[1]
