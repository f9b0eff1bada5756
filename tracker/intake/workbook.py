"""Workbooks, read by calamine; only ever called inside the guarded child."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from tracker.domain.errors import BadInput
from tracker.intake.grid import Cell, Cells, Sheet
from tracker.intake.shown import Patch, patches

_DAMAGED = "is damaged: open it in a spreadsheet program, save it as .xlsx or .csv and try again."


@dataclass(slots=True)
class Workbook:
    """The sheets of a workbook that are to be read."""

    sheets: list[Sheet]
    notes: list[str]


def open_workbook(name: str, data: bytes, wanted: str | None) -> Workbook:
    """Open a workbook.

    Args:
        name: of the file, for messages.
        data: the file.
        wanted: the one sheet to read, even a hidden one; None for all that are not hidden.

    Raises:
        BadInput: it is protected or damaged, or has no such sheet.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        chosen, notes = _choose(name, book, wanted)
        shown = patches(data, chosen)
        sheets = [Sheet(title, _Rows(book.get_sheet_by_name(title), shown.get(title, {}))) for title in chosen]
    except PasswordError:
        raise BadInput(
            f"{name} is protected by a password: open it, take the password off and save it again."
        ) from None
    except CalamineError:
        raise BadInput(f"{name} {_DAMAGED}") from None
    return Workbook(sheets, notes)


def _choose(name: str, book: CalamineWorkbook, wanted: str | None) -> tuple[list[str], list[str]]:
    grids = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if wanted is not None:
        if wanted not in [meta.name for meta in grids]:
            listed = ", ".join(f'"{meta.name}"' for meta in grids)
            raise BadInput(f'{name} has no sheet "{wanted}": it has {listed}.')
        return [wanted], []
    seen = [meta.name for meta in grids if meta.visible == SheetVisibleEnum.Visible]
    notes = [
        f'Sheet "{meta.name}" is hidden and was not read; to read it, use --sheet.'
        for meta in grids
        if meta.name not in seen
    ]
    if not seen:
        raise BadInput(f"{name} shows no sheet: name a hidden one with --sheet, or check the file.")
    return [title for title in seen if book.get_sheet_by_name(title).start], notes


class _Rows:
    """Gives the rows of a sheet, as often as asked, as a reader of the sheet sees them."""

    def __init__(self, sheet: CalamineSheet, patched: dict[int, list[Patch]]) -> None:
        self._sheet, self._patched = sheet, patched
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or []:
            if bottom > top:
                self._merged.setdefault(top, []).append((left, bottom))

    def __call__(self) -> Iterator[Cells]:
        carried: dict[int, tuple[Cell, int]] = {}
        for number, raw in enumerate(self._sheet.iter_rows()):
            cells: Cells = [cell if isinstance(cell, str | float) else _plain(cell) for cell in raw]
            for patch in self._patched.get(number, ()):
                if patch.column < len(cells):
                    cells[patch.column] = patch.show(cells[patch.column])
            if carried or number in self._merged:
                self._carry(number, cells, carried)
            yield cells

    def _carry(self, number: int, cells: Cells, carried: dict[int, tuple[Cell, int]]) -> None:
        """Write the text of cells merged downwards into each row that it is seen in."""
        for column, (cell, last) in list(carried.items()):
            if number > last:
                del carried[column]
            else:
                cells[column] = cell
        for column, last in self._merged.get(number, ()):
            if column < len(cells):
                carried[column] = (cells[column], last)


def _plain(cell: object) -> Cell:
    """Turn what calamine gives into a cell; a time of day is not part of any field."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    return float(cell) if isinstance(cell, int) else str(cell)
