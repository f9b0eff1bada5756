"""What a reader of an XLS sheet sees and its bare values do not say: records of Excel 5 to 2003."""

from collections.abc import Iterator
from struct import Struct

from tracker.intake.shown_cells.compound import stream
from tracker.intake.shown_cells.patch import AS_TEXT, ERRORS, Patch, Shown, Style, styles_of

_BEGIN, _END, _SHEET, _FORMAT, _STYLE = 0x809, 0x0A, 0x85, 0x41E, 0xE0
_ROW, _ROW_HIDDEN = 0x208, 0x20
_COLUMNS, _COLUMNS_HIDDEN = 0x7D, 0x01
_NUMBERS = (0x203, 0x27E)
_MANY_NUMBERS, _BOOL_OR_ERROR, _FORMULA, _TEXT = 0xBD, 0x205, 0x06, 0x207
_VALUES = frozenset({*_NUMBERS, _BOOL_OR_ERROR, _FORMULA})
_BIFF8 = 0x600
_HEAD = Struct("<HH")
_CELL = Struct("<HHH")
_ERROR, _EMPTY, _STRING = 2, 3, 0  # what a formula gave, where that is no number


def look_up(data: bytes, names: list[str], order: list[str]) -> dict[str, Shown]:
    """Look up what matters of some sheets; `order` names all sheets as the workbook has them."""
    book = stream(data, ("Workbook", "Book"))
    begins, styles = _contents(book)
    places = dict(zip(order, begins, strict=False))
    return {name: _sheet(book, places[name], styles) for name in names if name in places}


def _contents(book: bytes) -> tuple[list[int], dict[int, Style]]:
    """Give where each sheet begins, and the cell styles that matter."""
    wide = int.from_bytes(book[4:6], "little") >= _BIFF8
    begins, formats = [], []
    codes: dict[int, str] = {}
    for kind, at, end in _records(book, 0):
        if kind == _SHEET:
            begins.append(int.from_bytes(book[at : at + 4], "little"))
        elif kind == _STYLE:
            formats.append(int.from_bytes(book[at + 2 : at + 4], "little"))
        elif kind == _FORMAT:
            code = _words(book, at + 2) if wide else book[at + 3 : end].decode("cp1252", "replace")
            codes[int.from_bytes(book[at : at + 2], "little")] = code
    return begins, styles_of(formats, codes)


def _sheet(book: bytes, begin: int, styles: dict[int, Style]) -> Shown:
    shown = Shown()
    last = (0, 0)
    for kind, at, end in _records(book, begin):
        if kind in _VALUES:
            row, column, style = _CELL.unpack_from(book, at)
            last = row, column
            patch = _of_formula(book, at, column) if kind == _FORMULA else None
            if kind == _BOOL_OR_ERROR and book[at + 7]:
                patch = Patch(column, AS_TEXT, ERRORS.get(book[at + 6], "#ERROR!"))
            if patch or style in styles:
                shown.add(row, patch or Patch(column, styles[style]))
        elif kind == _MANY_NUMBERS and styles:
            row, first = _HEAD.unpack_from(book, at)
            for column, place in enumerate(range(at + 4, end - 2, 6), start=first):
                style = int.from_bytes(book[place : place + 2], "little")
                if style in styles:
                    shown.add(row, Patch(column, styles[style]))
        elif kind == _ROW:
            shown.hidden_rows += bool(book[at + 12] & _ROW_HIDDEN)
        elif kind == _COLUMNS and book[at + 8] & _COLUMNS_HIDDEN:
            first, last = _HEAD.unpack_from(book, at)
            shown.hidden_columns.append(range(first, last + 1))
        elif kind == _TEXT:  # what the formula before it gave; calamine misses some
            shown.add(last[0], Patch(last[1], AS_TEXT, _words(book, at)))
    return shown


def _of_formula(book: bytes, at: int, column: int) -> Patch | None:
    if book[at + 12 : at + 14] != b"\xff\xff":
        return None
    gave = book[at + 6]
    if gave == _ERROR:
        return Patch(column, AS_TEXT, ERRORS.get(book[at + 8], "#ERROR!"))
    return Patch(column, AS_TEXT, "") if gave == _EMPTY else None


def _words(book: bytes, at: int) -> str:
    """Read a text whose letters take one byte each, or two."""
    length, wide = int.from_bytes(book[at : at + 2], "little"), book[at + 2] & 1
    if wide:
        return book[at + 3 : at + 3 + 2 * length].decode("utf-16-le", "replace")
    return book[at + 3 : at + 3 + length].decode("latin-1")


def _records(book: bytes, begin: int) -> Iterator[tuple[int, int, int]]:
    """Give the kind of each record from a place to the end of its part, and where it begins and ends."""
    at, depth, size = begin, 0, len(book)
    while at + 4 <= size:
        kind, length = _HEAD.unpack_from(book, at)
        at += 4
        yield kind, at, at + length
        depth += (kind == _BEGIN) - (kind == _END)
        if not depth:
            return
        at += length
