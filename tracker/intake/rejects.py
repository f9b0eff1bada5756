"""Writes the rows of a file that did not go in back into a file of the same kind, with the reasons."""

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import count, groupby
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from tracker.intake import guard
from tracker.intake.excerpt import Line, excerpt
from tracker.intake.grid import Cell, Cells
from tracker.intake.reader import as_delimited, form_of_file, load_text
from tracker.intake.remembered import Memory
from tracker.intake.rows import Options, Wording
from tracker.intake.text import GUARDED, shown, squash

Reasons = dict[tuple[str | None, int], str]


class Copy(NamedTuple):
    """A copy of rejected rows; `emptied` are the headers of the columns of which nothing may be kept."""

    path: Path
    emptied: list[str]


_ALWAYS_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_REASON = "reason"
_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt"})
_NOT_IN_NAMES = re.compile(r"[][:*?/\\]")  # of sheets, as Excel has it
_LONGEST_NAME = 31
_OTHER_REASON = "rejected because"  # an exemption has a reason of its own


def write_rejects(
    source: Path,
    target: Path,
    reasons: Reasons,
    wording: Wording | None = None,
    options: Options | None = None,
    name: str = "",
) -> None:
    """Write the header of `source` and its rejected rows to `target`, with a last column of reasons.

    The copy of a text file is one with the same delimiter, that of any workbook is XLSX. It is only for the user's own
    eyes, but of columns that must not be kept it has the header alone. Texts that a spreadsheet program would take for
    formulas stay texts.

    Args:
        source: the file that was read.
        target: written whole or not at all.
        reasons: by sheet (None for a text file) and 1-based row.
        wording: as the file was read with, to find the header again.
        options: likewise.
        name: what people call the file, if that is not the path's own name.

    Raises:
        BadInput: `source` can no longer be read.
    """
    content, _ = _content(source, name or source.name, reasons, wording or Wording({}), options or Options())
    _replace(target, content)


def keep_rejects(source: Path, folder: Path, reasons: Reasons, wording: Wording, options: Options) -> Copy:
    """Write the rejected rows of `source` to a file of its own in a folder, and give the file.

    One that is there already is never written over: somebody may be mending its rows. If nothing has changed since it
    was written, it serves again.

    Raises:
        BadInput: `source` can no longer be read.
        OSError: the file cannot be written.
    """
    content, emptied = _content(source, source.name, reasons, wording, options)
    ending = ending_of_copy(source, source.name)
    names = (f"{source.stem}.rejected{number}{ending}" for number in ("", *range(2, 10_000)))
    target = next(path for name in names if not (path := folder / name).exists() or _holds(path, content))
    if not target.exists():
        _replace(target, content)
    return Copy(target, emptied)


def ending_of_copy(source: Path, name: str) -> str:
    """Give the ending of a copy: only one kind of workbook can be written, and text goes under a text file's name."""
    if form_of_file(source, name) == "book":
        return ".xlsx"
    suffix = Path(name).suffix
    return suffix if suffix.casefold() in _TEXT_ENDINGS else ".csv"


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _content(source: Path, name: str, reasons: Reasons, wording: Wording, options: Options) -> tuple[bytes, list[str]]:
    """Give what is to be written, and the headers of the columns that are left empty."""
    if form_of_file(source, name) == "book":
        lines = list(_book_lines(source, name, reasons, wording, options))
        return _book(lines, reasons), _emptied(lines)
    memory = Memory(wording, options)
    text = as_delimited(load_text(source, name), memory)
    lines = list(excerpt(text.sheet(Path(name).stem), [row for _, row in reasons], memory))
    return _text(lines, reasons, text.delimiter), _emptied(lines)


def _emptied(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(header for line in lines for header in line.emptied))


def _book_lines(source: Path, name: str, reasons: Reasons, wording: Wording, options: Options) -> Iterator[Line]:
    wanted: dict[str, list[int]] = {}
    for sheet, row in reasons:
        wanted.setdefault(sheet or "", []).append(row)
    return guard.rows_of_book(source, name, wanted, wording, options)


def _explained(lines: Iterable[Line], reasons: Reasons) -> Iterator[Cells]:
    """Add the reasons, in a column after the widest row."""
    listed = list(lines)
    width = max((len(line.cells) for line in listed), default=0)
    header = [line for line in listed if line.row is None]
    for line in listed:
        last = "" if line.row is None else reasons[line.sheet, line.row]
        if header and line is header[-1]:
            last = _title(header)
        yield [*line.cells, *[""] * (width - len(line.cells)), last]


def _title(header: list[Line]) -> str:
    taken = {squash(shown(cell)) for line in header for cell in line.cells}
    return _OTHER_REASON if _REASON in taken else _REASON


def _text(lines: Iterable[Line], reasons: Reasons, delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    for cells in _explained(lines, reasons):
        writer.writerow([_guarded(shown(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in GUARDED else text


def _book(lines: Iterable[Line], reasons: Reasons) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    # The same rows make the same bytes, so that a copy already there is known again.
    book.set_properties({"created": _ALWAYS_CREATED})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    names: set[str] = set()
    for name, of_sheet in groupby(lines, key=lambda line: line.sheet):
        sheet = book.add_worksheet(_sheet_name(name or "Sheet", names))
        for row, cells in enumerate(_explained(of_sheet, reasons)):
            for column, cell in enumerate(cells):
                _put(sheet, row, column, cell, day)
    book.close()
    return out.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes, unlike all before: other programs allow longer ones, and more signs."""
    plain = _NOT_IN_NAMES.sub("_", name).strip("'") or "Sheet"
    found = plain[:_LONGEST_NAME]
    for number in count(2):
        if found.casefold() not in taken:
            break
        found = f"{plain[: _LONGEST_NAME - 4]} {number}"
    taken.add(found.casefold())
    return found


def _put(sheet: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    """Write a cell as what it was; a text is never taken for a formula or a link."""
    if isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, str) and cell:
        sheet.write_string(row, column, cell)


def _replace(target: Path, content: bytes) -> None:
    """Put a file in place in one step, readable to nobody else."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # mode 0600
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
