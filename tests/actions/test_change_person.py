"""Another employee id, two records made one, either taken back: nothing is lost, and the past answers as it did."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.soundness import assert_all_right
from actions.ward import (
    AUTHOR,
    TODAY,
    away,
    card,
    cards_of,
    changes_in,
    day,
    days_in,
    excused,
    facts_of,
    on,
    post,
    posts_of,
    said_of,
    spans,
    table,
    take_in,
)
from tracker.actions.ask_standings import ask_person
from tracker.actions.change_card import record_card, verify_card
from tracker.actions.change_person import Told, merge_people, rename_person, undo_person_change
from tracker.actions.imports.undo import undo_import
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.known import known_people
from tracker.db.people import load_people
from tracker.db.tables import changes, people, verifications
from tracker.domain.errors import BadInput
from tracker.domain.facts import Answer, Card, PersonFacts, Verification
from tracker.domain.scope import EVERYONE

Clock = Callable[[datetime], None]
NOON = datetime(2025, 6, 15, 12, tzinfo=UTC)


def rename(database: Database, old: str, new: str, **how: Any) -> Told:
    """Gives somebody another id."""
    return rename_person(database, AUTHOR, old, new, "new payroll", **how)


def merge(database: Database, gone: str, kept: str, **how: Any) -> Told:
    """Makes two records one."""
    return merge_people(database, AUTHOR, gone, kept, "rehired", TODAY, **how)


def undo(database: Database, done: Told, **how: Any) -> tuple[int, int]:
    """Takes a rename or a merge back."""
    return undo_person_change(database, AUTHOR, done.seq, **how)


def person(database: Database, employee_id: str) -> PersonFacts | None:
    """All that is known of somebody."""
    with database.read() as connection:
        return known_people(connection, [employee_id], "UTC").facts.get(employee_id)


def first_days(database: Database) -> dict[str, date]:
    """When 4512 and 77 were first recorded."""
    known = {each: person(database, each) for each in ("4512", "77")}
    return {each: found.first_recorded for each, found in known.items() if found}


def sound(database: Database) -> None:
    """Timelines and trail are right."""
    with database.read() as connection:
        assert_all_right(connection)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock."""

    def set_clock(instant: datetime) -> None:
        monkeypatch.setattr("tracker.clock.now", lambda: instant)

    set_clock(NOON)
    return set_clock


@pytest.fixture
def two(ward: Database) -> Database:
    """4512 in the ICU, and 77 in the ED from May on, each with a card, an absence and an exemption."""
    take_in(ward, post("77", "ED", "2025-05-01", name="Ann Lee", email="ann@example.org"))
    take_in(ward, card("4512", "2025-01-10", None, "1"), card("77", "2025-03-10", None, "2", type="ACLS"))
    take_in(ward, away("4512", "2025-02-01", "2025-02-10"), away("77", "2025-05-05"))
    take_in(ward, excused("4512", "2025-02-01", "2025-02-28"), excused("77", "2025-05-01", "2025-05-31"))
    return ward


def test_a_renamed_person_keeps_everything_under_the_new_id(two: Database) -> None:
    before = person(two, "4512")
    rename(two, "4512", "104512")
    after = person(two, "104512")
    assert before
    assert after
    assert after == before._replace(employee_id="104512")
    assert person(two, "4512") is None
    sound(two)


def test_before_a_rename_the_records_answer_with_the_old_id(two: Database, clock: Clock) -> None:
    """By either id, as long as nobody else had it then."""
    then = NOON + timedelta(hours=1)
    clock(then + timedelta(hours=1))
    rename(two, "4512", "104512")
    for asked in ("4512", "104512"):
        assert ask_person(two, EVERYONE, asked, TODAY, then).person.employee_id == "4512"
    assert ask_person(two, EVERYONE, "104512", TODAY, None).person.employee_id == "104512"
    with pytest.raises(BadInput, match="4512 is 104512 now"):
        ask_person(two, EVERYONE, "4512", TODAY, None)


