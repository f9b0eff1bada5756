"""Some rows of a sheet as they stand, under its header; of columns that must not be kept, the header alone."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from tracker.intake.grid import Cells, Sheet
from tracker.intake.header import SEARCHED_ROWS, Header, find_header
from tracker.intake.layout import NotATable, lay_out
from tracker.intake.never_kept import never_kept, never_kept_below
from tracker.intake.remembered import Memory
from tracker.intake.text import is_blank


class Line(NamedTuple):
    """One row; `row` is None for a row of the header. `emptied` are the headers of the columns that are left empty."""

    sheet: str | None
    row: int | None
    cells: Cells
    emptied: tuple[str, ...] = ()


def excerpt(sheet: Sheet, wanted: Iterable[int], memory: Memory) -> Iterator[Line]:
    """Give a sheet's header, of one row or two, and the rows wanted (1-based)."""
    header, private = _header(sheet, memory)
    emptied = tuple(header.labels[at] for at in private)
    chosen = frozenset(wanted)
    for number, cells in enumerate(sheet.rows(), start=1):
        if header.first <= number <= header.last:
            yield Line(sheet.name, None, cells, emptied)
        elif number in chosen:
            yield Line(sheet.name, number, _without(cells, private, header.width) if private else cells, emptied)


def _header(sheet: Sheet, memory: Memory) -> tuple[Header, list[int]]:
    """Find the header, a blank one where there is none, and the columns below it that must not be kept."""
    top = list(islice(sheet.rows(), SEARCHED_ROWS))
    terms = memory.terms(sheet.name, top)
    try:
        layout = lay_out(sheet, terms.vocabulary, terms.options)
    except NotATable:
        header = find_header(terms.vocabulary, top) or Header(1, 0, [])
        return header, never_kept_below(sheet, header, terms.vocabulary)
    return layout.header, never_kept(layout)


def _without(cells: Cells, private: list[int], width: int) -> Cells:
    """Empty the columns that must not be kept; in a row that is too long their cells may have slipped to the right."""
    slipped = not all(map(is_blank, cells[width:]))
    empty = range(min(private), len(cells)) if slipped else private
    return ["" if at in empty else cell for at, cell in enumerate(cells)]
