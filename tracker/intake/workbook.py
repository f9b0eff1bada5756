"""Workbooks, read by calamine; only ever called inside the guarded child."""

import io
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

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
from tracker.intake.identify import DAMAGED, PROTECTED, identify
from tracker.intake.shown_cells.look_up import look_up
from tracker.intake.shown_cells.patch import Merged, Shown

_READY = frozenset({str, float, date})
_HEADING_SPAN = 3  # merged cells of a row; fewer may be a first and a last name


@dataclass(slots=True)
class Workbook:
    """The sheets of a workbook that are to be read."""

    sheets: list[Sheet]
    notes: list[str]


def open_workbook(path: Path, name: str, data: bytes, wanted: str | None, left_out: Collection[str] = ()) -> Workbook:
    """Open a workbook.

    Args:
        path: where the file lies.
        name: what people call it.
        data: what it holds.
        wanted: the one sheet to read, even a hidden one; None for all that are not hidden.
        left_out: sheets that somebody said are not to be read.

    Raises:
        BadInput: it is none, protected or damaged, or has no such sheet.
    """
    form = identify(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        chosen, notes = _choose(book, wanted, left_out)
        # calamine lets go of the interpreter while it parses, so that the search beside it is nearly free.
        with ThreadPoolExecutor(1) as beside:
            looking = beside.submit(look_up, data, form, chosen, book.sheet_names)
            found = [book.get_sheet_by_name(title) for title in chosen]
            shown = looking.result()
    except PasswordError:
        raise BadInput(f"{name} {PROTECTED}") from None
    except (CalamineError, OSError):
        raise BadInput(f"{name} {PROTECTED if _wants_password(path) else DAMAGED}") from None
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None
    notes += [
        f'Sheet "{title}" has hidden rows ({each.hidden_rows}), which were read like the others.'
        for title, each in shown.items()
        if each.hidden_rows
    ]
    sheets = [_sheet(sheet, shown.get(sheet.name, Shown()), Path(name).stem) for sheet in found if sheet.start]
    return Workbook(sheets, notes)


def _wants_password(path: Path) -> bool:
    """Whether an older workbook is protected, which calamine notices only where it is told the format by the name."""
    try:
        CalamineWorkbook.from_path(path)
    except PasswordError:
        return True
    except (CalamineError, OSError):
        pass
    return False


def _choose(book: CalamineWorkbook, wanted: str | None, left_out: Collection[str]) -> tuple[list[str], list[str]]:
    grids = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if wanted is not None:
        if wanted not in [meta.name for meta in grids]:
            listed = ", ".join(f'"{meta.name}"' for meta in grids)
            raise BadInput(f'there is no sheet "{wanted}": it has {listed}.')
        return [wanted], []
    seen = [meta.name for meta in grids if meta.visible == SheetVisibleEnum.Visible]
    notes = [
        f'Sheet "{meta.name}" is hidden and was not read; to read it, name it with --sheet.'
        for meta in grids
        if meta.name not in seen
    ]
    if left_out:
        notes += [f'Sheet "{title}" is left out, as you said.' for title in seen if title in left_out]
        seen = [title for title in seen if title not in left_out]
    if not seen:
        raise BadInput("it shows no sheet: name a hidden one with --sheet, or check the file.")
    return seen, notes


def _sheet(sheet: CalamineSheet, shown: Shown, file: str) -> Sheet:
    merged = (sheet.merged_cell_ranges if shown.merged is None else shown.merged) or []
    across = frozenset(top + 1 for (top, left), (_, right) in merged if right - left + 1 >= _HEADING_SPAN)
    rows = _Rows(sheet, shown, merged)
    hidden = tuple(range(each.start - rows.left, each.stop - rows.left) for each in shown.hidden_columns)
    return Sheet(sheet.name, rows, across, hidden, file)


class _Rows:
    """Gives the rows of a sheet, as often as asked, as a reader of the sheet sees them."""

    def __init__(self, sheet: CalamineSheet, shown: Shown, merged: list[Merged]) -> None:
        self._sheet, self._patches = sheet, shown.patches
        # calamine leaves out the blank columns before the table, though not the rows above it.
        self.left = sheet.start[1] if sheet.start else 0
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in merged:
            if bottom > top:
                self._merged.setdefault(top, []).append((left - self.left, bottom))

    def __call__(self) -> Iterator[Cells]:
        carried: dict[int, tuple[Cell, int]] = {}
        patches, merged = self._patches, self._merged
        for number, raw in enumerate(self._sheet.iter_rows()):
            # Nearly every row is as it should be, and a list of our own already.
            ready = _READY.issuperset(map(type, raw))
            cells: Cells = raw if ready else [*map(_plain, raw)]  # type: ignore[assignment] # `ready` has seen to it
            if number in patches:
                for patch in patches[number]:
                    column = patch.column - self.left
                    if 0 <= column < len(cells):
                        cells[column] = patch.show(cells[column])
            if carried or number in merged:
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
            if 0 <= column < len(cells):
                carried[column] = (cells[column], last)


def _plain(cell: object) -> Cell:
    """Turn what calamine gives into a cell; a time of day is not part of any field."""
    if isinstance(cell, str | float):
        return cell
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    return float(cell) if isinstance(cell, int) else str(cell)
