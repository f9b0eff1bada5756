"""One file of an import, its rows by person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from tracker.actions.imports.bookings import Told, apply_bookings
from tracker.actions.imports.context import CHUNK, Context
from tracker.actions.imports.named import Beside
from tracker.actions.imports.people import Whole, apply_roster
from tracker.actions.imports.periods import Listed, apply_absences, apply_exemptions
from tracker.actions.imports.result import SheetsReport, TableReport
from tracker.actions.imports.same_rows import same_rows
from tracker.actions.imports.source import Source
from tracker.actions.imports.units import apply_units
from tracker.intake.rows import Reading, RosterRow, Table

# The rows of a sheet by the employee id that they name.
ByPerson = dict[str, list[Any]]


# Cards beside people are of whoever the row was taken for.
_NOBODY = Beside([])


class File:
    """A file as read, and what comes of each of its sheets."""

    def __init__(self, reading: Reading, reports: Sequence[TableReport]) -> None:
        self.reading = reading
        self.reports = [*reports]
        sheets = list(zip(reading.tables, reports, strict=True))
        self._units = [(table, report) for table, report in sheets if table.kind == "units"]
        self._roster_report, self._roster = _one_roster(reading.file, sheets)
        if self._roster_report not in self.reports:
            self.reports.append(self._roster_report)
        self._periods = [(t, r, _by_person(t.rows)) for t, r in sheets if t.kind in ("absences", "exemptions")]
        # Cards stand in lists of their own, or in columns beside people.
        self._lists = [(r, _by_person(table.rows), table.names) for table, r in sheets if table.kind == "cards"]
        self._beside = [(report, _by_person(table.cards)) for table, report in sheets if table.cards]
        self._booked = [(r, _by_person(table.booked)) for table, r in sheets if table.booked]
        self._called = Beside(
            [
                *self._lists,
                *((report, rows, table.names) for table, report, rows in self._periods),
                *((report, rows, _names_beside(rows)) for report, rows in self._booked),
            ]
        )
        # What is said of cells that tell of classes, by where it is to be told.
        self._told: dict[int, Told] = {}
        self.has_cards = bool(self._lists or self._beside)

    def names(self) -> Iterator[str]:
        """Every employee id that the file names; some more than once."""
        yield from self._roster
        for _, rows in self._beside:
            yield from rows
        for _, rows, _ in self._lists:
            yield from rows
        for _, _, rows in self._periods:
            yield from rows
        for _, rows in self._booked:
            yield from rows

    def units(self, context: Context) -> None:
        """Takes in what the file says of units."""
        for table, report in self._units:
            apply_units(context, cast("Any", table.rows), report)

    def roster(self, context: Context, whole: Whole, people: Sequence[str]) -> None:
        """Takes in who some people are and where they work."""
        theirs = _of(self._roster, people)
        if theirs:
            apply_roster(context, theirs, whole, self._roster_report)

    def cards(self, people: Sequence[str]) -> Iterator[Source]:
        """The cards of some people, but for those beside a row that was not taken in."""
        for report, rows, names in self._lists:
            has_names = bool(names or self._called)
            yield Source(report, _of(rows, people), beside=False, names=names, called=self._called, has_names=has_names)
        for report, rows in self._beside:
            taken = {
                employee_id: [card for card in cards if report.outcomes.get(card.row) != "rejected"]
                for employee_id, cards in _of(rows, people).items()
            }
            yield Source(report, taken, beside=True, names={}, called=_NOBODY, has_names=False)

    def periods(self, context: Context, requirements: set[str], people: Sequence[str]) -> None:
        """Takes in some people's absences and exemptions; `requirements` are the ids that policies know."""
        for table, report, rows in self._periods:
            theirs = _of(rows, people)
            if not theirs:
                continue
            listed = Listed(theirs, table.names, self._called, report)
            if table.kind == "absences":
                apply_absences(context, listed)
            else:
                apply_exemptions(context, listed, requirements)

    def bookings(self, context: Context, people: Sequence[str]) -> None:
        """Takes in the classes of some people that somebody said to record, and offers the others."""
        for report, rows in self._booked:
            theirs = _of(rows, people)
            if theirs:
                self._told.setdefault(id(report), {}).update(apply_bookings(context, theirs, self._called, report))

    def tell_skipped(self, skipped: Mapping[int, list[int]]) -> None:
        """Says which rows are left out because somebody said so; `skipped` are they, by the `id` of their sheet."""
        for table, report in zip(self.reading.tables, self.reports, strict=False):
            for row in skipped.get(id(table), ()):
                report.put(row, "unchanged")
                report.note(row, "unchanged", "employee_id", "Left out, as was answered.")

    def tell_unread(self, skipped: Mapping[int, list[int]]) -> None:
        """Says which rows, or cells of them, could not be read; of rows that are skipped nobody needs the cells."""
        for table, report in zip(self.reading.tables, self.reports, strict=False):
            told, left_out = self._told.get(id(report), {}), {*skipped.get(id(table), ())}
            for _, _, rejected in table.outside:
                report.reject(rejected.row, rejected.field, rejected.reason)
            for rejected in table.rejected:
                if rejected.row in left_out:
                    continue
                more = told.get((rejected.row, rejected.field or ""))
                told_more = f" {more}" if more else ""
                reason, where = rejected.reason + told_more, rejected.field or rejected.column
                if rejected.whole:
                    report.reject(rejected.row, where, reason, told_more)
                else:
                    # The rest of the row is in; only this cell of it is not.
                    report.note(rejected.row, "rejected", where, reason, told=told_more)

    def tell_same(self) -> None:
        """Says which rows say the same as one above: they change nothing."""
        for (at, row), (above, first) in same_rows(self.reading.tables):
            self.reports[at].same_as(row, self.reports[above], first)


def some_people(files: Sequence[File]) -> Iterator[list[str]]:
    """Everybody whom the files name, some at a time, in the order of the files."""
    names = iter(dict.fromkeys(name for file in files for name in file.names()))
    while chunk := list(islice(names, CHUNK)):
        yield chunk


def _one_roster(file: str, sheets: Sequence[tuple[Table, TableReport]]) -> tuple[TableReport, ByPerson]:
    """The rosters of a file as one list, as a person may stand on several sheets, and where to say what comes of it."""
    rosters = [(cast("list[RosterRow]", table.rows), report) for table, report in sheets if table.kind == "roster"]
    if len(rosters) == 1:
        return rosters[0][1], _by_person(rosters[0][0])
    together = SheetsReport(file)
    return together, _by_person(row for rows, report in rosters for row in together.numbered(report, rows))


def _by_person(rows: Iterable[Any]) -> ByPerson:
    found: ByPerson = defaultdict(list)
    for row in rows:
        found[row.employee_id].append(row)
    # Rows of which it is open whose they are, or that are skipped.
    found.pop("", None)
    return dict(found)


def _names_beside(rows: ByPerson) -> dict[int, str]:
    """What rows call people, where they say it themselves."""
    return {one.row: one.name for theirs in rows.values() for one in theirs if one.name}


def _of(rows: ByPerson, people: Sequence[str]) -> ByPerson:
    """What some people's rows are."""
    return {employee_id: theirs for employee_id in people if (theirs := rows.get(employee_id))}
