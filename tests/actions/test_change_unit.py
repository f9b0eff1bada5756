"""A unit said anew by a form is recorded as an import records it, under whoever did it."""

import pytest

from actions.soundness import assert_all_right
from actions.ward import changes_in, facts_of, govern, post, take_in, unit
from tracker.actions.change_unit import Said, change_unit
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.trail import entries
from tracker.domain.errors import BadInput

DANA = Author("dana@hospital.example", "web")


@pytest.fixture
def ward(database: Database) -> Database:
    """The ICU on record, the ED known from the roster alone."""
    govern(database)
    take_in(database, post("1", "ICU"), post("2", "ED"))
    take_in(database, unit("ICU", "East", "a@x.example;b@x.example", "d@x.example"))
    return database


def recorded(database: Database) -> list[tuple[str | None, ...]]:
    """What holds of units: name, facility, managers, director."""
    return sorted(fact[1:] for fact in facts_of(database)["units"].elements())


def test_all_of_a_unit_is_said_anew(ward: Database) -> None:
    """A blank takes away what was there; the trail names who, and the unit."""
    assert change_unit(ward, DANA, Said(" icu ", "West  Wing", "c@x.example ; e@x.example", "")) == "ICU"
    assert recorded(ward) == [("ICU", "West Wing", "c@x.example;e@x.example", None)]
    with ward.read() as connection:
        (last,) = entries(connection, 1)
        assert_all_right(connection)
    assert (last.actor, last.source, last.action) == ("dana@hospital.example", "web", "unit-change")
    assert last.subject == "unit:ICU"


def test_a_unit_that_rosters_name_is_spelled_as_there(ward: Database) -> None:
    """By that spelling reminders find who answers for somebody's unit."""
    assert change_unit(ward, DANA, Said("ed", "East"), is_new=True) == "ED"
    assert ("ED", "East", None, None) in recorded(ward)


def test_the_same_again_changes_nothing(ward: Database) -> None:
    """Not even the trail."""
    before = changes_in(ward)
    change_unit(ward, DANA, Said("ICU", "East", "a@x.example; b@x.example", "d@x.example"))
    assert changes_in(ward) == before


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Said(" "), "name"),
        (Said("n/a"), "name"),
        (Said("OR", managers="nobody"), "no e-mail address"),
        (Said("OR", director="a@b c@d"), "no e-mail address"),
        (Said("O" * 1001), "1000"),
        (Said("icu"), "There is a unit 'ICU' already"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ward: Database, said: Said, why: str) -> None:
    """And nothing is changed."""
    before = changes_in(ward)
    with pytest.raises(BadInput, match=why):
        change_unit(ward, DANA, said, is_new=True)
    assert changes_in(ward) == before


def test_an_import_goes_on_from_what_a_form_said(ward: Database) -> None:
    """A blank in a file erases nothing of it."""
    change_unit(ward, DANA, Said("ICU", "West", "c@x.example", "d@x.example"))
    take_in(ward, unit("ICU", None, "e@x.example"))
    assert recorded(ward) == [("ICU", "West", "e@x.example", "d@x.example")]
