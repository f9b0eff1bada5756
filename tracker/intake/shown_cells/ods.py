"""What a reader of an ODS sheet sees and its bare values do not say: the text beside each value.

Names are taken with the prefixes that every program gives them; calamine knows no others.
"""

import re
import zipfile
from collections.abc import Callable
from html import unescape

from tracker.intake.dates import month_shown
from tracker.intake.shown_cells.parts import read_part
from tracker.intake.shown_cells.patch import AS_TEXT, NEVER_SAVED_STYLE, Merged, Patch, Shown

_ATTRIBUTES = rb"""([^<>"']*+(?:"[^"<]*+"[^<>"']*+|'[^'<]*+'[^<>"']*+)*+)"""
_TAG = re.compile(
    rb"<table:(?:(covered-)?(table-cell)|table-(row)|table-(column)|(table))(?=[\s/>])" + _ATTRIBUTES + rb">"
)
_ATTRIBUTE = re.compile(rb"""([\w:-]+)\s*=\s*["']([^"']*)["']""")
_ODD_NUMBER = re.compile(rb"0\d|[^\d\s<-]")
_ASIDE = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_PARAGRAPH = re.compile(rb"<text:p\b[^>]*>(.*?)</text:p>", re.DOTALL)
_MARKUP = re.compile(rb"<[^>]*>")
_PADDED = re.compile(r"\D*(0\d+)")
_ERROR = re.compile(r"#[A-Z0-9/!?]+|Err:\d+")
_TRUTHS = ("TRUE", "FALSE")  # LibreOffice keeps them as the numbers 1 and 0
_UNREAD = (b"boolean", b"currency", b"percentage")  # calamine has no text for these
_MOST_REPEATED = 1 << 20
_REST_OF_SHEET = 1000  # rows at once, which are blank

Attributes = dict[bytes, bytes]


def look_up(book: zipfile.ZipFile, names: list[str]) -> dict[str, Shown]:
    """Look up what matters of some sheets."""
    return _Reader(read_part(book, "content.xml"), frozenset(names)).read()


class _Reader:
    """Counts the cells of the sheets and looks at those that may be seen otherwise than by their value."""

    def __init__(self, part: bytes, names: frozenset[str]) -> None:
        self._part, self._names = part, names
        self._found: dict[str, Shown] = {}
        self._merged: list[Merged] = []

    def read(self) -> dict[str, Shown]:
        """Read the sheets."""
        shown: Shown | None = None
        row = column = repeated = 0
        for tag in _TAG.finditer(self._part):
            _, cell, is_row, is_column, table, raw = tag.groups()
            if cell:
                if shown:
                    times = _times(raw, b"number-columns-repeated") if b"repeated" in raw else 1
                    if len(raw) > 1:
                        self._look(shown, tag, row, column, (repeated, times))
                    column += times
            elif is_row:
                row, column = row + repeated, 0
                repeated = _times(raw, b"number-rows-repeated") if b"repeated" in raw else 1
                if shown and b"visibility" in raw and not _on_view(raw) and repeated < _REST_OF_SHEET:
                    shown.hidden_rows += repeated
            elif is_column:
                times = _times(raw, b"number-columns-repeated")
                if shown and b"visibility" in raw and not _on_view(raw):
                    shown.hidden_columns.append(range(column, column + times))
                column += times
            elif table:
                shown = self._begin(raw)
                row = column = repeated = 0
        return self._found

    def _begin(self, raw: bytes) -> Shown | None:
        title = unescape(dict(_ATTRIBUTE.findall(raw)).get(b"table:name", b"").decode())
        if title not in self._names or title in self._found:
            return None
        self._merged = []
        shown = self._found[title] = Shown(merged=self._merged)
        return shown

    def _look(self, shown: Shown, tag: re.Match[bytes], row: int, column: int, times: tuple[int, int]) -> None:
        """Look at one cell; a repeated one stands in several columns, or rows."""
        raw = tag[6]
        if b"value-type" not in raw and b"-spanned" not in raw and b"formula" not in raw:
            return
        if b"-spanned" in raw:
            down, right = _times(raw, b"number-rows-spanned"), _times(raw, b"number-columns-spanned")
            if down > 1 or right > 1:
                self._merged.append(((row, column), (row + down - 1, column + right - 1)))
        if b'value-type="string"' in raw and b"error" not in raw and b"formula" not in raw:
            return
        if b'value-type="float"' in raw and b"formula" not in raw and not self._odd_number(tag.end()):
            return
        patch = _seen(dict(_ATTRIBUTE.findall(raw)), lambda: self._text(tag), column)
        if patch:
            for down in range(times[0]):
                for right in range(times[1]):
                    shown.add(row + down, Patch(column + right, patch.style, patch.text))

    def _odd_number(self, at: int) -> bool:
        """Say whether what is shown of a number is not its plain digits; nearly all are."""
        begin = self._part.find(b">", at) + 1 if self._part.startswith(b"<text:p", at) else 0
        return not begin or bool(_ODD_NUMBER.match(self._part, begin))

    def _text(self, tag: re.Match[bytes]) -> str:
        """Give the text that a cell shows."""
        if tag[6].endswith(b"/"):
            return ""
        end = self._part.find(b"table-cell>", tag.end())
        content = _ASIDE.sub(b"", self._part[tag.end() : end])
        lines = (_MARKUP.sub(b"", line) for line in _PARAGRAPH.findall(content))
        return unescape(b"\n".join(lines).decode("utf-8", "replace"))


def _seen(cell: Attributes, text: Callable[[], str], column: int) -> Patch | None:
    """Say how a cell is seen, if otherwise than by its value."""
    kind = cell.get(b"office:value-type")
    formula = b"table:formula" in cell
    if kind is None:
        return Patch(column, NEVER_SAVED_STYLE) if formula else None
    if kind == b"date" and cell.get(b"office:date-value", b"")[7:10] != b"-01":
        return None
    seen = text()
    if cell.get(b"calcext:value-type") == b"error" or (formula and _ERROR.fullmatch(seen)):
        return Patch(column, AS_TEXT, seen)
    if kind in _UNREAD or seen in _TRUTHS:
        return Patch(column, AS_TEXT, seen)
    padded = _PADDED.fullmatch(seen) if kind == b"float" else None
    if padded and float(padded[1]) == float(cell.get(b"office:value", b"nan")):
        return Patch(column, AS_TEXT, seen)
    month = month_shown(seen) if kind == b"date" else None
    if month and month == cell[b"office:date-value"][:7].decode():
        return Patch(column, AS_TEXT, month)
    return None


def _on_view(raw: bytes) -> bool:
    return dict(_ATTRIBUTE.findall(raw)).get(b"table:visibility") == b"visible"


def _times(raw: bytes, name: bytes) -> int:
    """Give how often a row or cell stands there, within what a sheet can hold."""
    said = dict(_ATTRIBUTE.findall(raw)).get(b"table:" + name, b"1")
    return min(int(said), _MOST_REPEATED) if said.isdigit() else 1
