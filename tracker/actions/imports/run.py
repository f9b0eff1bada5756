"""Imports files as one batch: all that can go in goes in together, or, in a dry run, is only worked out.

1. Each file was read and understood before; one with open questions stays out.
2. In one transaction the rows are held against what is known, decided, and recorded.
3. A file that turns out to leave a question open, or cannot be used, is taken out and the rest done anew: each file
   stands alone, and of a file that stays out nothing goes in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from tracker.actions.imports.cards import apply_cards
from tracker.actions.imports.context import Context, Settled
from tracker.actions.imports.people import apply_roster, end_the_missing, spelt_as_known
from tracker.actions.imports.periods import apply_absences, apply_exemptions
from tracker.actions.imports.result import ImportResult, TableReport
from tracker.actions.imports.units import apply_units
from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.known import unmatched
from tracker.db.policies import load_rulebook
from tracker.domain.errors import BadInput
from tracker.domain.policy import words
from tracker.domain.rulebook import Rulebook
from tracker.intake.rows import Reading, RosterRow, Table

# Called with the number of rows worked through since the last call.
Progress = Callable[[int], None]


@dataclass(slots=True)
class _Attempt:
    """One try at importing some files: what came of them, and which have to stay out."""

    reports: list[tuple[Reading, TableReport]]
    out: set[int]
    refused: list[tuple[str, str]]


def import_readings(
    database: Database,
    author: Author,
    readings: Sequence[Reading],
    settled: Settled,
    today: date,
    *,
    dry_run: bool,
    progress: Progress = lambda rows: None,
) -> ImportResult:
    """Imports what was read; nothing is kept in a dry run. Raises BadInput if there is no policy."""
    result = ImportResult(list(readings), dry_run)
    result.questions = [(reading.file, question) for reading in readings for question in reading.questions]
    good = [reading for reading in readings if not reading.questions]
    while good:
        batch, attempt, result.unmatched = _try(database, author, good, settled, today, dry_run, progress)
        if not attempt.out:
            _tell(result, attempt, batch)
            break
        result.refused += attempt.refused
        result.questions += [
            (reading.file, question)
            for reading, report in attempt.reports
            if id(reading) in attempt.out
            for question in report.questions
        ]
        good = [reading for reading in good if id(reading) not in attempt.out]
    return result


def _try(
    database: Database,
    author: Author,
    readings: list[Reading],
    settled: Settled,
    today: date,
    dry_run: bool,
    progress: Progress,
) -> tuple[int | None, _Attempt, list[str]]:
    attempt = _Attempt([], set(), [])
    batch = None
    missed: list[str] = []
    files = ", ".join(reading.file for reading in readings)
    try:
        with change(database, author, "import", note=files, dry_run=dry_run) as made:
            rulebook = load_rulebook(made.connection)
            context = Context(
                made, rulebook.on(today), rulebook.newest.timezone, today, settled, author.actor, progress
            )
            for reading in sorted(readings, key=lambda each: min((_rank(table) for table in each.tables), default=0)):
                _file(context, rulebook, reading, attempt)
            if attempt.out:
                raise _StaysOutError
            made.refresh()
            missed = _unmatched(made, attempt, today)
            if not made.empty:
                batch = made.record_batch(_described(readings))
    except _StaysOutError:
        pass
    return (None if dry_run else batch), attempt, missed


def _rank(table: Table) -> int:
    """People first, whatever the order of the files: what is said of them comes after."""
    return ("units", "roster", "cards", "absences", "exemptions").index(table.kind)


class _StaysOutError(Exception):
    """Takes back an attempt in which some file has to stay out."""


def _file(context: Context, rulebook: Rulebook, reading: Reading, attempt: _Attempt) -> None:
    try:
        # Several sheets are one roster: who is missing from one may stand on another.
        whole = [row for table in reading.tables for row in _roster_rows(context, table)]
        covered = {words(row.unit) for row in whole if row.unit} if context.settled.whole_roster else set()
        report = TableReport(reading.file, None)
        for table in sorted(reading.tables, key=_rank):
            report = TableReport(reading.file, table.sheet)
            attempt.reports.append((reading, report))
            _table(context, rulebook, table, covered, report)
            if report.questions:
                attempt.out.add(id(reading))
        if covered:
            end_the_missing(context, whole, report)
    except BadInput as error:
        attempt.refused.append((reading.file, str(error)))
        attempt.out.add(id(reading))


def _roster_rows(context: Context, table: Table) -> list[RosterRow]:
    """A roster's rows with their units spelt as on record; none of another kind of table."""
    return spelt_as_known(context, cast("list[RosterRow]", table.rows)) if table.kind == "roster" else []


def _table(context: Context, rulebook: Rulebook, table: Table, covered: set[str], report: TableReport) -> None:
    rows: Any = table.rows
    if table.kind == "roster":
        apply_roster(context, _roster_rows(context, table), covered, report)
        if table.cards:
            apply_cards(context, _of_accepted(table, report), report)
    elif table.kind == "cards":
        apply_cards(context, rows, report)
    elif table.kind == "absences":
        apply_absences(context, rows, report)
    elif table.kind == "exemptions":
        known = {requirement.id for _, policy in rulebook.reigns for requirement in policy.requirements}
        apply_exemptions(context, rows, known, report)
    else:
        apply_units(context, rows, report)
    for rejected in table.rejected:
        if rejected.whole:
            report.reject(rejected.row, rejected.field or rejected.column, rejected.reason)
        else:
            # The rest of the row is in; only this cell of it is not.
            outcome = report.outcomes.get(rejected.row, "unchanged")
            report.note(rejected.row, outcome, rejected.field or rejected.column, rejected.reason)


def _of_accepted(table: Table, report: TableReport) -> list[Any]:
    """The cards in a roster's wide columns, but for those of rows that were not taken in."""
    return [card for card in table.cards if report.outcomes.get(card.row) != "rejected"]


def _unmatched(made: Change, attempt: _Attempt, today: date) -> list[str]:
    ids = {employee_id for _, report in attempt.reports for employee_id in report.employee_ids}
    return unmatched(made.connection, ids, today)


def _described(readings: list[Reading]) -> list[dict[str, Any]]:
    """What is kept of the files: their hashes and what was understood of them."""
    return [
        {
            "file": reading.file,
            "sha256": reading.sha256,
            "tables": [
                {"sheet": table.sheet, "kind": table.kind, "columns": table.columns} for table in reading.tables
            ],
        }
        for reading in readings
    ]


def _tell(result: ImportResult, attempt: _Attempt, batch: int | None) -> None:
    result.batch = batch
    for _, report in attempt.reports:
        result.counts.update(report.outcomes.values())
        result.counts["leaving"] += report.leaving
        said = {note.row for note in report.notes}
        for row, outcome in report.outcomes.items():
            if outcome in ("changed", "moved") and row not in said:
                report.note(row, outcome, None, "Known, and the file says something more or else.")
        result.rows += sorted(report.notes, key=lambda note: note.row or 0)
