"""What came of looking at a draft: its files as understood, what is asked, and the plan, put down for the pages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.actions.drafts.in_words import card as in_words
from tracker.actions.drafts.in_words import cell, expiry
from tracker.actions.drafts.lists import CELLS
from tracker.actions.imports.result import ImportResult
from tracker.intake.rows import Heading, Reading, Table

# Rows of a sheet that are shown as they were read.
SHOWN_ROWS = 4


def files_seen(
    readings: Sequence[Reading], refused: Sequence[tuple[str, str]], columns: Mapping[str, Sequence[Heading]]
) -> list[dict[str, Any]]:
    """The files as they were understood, or why they could not be, with the columns of those that are tables."""
    understood = [
        {"name": each.file, "notes": each.notes, "sheets": [_sheet(table) for table in each.tables], "refused": ""}
        for each in readings
    ]
    return understood + [
        {
            "name": name,
            "notes": [],
            "sheets": [],
            "refused": why,
            "columns": [[*each] for each in columns.get(name, ())],
        }
        for name, why in refused
    ]


def _sheet(table: Table) -> dict[str, Any]:
    rows: list[Any] = list(table.rows)
    return {
        "sheet": table.sheet,
        "kind": table.kind,
        "header_row": table.header_row,
        "columns": [[header, field] for header, field in table.columns.items()],
        "asked": table.asked,
        "ignored": table.ignored,
        "unnamed": table.unnamed,
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
        cards[card.row].append(in_words(card))
    said = [
        [_cell(name, getattr(row, name)) for name in fields] + (["; ".join(cards[row.row])] * bool(cards))
        for row in rows
    ]
    return {"fields": [*fields, *(["cards"] if cards else [])], "rows": said}


def _cell(field: str, value: Any) -> str:
    return expiry(value) if field == "stated" and value else cell(value)


def plan_seen(result: ImportResult, lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What would come of it, or came, in figures and sentences."""
    return {
        "questions": [
            {"file": file, "id": one.id, "kind": one.kind, "text": one.text, "choices": list(one.choices)}
            for file, one in result.questions
        ],
        "refused": [list(each) for each in dict.fromkeys(result.refused)],
        "counts": {name: len(lines) for name, lines in lists.items()} | {CELLS: result.cells},
        "new_units": [list(each) for each in result.new_units],
        "unknown_roles": [list(each) for each in result.unknown_roles],
        "untyped": {
            "people": result.untyped.people,
            "asked": [[each.title, each.people] for each in result.untyped.asked],
        },
        "bookings": [list(each) for each in {offer.question: offer for offer in result.offers}.values()],
        "digest": result.digest,
        "batch": result.batch,
        "too_many": [result.too_many.count, result.too_many.of] if result.too_many else None,
    }
