"""Reports as workbooks: a sheet for what the report says of itself, then one a table; real days and figures."""

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import product
from textwrap import wrap
from typing import IO, Any

import xlsxwriter

from tracker.reports import front
from tracker.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Exhibit,
    Figures,
    Kind,
    Listing,
    Picture,
    Row,
    Run,
    Table,
    Terms,
    Title,
    Value,
    Words,
)
from tracker.reports.pictures import BAD, FAR, FAR_BELOW, MET, NEAR, NEAR_BELOW
from tracker.reports.readable import room_of, visible

# What a spreadsheet shows of each kind, how wide the column is, in characters, and on which side things stand there:
# away from the edge, or a day or figure would touch the words of the next column. Texts that run to the left would
# stand at the other side of theirs, and do.
FORMATS: dict[Kind, str] = {"day": "d mmm yyyy", "percent": '0.0" %"', "count": "0"}
WIDTHS: dict[Kind, int] = {"day": 15, "percent": 12, "count": 12, "word": 17, "text": 24}
SIDES: dict[Kind, dict[str, Any]] = {
    "day": {"align": "left", "indent": 1},
    "percent": {"align": "right", "indent": 1},
    "count": {"align": "right", "indent": 1},
    "word": {"align": "left", "indent": 1},
    "text": {"align": "left"},
}
ABOUT, LONGEST_NAME = "About", 31
# Characters in a line of the sheet of words and of its titles, and of the words that belong to a row; points of a line.
WORDS_WIDTH, TITLES_WIDTH, NOTE_WIDTH, LINE = 100, 34, 70, 15
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# The first day that spreadsheets know; an earlier one is text.
FIRST_DAY = date(1900, 3, 1)

# A formula stays the text that somebody typed, and so does an address.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}

Styles = dict[Any, Any]
# A row, and its cells with those that say whose it is and the words below it.
Line = tuple[Row, tuple[Value | Cell, ...]]


def xlsx(document: Document) -> bytes:
    """The report as a workbook. Its rows are written as they come, and not kept."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, OPTIONS) as book:
        book.set_properties({"title": visible(front.title(document)), "comments": front.foot(document)})
        styles = _styles(book)
        sheets = _named(_together(document.blocks))
        _about(book.add_worksheet(ABOUT), document, sheets, styles)
        for name, tables in sheets.items():
            _sheet(book.add_worksheet(name), tables[0], _rows(tables), styles)
    return kept.getvalue()


def write_xlsx(out: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[tuple[Value, ...]]) -> None:
    """Writes a table as a workbook of one sheet; its rows are written as they come, and not kept."""
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        lines = ((Row(cells), cells) for cells in rows)
        _sheet(book.add_worksheet(_name(name, ())), Table(name, columns, ()), lines, _styles(book))


def _styles(book: Any) -> Styles:
    """How cells look: by what they hold, in the head, in sums and where something is wrong."""
    styles: Styles = {
        "title": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "align": "left"}),
        "words": book.add_format({"text_wrap": True, "valign": "top", "align": "left"}),
    }
    for kind, side in SIDES.items():
        head = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        styles["head", kind] = book.add_format(head | side)
        for is_sum, is_bad in product((False, True), repeat=2):
            look: dict[str, Any] = {"valign": "top", "bold": is_sum or is_bad, "text_wrap": kind == "text", **side}
            look |= {"num_format": FORMATS[kind]} if kind in FORMATS else {}
            look |= {"bg_color": "#F0F2F4"} if is_sum else {}
            styles[kind, is_sum, is_bad] = book.add_format(look | ({"font_color": BAD} if is_bad else {}))
    return styles


def _together(blocks: Iterable[Block]) -> list[list[Table]]:
    """The tables of each sheet: those of one name that say whose they are stand together."""
    found: list[list[Table]] = []
    named: dict[str, list[Table]] = {}
    for block in blocks:
        table = block.table if isinstance(block, Picture) else block
        if isinstance(table, Table):
            if table.name in named:
                named[table.name].append(table)
                continue
            found.append([table])
            if table.about:
                named[table.name] = found[-1]
    return found


def _named(sheets: Iterable[list[Table]]) -> dict[str, list[Table]]:
    """The sheets by names that they may have and no other has, whatever the case of its letters."""
    found: dict[str, list[Table]] = {}
    taken = {ABOUT.casefold()}
    for tables in sheets:
        name = _name(tables[0].name, taken)
        taken.add(name.casefold())
        found[name] = tables
    return found


def _about(sheet: Any, document: Document, sheets: Mapping[str, list[Table]], styles: Styles) -> None:
    """What the report says of itself, and its words in their order."""
    sheet.set_column(0, 0, TITLES_WIDTH)
    sheet.set_column(1, 1, WORDS_WIDTH)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    lines: list[tuple[str, str, str]] = [(document.title, document.subject, "title")]
    lines += [(fact.what, _plain(fact.words), "words") for fact in front.facts(document.heading)]
    names = {id(table): name for name, tables in sheets.items() for table in tables}
    for block in document.blocks:
        lines += _lines(block, names)
    lines += [("", _plain(words), "words") for words in front.last_words(document)]
    for at, (what, words, style) in enumerate(lines):
        sheet.set_row(at, max(_height(what, TITLES_WIDTH), _height(words, WORDS_WIDTH)))
        sheet.write_string(at, 0, visible(what), styles[style])
        sheet.write_string(at, 1, visible(words), styles["title" if style == "title" else "words"])


def _height(words: str, width: int) -> int:
    """The height of a row in points, for words that go over several lines: not every program works it out."""
    return LINE * max(1, -(-room_of(words) // (width - 5)))


def _cell_height(value: Value | Cell, column: Column) -> int:
    """The height that a cell needs, in points: only texts go over several lines."""
    held = value.value if isinstance(value, Cell) else value
    width = int(WIDTHS[column.kind] * column.share)
    return _height(held, width) if column.kind == "text" and isinstance(held, str) else LINE


def _lines(block: Block, names: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """What a block says in words: two cells, and how they are meant to look; `names` are those of tables' sheets."""
    match block:
        case Title():
            return [("", "", "words"), (block.text, "", "title")] if block.level == 2 else [(block.text, "", "title")]
        case Words():
            return [("", _plain(block.runs), "words")]
        case Figures():
            return [(each.figure, _plain(each.words), "title") for each in block.figures]
        case Terms():
            return [(term, meaning, "words") for term, meaning in block.terms]
        case Listing():
            return [("", _plain(point), "words") for point in block.points]
        case Picture():
            return [("", block.words, "words"), *(_lines(block.table, names) if block.table else [])]
        case Exhibit():
            return [("", block.words, "words")]
        case Table():
            return [("", f"See the sheet: {names[id(block)]}", "words")]
    return []


