"""Imports files as one batch: all that can go in goes in together, or, in a dry run, is only worked out.

1. Each file was read and understood before; one with open questions stays out.
2. In one transaction the rows are held against what is known, decided, and recorded.
3. A file that turns out to leave a question open, or cannot be used, is taken out and the rest done anew: each file
   stands alone, and of a file that stays out nothing goes in. What names people whom only such a file brings waits
   for it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, cast

from tracker.actions.imports.cards import apply_cards
from tracker.actions.imports.context import Context, Settled
from tracker.actions.imports.file import File, some_people
from tracker.actions.imports.naming import Settling
from tracker.actions.imports.new_units import settle_units
from tracker.actions.imports.people import Whole, end_the_missing, spelt_as_known, whole_roster
from tracker.actions.imports.remember import remember
from tracker.actions.imports.result import OUTCOMES, ImportResult, TableReport, TooManyLeave, Unheard, Untyped
from tracker.actions.imports.unheard import new_units, unknown_roles, untyped
from tracker.actions.imports.waiting import without_waiting
from tracker.actions.imports.whose import settle_whose
from tracker.actions.imports.within import Reach, take_out_people, take_out_units
from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.known import unit_names, unmatched
from tracker.db.mappings import TYPE
from tracker.db.policies import load_rulebook
from tracker.db.tables import batches
from tracker.domain.door import Door
from tracker.domain.errors import BadInput
from tracker.domain.policy import words
from tracker.domain.rulebook import Rulebook
from tracker.domain.same_assignment import SameRole
from tracker.domain.scope import Scope
from tracker.intake.rows import Reading, RosterRow, Table

# Called with the number of rows worked through since the last call.
Progress = Callable[[int], None]


@dataclass(slots=True)
class _Attempt:
    """One try at importing some files: what came of them, which have to stay out, and whom they name."""

    reports: list[tuple[Reading, TableReport]]
    out: set[int]
    refused: list[tuple[str, str]]
    people: set[str]
    remembered: list[tuple[Reading, str]] = field(default_factory=list)
    too_many: TooManyLeave | None = None
    new_units: list[Unheard] = field(default_factory=list)
    unknown_roles: list[Unheard] = field(default_factory=list)
    untyped: Untyped = field(default_factory=Untyped)
    newcomers: set[str] = field(default_factory=set)
    digest: str = ""
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is to be done, however many tries it takes."""

    database: Database
    scope: Scope
    author: Author
    settled: Settled
    today: date
    dry_run: bool
    progress: Progress

    def context(self, made: Change, rulebook: Rulebook) -> Context:
        """What the parts of one try work with."""
        policy, timezone = rulebook.on(self.today), rulebook.newest.timezone
        roles, door = SameRole(policy), Door(policy, self.today)
        reach = Reach(self.scope, made.connection, self.today)
        who = self.author.actor
        return Context(made, policy, timezone, self.today, self.settled, who, self.progress, roles, door, reach)


def import_readings(  # noqa: PLR0913 who, about whom, what, when: each is the caller's alone to know
    database: Database,
    scope: Scope,
    author: Author,
    readings: Sequence[Reading],
    settled: Settled,
    today: date,
    *,
    dry_run: bool,
    progress: Progress = lambda rows: None,
) -> ImportResult:
    """Imports what was read, as far as it is about a scope; nothing is kept in a dry run.

    Nor is anything if what would happen is not what was settled as `planned`; the result says what it would be. Raises
    BadInput if there is no policy.
    """
    result = ImportResult(list(readings), dry_run)
    result.questions = [(reading.file, question) for reading in readings for question in reading.questions]
    good = [reading for reading in readings if not reading.questions]
    if len(good) < len(readings):
        rest = _without_rosters(good, result, settled)
        good = without_waiting(database, scope, today, readings, rest, result.refused)
    errand = _Errand(database, scope, author, settled, today, dry_run, progress)
    while good:
        batch, attempt, result.unmatched = _try(errand, good)
        if not attempt.out:
            _tell(result, attempt, batch)
            break
        result.too_many = attempt.too_many or result.too_many
        result.refused += attempt.refused
        result.questions += [
            (reading.file, question)
            for reading, report in attempt.reports
            if id(reading) in attempt.out
            for question in report.questions
        ]
        rest = [reading for reading in good if id(reading) not in attempt.out]
        rest = _without_rosters(rest, result, settled) if any(map(_has_roster, good)) else rest
        good = without_waiting(database, scope, today, readings, rest, result.refused)
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


