"""What an import did, or would do: outcomes by row, open questions, and whom no requirement matches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tracker.domain.errors import BadInput
from tracker.intake.rows import Question, Reading, RosterRow

Outcome = Literal["new", "changed", "moved", "leaving", "unchanged", "rejected", "question"]
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "moved", "leaving", "unchanged", "rejected")
# Where one row has several outcomes (a person and her cards), the first of these is the row's.
BY_RANK: tuple[Outcome, ...] = ("rejected", "question", "moved", "new", "changed", "leaving", "unchanged")
RANK = {name: rank for rank, name in enumerate(BY_RANK)}


class Change(NamedTuple):
    """What changed of a field, so that many can be told as one; `of` is what has the field: "cards", "people"."""

    field: str
    was: str | None
    now: str | None
    of: str


class RowNote(NamedTuple):
    """A row that is not plainly in, or of which there is something to say; `change` if it is one field's new value."""

    file: str
    sheet: str | None
    row: int | None
    outcome: Outcome
    field: str | None
    reason: str
    change: Change | None = None


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

    `batch` is None if nothing was to be changed, or nothing was. `outcomes` are what became of each row, by file and
    sheet; `too_many` are the leavers who have to be allowed first. `digest` tells one plan from another; `otherwise`:
    nothing was changed, as something else would have come of it than was planned.
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
    outcomes: list[tuple[str, str | None, dict[int, Outcome]]] = field(default_factory=list)
    too_many: TooManyLeave | None = None
    digest: str = ""
    otherwise: bool = False


@dataclass(slots=True)
class TableReport:
    """What comes of one sheet while it is worked through."""

    file: str
    sheet: str | None
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    notes: list[RowNote] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    leaving: int = 0
    part_of_row: bool = False

    def put(self, row: int, outcome: Outcome) -> None:
        """Says what became of a row, or of one part of it."""
        before = self.outcomes.get(row)
        if before is None or RANK[outcome] < RANK[before]:
            self.outcomes[row] = outcome

    def note(
        self, row: int | None, outcome: Outcome, field_name: str | None, reason: str, change: Change | None = None
    ) -> None:
        """Says why."""
        self.notes.append(RowNote(self.file, self.sheet, row, outcome, field_name, reason, change))

    def changed(self, row: int, column: str, who: str, change: Change) -> None:
        """Says what a field was and is."""
        reason = f"{who}: {change.was or 'nothing'} → {change.now or 'open'}."
        self.note(row, "changed", column, reason, change)

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

    def reject(self, row: int, field_name: str | None, reason: str) -> None:
        """A row, or a part of it, that does not go in."""
        if not self.part_of_row:
            self.put(row, "rejected")
        self.note(row, "rejected", field_name, reason)


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

    def note(
        self, row: int | None, outcome: Outcome, field_name: str | None, reason: str, change: Change | None = None
    ) -> None:
        """Says why."""
        report, number = self._places[row or 0]
        report.note(number, outcome, field_name, reason, change)

    def where(self, row: int) -> str:
        """Where a row stands, in words."""
        report, number = self._places[row]
        return report.where(number)