def test_a_rename_undone_leaves_the_facts_as_before(two: Database) -> None:
    before = facts_of(two)
    done = rename(two, "4512", "104512")
    assert undo(two, done) == (1, 1)
    assert facts_of(two) == before
    assert person(two, "104512") is None
    sound(two)
    with pytest.raises(BadInput, match="already"):
        undo(two, done)


def test_a_rename_there_and_back_and_there_again(two: Database) -> None:
    """Each leaves its trace, and the id that nobody has is free for the same person."""
    for old, new in (("4512", "A"), ("A", "4512"), ("4512", "A")):
        rename(two, old, new)
    assert person(two, "A") is not None
    sound(two)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("9", "10", "Nobody"), ("4512", "4512", "already"), ("4512", "77", "tracker person merge 4512 77")],
)
def test_a_rename_that_cannot_be_meant_is_refused(two: Database, old: str, new: str, why: str) -> None:
    last = changes_in(two)
    with pytest.raises(BadInput, match=why):
        rename(two, old, new)
    assert changes_in(two) == last


def test_a_dry_run_says_what_would_happen_and_changes_nothing(two: Database) -> None:
    before, last = facts_of(two), changes_in(two)
    assert rename(two, "4512", "104512", dry_run=True).lines
    foretold = merge(two, "4512", "77", dry_run=True)
    assert (facts_of(two), changes_in(two)) == (before, last)
    assert merge(two, "4512", "77") == foretold


def test_of_two_merged_everything_is_the_ones_and_the_other_is_nobody(two: Database) -> None:
    before = facts_of(two)
    merge(two, "4512", "77")
    after = facts_of(two)
    assert person(two, "4512") is None
    for kind in ("assignments", "cards", "absences", "exemptions"):
        was = sorted((fact[1:] for fact in before[kind].elements()), key=str)
        assert sorted((fact[1:] for fact in after[kind].elements()), key=str) == was
    assert said_of(two, "identities", "77") == [("77", "Ann Lee", "ann@example.org")]
    sound(two)


def test_a_merge_undone_leaves_the_facts_as_before(two: Database) -> None:
    take_in(two, card("77", "2025-01-10", "2027-01"))
    take_in(two, post("4512", "ED", "2025-06-01"), other_unit="also")
    before, dry = facts_of(two), merge(two, "4512", "77", dry_run=True)
    done = merge(two, "4512", "77")
    assert dry == done
    undo(two, done)
    assert facts_of(two) == before
    sound(two)
    merge(two, "77", "4512")
    assert person(two, "77") is None
    sound(two)


def test_a_blank_is_filled_and_what_stays_has_the_last_word(ward: Database) -> None:
    take_in(
        ward, post("77", "ED", "2025-05-01", name="Ann Lee"), post("4512", name="Ann M. Lee", email="a@example.org")
    )
    merge(ward, "4512", "77")
    assert said_of(ward, "identities", "77") == [("77", "Ann Lee", "a@example.org")]


def test_clearly_different_names_are_pointed_out_without_the_names(ward: Database) -> None:
    take_in(ward, post("77", "ED", name="Ann Lee"), post("4512", name="Bo Field"))
    lines = "\n".join(merge(ward, "4512", "77").lines)
    assert "different names" in lines
    assert "Lee" not in lines


def test_the_same_card_becomes_one_and_keeps_what_either_says(two: Database) -> None:
    """The number of one, the day of issue of the other; a contradiction is pointed out and the one that stays holds."""
    take_in(two, card("77", None, "2027-01"), card("77", "2024-10-02", "2026-10", "9", type="ALS"))
    take_in(two, card("4512", "2024-10-03", None, "9", type="ALS"))
    lines = "\n".join(merge(two, "4512", "77").lines)
    assert cards_of(two, "77") == [
        ("ACLS", "AHA", on("2025-03-10"), None, "2"),
        ("ALS", "AHA", on("2024-10-02"), "2026-10", "9"),
        ("BLS", "AHA", on("2025-01-10"), "2027-01", "1"),
    ]
    assert "issued_on 2024-10-02 and not 2024-10-03" in lines
    sound(two)


