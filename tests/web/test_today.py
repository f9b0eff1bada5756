"""The first page: figures that open their lists, units and requirements, any day."""

import re
from datetime import date
from time import monotonic, sleep

import pytest

from actions.ward import away, card, post, staff, take_in
from asking.test_questions import statements
from conftest import Databases
from tracker.domain.board import Heading
from tracker.domain.scope import EVERYONE
from tracker.web.boards import AT_ONCE, PART, Boards
from web.house import ANA, TODAY, House


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


def test_after_a_change_only_its_part_is_counted(databases: Databases) -> None:
    """As many statements where there are five parts as where there are two."""
    asked = []
    for parts in (2, AT_ONCE):
        house = House(databases.new()).furnish()
        take_in(house.database, *staff(parts * PART - 10))
        boards = Boards(house.database)
        boards.of(EVERYONE, TODAY)
        take_in(house.database, card(ANA, "2025-06-05"))
        asked.append(statements(house.database, lambda boards=boards: boards.of(EVERYONE, TODAY)))
    assert asked[0] == asked[1]
