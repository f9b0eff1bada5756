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

from tracker.actions.imports.cards import Source, apply_cards
from tracker.actions.imports.context import Context, Settled
from tracker.actions.imports.people import Whole, apply_roster, end_the_missing, spellings, spelt_as_known, whole_roster
from tracker.actions.imports.periods import apply_absences, apply_exemptions
from tracker.actions.imports.result import ImportResult, SheetsReport, TableReport
from tracker.actions.imports.units import apply_units
from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.known import unmatched
from tracker.db.policies import load_rulebook
from tracker.db.tables import batches
from tracker.domain.errors import BadInput
from tracker.domain.rulebook import Rulebook
from tracker.intake.rows import CardRow, Reading, RosterRow, Table

# What a file may say of people after their cards.
PERIODS = ("absences", "exemptions")

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
    if len(good) < len(readings):
        good = _without_rosters(good, result, settled)
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
        rest = [reading for reading in good if id(reading) not in attempt.out]
        good = _without_rosters(rest, result, settled) if any(map(_has_roster, good)) else rest
    return result


def _has_roster(reading: Reading) -> bool:
    return any(table.kind == "roster" for table in reading.tables)


def _without_rosters(readings: list[Reading], result: ImportResult, settled: Settled) -> list[Reading]:
    """What still goes in where some file stays out: of a whole roster nothing, as its people would seem to leave."""
    if not settled.whole_roster:
        return readings
    why = "With --whole-roster the files are one roster, and another of them stays out; settle that first."
    result.refused += [(reading.file, why) for reading in readings if _has_roster(reading)]
    return [reading for reading in readings if not _has_roster(reading)]


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
    try:
        with change(database, author, "import", dry_run=dry_run) as made:
            made.about(f"batch:{made.next_id(batches)}")
            rulebook = load_rulebook(made.connection)
            context = Context(
                made, rulebook.on(today), rulebook.newest.timezone, today, settled, author.actor, progress
            )
            _all(context, rulebook, readings, attempt)
            made.refresh()
            missed = _unmatched(made, attempt, today)
            if not made.empty:
                batch = made.record_batch(_described(readings))
    except _StaysOutError:
        pass
    return (None if dry_run else batch), attempt, missed


class _StaysOutError(Exception):
    """Takes back an attempt in which some file has to stay out."""


def _all(context: Context, rulebook: Rulebook, readings: list[Reading], attempt: _Attempt) -> None:
    """Every file, those with people first; stops at the first that has to stay out, as others may rest on it."""
    spelling = spellings(context)
    for table in (table for reading in readings for table in reading.tables if table.kind == "roster"):
        table.rows = spelt_as_known(spelling, cast("list[RosterRow]", table.rows))
    whole = whole_roster(context, _whole_rows(context, readings, attempt))
    ordered = sorted(readings, key=lambda each: min((_rank(table) for table in each.tables), default=0))
    for reading in ordered:
        try:
            _file(context, rulebook, reading, whole, attempt, last=reading is ordered[-1])
        except BadInput as error:
            attempt.refused.append((reading.file, str(error)))
            attempt.out.add(id(reading))
        attempt.out.update(id(reading) for each, report in attempt.reports if each is reading and report.questions)
        _stop_if_out(attempt)
    if whole.rows:
        _leave(context, readings, whole, attempt)


def _file(
    context: Context, rulebook: Rulebook, reading: Reading, whole: Whole, attempt: _Attempt, *, last: bool
) -> None:
    """One file: its rosters as one list, as a person may stand on several sheets; then what is said of people."""
    reports = [(table, TableReport(reading.file, table.sheet)) for table in sorted(reading.tables, key=_rank)]
    attempt.reports += [(reading, report) for _, report in reports]
    rosters = [(table, report) for table, report in reports if table.kind == "roster"]
    if len(rosters) == 1:
        apply_roster(context, cast("list[RosterRow]", rosters[0][0].rows), whole, rosters[0][1])
    elif rosters:
        together = SheetsReport(reading.file)
        attempt.reports.append((reading, together))
        rows = [
            row for table, report in rosters for row in together.numbered(report, cast("list[RosterRow]", table.rows))
        ]
        apply_roster(context, rows, whole, together)
    _cards(context, reports, last)
    for table, report in reports:
        _table(context, rulebook, table, report)


def _stop_if_out(attempt: _Attempt) -> None:
    if attempt.out:
        raise _StaysOutError


def _whole_rows(context: Context, readings: list[Reading], attempt: _Attempt) -> list[RosterRow]:
    """The rows of what is declared to be the whole roster of its units; none if nothing is.

    All files and sheets of a command are one roster: who is missing from one may stand on another. A row that cannot
    be read would make its person leave, so every row has to be readable.
    """
    if not context.settled.whole_roster:
        return []
    found: list[RosterRow] = []
    for reading in readings:
        for table in reading.tables:
            if table.kind == "roster":
                found += cast("list[RosterRow]", table.rows)
                bad = [rejected.row for rejected in table.rejected if rejected.whole]
                if bad:
                    reason = f"{len(bad)} rows of {reading.file} cannot be read (the first is row {bad[0]})"
                    attempt.refused.append(
                        (reading.file, f"With --whole-roster nobody may be overlooked, but {reason}; mend them first.")
                    )
                    attempt.out.add(id(reading))
    _stop_if_out(attempt)
    return found


def _leave(context: Context, readings: list[Reading], whole: Whole, attempt: _Attempt) -> None:
    """Ends the assignments of those who are missing from the whole roster, or keeps its files out."""
    rosters = [each for each in readings if _has_roster(each)]
    report = TableReport(", ".join(each.file for each in rosters), None)
    attempt.reports.append((rosters[0], report))
    try:
        end_the_missing(context, whole, report)
    except BadInput as error:
        attempt.refused += [(each.file, str(error)) for each in rosters]
        attempt.out.update(id(each) for each in rosters)
    _stop_if_out(attempt)


def _rank(table: Table) -> int:
    """People first, whatever the order of the files: what is said of them comes after."""
    return ("units", "roster", "cards", "absences", "exemptions").index(table.kind)


def _cards(context: Context, reports: list[tuple[Table, TableReport]], last: bool) -> None:
    """The cards of all sheets of a file."""
    sources: list[Source] = []
    for table, report in reports:
        if table.kind == "roster":
            report.part_of_row = True
            sources.append(Source(report, _of_accepted(table, report)))
        elif table.kind == "cards":
            sources.append(Source(report, cast("list[CardRow]", table.rows)))
    apply_cards(context, sources, last=last and not any(table.kind in PERIODS for table, _ in reports))
    for report, _ in sources:
        report.part_of_row = False


def _table(context: Context, rulebook: Rulebook, table: Table, report: TableReport) -> None:
    """What else one sheet says of people, and what of it was not read."""
    rows: Any = table.rows
    if table.kind == "absences":
        apply_absences(context, rows, report)
    elif table.kind == "exemptions":
        known = {requirement.id for _, policy in rulebook.reigns for requirement in policy.requirements}
        apply_exemptions(context, rows, known, report)
    elif table.kind == "units":
        apply_units(context, rows, report)
    for rejected in table.rejected:
        if rejected.whole:
            report.reject(rejected.row, rejected.field or rejected.column, rejected.reason)
        else:
            # The rest of the row is in; only this cell of it is not.
            report.note(rejected.row, "rejected", rejected.field or rejected.column, rejected.reason)


def _of_accepted(table: Table, report: TableReport) -> list[CardRow]:
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
        result.rows += sorted(report.notes, key=lambda note: note.row or 0)
