"""Rows of a file that say the same as one above them: nothing comes of them that does not come of that one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from tracker.intake.rows import Table


class Place(NamedTuple):
    """A row of one of a file's tables."""

    table: int
    row: int


def same_rows(tables: Sequence[Table]) -> Iterator[tuple[Place, Place]]:
    """The rows that say the same as one above, each with the first that does."""
    twice = _twice(tables)
    if not twice:
        return
    first: dict[object, Place] = {}
    for at, table in enumerate(tables):
        beside: dict[int, list[object]] | None = None
        for row in _about_somebody(table):
            if hash(row[1:]) in twice:
                beside = _beside(table) if beside is None else beside
                place = Place(at, row.row)
                above = first.setdefault((table.kind, row[1:], *beside.get(row.row, ())), place)
                if above != place:
                    yield place, above


def _twice(tables: Sequence[Table]) -> set[int]:
    """What tells rows apart, of those of which there may be several: a roster of many people has few of them."""
    seen: set[int] = set()
    found: set[int] = set()
    for told in (hash(row[1:]) for table in tables for row in _about_somebody(table)):
        (found if told in seen else seen).add(told)
    return found


def _about_somebody(table: Table) -> Iterator[Any]:
    """The rows of which it is known whom they are about: two blank ids are of two people."""
    rows = cast("list[Any]", table.rows)
    return (row for row in rows if table.kind == "units" or row.employee_id)


def _beside(table: Table) -> dict[int, list[object]]:
    """What stands in rows beside what is of the table's kind, read or not."""
    found: dict[int, list[object]] = defaultdict(list)
    for card in table.cards:
        found[card.row].append(card[1:])
    for booked in table.booked:
        found[booked.row].append(booked[1:])
    for rejected in table.rejected:
        found[rejected.row].append(rejected[1:])
    return found
