"""What a reader of an XLSB sheet sees and its bare values do not say: records of bytes in parts of a zip."""

import zipfile
from collections.abc import Iterator
from struct import Struct

from tracker.domain.errors import BadInput
from tracker.intake.shown_cells.parts import read_part, related
from tracker.intake.shown_cells.patch import AS_TEXT, ERRORS, Merged, Patch, Shown, Style, styles_of

_ROW, _ERROR, _FORMULA_ERROR = 0, 3, 11
_ROW_HIDDEN = 0x10
_COLUMNS, _COLUMNS_HIDDEN = 60, 0x01
_CELLS = range(1, 12)
_SHORT_CELLS = range(12, 19)
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 44, 47, 617, 618
_SHEET, _MERGED = 156, 176
_LONG = Struct("<I")
_CELL = Struct("<II")
_RANGE = Struct("<IIII")
_STYLED = 0xFFFFFF  # the lower three bytes; above them stand flags


def look_up(book: zipfile.ZipFile, names: list[str]) -> dict[str, Shown]:
    """Look up what matters of some sheets.

    Raises:
        BadInput: cells are kept in a way that calamine would pass over.
    """
    styles = _styles(book)
    parts = _sheets(book)
    return {name: _sheet(name, read_part(book, parts[name]), styles) for name in names if name in parts}


def _sheet(name: str, part: bytes, styles: dict[int, Style]) -> Shown:
    merged: list[Merged] = []
    shown = Shown(merged=merged)
    row = 0
    for kind, at, end in _records(part):
        if kind == _ROW:
            row = _LONG.unpack_from(part, at)[0]
            shown.hidden_rows += bool(part[at + 11] & _ROW_HIDDEN)
        elif kind == _COLUMNS and part[at + 16] & _COLUMNS_HIDDEN:
            first, last = _CELL.unpack_from(part, at)
            shown.hidden_columns.append(range(first, last + 1))
        elif kind in _SHORT_CELLS:
            raise BadInput(
                f'sheet "{name}" keeps its cells in a way of .xlsb that Excel does not use: '
                "open it in a spreadsheet program and save it as .xlsx."
            )
        elif kind in _CELLS:
            column, styled = _CELL.unpack_from(part, at)
            if kind in (_ERROR, _FORMULA_ERROR) and at + 8 < end:
                shown.add(row, Patch(column, AS_TEXT, ERRORS.get(part[at + 8], "#ERROR!")))
            elif style := styles.get(styled & _STYLED):
                shown.add(row, Patch(column, style))
        elif kind == _MERGED:
            top, bottom, left, right = _RANGE.unpack_from(part, at)
            merged.append(((top, left), (bottom, right)))
    return shown


def _styles(book: zipfile.ZipFile) -> dict[int, Style]:
    part = read_part(book, "xl/styles.bin")
    codes: dict[int, str] = {}
    formats: list[int] = []
    within = False
    for kind, at, _ in _records(part):
        if kind == _FORMAT:
            codes[int.from_bytes(part[at : at + 2], "little")] = _text(part, at + 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            within = kind == _STYLES_BEGIN
        elif kind == _STYLE and within:
            formats.append(int.from_bytes(part[at + 2 : at + 4], "little"))
    return styles_of(formats, codes)


def _sheets(book: zipfile.ZipFile) -> dict[str, str]:
    """Map the names of the sheets to the parts of the file that hold them."""
    targets = related(book, "xl/_rels/workbook.bin.rels")
    part = read_part(book, "xl/workbook.bin")
    found = {}
    for kind, at, _ in _records(part):
        if kind == _SHEET:
            relation, after = _text(part, at + 8)
            name, _ = _text(part, after)
            if relation in targets:
                found[name] = targets[relation]
    return found


def _text(part: bytes, at: int) -> tuple[str, int]:
    """Read a text and give the place after it."""
    length = _LONG.unpack_from(part, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return part[at + 4 : end].decode("utf-16-le", "replace"), end


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Give the kind of each record, and where it begins and ends."""
    at, size = 0, len(part)
    while at < size:
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] << 7)
            at += 1
        length = shift = 0
        while True:
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, at, at + length
        at += length
