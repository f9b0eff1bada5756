"""What a reader of an ODS sheet sees and its bare values do not say: the text beside each value."""

import re
import zipfile
from typing import Any
from xml.parsers import expat

from tracker.intake.dates import month_shown
from tracker.intake.shown_cells.parts import LARGEST_PART, UNREADABLE
from tracker.intake.shown_cells.patch import AS_TEXT, NEVER_SAVED_STYLE, Merged, Patch, Shown

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_PADDED = re.compile(r"\D*(0\d+)")
_ERROR = re.compile(r"#[A-Z0-9/!?]+|Err:\d+")
_TRUTHS = ("TRUE", "FALSE")  # LibreOffice keeps them as the numbers 1 and 0
_PORTION = 1 << 16


def look_up(book: zipfile.ZipFile, names: list[str]) -> dict[str, Shown]:
    """Look up what matters of some sheets."""
    return _Reader(frozenset(names)).read(book)


class _Reader:
    """Follows the sheets cell by cell."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._found: dict[str, Shown] = {}
        self._shown: Shown | None = None
        self._merged: list[Merged] = []
        self._row = self._column = self._repeated = 0
        self._cell: dict[str, str] = {}
        self._texts: list[str] = []
        self._in_text = 0

    def read(self, book: zipfile.ZipFile) -> dict[str, Shown]:
        """Read the sheets; a damaged file gives those before the damage."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        read = 0
        try:
            with book.open("content.xml") as file:
                while (portion := file.read(_PORTION)) and read <= LARGEST_PART:
                    read += len(portion)
                    parser.Parse(portion)
        except (*UNREADABLE, expat.ExpatError):
            return self._found  # calamine has the say on whether the file can be read at all
        return self._found

    def _start(self, name: str, attributes: Any) -> None:
        if name == _TEXT + "p":
            if self._cell and self._texts:
                self._texts.append("\n")
            self._in_text += 1
        elif name in _CELLS:
            self._cell = {_TABLE: "", **attributes}
            self._texts.clear()
        elif name == _TABLE + "table-row":
            self._column = 0
            self._repeated = _times(attributes, "number-rows-repeated")
        elif name == _TABLE + "table":
            self._begin(attributes.get(_TABLE + "name", ""))

    def _begin(self, title: str) -> None:
        self._row = 0
        self._shown = None
        if title in self._names and title not in self._found:
            self._merged = []
            self._shown = self._found[title] = Shown(merged=self._merged)

    def _text(self, data: str) -> None:
        if self._in_text and self._cell:
            self._texts.append(data)

    def _end(self, name: str) -> None:
        if name == _TEXT + "p":
            self._in_text -= 1
        elif name in _CELLS:
            if self._shown and len(self._cell) > 1:
                self._look(self._shown, self._cell, "".join(self._texts))
            self._column += _times(self._cell, "number-columns-repeated")
            self._cell = {}
        elif name == _TABLE + "table-row":
            self._row += self._repeated
        elif name == _TABLE + "table":
            self._shown = None

    def _look(self, shown: Shown, cell: dict[str, str], text: str) -> None:
        """Look at one cell; a repeated one stands in several columns, or rows."""
        patch = _seen(cell, text, self._column)
        if patch:
            for row in range(self._row, self._row + self._repeated):
                for column in range(_times(cell, "number-columns-repeated")):
                    shown.add(row, Patch(self._column + column, patch.style, patch.text))
        down, right = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
        if down > 1 or right > 1:
            self._merged.append(((self._row, self._column), (self._row + down - 1, self._column + right - 1)))


def _seen(cell: dict[str, str], text: str, column: int) -> Patch | None:
    """Say how a cell is seen, if otherwise than by its value."""
    kind = cell.get(_OFFICE + "value-type")
    if kind is None:
        return Patch(column, NEVER_SAVED_STYLE) if _TABLE + "formula" in cell else None
    if cell.get(_EXTENDED) == "error" or (_TABLE + "formula" in cell and _ERROR.fullmatch(text)):
        return Patch(column, AS_TEXT, text)
    if kind == "float":
        padded = _PADDED.fullmatch(text)
        if padded and float(padded[1]) == float(cell.get(_OFFICE + "value", "nan")):
            return Patch(column, AS_TEXT, text)
    if kind == "boolean" or text in _TRUTHS:
        return Patch(column, AS_TEXT, text)
    if kind == "date" and cell.get(_OFFICE + "date-value", "")[7:10] == "-01":
        month = month_shown(text)
        if month == cell[_OFFICE + "date-value"][:7]:
            return Patch(column, AS_TEXT, month)
    return None


def _times(attributes: Any, name: str) -> int:
    """Give how often a row or cell stands there, within what a sheet can hold."""
    said = attributes.get(_TABLE + name, "1")
    return min(int(said), 1 << 20) if said.isdecimal() else 1
