"""Some rows of a sheet as they stand, under its header."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from tracker.intake.grid import Cells, Sheet
from tracker.intake.header import SEARCHED_ROWS, find_header
from tracker.intake.remembered import Memory


class Line(NamedTuple):
    """One row; `row` is None for a row of the header."""

    sheet: str | None
    row: int | None
    cells: Cells


def excerpt(sheet: Sheet, wanted: Iterable[int], memory: Memory) -> Iterator[Line]:
    """Give a sheet's header, of one row or two, and the rows wanted (1-based)."""
    top = list(islice(sheet.rows(), SEARCHED_ROWS))
    header = find_header(memory.terms(sheet.name, top).vocabulary, top)
    first, last = (header.first, header.last) if header else (1, 0)
    chosen = frozenset(wanted)
    for number, cells in enumerate(sheet.rows(), start=1):
        if first <= number <= last:
            yield Line(sheet.name, None, cells)
        elif number in chosen:
            yield Line(sheet.name, number, cells)