def _sheet(sheet: Any, table: Table, lines: Iterable[Line], styles: Styles) -> None:
    """The rows of tables like this one: the header stays in sight, and every column can be filtered."""
    columns = [*(column for column, _ in table.about), *table.columns]
    if table.note:
        columns.append(Column(table.note, share=NOTE_WIDTH / WIDTHS["text"]))
    widths = [max(WIDTHS[column.kind] * (column.share if column.kind == "text" else 1), 10) for column in columns]
    heights = (len(wrap(_heading(column), int(width) - 1)) for column, width in zip(columns, widths, strict=True))
    sheet.set_row(0, LINE * max(2, *heights))
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, visible(_heading(column)), styles["head", column.kind])
    number = 0
    for number, (row, cells) in enumerate(lines, 1):
        sheet.set_row(number, max(_cell_height(value, column) for value, column in zip(cells, columns, strict=True)))
        for at, (value, column) in enumerate(zip(cells, columns, strict=True)):
            is_bad = isinstance(value, Cell) and value.tone == "bad"
            _write(sheet, number, at, value, styles[column.kind, row.level == "sum", is_bad])
    if table.target is not None:
        percents = [at for at, column in enumerate(columns) if column.kind == "percent"]
        sheet.conditional_format(1, percents[0], max(number, 1), percents[-1], _shades(table.target))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _rows(tables: Iterable[Table]) -> Iterator[Line]:
    """The rows of some tables, each with its cells, those that say whose it is and the words below it among them."""
    for table in tables:
        whose = tuple(value for _, value in table.about)
        for row in table.rows:
            yield row, (*whose, *row.cells, *((row.note,) if table.note else ()))


def _shades(target: float) -> dict[str, Any]:
    """A scale of colours, as the drawing of the same figures has them."""
    steps = {"min": (target - FAR_BELOW, FAR), "mid": (target - NEAR_BELOW, NEAR), "max": (target, MET)}
    found: dict[str, Any] = {"type": "3_color_scale"}
    for name, (value, color) in steps.items():
        found |= {f"{name}_type": "num", f"{name}_value": value, f"{name}_color": color}
    return found


def _write(sheet: Any, row: int, at: int, value: Value | Cell, style: Any) -> None:
    if isinstance(value, Cell):
        value = value.value
    if value is None:
        sheet.write_blank(row, at, None, style)
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, at, datetime.combine(value, time()), style)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value, style)
    else:
        sheet.write_string(row, at, visible(str(value)), style)


def _heading(column: Column) -> str:
    return f"{column.over}: {column.title}" if column.over else column.title


def _name(wanted: str, taken: Collection[str]) -> str:
    """A name for a sheet; what is too long is cut between words."""
    bare = _NOT_IN_NAMES.sub(" ", visible(wanted)).strip(" '") or "Table"
    name, at = _cut(bare, LONGEST_NAME), 1
    while name.casefold() in taken:
        at += 1
        name = f"{_cut(bare, LONGEST_NAME - len(f' {at}'))} {at}"
    return name


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    start = text[: longest - 1]
    return (start.rpartition(" ")[0] or start).rstrip(" ',;:(–-") + "…"


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)
