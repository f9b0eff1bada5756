"""A class that a cell tells of is offered, recorded once somebody said yes, and never a card."""

from datetime import date
from typing import Any

import pytest

from actions.soundness import assert_all_right
from actions.ward import (
    AUTHOR,
    TODAY,
    card,
    cards_of,
    changes_in,
    facts_of,
    on,
    outcomes,
    post,
    said_of,
    table,
    take_in,
)
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.domain.scope import EVERYONE
from tracker.intake.rows import Booked, Rejected, Table

DAY = on("2025-09-01")
YES, NO = {"booking:4512:BLS:2025-09-01": "yes"}, {"booking:4512:BLS:2025-09-01": "no"}
REASON = '"enrolled 1/9/25" is no date.'


def sheet(day: date | None = DAY, employee_id: str = "4512", type_id: str = "BLS") -> Table:
    """A wide sheet of one person, who is enrolled in a class."""
    field = f"{type_id}.expires_on"
    found = table([post(employee_id, "ICU", "2025-01-01")], rejected=[Rejected(2, "BLS Exp", field, REASON, False)])
    found.booked = [Booked(2, employee_id, field, type_id, day, REASON)]
    return found


def told(result: ImportResult) -> str:
    """What is said of the cell."""
    [note] = [note for note in result.rows if note.outcome == "rejected"]
    return note.reason


def booked(database: Database) -> list[tuple[Any, ...]]:
    """The classes that 4512 is booked for."""
    return said_of(database, "bookings", "4512")


def test_it_is_offered_and_the_import_goes_on(ward: Database) -> None:
    """The row names what to answer; nothing is recorded without it."""
    facts = facts_of(ward)
    result = take_in(ward, sheet())
    assert told(result).startswith(REASON)
    assert 'answer "booking:4512:BLS:2025-09-01" = "yes"' in told(result)
    assert (result.questions, outcomes(result)) == ([], {"unchanged": 1})
    assert facts_of(ward) == facts


def test_confirmed_it_is_recorded_once_and_undone(ward: Database) -> None:
    """No card comes of it; the second import changes nothing, with the answer or without."""
    before = facts_of(ward)
    done = take_in(ward, sheet(), answers=YES)
    assert booked(ward) == [("BLS", DAY)]
    assert cards_of(ward) == []
    assert outcomes(done) == {"changed": 1}
    last = changes_in(ward)
    assert "is recorded as booked" in told(take_in(ward, sheet(), answers=YES))
    assert "is recorded as booked" in told(take_in(ward, sheet()))
    assert changes_in(ward) == last
    with ward.read() as connection:
        assert_all_right(connection)
    undo_import(ward, EVERYONE, AUTHOR, done.batch or 0, TODAY)
    assert facts_of(ward) == before


def test_a_dry_run_records_nothing(ward: Database) -> None:
    """And says what would be."""
    assert "is recorded as booked" in told(take_in(ward, sheet(), answers=YES, dry_run=True))
    assert booked(ward) == []


def test_answered_no_it_is_not_offered_again(ward: Database) -> None:
    """The cell is left out as any."""
    said = told(take_in(ward, sheet(), answers=NO))
    assert "not recorded" in said
    assert "--answers" not in said


def test_without_a_day_there_is_nothing_to_answer(ward: Database) -> None:
    """The class is only mentioned."""
    said = told(take_in(ward, sheet(day=None)))
    assert "A class for BLS seems to be booked" in said
    assert "write its day as 2026-12-03" in said
    assert "booking:" not in said


def test_a_newcomer_may_be_booked_at_once(site: Database) -> None:
    """In the change that brings her."""
    take_in(site, sheet(), answers=YES)
    assert booked(site) == [("BLS", DAY)]
    with site.read() as connection:
        assert_all_right(connection)


def test_a_list_of_cards_books_too(ward: Database) -> None:
    """Its row is rejected as before, with the offer beside the reason."""
    found = table([card("4512", "2025-03-10")], rejected=[Rejected(3, "Exp", "expires_on", REASON, True)])
    found.booked = [Booked(3, "4512", "expires_on", "BLS", DAY, REASON)]
    result = take_in(ward, found, answers=YES)
    assert outcomes(result) == {"new": 1, "rejected": 1}
    assert booked(ward) == [("BLS", DAY)]


@pytest.mark.parametrize("found", [sheet(employee_id="nobody"), sheet(type_id="XLS")], ids=["person", "type"])
def test_nothing_is_offered_for_what_is_not_known(ward: Database, found: Table) -> None:
    """Neither for a person nor for a type of card."""
    found.rows = []
    assert told(take_in(ward, found)) == REASON


def of_row(name: str | None) -> Table:
    """A list with a row beside whose note a name stands, for 4512, who is Ada Wren."""
    found = table([card("4512", "2025-03-10")], rejected=[Rejected(3, "Exp", "expires_on", REASON, True)])
    found.booked = [Booked(3, "4512", "expires_on", "BLS", DAY, REASON, name)]
    return found


def test_for_a_row_with_clearly_another_name_nothing_is_offered_or_recorded(site: Database) -> None:
    """The id may be a slip, and the class somebody else's, whatever was answered."""
    take_in(site, post("4512", "ICU", "2025-01-01", name="Ada Wren"))
    said = told(take_in(site, of_row("Bo Field"), answers=YES))
    assert "clearly another" in said
    assert "--answers" not in said
    assert booked(site) == []
    take_in(site, of_row("Wren, A."), answers=YES)
    assert booked(site) == [("BLS", DAY)]


def test_beside_two_names_nothing_is_booked_for_whom_the_record_has_no_name(ward: Database) -> None:
    """Nobody can say whose the id is; the other row is rejected, too."""
    found = of_row("Bo Field")
    found.names = {2: "Ada Wren"}
    result = take_in(ward, found, answers=YES)
    assert (outcomes(result), booked(ward)) == ({"rejected": 2}, [])


def test_of_a_row_that_renames_somebody_the_class_is_hers(site: Database) -> None:
    """A roster is where a name changes."""
    take_in(site, post("4512", "ICU", "2025-01-01", name="Ada Wren"))
    found = sheet()
    found.rows = [post("4512", "ICU", "2025-01-01", name="Eva Stone", row=2)]
    found.booked = [found.booked[0]._replace(name="Eva Stone")]
    take_in(site, found, answers=YES)
    assert booked(site) == [("BLS", DAY)]


def test_an_answer_that_is_none_is_refused(ward: Database) -> None:
    """With the choices."""
    result = take_in(ward, sheet(), answers={"booking:4512:BLS:2025-09-01": "maybe"})
    assert "yes or no" in result.refused[0][1]


def test_an_id_without_its_zeros_is_put_right_first(site: Database) -> None:
    """The class is that of the person meant."""
    take_in(site, post("004512", "ICU", "2025-01-01"))
    answers = {"zeros:4512": "004512", "booking:004512:BLS:2025-09-01": "yes"}
    take_in(site, sheet(), answers=answers)
    assert said_of(site, "bookings", "004512") == [("BLS", DAY)]