def _try(errand: _Errand, readings: list[Reading]) -> tuple[int | None, _Attempt, list[str]]:
    attempt = _Attempt([], set(), [], set())
    batch = None
    missed: list[str] = []
    try:
        with change(errand.database, errand.author, "import", dry_run=errand.dry_run) as made:
            made.about(f"batch:{made.next_id(batches)}")
            made.watch(errand.today)
            rulebook = load_rulebook(made.connection)
            context = errand.context(made, rulebook)
            _all(context, rulebook, readings, attempt)
            made.refresh()
            missed = unmatched(made.connection, made.not_seen_asked(attempt.people), errand.today)
            attempt.digest = _digest(attempt) if errand.dry_run or errand.settled.planned else ""
            if errand.settled.planned not in (None, attempt.digest):
                raise _OtherwiseError
            if not made.empty:
                batch = made.record_batch(_described(readings, attempt))
    except _OtherwiseError:
        attempt.otherwise = True
    except _StaysOutError:
        pass
    return (None if errand.dry_run else batch), attempt, missed


class _OtherwiseError(Exception):
    """Takes back an attempt of which something else would come than was planned."""


class _StaysOutError(Exception):
    """Takes back an attempt in which some file has to stay out."""


def _all(context: Context, rulebook: Rulebook, readings: list[Reading], attempt: _Attempt) -> None:
    """Every file; stops if one has to stay out."""
    take_out_units(context.reach, readings)
    on_record = unit_names(context.made.connection)
    skipped = _whose(context, readings, attempt, on_record)
    take_out_people(context.reach, readings, context.given_anew)
    _spell_units(context, readings, on_record)
    whole = whole_roster(context, _whole_rows(context, readings, attempt, skipped))
    # Who stands in a row that was taken out is in the file, if elsewhere, and has not left.
    whole.named.update((row.employee_id, None) for each in readings for table in each.tables for row in table.outside)
    ordered = sorted(readings, key=lambda each: min((_rank(table) for table in each.tables), default=0))
    files = [File(reading, [TableReport(reading.file, table.sheet) for table in reading.tables]) for reading in ordered]
    attempt.reports += [(file.reading, report) for file in files for report in file.reports]
    _take_in(context, rulebook, files, whole, attempt)
    for file in files:
        file.tell_skipped(skipped)
        file.tell_unread(skipped)
        file.tell_same()
    _stop_if_open(attempt)
    if whole.rows:
        _leave(context, readings, whole, attempt)
    attempt.remembered = remember(context, files)
    attempt.newcomers = context.newcomers
    attempt.new_units, attempt.unknown_roles = new_units(files, on_record), unknown_roles(files, context.policy)
    attempt.untyped = untyped(context)


def _whose(
    context: Context, readings: list[Reading], attempt: _Attempt, on_record: Sequence[str]
) -> dict[int, list[int]]:
    """Finds out which units and whose the rows are; returns those to be left out.

    Stops where rows without ids may be anybody's.
    """
    settling = Settling()
    settle_units(context, readings, on_record, settling)
    settle_whose(context, readings, settling)
    for reading, reason in settling.refused:
        attempt.refused.append((reading.file, reason))
        attempt.out.add(id(reading))
    attempt.reports += [
        (reading, TableReport(reading.file, None, questions=[question])) for reading, question in settling.questions
    ]
    if settling.nameless:
        _stop_if_open(attempt)
    return settling.skipped


def _spell_units(context: Context, readings: list[Reading], on_record: Sequence[str]) -> None:
    """Spells the units of all rosters as they are on record."""
    mine = context.reach.scope.units if context.reach.scope else ()
    spelling = {words(name): name for name in (*mine, *on_record)}
    for table in (table for reading in readings for table in reading.tables if table.kind == "roster"):
        table.rows = spelt_as_known(spelling, cast("list[RosterRow]", table.rows))