def test_what_an_issuer_answered_stays_with_the_card_in_the_order_of_the_answers(two: Database) -> None:
    """Of two answers on one day the later holds, on whichever record it was."""
    take_in(two, card("77", "2025-01-10", None, "1"))
    first, second = (person(two, each) for each in ("4512", "77"))
    assert first
    assert second
    same = next(one.id for one in second.cards if one.type == "BLS")
    answers: list[tuple[int, str, Answer]] = [
        (same, "77", "not_found"),
        (first.cards[0].id, "4512", "confirmed"),
    ]
    for number, whose, answer in answers:
        verify_card(two, AUTHOR, whose, Verification(0, number, answer, None, TODAY, "me", "mail"))
    verify_card(two, AUTHOR, "77", Verification(0, same, "not_found", None, TODAY, "me", "phone"))
    before = facts_of(two)
    done = merge(two, "4512", "77")
    after = person(two, "77")
    assert after
    assert [(one.card, one.answer) for one in after.verifications] == [
        (same, "not_found"),
        (same, "confirmed"),
        (same, "not_found"),
    ]
    sound(two)
    undo(two, done)
    assert facts_of(two) == before


def test_cards_that_are_the_same_and_cannot_be_are_refused(two: Database) -> None:
    """Two of one number of which one ends before the other was issued."""
    take_in(two, card("77", None, "2024-01", "1"))
    before = facts_of(two)
    with pytest.raises(BadInput, match="contradict each other"):
        merge(two, "4512", "77")
    assert facts_of(two) == before


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        (("2025-01-01", None), ("2025-05-01", None), [("2025-01-01", None)]),
        (("2025-01-01", "2025-05-31"), ("2025-05-01", "2025-12-31"), [("2025-01-01", "2025-12-31")]),
        (("2025-01-01", "2025-03-31"), ("2025-05-01", None), [("2025-01-01", "2025-03-31"), ("2025-05-01", None)]),
        ((None, "2025-05-31"), ("2025-05-01", None), [("2025-05-01", None)]),
    ],
)
def test_the_same_assignment_becomes_one(
    site: Database, first: tuple[Any, Any], second: tuple[Any, Any], days: list[tuple[Any, Any]]
) -> None:
    """Where days are in common, with the days of both; a start that is known is better than none."""
    take_in(site, post("4512", "ICU", *first), post("77", "ICU", *second))
    done = merge(site, "4512", "77")
    assert posts_of(site, "77") == [("ICU", "RN", day(one), day(last)) for one, last in days]
    sound(site)
    undo(site, done)
    assert days_in(site, "4512") == spans(first)


def test_whoever_became_another_was_first_recorded_when_the_earlier_was(ward: Database, clock: Clock) -> None:
    """Until the merge is taken back; and at an instant before it each had a day of their own."""
    clock(NOON + timedelta(days=100))
    take_in(ward, post("77", "ED"))
    take_in(ward, post("78", "ED"))
    days = first_days(ward)
    last = changes_in(ward)
    chain = [merge(ward, "4512", "77"), merge(ward, "77", "78")]
    found = person(ward, "78")
    assert found
    assert found.first_recorded == days["4512"] < days["77"]
    with ward.read() as connection:
        then = {
            one.employee_id: one.first_recorded for one in load_people(connection, select(people.c.id), "UTC", last)
        }
    assert {each: then[each] for each in days} == days
    with pytest.raises(BadInput, match=r"person-merge person:\d+ into person:\d+ \(entry"):
        undo(ward, chain[0])
    undo(ward, chain[1])
    undo(ward, chain[0])
    assert first_days(ward) == days
    sound(ward)


def test_before_a_merge_each_was_somebody(two: Database, clock: Clock) -> None:
    then = NOON + timedelta(hours=1)
    clock(then + timedelta(hours=1))
    merge(two, "4512", "77")
    for each in ("4512", "77"):
        assert ask_person(two, EVERYONE, each, TODAY, then).person.employee_id == each
    assert {row.row.post.unit for row in ask_person(two, EVERYONE, "77", TODAY, None).answers} == {"ICU", "ED"}


