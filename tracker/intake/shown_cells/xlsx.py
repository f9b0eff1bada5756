"""What a reader of an XLSX sheet sees and its bare values do not say.

calamine gives values. A number shown as 004520, a day shown as a month, a formula that was never
worked out and an error look different to people, so the cells concerned are looked up in the
parts of the file itself. Other cells cost nothing but a search.
"""

import re
import zipfile
from collections.abc import Iterator

from tracker.intake.shown_cells.parts import read_part, read_tree, related
from tracker.intake.shown_cells.patch import AS_TEXT, NEVER_SAVED_STYLE, Patch, Shown, Style, styles_of

_RELATION = re.compile(r"\{.*/relationships\}id")
_FEW_STYLES = 100  # that a search tells from all others at no cost
_SAMPLE = 1 << 20

# Tags hold no other tags, so that none of these searches goes over a place twice.
_CELL = rb'<(?:\w+:)?c (?=[^<>]*\br="([A-Z]{1,3})([0-9]{1,7})")'
_FORMULA = rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)"
_ERROR = re.compile(_CELL + rb'(?=[^<>]*\bt="e")[^<>]*>\s*(?:' + _FORMULA + rb")?\s*<(?:\w+:)?v>([^<]{1,40})<")
_HIDDEN = re.compile(rb'<(?:\w+:)?row (?=[^<>]*\bhidden="(?:1|true)")[^<>]*+(?<!/)>')
_HIDDEN_COLUMNS = re.compile(
    rb'<(?:\w+:)?col (?=[^<>]*\bhidden="(?:1|true)")(?=[^<>]*\bmin="(\d{1,5})")[^<>]*\bmax="(\d{1,5})"'
)
_PLACELESS = re.compile(rb'<(?:\w+:)?c(?=[\s/>])(?![^<>]*\br=")')
_PLACE = re.compile(rb'<(?:\w+:)?(row|c)(?=[\s/>])(?:(?=[^<>]*\br="([A-Z0-9]+)"))?')
_UNSAVED = re.compile(
    _CELL + rb'(?![^<>]*\bt="str")[^<>/]*>\s*' + _FORMULA + rb"\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def look_up(book: zipfile.ZipFile, names: list[str]) -> dict[str, Shown]:
    """Look up what matters of some sheets."""
    styles = _styles(book)
    parts = _sheets(book)
    return {name: _sheet(read_part(book, parts[name]), styles) for name in names if name in parts}


def _sheet(part: bytes, styles: dict[int, Style]) -> Shown:
    shown = Shown()
    if b'hidden="' in part:
        shown.hidden_rows = len(_HIDDEN.findall(part))
        # They stand before all cells.
        columns = _HIDDEN_COLUMNS.finditer(part, 0, part.find(b"sheetData"))
        shown.hidden_columns = [
            range(int(first) - 1, int(last)) for first, last in (found.groups() for found in columns)
        ]
    placed = _with_places(part) if _PLACELESS.search(part, 0, _SAMPLE) else part
    for row, patch in _all(placed, styles):
        shown.add(row, patch)
    return shown


def _with_places(part: bytes) -> bytes:
    """Write into each cell where it stands; a cell that does not say so follows the one before it."""
    row = column = 0

    def place(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        said = tag[2]
        if tag[1] == b"row":
            row, column = int(said) if said else row + 1, 0
        elif said:
            column = _column(said.rstrip(b"0123456789")) + 1
        else:
            column += 1
            return tag[0] + b' r="%s%d"' % (_letters(column), row)
        return tag[0]

    return _PLACE.sub(place, part)


def _letters(column: int) -> bytes:
    letters = b""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _all(part: bytes, styles: dict[int, Style]) -> Iterator[tuple[int, Patch]]:
    if styles:
        few = len(styles) <= _FEW_STYLES
        numbers = b"(" + "|".join(map(str, styles)).encode() + b")" if few else b"([0-9]{1,5})"
        usual = b'<c r="' in part[:_SAMPLE]  # as all the large writers put it
        styled = re.compile(
            rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="' + numbers + rb'"'
            if usual
            else _CELL + rb'(?=[^<>]*\bs="' + numbers + rb'")'
        )
        for match in styled.finditer(part):
            if few or int(match[3]) in styles:
                yield int(match[2]) - 1, Patch(_column(match[1]), styles[int(match[3])])
    for match in _UNSAVED.finditer(part if b"f>" in part or b"f/>" in part else b""):
        yield int(match[2]) - 1, Patch(_column(match[1]), NEVER_SAVED_STYLE)
    for match in _ERROR.finditer(part if b't="e"' in part else b""):
        yield int(match[2]) - 1, Patch(_column(match[1]), AS_TEXT, match[3].decode("utf-8", "replace"))


def _styles(book: zipfile.ZipFile) -> dict[int, Style]:
    root = read_tree(book, "xl/styles.xml")
    codes = {
        int(format_.get("numFmtId", "0")): format_.get("formatCode", "")
        for format_ in root.iterfind("{*}numFmts/{*}numFmt")
    }
    return styles_of([int(style.get("numFmtId", "0")) for style in root.iterfind("{*}cellXfs/{*}xf")], codes)


def _sheets(book: zipfile.ZipFile) -> dict[str, str]:
    """Map the names of the sheets to the parts of the file that hold them."""
    targets = related(book, "xl/_rels/workbook.xml.rels")
    found = {}
    for sheet in read_tree(book, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        relation = next((value for key, value in sheet.items() if _RELATION.fullmatch(key)), "")
        if relation in targets:
            found[sheet.get("name", "")] = targets[relation]
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
