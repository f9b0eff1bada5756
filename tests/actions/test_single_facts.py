"""Leave, classes and exemptions one at a time are the same facts as imported ones, and never overwritten."""

from collections.abc import Callable

import pytest

from actions.soundness import assert_all_right
from actions.ward import AUTHOR, TODAY, away, changes_in, excused, facts_of, on, outcomes, said_of, take_in
from tracker.actions.ask_standings import ask_rows
from tracker.actions.change_booking import change_booking, record_booking, retract_booking
from tracker.actions.change_exemption import end_exemption, give_exemption, retract_exemption
from tracker.actions.change_leave import change_leave, record_leave, retract_leave
from tracker.db.connect import Database
from tracker.db.trail import entries
from tracker.domain.errors import BadInput
from tracker.domain.facts import Absence, Booking, Exemption
from tracker.domain.scope import EVERYONE
from tracker.domain.standing import Standing

LEAVE = Absence(1, on("2025-06-01"), on("2025-06-30"))
CLASS = Booking(1, "BLS", on("2025-07-01"))
EXEMPTION = Exemption(1, "bls", on("2025-06-01"), on("2025-06-30"), "Dr. Cote", "Wrist")
Act = Callable[[Database, str], object]
ACTS: dict[str, Act] = {
    "record_leave": lambda database, who: record_leave(database, AUTHOR, who, LEAVE),
    "change_leave": lambda database, who: change_leave(database, AUTHOR, who, LEAVE, "why"),
    "retract_leave": lambda database, who: retract_leave(database, AUTHOR, who, 1, "why"),
    "record_booking": lambda database, who: record_booking(database, AUTHOR, who, CLASS),
    "change_booking": lambda database, who: change_booking(database, AUTHOR, who, CLASS, "why"),
    "retract_booking": lambda database, who: retract_booking(database, AUTHOR, who, 1, "why"),
    "give_exemption": lambda database, who: give_exemption(database, AUTHOR, who, EXEMPTION),
    "end_exemption": lambda database, who: end_exemption(database, AUTHOR, who, 1, TODAY, "why"),
    "retract_exemption": lambda database, who: retract_exemption(database, AUTHOR, who, 1, "why"),
}
# Those that are about a fact which is there.
LATER = [name for name in ACTS if not name.startswith(("record", "give"))]


def standings(database: Database) -> dict[str, Standing]:
    """Where the nurse stands today, by requirement."""
    return {row.requirement: row.standing for row in ask_rows(database, EVERYONE, TODAY, None)}


def test_what_is_recorded_is_what_a_list_names(ward: Database) -> None:
    """The same rows of an import afterwards change nothing."""
    record_leave(ward, AUTHOR, "4512", LEAVE)
    give_exemption(ward, AUTHOR, "4512", EXEMPTION)
    before = facts_of(ward)
    same = excused("4512", "2025-06-01", "2025-06-30", approver="Dr. Cote", reason="Wrist")
    for row in (away("4512", "2025-06-01", "2025-06-30"), same):
        assert outcomes(take_in(ward, row)) == {"unchanged": 1}
    assert facts_of(ward) == before


def test_standings_follow_in_the_same_change(ward: Database) -> None:
    """With the leave, with the exemption, and as before once both are over."""
    assert standings(ward)["bls"] is Standing.MISSING
    record_leave(ward, AUTHOR, "4512", LEAVE)
    assert set(standings(ward).values()) == {Standing.ON_LEAVE}
    give_exemption(ward, AUTHOR, "4512", EXEMPTION)
    assert standings(ward)["bls"] is Standing.EXEMPT
    end_exemption(ward, AUTHOR, "4512", 1, on("2025-06-14"), "over")
    change_leave(ward, AUTHOR, "4512", LEAVE._replace(until=on("2025-06-14")), "back")
    assert standings(ward)["bls"] is Standing.MISSING
    with ward.read() as connection:
        assert_all_right(connection)


def test_a_change_keeps_what_stood_before(ward: Database) -> None:
    """As the records were known before it, the old days still hold."""
    record_leave(ward, AUTHOR, "4512", LEAVE)
    with ward.read() as connection:
        then = entries(connection, 1)[0].at
    change_leave(ward, AUTHOR, "4512", LEAVE._replace(until=on("2025-06-14")), "back")
    assert {row.standing for row in ask_rows(ward, EVERYONE, TODAY, then)} == {Standing.ON_LEAVE}
    assert said_of(ward, "absences", "4512") == [(on("2025-06-01"), on("2025-06-14"))]


@pytest.mark.parametrize("name", ACTS)
def test_of_nobody_nothing_is_recorded(ward: Database, name: str) -> None:
    """004512 is not 4512, and the sentence says so."""
    before = changes_in(ward)
    with pytest.raises(BadInput, match="004512"):
        ACTS[name](ward, "004512")
    assert changes_in(ward) == before


@pytest.mark.parametrize("name", LATER)
def test_what_does_not_hold_is_not_changed(ward: Database, name: str) -> None:
    """There is no fact of that number, or there no longer is."""
    before = changes_in(ward)
    with pytest.raises(BadInput, match="changed this meanwhile"):
        ACTS[name](ward, "4512")
    assert changes_in(ward) == before
