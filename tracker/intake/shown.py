"""What a reader of an XLSX sheet sees and its bare values do not say.

calamine gives values. A number shown as 004520, a day shown as a month, a formula that was never
worked out and an error look different to people, so the cells concerned are looked up in the
parts of the file itself. Other cells cost nothing but a search.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from xml.etree import ElementTree

from tracker.intake.grid import UNSAVED, Cell

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LARGEST_PART = 512 * 1024 * 1024
_SAMPLE = 1 << 20
_MONTH_BUILT_IN = 17  # mmm-yy

_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_PADDED = re.compile(r'((?:"[^"]*"|\\.)*)(0{2,})')
_CELL = rb'<(?:\w+:)?c (?=[^>]*\br="([A-Z]{1,3})([0-9]{1,7})")'
_FORMULA = rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
_ERROR = re.compile(_CELL + rb'(?=[^>]*\bt="e")[^>]*>\s*(?:' + _FORMULA + rb")?\s*<(?:\w+:)?v>([^<]{1,40})<")
_UNSAVED = re.compile(
    _CELL + rb'(?![^>]*\bt="str")[^>/]*>\s*' + _FORMULA + rb"\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_UNREADABLE = (
    KeyError, ValueError, EOFError, OSError, RuntimeError, zlib.error,
    zipfile.BadZipFile, ElementTree.ParseError,
)  # fmt: skip


class How(Enum):
    """How a cell is shown."""

    MONTH = 1
    PADDED = 2
    UNSAVED = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class Style:
    """A number format that changes what is read; `prefix` and `width` are of a padded number."""

    how: How
    prefix: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Patch:
    """One cell, 0-based column, that is shown otherwise than by its value."""

    column: int
    style: Style
    text: str = ""

    def show(self, cell: Cell) -> Cell:
        """Give the cell as it is seen."""
        how = self.style.how
        if how is How.UNSAVED:
            return UNSAVED
        if how is How.ERROR:
            return self.text
        if how is How.MONTH and isinstance(cell, date) and cell.day == 1:
            return f"{cell:%Y-%m}"
        if how is How.PADDED and isinstance(cell, float) and cell.is_integer() and cell >= 0:
            return f"{self.style.prefix}{int(cell):0{self.style.width}d}"
        return cell


Patches = dict[int, list[Patch]]


def patches(data: bytes, sheets: Iterable[str]) -> dict[str, Patches]:
    """Find the cells of an XLSX file that are shown otherwise than by their value.

    Returns:
        by sheet and 0-based row; nothing for a file that is built otherwise.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            styles = _styles(book)
            parts = _parts(book)
            return {name: _patches(_read(book, parts[name]), styles) for name in sheets if name in parts}
    except _UNREADABLE:
        return {}  # calamine has the say on whether the file can be read at all


def _patches(part: bytes, styles: dict[int, Style]) -> Patches:
    found: Patches = {}
    for row, patch in _all(part, styles):
        found.setdefault(row, []).append(patch)
    return found


def _all(part: bytes, styles: dict[int, Style]) -> Iterator[tuple[int, Patch]]:
    if styles:
        numbers = b"(" + "|".join(map(str, styles)).encode() + b")"
        usual = b'<c r="' in part[:_SAMPLE]  # as all the large writers put it
        styled = re.compile(
            rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="' + numbers + rb'"'
            if usual
            else _CELL + rb'(?=[^>]*\bs="' + numbers + rb'")'
        )
        for match in styled.finditer(part):
            yield int(match[2]) - 1, Patch(_column(match[1]), styles[int(match[3])])
    for match in _UNSAVED.finditer(part if b"f>" in part or b"f/>" in part else b""):
        yield int(match[2]) - 1, Patch(_column(match[1]), Style(How.UNSAVED))
    for match in _ERROR.finditer(part if b't="e"' in part else b""):
        text = match[3].decode("utf-8", "replace")
        yield int(match[2]) - 1, Patch(_column(match[1]), Style(How.ERROR), text)


def _styles(book: zipfile.ZipFile) -> dict[int, Style]:
    """Map the cell styles that matter, by their index, to how they show a value."""
    root = _tree(book, "xl/styles.xml")
    codes = {
        int(format_.get("numFmtId", "0")): format_.get("formatCode", "")
        for format_ in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
    }
    found = {}
    for index, style in enumerate(root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")):
        number = int(style.get("numFmtId", "0"))
        how = _meaning(codes.get(number, "mmm-yy" if number == _MONTH_BUILT_IN else ""))
        if how:
            found[index] = how
    return found


def _meaning(code: str) -> Style | None:
    """Say how a number format shows a value, if it is a month or a number with zeros before it."""
    positive = code.partition(";")[0]
    padded = _PADDED.fullmatch(positive)
    if padded:
        prefix = re.sub(r'"([^"]*)"|\\(.)', r"\1\2", padded[1])
        return Style(How.PADDED, prefix, len(padded[2]))
    letters = set(_LITERALS.sub("", positive).casefold())
    if {"m", "y"} <= letters and not letters & set("dhs0#"):
        return Style(How.MONTH)
    return None


def _parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Map the names of the sheets to the parts of the file that hold them."""
    relations = _tree(book, "xl/_rels/workbook.xml.rels")
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    root = _tree(book, "xl/workbook.xml")
    return {
        sheet.get("name", ""): _absolute(targets[sheet.get(_RELATION)])
        for sheet in root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet")
        if sheet.get(_RELATION) in targets
    }


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tree(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    # Expat refuses entities that grow, and the child's limits hold whatever else there may be.
    return ElementTree.fromstring(_read(book, part))  # noqa: S314


def _read(book: zipfile.ZipFile, part: str) -> bytes:
    with book.open(part) as file:
        data = file.read(_LARGEST_PART + 1)
    if len(data) > _LARGEST_PART:
        raise ValueError(f"{part} is too large")
    return data


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
