"""The made-up hospital by itself: made up throughout, the same every time, and near enough to a real one."""

from datetime import date, timedelta

import pytest

from tracker.demo.hospital import FEWEST, hospital
from tracker.demo.places import DIRECTORS, UNIT, UNITS
from tracker.demo.records import Card, Hospital

DAYS = (date(2026, 11, 22), date(2028, 2, 29), date(2027, 1, 1), date(2026, 1, 31), date(2027, 3, 28))


@pytest.fixture(scope="module", params=[24, 400])
def made(request: pytest.FixtureRequest) -> Hospital:
    """A hospital of few or of many."""
    return hospital(DAYS[0], request.param)


def cards(made: Hospital) -> list[Card]:
    """All cards of everybody."""
    return [card for person in made.people for card in person.cards]


@pytest.mark.parametrize("people", [24, 25, 99, 100, 400])
def test_it_has_as_many_people_as_were_asked_for(people: int) -> None:
    """Each with an id of their own."""
    made = hospital(DAYS[0], people)
    assert len({person.employee_id for person in made.people}) == len(made.people) == people


def test_fewer_than_the_stories_need_are_refused() -> None:
    """With one less than the cast some standing would be missing."""
    with pytest.raises(ValueError, match="at least 24"):
        hospital(DAYS[0], FEWEST - 1)


def test_it_is_the_same_every_time() -> None:
    """Nothing but the day and the number decides."""
    assert hospital(DAYS[0], 120) == hospital(DAYS[0], 120)


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_same_people_work_there_on_every_day(day: date) -> None:
    """Whoever tries the demo again a month later meets them again; only the dates move along."""
    who = [
        [
            (person.employee_id, person.name, [(post.unit, post.role) for post in person.posts])
            for person in hospital(each, 120).people
        ]
        for each in (DAYS[0], day)
    ]
    assert who[0] == who[1]


def test_every_address_is_one_that_nobody_has(made: Hospital) -> None:
    """They end in names kept for examples, so that no mail can ever reach a person; and no two people share one."""
    staff = [person.email for person in made.people if person.email]
    assert len(set(staff)) == len(staff)
    for address in [*staff, *DIRECTORS.values(), *(unit.manager_email for unit in UNITS)]:
        assert address.isascii()
        assert address.partition("@")[2].endswith((".example.org", ".example.com")), address


def test_some_cannot_be_reached(made: Hospital) -> None:
    """A few, so that the reminders have somebody to report."""
    without = [person for person in made.people if person.email is None]
    assert 1 <= len(without) <= len(made.people) / 20


def test_twelve_units_in_two_places_have_staff(made: Hospital) -> None:
    """Few or many, every unit has somebody to look at."""
    staffed = {post.unit for person in made.people for post in person.posts}
    assert staffed == UNIT.keys()
    assert len(UNIT) == 12
    assert len(DIRECTORS) == 2


def test_no_two_cards_have_one_number(made: Hospital) -> None:
    """Cards are known by their numbers."""
    numbers = [card.number for card in cards(made)]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("day", DAYS)
def test_only_the_renewal_entered_too_early_lies_in_the_future(day: date) -> None:
    """Whatever the day, no other card is issued after it, none ends before it begins."""
    found = cards(hospital(day, 400))
    assert len([card for card in found if card.issued_on > day]) == 1
    assert all(card.issued_on < card.ends_on for card in found)
    assert all(card.issued_on <= card.verified_on <= day for card in found if card.verified_on)


@pytest.mark.parametrize("day", DAYS)
def test_people_come_go_and_change_places(day: date) -> None:
    """Leavers, people who are about to leave, transfers, second assignments, travelers, newcomers of days."""
    people = hospital(day, 400).people
    posts = [post for person in people for post in person.posts]
    ends = [post.ends_on for person in people for post in person.posts[-1:] if post.ends_on]
    assert min(ends) < day < max(ends)
    assert any(sum(post.open_on(day) for post in person.posts) == 2 for person in people)
    assert any(not first.open_on(day) for person in people for first in person.posts[:-1])
    assert {"Full-time", "Traveler", "Per diem"} <= {post.kind for post in posts}
    assert any(post.starts_on and timedelta(0) < day - post.starts_on < timedelta(7) for post in posts)
