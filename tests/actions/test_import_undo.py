"""An import is taken back whole, or it is said what builds on it. RULES: section 7."""

from contextlib import suppress
from typing import Any

import pytest

from actions.ward import (
    AUTHOR,
    TODAY,
    away,
    card,
    cards_of,
    changes_in,
    days_in,
    excused,
    facts_of,
    file,
    on,
    post,
    posts_of,
    spans,
    staff,
    table,
    take_files,
    take_in,
    unit,
)
from tracker.actions.change_card import record_card, retract_card, verify_card
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.db.timelines import differing
from tracker.db.trail import faults
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, Verification
from tracker.domain.scope import EVERYONE


def undo(database: Database, result: ImportResult, **how: Any) -> tuple[int, int]:
    """Undoes an import."""
    assert result.batch is not None
    return undo_import(database, EVERYONE, AUTHOR, result.batch, TODAY, **how)


@pytest.mark.parametrize(
    "rows",
    [
        [post("4512", "ICU", "2025-02-01", "2025-12-31", name="Ann"), post("17", "ED")],
        [card("4512", "2025-03-10", None, "77"), card("4512", None, "2027-01", "78")],
        [away("4512", "2025-05-01", "2025-05-31"), away("4512", "2025-06-01")],
        [excused("4512", "2025-05-01", "2025-12-31", reason="Injury"), excused("4512", "2025-06-01", "2025-06-30")],
        [unit("icu", "South"), unit("ED")],
    ],
)
def test_an_import_undone_leaves_the_facts_as_before(ward: Database, rows: list[Any]) -> None:
    """What it added is gone, what it replaced holds again, and a second time there is nothing to undo."""
    take_in(ward, card("4512", "2025-01-10", None, "77"))
    take_in(ward, away("4512", "2025-05-01"))
    take_in(ward, excused("4512", "2025-05-01", "2025-06-30"))
    take_in(ward, unit("ICU", "North"))
    before = facts_of(ward)
    done = take_in(ward, *rows)
    assert undo(ward, done)[0] > 0
    assert facts_of(ward) == before
    with pytest.raises(BadInput, match="already"):
        undo(ward, done)
    with ward.read() as connection:
        assert (differing(connection, None), list(faults(connection))) == ([], [])


def test_a_move_or_a_leaving_undone_brings_people_back(ward: Database) -> None:
    """Their old assignment is open again."""
    take_in(ward, *staff(19))
    moved = take_in(ward, post("4512", "ED", "2025-01-01"), other_unit="moved")
    undo(ward, moved)
    assert posts_of(ward, "4512") == [("ICU", "RN", on("2025-01-01"), None)]
    undo(ward, take_in(ward, *staff(19), whole_roster=True))
    assert days_in(ward, "4512") == spans(("2025-01-01", None))


def test_an_import_taken_back_may_come_in_again(ward: Database) -> None:
    """Undone, then imported anew: all is as after the first time."""
    done = take_in(ward, *staff(3))
    after = facts_of(ward)
    undo(ward, done)
    again = take_in(ward, *staff(3))
    assert (again.counts, facts_of(ward)) == (done.counts, after)


def test_a_dry_run_of_an_undo_counts_and_changes_nothing(ward: Database) -> None:
    """Two facts would go: a name and an assignment."""
    done = take_in(ward, post("17"))
    facts, changes = facts_of(ward), changes_in(ward)
    assert undo(ward, done, dry_run=True) == (2, 0)
    assert (facts_of(ward), changes_in(ward)) == (facts, changes)
    assert undo(ward, done) == (2, 0)


def test_an_import_that_never_was_cannot_be_undone(ward: Database) -> None:
    """The sentence names the command that lists them."""
    with pytest.raises(BadInput, match="tracker imports"):
        undo_import(ward, EVERYONE, AUTHOR, 999, TODAY)


def test_what_later_builds_on_an_import_is_listed(ward: Database) -> None:
    """A card of a person who came in by it, and an answer about a card that did: nothing happens."""
    done = take_in(ward, post("17"))
    cards = take_in(ward, card("17", "2025-01-10"))
    number = record_card(ward, AUTHOR, "17", Card(0, "BLS", "AHA", on("2025-01-10"), None, None), on("2025-06-15"))
    verify_card(ward, AUTHOR, "17", Verification(0, number[0], "confirmed", None, on("2025-06-15"), "me", "mail"))
    before = facts_of(ward)
    with pytest.raises(BadInput, match="card-verify"):
        undo(ward, done)
    with pytest.raises(BadInput, match="card-verify"):
        undo(ward, cards)
    assert facts_of(ward) == before


