"""The rows of a plan by what becomes of them, each with what there is to say of it, put down for the pages.

A row of which several things become stands in several lists: a newcomer's card beside a start that is corrected.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tracker.actions.drafts.folder import write_lines
from tracker.actions.drafts.in_words import listed, new_card, place
from tracker.actions.imports.result import OUTCOMES, Change, ImportResult, Outcome, RowNote, TableReport
from tracker.intake.rows import CardRow, Table

# The lists of a plan: rows by outcome; then rows that are in but for a cell, and whom no requirement matches.
CELLS, UNMATCHED = "cells", "unmatched"
LISTS = (*OUTCOMES, CELLS, UNMATCHED)
_NEWS: tuple[Outcome, ...] = ("new", "changed")


class Line(NamedTuple):
    """One row of a list: where it stands, whom it is about, and what is said of it, each after its field."""

    file: str
    sheet: str | None
    row: int | None
    employee_id: str
    name: str
    said: list[tuple[str, str]]


Lists = dict[str, list[str]]
_Said = list[tuple[str, str]]


def list_of(folder: Path, name: str) -> Path:
    """Where a list of a plan lies."""
    return folder / f"list-{name}.jsonl"


def write_lists(folder: Path, lists: Lists) -> None:
    """Puts the lists down."""
    for name, lines in lists.items():
        write_lines(list_of(folder, name), lines)


def lists_of(result: ImportResult) -> Lists:
    """The rows by what becomes of them."""
    lists: Lists = {name: [] for name in LISTS}
    tables = {(each.file, table.sheet): table for each in result.readings for table in each.tables}
    people = {place_: _people(table) for place_, table in tables.items()}
    notes: dict[tuple[str, str | None, int], list[RowNote]] = defaultdict(list)
    for note in result.rows:
        if note.row is not None:
            notes[note.file, note.sheet, note.row].append(note)
        else:
            lists[note.outcome].append(_line(Line(note.file, note.sheet, None, "", "", [("", note.reason)])))
    for report in result.reports:
        at = (report.file, report.sheet)
        news = _News(tables.get(at), report, result.newcomers)
        for row, outcome in sorted(report.outcomes.items()):
            said = notes.pop((*at, row), [])
            for name, words in _by_list(news, row, outcome, report.parts(row), said):
                lists[name].append(_line(Line(*at, row, *people.get(at, {}).get(row, ("", "")), words)))
    # Cells of rows of which nothing else is known to say.
    for (file, sheet, row), said in notes.items():
        who = people.get((file, sheet), {}).get(row, ("", ""))
        lists[CELLS].append(_line(Line(file, sheet, row, *who, _said(said))))
    names = {employee_id: name for rows in people.values() for employee_id, name in rows.values() if name}
    lists[UNMATCHED] = [_line(Line("", None, None, who, names.get(who, ""), [])) for who in result.unmatched]
    return lists


class _News:
    """What the rows of one sheet bring, in words."""

    def __init__(self, table: Table | None, report: TableReport, newcomers: set[str]) -> None:
        rows: Sequence[Any] = table.rows if table else ()
        self._rows = {row.row: row for row in rows}
        self._is_roster, self._newcomers, self._posts = bool(table and table.kind == "roster"), newcomers, report.posts
        self._cards: dict[int, list[CardRow]] = defaultdict(list)
        for card in report.new_cards:
            self._cards[card.row].append(card)

    def of(self, row: int, outcome: Outcome) -> _Said:
        """What is new of a row, or changed of one that says nothing else."""
        if outcome not in _NEWS or row not in self._rows:
            return []
        one = self._rows[row]
        if not self._is_roster:
            # What changed of a card is told field by field.
            return [] if outcome == "changed" and isinstance(one, CardRow) else [("", listed(one))]
        if outcome == "changed":
            return []
        newcomer = one.employee_id in self._newcomers
        there = [("", place(one, newcomer=newcomer))] if newcomer or row in self._posts else []
        return there + [("", new_card(card)) for card in self._cards[row]]


def _by_list(
    news: _News, row: int, outcome: Outcome, parts: Sequence[Outcome], notes: Sequence[RowNote]
) -> Iterator[tuple[str, _Said]]:
    """The lists in which a row stands, and what is said of it in each; what it is first of all has all that is left."""
    others = [part for part in parts if part != outcome]
    for part in parts:
        own = [note for note in notes if note.outcome == part or (part == outcome and note.outcome not in others)]
        yield part, news.of(row, part) + _said(own)
    if outcome != "rejected" and any(note.outcome == "rejected" for note in notes):
        yield CELLS, _said(note for note in notes if note.outcome == "rejected")


def _people(table: Table) -> Mapping[int, tuple[str, str]]:
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


def _said(notes: Iterable[RowNote]) -> _Said:
    return [(note.field or "", _news(note.change) if note.change else note.reason) for note in notes]


def _news(change: Change) -> str:
    return f"{change.was or 'nothing'} → {change.now or 'open'}"


def _line(line: Line) -> str:
    return json.dumps(line)
