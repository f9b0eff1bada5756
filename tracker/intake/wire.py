"""What the guarded child is asked and answers, as lines of JSON: data only, never code."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from tracker.domain.tuples import new
from tracker.intake.grid import Cell, Cells, Unsaved
from tracker.intake.rows import (
    AbsenceRow,
    Booked,
    CardRow,
    ExemptionRow,
    KnownType,
    Options,
    Question,
    Reading,
    Rejected,
    Remembered,
    RosterRow,
    Table,
    UnitRow,
    Who,
    Wording,
)

_ROWS_A_LINE = 1000
_ROW_TYPES: dict[str, Any] = {
    "roster": RosterRow,
    "cards": CardRow,
    "absences": AbsenceRow,
    "exemptions": ExemptionRow,
    "units": UnitRow,
}
_DATED = {RosterRow: (7, 8), CardRow: (4, 7), AbsenceRow: (2, 3), ExemptionRow: (3, 4), UnitRow: ()}
"""Which values of a row are days; the rest are texts, and the row's number."""

Line = dict[str, Any]


def pack_settings(wording: Wording, options: Options) -> Line:
    """Put what a reading depends on into JSON's terms."""
    return {"wording": asdict(wording), "options": asdict(options)}


def unpack_settings(line: Line) -> tuple[Wording, Options]:
    """Take out what `pack_settings` put in."""
    options = line["options"]
    remembered = tuple(Remembered(**each) for each in options["remembered"])
    types = {text: KnownType(**each) for text, each in options["types"].items()}
    return Wording(**line["wording"]), Options(
        **{**options, "remembered": remembered, "types": types, "left_out": tuple(options["left_out"])}
    )


def pack_reading(reading: Reading) -> Iterator[bytes]:
    """Write a reading as lines, the rows in portions."""
    yield orjson.dumps(
        {
            "file": reading.file,
            "sha256": reading.sha256,
            "questions": [asdict(question) for question in reading.questions],
            "notes": reading.notes,
            "named": reading.named,
            "unread": reading.unread,
        }
    )
    for table in reading.tables:
        yield orjson.dumps(
            {
                "table": [table.sheet, table.kind, table.columns],
                "rejected": [*map(tuple, table.rejected)],
                "ignored": table.ignored,
                "who": None if table.who is None else [],
                "from_numbers": table.from_numbers,
                "mapping": table.mapping and asdict(table.mapping),
                "booked": [*map(tuple, table.booked)],
                "types": table.types,
                "header_row": table.header_row,
                "asked": table.asked,
                "unnamed": table.unnamed,
            }
        )
        for rows in _portions(table.rows):
            yield orjson.dumps({"rows": rows})
        for cards in _portions(table.cards):
            yield orjson.dumps({"cards": cards})
        for people in _portions([(row, *who) for row, who in (table.who or {}).items()]):
            yield orjson.dumps({"who": people})
        for names in _portions(list(table.names.items())):
            yield orjson.dumps({"names": names})


def unpack_reading(lines: Iterator[Line]) -> Reading:
    """Read what `pack_reading` wrote.

    Raises:
        KeyError, IndexError, TypeError, ValueError: it is something else.
    """
    head = next(lines, {})
    reading = Reading(head["file"], head["sha256"], notes=head["notes"], named=head["named"], unread=head["unread"])
    reading.questions = [
        Question(**{**question, "choices": tuple(question["choices"])}) for question in head["questions"]
    ]
    days = _Days()
    table = Table(None, "roster", {}, [])
    for line in lines:
        if "table" in line:
            sheet, kind, columns = line["table"]
            rejected = [Rejected(*entry) for entry in line["rejected"]]
            who = None if line["who"] is None else dict[int, Who]()
            table = Table(sheet, kind, columns, [], [], rejected, line["ignored"], line["from_numbers"], who)
            table.mapping = line["mapping"] and Remembered(**line["mapping"])
            table.booked = [Booked._make([*said[:4], days[said[4]], *said[5:]]) for said in line["booked"]]
            table.types, table.header_row = line["types"], line["header_row"]
            table.asked, table.unnamed = line["asked"], line["unnamed"]
            reading.tables.append(table)
        elif "rows" in line:
            table.rows += _typed(_ROW_TYPES[table.kind], line["rows"], days)
        elif "who" in line:
            who = table.who = {} if table.who is None else table.who
            who.update((row, Who(*said)) for row, *said in line["who"])
        elif "names" in line:
            table.names.update((row, name) for row, name in line["names"])
        else:
            table.cards += _typed(CardRow, line["cards"], days)
    return reading


def pack_cells(cells: Cells) -> list[Any]:
    """Put the cells of a row into JSON's terms; a date becomes a list of one."""
    return [[cell.isoformat()] if isinstance(cell, date) else _bare(cell) for cell in cells]


def unpack_cells(cells: list[Any]) -> Cells:
    """Take out what `pack_cells` put in."""
    return [date.fromisoformat(cell[0]) if isinstance(cell, list) else cell for cell in cells]


def _bare(cell: Cell) -> Cell:
    return "" if isinstance(cell, Unsaved) else cell


def _portions(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), _ROWS_A_LINE):
        # Plain tuples: named ones are none to the writer of JSON.
        yield [*map(tuple, rows[start : start + _ROWS_A_LINE])]


def _typed(row_type: Any, rows: Iterable[list[Any]], days: "_Days") -> list[Any]:
    dated = _DATED[row_type]
    width = len(row_type._fields)
    typed = []
    for values in rows:
        for at in dated:
            values[at] = days[values[at]]
        if len(values) != width:
            raise ValueError("no such row")
        typed.append(new(row_type, values))
    return typed


class _Days(dict[str | None, date | None]):
    """Days by their ISO text, each made once."""

    def __missing__(self, text: str | None) -> date | None:
        day = self[text] = None if text is None else date.fromisoformat(text)
        return day
