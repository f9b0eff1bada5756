"""What came of looking at a draft: its files as understood, what is asked, and the plan, put down for the pages."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tracker.actions.drafts.folder import write_lines
from tracker.actions.imports.result import OUTCOMES, Change, ImportResult, RowNote
from tracker.intake.rows import Reading, Table

# How a class is offered that a cell tells of.
_OFFER = re.compile(r'answer "(booking:[^"]+)" = "yes"')
# Rows of a sheet that are shown as they were read.
SHOWN_ROWS = 4
# The lists of a plan: rows by outcome; then rows that are in but for a cell, and whom no requirement matches.
CELLS, UNMATCHED = "cells", "unmatched"
LISTS = (*OUTCOMES, CELLS, UNMATCHED)


class Line(NamedTuple):
    """One row of a list: where it stands, whom it is about, and what is said of it, each after its field."""

    file: str
    sheet: str | None
    row: int | None
    employee_id: str
    name: str
    said: list[tuple[str, str]]


def list_of(folder: Path, name: str) -> Path:
    """Where a list of a plan lies."""
    return folder / f"list-{name}.jsonl"


def files_seen(readings: Sequence[Reading], refused: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The files as they were understood, or why they could not be."""
    understood = [
        {"name": each.file, "notes": each.notes, "sheets": [_sheet(table) for table in each.tables], "refused": ""}
        for each in readings
    ]
    return understood + [{"name": name, "notes": [], "sheets": [], "refused": why} for name, why in refused]


def _sheet(table: Table) -> dict[str, Any]:
    rows: list[Any] = list(table.rows)
    return {
        "sheet": table.sheet,
        "kind": table.kind,
        "header_row": table.header_row,
        "columns": [[header, field] for header, field in table.columns.items()],
        "ignored": table.ignored,
        "count": len(rows) + len(table.outside) + sum(each.whole for each in table.rejected),
        "sample": _sample(rows[:SHOWN_ROWS], table),
    }


def _sample(rows: Sequence[Any], table: Table) -> dict[str, Any]:
    """The first rows as they were read: the fields of which some row says something."""
    if not rows:
        return {"fields": [], "rows": []}
    fields = [name for name in rows[0]._fields if any(getattr(row, name) for row in rows)]
    cards: dict[int, list[str]] = defaultdict(list)
    for card in table.cards[: SHOWN_ROWS * 20]:
        days = [f"issued {card.issued_on}" if card.issued_on else "", f"expires {card.stated}" if card.stated else ""]
        cards[card.row].append(f"{card.type} {', '.join(filter(None, days))}".strip())
    said = [
        [str(getattr(row, name) or "") for name in fields] + (["; ".join(cards[row.row])] * bool(cards)) for row in rows
    ]
    return {"fields": [*fields, *(["cards"] if cards else [])], "rows": said}


def plan_seen(result: ImportResult) -> dict[str, Any]:
    """What would come of it, or came, in figures and sentences."""
    return {
        "questions": [
            {"file": file, "id": one.id, "kind": one.kind, "text": one.text, "choices": list(one.choices)}
            for file, one in result.questions
        ],
        "refused": [list(each) for each in dict.fromkeys(result.refused)],
        "counts": {outcome: result.counts[outcome] for outcome in OUTCOMES}
        | {CELLS: result.cells, UNMATCHED: len(result.unmatched)},
        "bookings": _offered(result),
        "digest": result.digest,
        "batch": result.batch,
        "too_many": [result.too_many.count, result.too_many.of] if result.too_many else None,
    }


def _offered(result: ImportResult) -> list[list[str]]:
    """The classes that cells tell of and that may be recorded: the answer's question, and what is said of it."""
    found = ((note, _OFFER.search(note.reason)) for note in result.rows)
    return [[question, text] for question, text in {match[1]: note.reason for note, match in found if match}.items()]


def write_lists(folder: Path, result: ImportResult) -> None:
    """Puts the rows down by what becomes of them, a list each."""
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    people = {(each.file, table.sheet): _people(table) for each in result.readings for table in each.tables}
    notes: dict[tuple[str, str | None, int], list[RowNote]] = defaultdict(list)
    for note in result.rows:
        if note.row is not None:
            notes[note.file, note.sheet, note.row].append(note)
        else:
            lists[note.outcome].append(_line(Line(note.file, note.sheet, None, "", "", [("", note.reason)])))
    for file, sheet, outcomes in result.outcomes:
        for row, outcome in sorted(outcomes.items()):
            said = notes.pop((file, sheet, row), [])
            line = _line(Line(file, sheet, row, *people.get((file, sheet), {}).get(row, ("", "")), _said(said)))
            lists[outcome].append(line)
            if outcome != "rejected" and any(note.outcome == "rejected" for note in said):
                lists[CELLS].append(line)
    # Cells of rows of which nothing else is known to say.
    for (file, sheet, row), said in notes.items():
        who = people.get((file, sheet), {}).get(row, ("", ""))
        lists[CELLS].append(_line(Line(file, sheet, row, *who, _said(said))))
    names = {employee_id: name for rows in people.values() for employee_id, name in rows.values() if name}
    lists[UNMATCHED] = [_line(Line("", None, None, who, names.get(who, ""), [])) for who in result.unmatched]
    for name, lines in lists.items():
        write_lines(list_of(folder, name), lines)


def _people(table: Table) -> dict[int, tuple[str, str]]:
    """Whom each row is about, by id and name, as far as the file says it."""
    if table.kind == "units":
        rows: list[Any] = list(table.rows)
        return {row.row: ("", row.unit) for row in rows}
    found = {one.rejected.row: (one.employee_id, one.name) for one in table.outside}
    for row in _rows(table):
        name = getattr(row, "name", None) or table.names.get(row.row) or ""
        if row.row not in found or name:
            found[row.row] = (row.employee_id, name)
    return found


def _rows(table: Table) -> Iterator[Any]:
    yield from table.cards
    yield from table.rows


def _said(notes: Iterable[RowNote]) -> list[tuple[str, str]]:
    return [(note.field or "", _news(note.change) if note.change else note.reason) for note in notes]


def _news(change: Change) -> str:
    return f"{change.was or 'nothing'} → {change.now or 'open'}"


def _line(line: Line) -> str:
    return json.dumps(line)
