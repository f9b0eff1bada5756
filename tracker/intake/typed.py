"""Turns the rows of a sheet into typed rows, and says of every row left out why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from tracker.domain.errors import BadInput
from tracker.intake.classes import ClassNote, says_booked
from tracker.intake.convert import LABEL_END, Column, Converters, Value
from tracker.intake.grid import Cell, Cells, NothingThere, Trouble
from tracker.intake.layout import MOST_ROWS, Layout
from tracker.intake.plan import MARK, Plan, Step, card_of, make_plan
from tracker.intake.rows import CardRow, Kind, Rejected, RosterRow, Table
from tracker.intake.synonyms import NAMES
from tracker.intake.takers import CardTaker, NamedTaker, NamelessTaker, PeriodTaker, Taker, UnitTaker, WideTaker
from tracker.intake.text import EMPTY, is_blank, is_total, label, shown

_PORTION = 500  # rows read together; one bad cell has them read one by one
_DIGIT = re.compile(r"\d")
_THIN = 2  # cells; a row with more is data, however wrong
_SHOWN_TOTALS = 10
_MOST_REJECTED = 100_000  # beyond that nobody reads the reasons, and they take more room than the file


class _Suspect(NamedTuple):
    """A row of so few cells that below the table it is a legend, or that begins with a label. `row` is what it is else.

    `sure`: no gap above it is needed to tell. `alone` is the text of the id's cell where that is the first column and
    nothing else of the row is filled.
    """

    number: int
    sure: bool
    alone: str
    gap_before: int
    row: RosterRow | None
    rejected: list[Rejected]


@dataclass(slots=True)
class Typed:
    """A table, the rows below it that were taken for notes, and those within it that are headings, with their text.

    `classes` are the cells for dates that tell of classes.
    """

    table: Table
    notes_below: list[int] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    classes: list[ClassNote] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def full_name(parts: Sequence[Any]) -> str:
    """Put a name together from its parts, texts or None; "n/a" in the middle of three is none."""
    if len(parts) == 3 and parts[1] and parts[1].casefold() in EMPTY:
        parts = (parts[0], parts[2])
    return " ".join(filter(None, parts))


def type_rows(layout: Layout, kind: Kind, converters: Converters) -> Typed:
    """Read all rows below a sheet's header.

    Raises:
        OrderUnknown: a date reads as two days.
    """
    return _Typist(layout, kind, make_plan(layout, kind, converters)).run()


class _Typist:
    """Reads one sheet: good rows in a tight loop, all others with care."""

    def __init__(self, layout: Layout, kind: Kind, plan: Plan) -> None:
        self._headings: list[tuple[int, str]] = []
        self._layout, self._kind, self._plan, self._screen = layout, kind, plan, layout.screen
        self._rejected: list[Rejected] = []
        self._suspects: list[_Suspect] = []
        self._classes: list[ClassNote] = []
        self._totals: list[int] = []
        self._last_gap = 0
        self._taker = self._make_taker()
        if plan.who:
            headers = tuple(plan.steps[at].header for at in plan.who[:2])
            self._taker = NamelessTaker(self._taker, plan.who, headers, plan.fields)
        elif plan.name is not None:
            self._taker = NamedTaker(self._taker, plan.name, plan.fields)
        columns = layout.columns.positions
        self._used = frozenset(columns.values())
        self._who = [columns[name] for name in ("employee_id", *NAMES) if name in columns]
        self._first = next(at for at, text in enumerate(layout.header.labels) if text)
        self._unitless = kind == "roster" and "unit" not in columns
        self._take = self._take_person if self._unitless else self._taker.take

    def run(self) -> Typed:
        """Read the rows.

        A good row costs one look-up a cell; whatever raises Trouble is read again cell by cell.
        """
        number = self._layout.header.last + 1
        rows = self._layout.data()
        if self._screen:
            rows = self._screen.rows(rows, number, self._rejected)
        while portion := list(islice(rows, _PORTION)):
            values = self._column_wise(portion)
            if values is None:
                self._row_wise(number, portion)
            else:
                self._take_all(number, portion, values)
            number += len(portion)
        if number > MOST_ROWS:
            raise BadInput(f"there are over {MOST_ROWS:,} rows: split the table and import the parts.")
        return self._finish()

    def _column_wise(self, portion: list[Cells]) -> list[tuple[Value, ...]] | None:
        """Read rows in which nothing is amiss, a column at a time, which costs half as much; None if something is."""
        width = self._plan.width
        if {*map(len, portion)} != {width}:
            return None
        columns: list[Sequence[Cell]] = [*zip(*portion, strict=True)]
        try:
            if self._plan.name_from:
                parts = zip(*(self._plan.part.all(columns[at]) for at in self._plan.name_from), strict=True)
                columns.append([*map(full_name, parts)])
            columns.append([""] * len(portion))
            return list(zip(*(step.column.all(columns[step.at]) for step in self._plan.steps), strict=True))
        except Trouble:
            return None

    def _row_wise(self, number: int, portion: list[Cells]) -> None:
        """Read rows one by one, the first of them `number`."""
        steps = [(step.column, step.at) for step in self._plan.steps]
        ready = -1 if self._plan.name_from else self._plan.width
        take = self._take
        for at, cells in enumerate(portion, start=number):
            if len(cells) != ready and not self._fit(at, cells):
                continue
            cells.append("")
            try:
                take(at, [column[cells[place]] for column, place in steps])
            except Trouble:
                self._mend(at, cells)

    def _take_all(self, number: int, portion: list[Cells], values: list[tuple[Value, ...]]) -> None:
        """Take rows that were read, the first of them `number`."""
        take = self._take
        for at, value in enumerate(values, start=number):
            try:
                take(at, value)
            except Trouble:
                cells = portion[at - number]
                self._fit(at, cells)
                cells.append("")
                self._mend(at, cells)

    def _make_taker(self) -> Taker:
        if self._kind == "cards":
            return CardTaker("expires_on" if self._plan.header("expires_on") else "issued_on")
        if self._kind == "units":
            return UnitTaker()
        if self._plan.types:
            return WideTaker(self._plan.types, self._plan.marked, self._refuse_cell)
        return PeriodTaker(self._kind)

    def _fit(self, number: int, cells: Cells) -> bool:
        """Give a row the width of the header and its name; refuse one that is too long."""
        width = self._plan.width
        if not all(map(is_blank, cells[width:])) and not all(map(is_blank, cells[:width])):
            reason = "The row has more cells than the header: is a text with a comma not quoted?"
            self._rejected.append(Rejected(number, None, None, reason, True))
            self._give_up_in_time()
            return False
        del cells[width:]
        cells.extend([""] * (width - len(cells)))
        if self._plan.name_from:
            wrong = self._wrong_part(cells)
            # What is wrong with one part is so with the whole: half a name would replace the whole one on record.
            name = [self._plan.part[cells[at]] for at in self._plan.name_from] if wrong is None else []
            cells.append(full_name(name) if wrong is None else cells[wrong])
        return True

    def _wrong_part(self, cells: Cells) -> int | None:
        """Give the first part of a row's name that cannot be used."""
        for at in self._plan.name_from:
            try:
                self._plan.part[cells[at]]
            except Trouble:
                return at
        return None

    def _take_person(self, number: int, values: Sequence[Value]) -> None:
        """Take a row of a sheet without units, unless all that it says is a name."""
        if not any(values[2:]):
            raise Trouble("There is only a name.")
        self._taker.take(number, values)

    def _mend(self, number: int, cells: Cells) -> None:
        """Read a row in which something is wrong, or nothing is."""
        self._give_up_in_time()
        filled = [at for at, cell in enumerate(cells[: self._plan.width]) if not is_blank(cell)]
        if self._used.isdisjoint(filled):
            self._last_gap = number
            return
        if self._is_total(cells):
            self._totals.append(number)
            return
        key = self._plan.key
        if key.header and label(cells[key.at]) == key.header:
            return  # the header again, as printed on every page
        if number in self._layout.sheet.across and len(filled) == 1:
            # Nobody is written into a cell that reaches over several columns.
            self._headings.append((number, shown(cells[filled[0]]).strip()))
            return
        values, troubles = self._each(cells)
        if troubles:
            self._note_classes(number, cells, values, troubles)
        rejected = self._losses(number, cells, values, troubles)
        row: RosterRow | None = None
        labelled = key.field == "employee_id" and shown(cells[key.at]).rstrip().endswith(LABEL_END)
        thin = len(filled) <= _THIN or labelled or bool(self._screen and number in self._screen.bare)
        if not any(entry.whole for entry in rejected):
            if thin and self._unitless and not any(values[2:]):
                row, rejected = self._only_a_name(number, values)
            else:
                rejected = self._take_mended(number, values) or rejected
        if thin and (row or any(entry.whole for entry in rejected)):
            first_only = filled == [self._first]
            alone = shown(cells[key.at]).strip() if first_only and key.at == self._first else ""
            self._suspects.append(_Suspect(number, first_only or labelled, alone, self._last_gap, row, rejected))
        else:
            self._rejected += rejected

    def _is_total(self, cells: Cells) -> bool:
        """Say whether all that a row says of whom it is about is "Total"."""
        said = [text for at in self._who if (text := shown(cells[at]).strip())]
        return bool(said) and all(map(is_total, said))

    def _give_up_in_time(self) -> None:
        if len(self._rejected) + len(self._suspects) <= _MOST_REJECTED:
            return
        entries = self._rejected or self._suspects[0].rejected
        first = f", the first of them row {entries[0].row} ({entries[0].reason})" if entries else ""
        raise BadInput(
            f"over {_MOST_REJECTED:,} rows or cells cannot be used{first}: put right what they have in common."
        )

    def _each(self, cells: Cells) -> tuple[list[Value], list[tuple[Step, Trouble]]]:
        values: list[Value] = []
        troubles = []
        for step in self._plan.steps:
            try:
                values.append(step.column[cells[step.at]])
            except Trouble as trouble:
                values.append(None)
                troubles.append((step, trouble))
        return values, troubles

    def _note_classes(
        self, number: int, cells: Cells, values: list[Value], troubles: list[tuple[Step, Trouble]]
    ) -> None:
        """Note the cells of cards' dates that tell of a class."""
        said = {step.field: value for step, value in zip(self._plan.steps, values, strict=True)}
        who, name = ("", None) if self._plan.who else (values[0], said.get("name"))
        for step, trouble in troubles:
            type_id, _, part = step.field.rpartition(".")
            cell = cells[step.at]
            if part not in ("issued_on", "expires_on") or not isinstance(cell, str) or not says_booked(cell):
                continue
            of = type_id or said.get("type")
            if who is not None and of:
                beside = None if name is None else str(name)
                self._classes.append(ClassNote(number, str(who), step.field, str(of), cell, trouble.reason, beside))

    def _losses(
        self, number: int, cells: Cells, values: list[Value], troubles: list[tuple[Step, Trouble]]
    ) -> list[Rejected]:
        """Say what the troubles cost, and take the values of spoilt cards away."""
        costly = [(step, trouble) for step, trouble in troubles if not isinstance(trouble, NothingThere)]
        fatal = [(step, trouble) for step, trouble in costly if step.loss == "row"]
        if fatal:
            step, reasons = fatal[0][0], dict.fromkeys(trouble.reason for _, trouble in fatal)
            return [Rejected(number, step.header, step.field, " ".join(reasons), True)]
        spoilt = {card_of(step.field) for step, _ in costly if step.loss == "card"}
        for at, step in enumerate(self._plan.steps):
            if card_of(step.field) in spoilt and (step.loss == "card" or step.field.endswith(f".{MARK}")):
                values[at] = None
        return [
            Rejected(number, self._header(step, cells), step.field, trouble.reason, False) for step, trouble in troubles
        ]

    def _header(self, step: Step, cells: Cells) -> str | None:
        """Give the header of the cell that a step stumbled over."""
        part = self._wrong_part(cells) if step.at == self._plan.width and self._plan.name_from else None
        return step.header if part is None else self._layout.header.labels[part]

    def _take_mended(self, number: int, values: list[Value]) -> list[Rejected]:
        try:
            self._taker.take(number, values)
        except Trouble as trouble:
            header = self._plan.header(trouble.field) if trouble.field else None
            return [Rejected(number, header, trouble.field, trouble.reason, True)]
        return []

    def _only_a_name(self, number: int, values: list[Value]) -> tuple[RosterRow | None, list[Rejected]]:
        """Judge a row with an id and at most a name: a person without cards, or nobody."""
        fixed: Any = values[: len(RosterRow._fields) - 1]
        if values[1] and not self._plan.who:
            return RosterRow(number, *fixed), []
        key = self._plan.key
        reason = f"There is nothing but {'a name' if self._plan.who else 'an employee id'}."
        return None, [Rejected(number, key.header, key.field, reason, True)]

    def _refuse_cell(self, number: int, name: str, reason: str) -> None:
        self._rejected.append(Rejected(number, self._plan.header(name), name, reason, False))

    def _finish(self) -> Typed:
        """Tell legends from data, now that it is known where the data end."""
        if self._kind == "units":
            self._drop_headings()
        rows, rejected = self._taker.rows, self._rejected
        solid = max(
            rows[-1].row if rows else 0,
            max((entry.row for entry in rejected if entry.whole), default=0),
        )
        below = []
        headings = self._headings
        numbered = self._ids_have_digits()
        for suspect in self._suspects:
            in_tail = suspect.number > solid
            if in_tail and (suspect.sure or suspect.gap_before > solid):
                below.append(suspect.number)
            elif numbered and any(map(str.isalpha, suspect.alone)) and not _DIGIT.search(suspect.alone):
                headings.append((suspect.number, suspect.alone))
            elif suspect.row:
                rows.append(suspect.row)
            else:
                rejected += suspect.rejected
        rows.sort(key=itemgetter(0))  # by their numbers
        headings.sort()
        rejected.sort(key=lambda entry: entry.row)
        cards: list[CardRow] = self._taker.cards
        layout = self._layout
        table = Table(layout.sheet.name, self._kind, layout.understood, rows, cards, rejected, layout.ignored)
        table.header_row, table.unnamed = layout.header.last, list(layout.unnamed)
        key: Column = self._plan.key.column
        table.from_numbers = sorted(key.from_numbers)
        table.who = self._taker.who if isinstance(self._taker, NamelessTaker) else None
        table.names = self._taker.names if isinstance(self._taker, NamedTaker) else {}
        notes = [*self._screen.notes()] if self._screen else []
        if self._totals:
            listed = (
                f"{'row' if len(self._totals) == 1 else 'rows'} {', '.join(map(str, self._totals[:_SHOWN_TOTALS]))}"
            )
            more = f" and {len(self._totals) - _SHOWN_TOTALS} more" if len(self._totals) > _SHOWN_TOTALS else ""
            notes.append(f"Left out, as a total is no person: {listed}{more}.")
        return Typed(table, below, headings, self._classes, notes)

    def _drop_headings(self) -> None:
        """Take out of a list of units what is merged over its columns: a unit needs nothing but its name."""
        across, units = self._layout.sheet.across, self._taker.rows
        found = [unit for unit in units if unit.row in across and not any(unit[2:])]
        self._headings += [(unit.row, unit.unit) for unit in found]
        if found:
            units[:] = [unit for unit in units if unit not in found]

    def _ids_have_digits(self) -> bool:
        """Say whether a text without a digit cannot be an id of this sheet: every one that was read has some."""
        rows: list[Any] = self._taker.rows
        if self._plan.who or self._plan.key.field != "employee_id" or not (rows and self._suspects):
            return False
        return all(_DIGIT.search(row.employee_id) for row in rows)
