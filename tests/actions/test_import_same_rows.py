"""A row that says the same as one above changes nothing, and is counted so."""

from typing import Any

import pytest

from actions.ward import away, card, excused, file, outcomes, post, table, take_files, take_in
from actions.ward import unit as listed
from tracker.actions.imports.result import ImportResult
from tracker.db.connect import Database
from tracker.intake.rows import Rejected

NORA = post("9001", "ICU", "2025-05-01", name="New Nora")
KNOWN = post("4512", "ICU", "2025-01-01", name="Ana Abel")


def said(result: ImportResult) -> list[tuple[str | None, int | None, str, str]]:
    """What is said of rows: where, which outcome it is about, and why."""
    return [(note.sheet, note.row, note.outcome, note.reason) for note in result.rows]


@pytest.mark.parametrize(
    "row",
    [
        NORA,
        card("4512", "2025-02-03"),
        away("4512", "2025-07-01"),
        excused("4512", "2025-07-01", "2025-07-31"),
        listed("X"),
    ],
)
def test_it_is_unchanged_in_every_kind_of_list(site: Database, row: Any) -> None:
    """In the counts and in a sentence; and so are all, once it is on record."""
    take_in(site, KNOWN)
    result = take_in(site, row, row, row)
    assert outcomes(result) == {"new": 1, "unchanged": 2}
    assert [each for each in said(result) if each[1] != 2] == [
        (None, row, "unchanged", "The same as row 2.") for row in (3, 4)
    ]
    assert outcomes(take_in(site, row, row)) == {"unchanged": 2}


def test_what_is_changed_is_told_of_the_first(site: Database) -> None:
    """Wherever it would have been told."""
    take_in(site, KNOWN)
    row = KNOWN._replace(name="Ana Abel-Moss", email="ana@x.org")
    result = take_in(site, row, NORA, row)
    assert outcomes(result) == {"changed": 1, "new": 1, "unchanged": 1}
    assert {number for _, number, outcome, _ in said(result) if outcome == "changed"} == {2}


def test_it_may_stand_on_another_sheet(site: Database) -> None:
    """Which is named then; in another file each row is counted as before."""
    sheets = [table([NORA]), table([NORA])]
    sheets[0].sheet, sheets[1].sheet = "May", "June"
    result = take_files(site, file(*sheets))
    assert (outcomes(result), said(result)) == (
        {"new": 1, "unchanged": 1},
        [("June", 2, "unchanged", "The same as row 2 of sheet May.")],
    )


def test_what_stands_beside_has_to_be_the_same(site: Database) -> None:
    """Another card, or a cell that was not read, makes it another row."""
    cards = [card("9001", "2025-02-03"), card("9001", "2025-02-03", type="ACLS")]
    assert outcomes(take_in(site, table([NORA, NORA], cards), dry_run=True)) == {"new": 2}
    unread = Rejected(3, "BLS", "BLS.expires_on", '"soon" is no date', False)
    assert outcomes(take_in(site, table([NORA, NORA], rejected=[unread]), dry_run=True)) == {"new": 2}


def test_rows_that_stay_out_stay_out(site: Database) -> None:
    """Each is told with its reason and comes back; none is said to be fine."""
    result = take_in(site, card("77", "2025-02-03"), card("77", "2025-02-03"))
    assert outcomes(result) == {"rejected": 2}