def test_a_person_who_came_in_by_an_import_is_free_to_go_once_the_rest_is_gone(ward: Database) -> None:
    """The sentence says to retract what builds on it; that done, the import can be undone."""
    before = facts_of(ward)
    done = take_in(ward, post("17"))
    number, _ = record_card(ward, AUTHOR, "17", Card(0, "BLS", "AHA", on("2025-01-10"), None, None), on("2025-06-15"))
    retract_card(ward, AUTHOR, "17", number, "wrong person")
    undo(ward, done)
    assert facts_of(ward) == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (post("17", name="Ann"), post("17", name="Ann Lee")),
        (post("17", "ED", "2025-01-01"), post("17", "ED", "2025-02-01")),
        (card("4512", "2025-01-10"), card("4512", "2025-01-10", None, "77")),
        (away("4512", "2025-05-01"), away("4512", "2025-05-01", "2025-05-31")),
        (unit("ICU"), unit("ICU", "North")),
    ],
)
def test_imports_are_undone_one_after_the_other_backwards(ward: Database, first: Any, second: Any) -> None:
    """The second corrected what the first brought; once the second is undone, nothing builds on the first."""
    before = facts_of(ward)
    batches = [take_in(ward, first), take_in(ward, second)]
    undo(ward, batches[1])
    undo(ward, batches[0])
    assert facts_of(ward) == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (post("17", name="Ann"), post("17", name="Ann Lee")),
        (post("4512", "ICU", "2025-02-01"), post("4512", "ICU", "2025-03-01")),
        (card("4512", "2025-01-10"), card("4512", "2025-01-10", None, "77")),
        (away("4512", "2025-05-01"), away("4512", "2025-05-01", "2025-05-31")),
        (unit("ICU"), unit("ICU", "North")),
    ],
)
def test_files_of_one_import_that_add_to_each_other_are_undone_together(
    ward: Database, first: Any, second: Any
) -> None:
    """The second file corrects what the first brought, in the same batch: undone, neither was ever there."""
    before = facts_of(ward)
    done = take_files(ward, file(table([first]), name="1.csv"), file(table([second]), name="2.csv"))
    undo(ward, done)
    assert facts_of(ward) == before
    with ward.read() as connection:
        assert (differing(connection, None), list(faults(connection))) == ([], [])


@pytest.mark.parametrize("again", [False, True])
def test_an_import_stays_built_on_whatever_else_was_undone(ward: Database, again: bool) -> None:
    """A correction was undone, then made anew: the import that brought the fact is not undone from under it."""
    take_in(ward, away("4512", "2025-05-01"))
    first = take_in(ward, away("4512", "2025-05-01", "2025-05-31"))
    undo(ward, take_in(ward, away("4512", "2025-05-01", "2025-06-30")))
    take_in(ward, away("4512", "2025-05-01", "2025-06-30" if again else "2025-07-31"))
    facts = facts_of(ward)
    with pytest.raises(BadInput, match="build on it"):
        undo(ward, first)
    assert facts_of(ward) == facts


def test_three_corrections_are_undone_backwards(ward: Database) -> None:
    """Each undo brings back what held before, the last one what held at first."""
    states, batches = [facts_of(ward)], []
    for until in (None, "2025-05-31", "2025-06-30", "2025-07-31"):
        batches.append(take_in(ward, away("4512", "2025-05-01", until)))
        states.append(facts_of(ward))
    for batch in reversed(batches):
        states.pop()
        undo(ward, batch)
        assert facts_of(ward) == states[-1]


def test_undoing_a_leaving_does_not_bring_back_who_came_back_already(site: Database) -> None:
    """Dropped by a whole roster on their first day, taken in again, then the whole roster undone: not there twice."""
    take_in(site, *staff(19), post("4512", "ICU", "2025-06-15"))
    dropped = take_in(site, *staff(19), whole_roster=True)
    take_in(site, post("4512", "ICU", "2025-06-15"))
    with suppress(BadInput):
        undo(site, dropped)
    assert posts_of(site, "4512") == [("ICU", "RN", on("2025-06-15"), None)]


def test_a_card_retracted_by_hand_does_not_come_back(ward: Database) -> None:
    """An import corrected a card, somebody retracted it: undoing the import does not put it back."""
    take_in(ward, card("4512", "2025-01-10"))
    done = take_in(ward, card("4512", "2025-01-10", None, "77"))
    retract_card(ward, AUTHOR, "4512", 1, "recorded in error")
    with suppress(BadInput):
        undo(ward, done)
    assert cards_of(ward) == []
