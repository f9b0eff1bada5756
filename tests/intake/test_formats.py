"""Every format of workbook is read as people see it, whoever wrote it."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from intake.books import WRITERS
from intake.words import WORDING, Read, Write, rows
from tracker.domain.errors import BadInput
from tracker.intake.reader import read_file
from tracker.intake.rejects import keep_rejects
from tracker.intake.rows import CardRow, Options, Reading, RosterRow, UnitRow

_SHORT = bytes.fromhex("810100 940110" + 16 * "00" + "910100 0c0400000000 920100 820100")
"""A sheet of XLSB with a short blank cell."""


def read(path: Path) -> Reading:
    return read_file(path, WORDING, Options())


@pytest.fixture(params=WRITERS)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same roster, by each of the writers."""
    name: str = request.param
    WRITERS[name](tmp_path / name)
    return tmp_path / name


def test_every_format_gives_the_same_people_and_cards(book: Path) -> None:
    reading = read(book)
    assert rows(reading, RosterRow) == [
        RosterRow(2, "004512", "Ada", None, "ICU", None, None, date(2020, 2, 29), None, None),
        RosterRow(3, "77", "Bo", None, "ICU", None, None, None, None, None),
        RosterRow(4, "0099", "Cy", None, "ICU", None, None, None, None, None),
    ]
    assert reading.tables[0].cards == [
        CardRow(2, "004512", "BLS", None, None, "2027-06", "265502000123", None),
        CardRow(4, "0099", "BLS", None, None, "2027-01-31", None, None),
    ]


def test_every_format_reports_an_error_and_names_the_hidden_sheet(book: Path) -> None:
    reading = read(book)
    [error] = reading.tables[0].rejected
    assert (error.row, error.column, error.whole) == (3, "BLS Exp", False)
    assert "#REF!" in error.reason
    assert any('Sheet "Old" is hidden' in note for note in reading.notes)


def test_every_format_names_the_hidden_columns_that_are_read(book: Path) -> None:
    """What nobody sees does not come in silently, and it is said how to leave it out."""
    note = 'A hidden column was read (sheet "Staff"): "Name" as name. To leave a column out, map it to "ignore".'
    assert note in read(book).notes


def test_a_hidden_column_that_is_not_read_is_not_spoken_of(tmp_path: Path) -> None:
    """Nor is one right of the table; and a table that begins further right has its columns told apart."""
    path = tmp_path / "put-away.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row("C2", ["Emp ID", "Unit", "SSN", "Role"])
        sheet.write_row("C3", ["1", "ED", "123-45-6789", "RN"])
        sheet.set_column("E:E", None, None, {"hidden": True})
        sheet.set_column("G:XFD", None, None, {"hidden": True})
    assert read(path).notes == []
    assert read(path).tables[0].columns == {"Emp ID": "employee_id", "Unit": "unit", "Role": "role"}


def test_every_format_marks_ids_that_were_bare_numbers_and_says_so_beside_ids_with_zeros(book: Path) -> None:
    reading = read(book)
    assert reading.tables[0].from_numbers == ["77"]
    assert any('row 3 (77) of sheet "Staff"' in note and '"004512"' in note for note in reading.notes)


def test_ids_that_are_all_numbers_are_marked_without_a_word(write_book: Write) -> None:
    reading = read(write_book({"S": [["Emp ID", "Unit"], [12, "ED"], [7, "ED"]]}))
    assert (reading.tables[0].from_numbers, reading.notes) == (["12", "7"], [])


def test_a_rejected_row_of_any_format_comes_back_as_xlsx(book: Path, tmp_path: Path) -> None:
    copy = keep_rejects(book, tmp_path, {("Staff", 3): "It shows an error."}, WORDING, Options()).path
    assert copy.name == f"{book.stem}.rejected.xlsx"
    assert [row.employee_id for row in rows(read(copy), RosterRow)] == ["77"]


def test_text_under_a_workbooks_name_comes_back_as_text(tmp_path: Path) -> None:
    source = tmp_path / "export.xls"
    source.write_text("Emp ID\tUnit\n\tED\n")
    copy = keep_rejects(source, tmp_path, {(None, 2): "No id."}, WORDING, Options()).path
    assert copy.name == "export.rejected.csv"
    assert len(read(copy).tables[0].rejected) == 1


@pytest.mark.parametrize("name", ["roster.csv", "roster.pdf", "roster"])
def test_a_workbook_is_one_under_any_name(write_book: Write, tmp_path: Path, name: str) -> None:
    renamed = write_book({"S": [["Emp ID", "Unit"], ["1", "ED"]]}).rename(tmp_path / name)
    assert len(rows(read(renamed), RosterRow)) == 1


def test_cells_that_calamine_would_pass_over_refuse_the_file(tmp_path: Path) -> None:
    """Short cells stand in no XLSB of Excel's, but in those of other programs."""
    WRITERS["byhand.xlsb"](tmp_path / "odd.xlsb")
    with zipfile.ZipFile(tmp_path / "odd.xlsb", "a") as book, pytest.warns(UserWarning, match="Duplicate name"):
        book.writestr("xl/worksheets/sheet1.bin", _SHORT)
    with pytest.raises(BadInput, match=r'sheet "Staff" keeps its cells in a way .* save it as \.xlsx'):
        read(tmp_path / "odd.xlsb")


def test_an_error_is_nobodys_id_or_name(read_text: Read) -> None:
    reading = read_text("Emp ID,Name,Unit\n#REF!,Ada,ED\n2,#NAME?,ED\n3,Cy,#N/A\n")
    assert [(row.employee_id, row.name) for row in rows(reading, RosterRow)] == [("2", None)]
    assert [(e.row, e.column, e.whole) for e in reading.tables[0].rejected] == [
        (2, "Emp ID", True),
        (3, "Name", False),
        (4, "Unit", True),
    ]


@pytest.mark.parametrize("written", ["2.65502E+11", "2,65502E+11", "2.65502e+11"])
def test_a_number_that_a_program_has_shortened_is_reported_however_it_is_written(read_text: Read, written: str) -> None:
    [entry] = read_text(f"Emp ID;Unit;BLS Exp;BLS Card #\n1;ED;2027-01;{written}\n").tables[0].rejected
    assert (entry.column, entry.whole) == ("BLS Card #", False)


def test_a_cell_merged_over_the_columns_is_a_heading_whatever_it_says(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "sections.xlsx") as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Name", "Emp ID", "Unit"])
        sheet.merge_range("A2:C2", "ICU 4 - NIGHT SHIFT")
        sheet.write_row(2, 0, ["Ada", "1", "ICU"])
        sheet.write_row(3, 0, ["Bo"])
        sheet.write_row(4, 0, ["Cy", "3", "ICU"])
        units = book.add_worksheet("U")
        units.write_row(0, 0, ["Unit", "Facility", "Director"])
        units.merge_range("A2:C2", "Northern region")
        units.write_row(2, 0, ["ICU", "Main", "d@x.example"])
    reading = read(tmp_path / "sections.xlsx")
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["1", "3"]
    assert [row.unit for row in rows(reading, UnitRow)] == ["ICU"]
    assert [entry.row for entry in reading.tables[0].rejected] == [4]  # a name alone may be somebody
    assert any('row 2 ("ICU 4 - NIGHT SHIFT")' in note for note in reading.notes)
    assert any('row 2 ("Northern region")' in note for note in reading.notes)
