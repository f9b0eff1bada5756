"""Small files, read as a site would read them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from intake.words import WORDING, Read, Write
from tracker.intake.reader import read_file
from tracker.intake.rows import Options, Reading


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    """Read a text as if it were the file `sheet.csv`."""

    def read(text: str | bytes, name: str = "sheet.csv", **settled: object) -> Reading:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_file(path, WORDING, Options(**settled))  # type: ignore[arg-type] # its fields

    return read


@pytest.fixture
def write_book(tmp_path: Path) -> Write:
    """Write rows to the sheets of a workbook, from cell (top, left) on; days as days, shown as `days`."""

    def write(
        sheets: dict[str, Sequence[Sequence[object]]], top: int = 0, left: int = 0, days: str = "yyyy-mm-dd"
    ) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path) as book:
            shown = book.add_format({"num_format": days})
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for row, values in enumerate(rows, start=top):
                    for column, value in enumerate(values, start=left):
                        _put(sheet, row, column, value, shown)
        return path

    return write


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object, days: object) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, days)
    elif value is not None:
        sheet.write(row, column, value)
