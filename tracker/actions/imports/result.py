"""What an import did, or would do: outcomes by row, open questions, and whom no requirement matches."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tracker.domain.errors import BadInput
from tracker.intake.rows import CardRow, Question, Reading, RosterRow

Outcome = Literal["new", "changed", "moved", "leaving", "unchanged", "rejected", "question"]
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "moved", "leaving", "unchanged", "rejected")
# Where one row has several outcomes (a person and her cards), the first of these is the row's.
BY_RANK: tuple[Outcome, ...] = ("rejected", "question", "moved", "new", "changed", "leaving", "unchanged")
# What may become of several parts of one row.
_TOGETHER: tuple[Outcome, ...] = ("moved", "new", "changed")
RANK = {name: rank for rank, name in enumerate(BY_RANK)}


class Change(NamedTuple):
    """What changed of a field, so that many can be told as one; `of` is what has the field: "cards", "people"."""

    field: str
    was: str | None
    now: str | None
    of: str


class Offer(NamedTuple):
    """A class that a cell tells of and that is not on record; `answer` is what was said of it, blank if nothing was."""

    question: str
    employee_id: str
    name: str | None
    type: str
    day: str
    answer: str


class RowNote(NamedTuple):
    """A row that is not plainly in, or of which there is something to say; `change` if it is one field's new value.

    `told` is the end of the reason as far as it speaks of a class.
    """

    file: str
    sheet: str | None
    row: int | None
    outcome: Outcome
    field: str | None
    reason: str
    change: Change | None = None
    told: str = ""


class Unheard(NamedTuple):
    """A unit or a role that nothing knew, as it is spelt, and of how many people the rows that go in say it."""

    name: str
    people: int


class AskedToo(NamedTuple):
    """A requirement that goes by employment, and how many people without an employment type it is asked of."""

    requirement: str
    title: str
    people: int


class Untyped(NamedTuple):
    """How many people without an employment type are asked more for that reason, and what."""

    people: int = 0
    asked: Sequence[AskedToo] = ()


class TooManyLeave(BadInput):
    """So many of so many people would leave that it has to be allowed by number."""

    def __init__(self, count: int, of: int) -> None:
        super().__init__(
            f"{count} of {of} people of these units are not in the roster and would leave; "
            f"if that is right, allow it with --allow-leavers {count}."
        )
        self.count, self.of = count, of


@dataclass(slots=True)
class ImportResult:
    """Counts are rows; `cells` are those that were left out of rows that are in.

    `batch` is None if nothing was to be changed, or nothing was. `reports` are what became of each row, by file and
    sheet; `newcomers` the ids of those who were not on record; `too_many` are the leavers who have to be allowed first.
    `digest` tells one plan from another; `otherwise`: nothing was changed, as something else would have come of it than
    was planned. `new_units` come into being by the rows that go in; no requirement names `unknown_roles`. `untyped` are
    those among the people whose place of work it records.
    """

    readings: list[Reading]
    dry_run: bool
    batch: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    cells: int = 0
    rows: list[RowNote] = field(default_factory=list)
    questions: list[tuple[str, Question]] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    reports: list["TableReport"] = field(default_factory=list)
    newcomers: set[str] = field(default_factory=set)
    too_many: TooManyLeave | None = None
    digest: str = ""
    otherwise: bool = False
    new_units: list[Unheard] = field(default_factory=list)
    unknown_roles: list[Unheard] = field(default_factory=list)
    untyped: Untyped = field(default_factory=Untyped)
    offers: list[Offer] = field(default_factory=list)


@dataclass(slots=True)
class TableReport:
    """What comes of one sheet while it is worked through.

    `unbooked` is what became of rows before classes were recorded of them. `also` is all that becomes of rows of which
    several things do. `posts` are the rows by which somebody known works in one more place; `new_cards` those of the
    cards beside people that were not on record.
    """

    file: str
    sheet: str | None
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    notes: list[RowNote] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    leaving: int = 0
    part_of_row: bool = False
    offers: list[Offer] = field(default_factory=list)
    unbooked: dict[int, Outcome | None] = field(default_factory=dict)
    also: dict[int, set[Outcome]] = field(default_factory=dict)
    posts: set[int] = field(default_factory=set)
    new_cards: list[CardRow] = field(default_factory=list)

    def put(self, row: int, outcome: Outcome) -> None:
        """Says what became of a row, or of one part of it."""
        before = self.outcomes.get(row)
        if before is not None and before != outcome:
            self.also.setdefault(row, {before}).add(outcome)
        if before is None or RANK[outcome] < RANK[before]:
            self.outcomes[row] = outcome

    def put_post(self, row: int) -> None:
        """Says that somebody known works in one more place by a row."""
        self.posts.add(row)

    def parts(self, row: int) -> list[Outcome]:
        """All that becomes of a row, in order; of one that does not go in, or waits, nothing else does."""
        outcome, also = self.outcomes[row], self.also.get(row)
        if not also or outcome not in _TOGETHER:
            return [outcome]
        return [each for each in _TOGETHER if each in also or each == outcome]

    def same_as(self, row: int, above: "TableReport", first: int) -> None:
        """Says that a row says the same as one above, of which all comes that comes of both."""
        if not {self.outcomes.get(row), above.outcomes.get(first)} <= {*_TOGETHER, "unchanged"}:
            return
        self.outcomes[row] = "unchanged"
        self.also.pop(row, None)
        said = [note for note in self.notes if note.row == row and note.outcome in _TOGETHER]
        self.notes = [note for note in self.notes if note not in said]
        above.notes += [note._replace(sheet=above.sheet, row=first) for note in said]
        where = f"row {first}" if above is self else above.where(first)
        self.note(row, "unchanged", None, f"The same as {where}.")

    def put_booked(self, row: int) -> None:
        """Says that a class is recorded of a row."""
        self.unbooked.setdefault(row, self.outcomes.get(row))
        self.put(row, "changed")

    def note(
        self,
        row: int | None,
        outcome: Outcome,
        field_name: str | None,
        reason: str,
        change: Change | None = None,
        told: str = "",
    ) -> None:
        """Says why."""
        self.notes.append(RowNote(self.file, self.sheet, row, outcome, field_name, reason, change, told))

    def changed(self, row: int, column: str, who: str, change: Change) -> None:
        """Says what a field was and is."""
        reason = f"{who}: {change.was or 'nothing'} → {change.now or 'open'}."
        self.note(row, "changed", column, reason, change)

    def but_for_classes(self) -> tuple[list[tuple[int, Outcome]], list[RowNote]]:
        """What becomes of the rows and what is said of them, whichever of the classes offered are recorded."""
        outcomes = {
            row: self.unbooked.get(row, outcome) if outcome == "changed" else outcome
            for row, outcome in self.outcomes.items()
        }
        notes = [note._replace(reason=note.reason.removesuffix(note.told), told="") for note in self.notes]
        return sorted((row, outcome) for row, outcome in outcomes.items() if outcome), notes

    @property
    def cells_left_out(self) -> int:
        """How many cells did not go in though their rows did."""
        return sum(note.outcome == "rejected" and self.outcomes.get(note.row or 0) != "rejected" for note in self.notes)

    def where(self, row: int) -> str:
        """Where a row stands, in words."""
        return f"row {row} of sheet {self.sheet}" if self.sheet else f"row {row}"

    def unknown(self, rows: Iterable[Any], employee_id: str) -> None:
        """Rows about somebody of whom nothing is known."""
        for row in rows:
            reason = f"Nobody with the employee id {employee_id} is known; import the roster first."
            self.reject(row.row, "employee_id", reason)

    def reject(self, row: int, field_name: str | None, reason: str, told: str = "") -> None:
        """A row, or a part of it, that does not go in."""
        if not self.part_of_row:
            self.put(row, "rejected")
        self.note(row, "rejected", field_name, reason, told=told)


class SheetsReport(TableReport):
    """Several sheets of a file worked through as one list: what is said of a row goes to its own sheet's report."""

    def __init__(self, file: str) -> None:
        super().__init__(file, None)
        self._places: list[tuple[TableReport, int]] = []

    def numbered(self, report: TableReport, rows: Iterable[RosterRow]) -> list[RosterRow]:
        """The rows of one sheet under numbers of the list."""
        found = []
        for row in rows:
            found.append(row._replace(row=len(self._places)))
            self._places.append((report, row.row))
        return found

    def put(self, row: int, outcome: Outcome) -> None:
        """Says what became of a row, or of one part of it."""
        report, number = self._places[row]
        report.put(number, outcome)

    def put_post(self, row: int) -> None:
        """Says that somebody known works in one more place by a row."""
        report, number = self._places[row]
        report.put_post(number)

    def note(
        self,
        row: int | None,
        outcome: Outcome,
        field_name: str | None,
        reason: str,
        change: Change | None = None,
        told: str = "",
    ) -> None:
        """Says why."""
        report, number = self._places[row or 0]
        report.note(number, outcome, field_name, reason, change, told)

    def where(self, row: int) -> str:
        """Where a row stands, in words."""
        report, number = self._places[row]
        return report.where(number)