def _take_in(context: Context, rulebook: Rulebook, files: list[File], whole: Whole, attempt: _Attempt) -> None:
    """The units, then some people at a time all that the files say of them.

    So a person's cards are looked at together, whichever file they stand in, and her timelines can be begun.
    """
    requirements = {requirement.id for _, policy in rulebook.reigns for requirement in policy.requirements}
    for file in files:
        with _taken_out(attempt, [file.reading]):
            file.units(context)
    for people in some_people(files):
        attempt.people.update(people)
        for file in files:
            with _taken_out(attempt, [file.reading]):
                file.roster(context, whole, people)
        with _taken_out(attempt, [file.reading for file in files if file.has_cards]):
            apply_cards(context, [source for file in files for source in file.cards(people)])
        for file in files:
            with _taken_out(attempt, [file.reading]):
                file.periods(context, requirements, people)
                file.bookings(context, people)
        context.made.nothing_more_of(people)


@contextmanager
def _taken_out(attempt: _Attempt, readings: list[Reading]) -> Iterator[None]:
    """Notes that files have to stay out because what was answered for them is no answer."""
    try:
        yield
    except BadInput as error:
        attempt.refused += [(reading.file, str(error)) for reading in readings]
        attempt.out.update(map(id, readings))
        raise _StaysOutError from None


def _stop_if_open(attempt: _Attempt) -> None:
    """Keeps the files out of which something is asked, and stops if any stays out."""
    attempt.out.update(id(reading) for reading, report in attempt.reports if report.questions)
    _stop_if_out(attempt)


def _stop_if_out(attempt: _Attempt) -> None:
    if attempt.out:
        raise _StaysOutError


def _whole_rows(
    context: Context, readings: list[Reading], attempt: _Attempt, skipped: dict[int, list[int]]
) -> list[RosterRow]:
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
                bad = [rejected.row for rejected in table.rejected if rejected.whole] + skipped.get(id(table), [])
                if bad:
                    reason = f"{len(bad)} rows of {reading.file} cannot be read (the first is row {min(bad)})"
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
    except TooManyLeave as error:
        attempt.too_many = error
        attempt.refused += [(each.file, str(error)) for each in rosters]
        attempt.out.update(id(each) for each in rosters)
    _stop_if_out(attempt)


def _rank(table: Table) -> int:
    """People first, whatever the order of the files: what is said of them comes after."""
    return ("units", "roster", "cards", "absences", "exemptions").index(table.kind)


def _digest(attempt: _Attempt) -> str:
    """Tells one outcome from another: what becomes of each row, what is said of it, and which units are new.

    Which of the classes offered are recorded is said with the plan, so that it is the same plan either way.
    """
    found = sha256()
    for _, report in attempt.reports:
        outcomes, notes = report.but_for_classes()
        said = (report.file, report.sheet, outcomes, sorted(map(repr, notes)))
        found.update(repr(said).encode())
    found.update(repr(attempt.new_units).encode())
    return found.hexdigest()


def _described(readings: list[Reading], attempt: _Attempt) -> list[dict[str, Any]]:
    """What is kept of the files: their hashes, what was understood of them, and what came of their rows."""
    return [
        {
            "file": reading.file,
            "sha256": reading.sha256,
            "rows": _counts(reading, attempt),
            "tables": [
                {"sheet": table.sheet, "kind": table.kind, "columns": table.columns} for table in reading.tables
            ],
        }
        for reading in readings
    ]


def _counts(reading: Reading, attempt: _Attempt) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each, report in attempt.reports:
        if each is reading:
            found.update(part for row in report.outcomes for part in report.parts(row))
            found["leaving"] += report.leaving
    return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}


def _tell(result: ImportResult, attempt: _Attempt, batch: int | None) -> None:
    result.batch, result.digest, result.otherwise = batch, attempt.digest, attempt.otherwise
    result.newcomers = attempt.newcomers
    result.new_units, result.unknown_roles = attempt.new_units, attempt.unknown_roles
    result.untyped = attempt.untyped
    would = "would be" if result.dry_run or result.otherwise else "are"
    for reading, kind in attempt.remembered:
        what = "These types" if kind == TYPE else "These columns"
        where = "other files" if kind == TYPE else "files with the same headers"
        note = f"{what} {would} remembered for {where}; 'tracker mappings' lists what is."
        if note not in reading.notes:
            reading.notes.append(note)
    for _, report in attempt.reports:
        result.counts.update(report.outcomes.values())
        result.counts["leaving"] += report.leaving
        result.cells += report.cells_left_out
        result.offers += report.offers
        result.rows += sorted(report.notes, key=lambda note: note.row or 0)
        result.reports.append(report)