def test_what_rests_on_a_merge_is_listed_and_what_does_not_stays(two: Database) -> None:
    """A card recorded since stays with the one; an answer about a card that came along has to be settled first."""
    done = merge(two, "4512", "77")
    record_card(two, AUTHOR, "77", Card(0, "BLS", "AHA", on("2025-06-01"), None, "88"), TODAY)
    found = person(two, "77")
    assert found
    came = next(one.id for one in found.cards if one.number == "1")
    verify_card(two, AUTHOR, "77", Verification(0, came, "confirmed", None, TODAY, "me", "mail"))
    before = facts_of(two)
    with pytest.raises(BadInput, match="card-verify"):
        undo(two, done)
    assert facts_of(two) == before
    with two.write() as connection:
        last = connection.execute(select(verifications.c.id).where(verifications.c.card == came)).scalar()
    with change(two, AUTHOR, "retract") as made:
        made.retract(verifications, [last or 0])
    undo(two, done)
    assert [one[4] for one in cards_of(two, "77")] == ["2", "88"]
    assert [one[4] for one in cards_of(two, "4512")] == ["1"]
    sound(two)


def test_an_import_can_be_undone_once_the_rename_is(two: Database) -> None:
    """It is listed before; afterwards what the undo put back goes with the import."""
    before = facts_of(two)
    brought = take_in(two, table([post("88", "ED")]), table([card("4512", "2025-06-01", None, "7")]))
    assert brought.batch
    done = rename(two, "88", "188")
    with pytest.raises(BadInput, match=r"person-rename person:\d+ \(entry \d+\).*tracker person undo"):
        undo_import(two, EVERYONE, AUTHOR, brought.batch, TODAY)
    undo(two, done)
    undo_import(two, EVERYONE, AUTHOR, brought.batch, TODAY)
    assert facts_of(two) == before
    sound(two)


def test_an_import_that_only_ended_something_waits_for_the_merge_too(site: Database) -> None:
    """Its undo would bring back a fact of somebody who is nobody now."""
    take_in(site, post("4512", "ICU", "2025-01-01"), post("4512", "ED", "2025-06-15"), post("77", "ED", "2025-01-01"))
    gone = take_in(site, post("77", "ED", "2025-01-01"), whole_roster=True, allow_leavers=9)
    done = merge(site, "4512", "77")
    assert gone.batch
    with pytest.raises(BadInput, match="person-merge"):
        undo_import(site, EVERYONE, AUTHOR, gone.batch, TODAY)
    undo(site, done)
    undo_import(site, EVERYONE, AUTHOR, gone.batch, TODAY)
    assert ("ED", "RN", on("2025-06-15"), None) in posts_of(site, "4512")
    sound(site)


@pytest.mark.parametrize("seq", [1, 999])
def test_only_a_rename_or_a_merge_is_taken_back(two: Database, seq: int) -> None:
    with pytest.raises(BadInput, match="tracker audit log"):
        undo_person_change(two, AUTHOR, seq)


def test_the_trail_names_people_by_numbers_and_keeps_the_reason(two: Database) -> None:
    done = merge(two, "4512", "77")
    undo(two, done, dry_run=True)
    undo(two, done)
    with two.read() as connection:
        last = connection.execute(select(changes).order_by(changes.c.seq.desc()).limit(2)).all()
    assert [(row.action, row.subject, row.note) for row in reversed(last)] == [
        ("person-merge", "person:1 into person:2", "rehired"),
        ("person-undo", f"change:{done.seq}", None),
    ]


def test_a_leave_that_goes_on_is_not_ended_by_a_merge(two: Database) -> None:
    """The record that stays says that there is no end yet; that is no gap to be filled."""
    take_in(two, away("4512", "2025-05-05", "2025-05-20"))
    merge(two, "4512", "77")
    assert (on("2025-05-05"), None) in said_of(two, "absences", "77")
