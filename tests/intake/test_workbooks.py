"""Workbooks, as XlsxWriter writes them, are read as people see them."""

import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from intake.words import WORDING, Write, rows
from tracker.domain.errors import BadInput
from tracker.intake.reader import read_file
from tracker.intake.rows import AbsenceRow, CardRow, Options, Reading, RosterRow, UnitRow

HEADER = ["Emp ID", "Name", "Unit", "BLS Exp"]


def read(path: Path, sheet: str | None = None) -> Reading:
    return read_file(path, WORDING, Options(sheet=sheet))


def test_everything_a_reading_holds_comes_back_from_the_child(write_book: Write) -> None:
    reading = read(
        write_book(
            {
                "People": [
                    [*HEADER, "Hire Date", "FTE"],
                    ["1", "Zoë", "ED", date(2027, 3, 31), date(2020, 2, 29), 0.9],
                    [None, "Bo", "ED", None, None, None],
                ],
                "Leave": [["employee_id", "from", "until"], ["1", date(2026, 1, 2), None]],
                "Units": [["unit", "director"], ["ED", "d@x.example"]],
            }
        )
    )
    assert rows(reading, RosterRow) == [RosterRow(2, "1", "Zoë", None, "ED", None, None, date(2020, 2, 29), None, None)]
    assert reading.tables[0].cards == [CardRow(2, "1", "BLS", None, None, "2027-03-31", None, None)]
    assert rows(reading, AbsenceRow) == [AbsenceRow(2, "1", date(2026, 1, 2), None)]
    assert rows(reading, UnitRow) == [UnitRow(2, "ED", None, None, "d@x.example")]
    assert [(entry.row, entry.column, entry.whole) for entry in reading.tables[0].rejected] == [(3, "Emp ID", True)]
    assert reading.tables[0].ignored == ["FTE"]
    assert [table.sheet for table in reading.tables] == ["People", "Leave", "Units"]


def test_a_question_comes_back_from_the_child(write_book: Write) -> None:
    path = write_book({"S": [["Emp ID", "Unit", "BLS"], ["1", "ED", date(2026, 3, 4)]]})
    [question] = read(path).questions
    assert (question.id, question.choices) == ("column:BLS", ("BLS.expires_on", "BLS.issued_on", "ignore"))


def test_a_table_away_from_the_corner_keeps_its_row_numbers(write_book: Write) -> None:
    reading = read(write_book({"S": [HEADER, ["1", "Ada", "ED", "2027-01"]]}, top=4, left=3))
    assert [row.row for row in rows(reading, RosterRow)] == [6]
    assert [card.stated for card in reading.tables[0].cards] == ["2027-01"]


@pytest.mark.parametrize(
    ("days", "stated"), [("mmm-yy", "2027-06"), ("[$-409]mmmm yyyy;@", "2027-06"), ("d-mmm-yy", "2027-06-01")]
)
def test_the_first_of_a_month_is_a_month_only_where_it_is_shown_as_one(
    write_book: Write, days: str, stated: str
) -> None:
    path = write_book({"S": [HEADER, ["1", "Ada", "ED", date(2027, 6, 1)]]}, days=days)
    assert [card.stated for card in read(path).tables[0].cards] == [stated]


@pytest.mark.parametrize(
    ("value", "shown", "read_as"),
    [
        (4512, "General", "4512"),
        (4512, "000000", "004512"),
        (91, '"T-"0000', "T-0091"),
        (4512.5, "General", None),
        (1e15, "0", None),
        (-3, "0", None),
    ],
)
def test_a_number_as_id_is_the_digits_that_people_see(
    tmp_path: Path, value: float, shown: str, read_as: str | None
) -> None:
    with xlsxwriter.Workbook(tmp_path / "ids.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Emp ID", "Unit"])
        sheet.write_number(1, 0, value, book.add_format({"num_format": shown}))
        sheet.write_string(1, 1, "ED")
    reading = read(tmp_path / "ids.xlsx")
    assert [row.employee_id for row in rows(reading, RosterRow)] == ([read_as] if read_as else [])
    assert len(reading.tables[0].rejected) == (0 if read_as else 1)


def test_a_plain_number_and_a_shown_error_are_no_dates_and_reported(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "odd.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row, (value, formula) in enumerate([(46112, None), ("#REF!", "=A0"), ("#N/A", "=NA()"), (True, None)], 1):
            sheet.write_row(row, 0, [str(row), "Ada", "ED"])
            if formula:
                sheet.write_formula(row, 3, formula, None, value)
            else:
                sheet.write(row, 3, value)
    [table] = read(tmp_path / "odd.xlsx").tables
    assert [(entry.row, entry.whole) for entry in table.rejected] == [(row, False) for row in (2, 3, 4, 5)]
    assert (len(table.rows), table.cards) == (4, [])


def test_cells_merged_downwards_hold_for_every_row_they_cover(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "merged.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Unit", "Emp ID", "Name"])
        sheet.merge_range("A2:A3", "ICU")
        sheet.merge_range("A4:A5", "ED")
        for row in range(1, 5):
            sheet.write_row(row, 1, [f"E{row}", "Ada"])
    assert [row.unit for row in rows(read(tmp_path / "merged.xlsx"), RosterRow)] == ["ICU", "ICU", "ED", "ED"]


def test_one_sheet_is_read_where_one_is_named_and_others_without_a_table_are_noted(write_book: Write) -> None:
    path = write_book(
        {"A": [HEADER, ["1", "Ada", "ED", None]], "B": [HEADER, ["2", "Bo", "ED", None]], "C": [["Ask Kay"]], "D": []}
    )
    assert [row.employee_id for row in rows(read(path, "B"), RosterRow)] == ["2"]
    reading = read(path)
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["1", "2"]
    [note] = reading.notes
    assert 'sheet "C"' in note
    with pytest.raises(BadInput, match='no sheet "E": it has "A", "B", "C", "D"'):
        read(path, "E")


def test_a_hidden_sheet_is_read_when_it_is_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "hidden.xlsx") as book:
        seen = book.add_worksheet("Seen")
        seen.write_row(0, 0, HEADER)
        seen.write_row(1, 0, ["2", "Bo", "ED"])
        hidden = book.add_worksheet("Hidden")
        hidden.write_row(0, 0, HEADER)
        hidden.write_row(1, 0, ["1", "Ada", "ED"])
        hidden.hide()
    assert len(rows(read(tmp_path / "hidden.xlsx", "Hidden"), RosterRow)) == 1
    assert 'Sheet "Hidden" is hidden' in read(tmp_path / "hidden.xlsx").notes[0]


def test_cells_that_do_not_say_where_they_stand_follow_each_other(write_book: Write, tmp_path: Path) -> None:
    """As some programs write them: the error and the formula are found where they are."""
    honest = write_book({"S": [["x"]]})
    rows_ = (
        b'<row><c t="str"><v>Emp ID</v></c><c t="str"><v>Unit</v></c><c t="str"><v>BLS Exp</v></c></row>'
        b'<row><c t="str"><v>1</v></c><c t="str"><v>ED</v></c><c t="e"><v>#REF!</v></c></row>'
        b'<row r="3"><c r="B3" t="str"><v>ED</v></c><c><f>A1</f></c></row>'
    )
    with zipfile.ZipFile(honest) as old, zipfile.ZipFile(tmp_path / "bare.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                begin, end = content.index(b"<sheetData>") + 11, content.index(b"</sheetData>")
                content = content[:begin] + rows_ + content[end:]
            new.writestr(name, content)
    rejected = read(tmp_path / "bare.xlsx").tables[0].rejected
    assert [(entry.row, entry.column) for entry in rejected] == [(2, "BLS Exp"), (3, "Emp ID")]


def test_what_a_sheet_shows_is_found_also_where_its_first_columns_are_blank(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "indented.xlsx") as book:
        sheet = book.add_worksheet("S")
        sheet.write_row("C3", ["Unit", "Emp ID", "BLS Exp", "ACLS Exp"])
        sheet.merge_range("C4:C5", "ICU")
        sheet.write_column("D4", [4512, 77], book.add_format({"num_format": "000000"}))
        sheet.write_datetime("E4", date(2027, 6, 1), book.add_format({"num_format": "mmm-yy"}))
        sheet.write_formula("F5", "=A0", None, "#REF!")
    reading = read(tmp_path / "indented.xlsx")
    assert [(row.employee_id, row.unit) for row in rows(reading, RosterRow)] == [("004512", "ICU"), ("000077", "ICU")]
    assert [card.stated for card in reading.tables[0].cards] == ["2027-06"]
    assert [(entry.row, entry.column) for entry in reading.tables[0].rejected] == [(5, "ACLS Exp")]


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "filtered.xlsx") as book:
        sheet = book.add_worksheet("S")
        sheet.write_column(0, 0, ["Emp ID", "1", "2", "3"])
        sheet.write_column(0, 1, ["Unit", "ED", "ED", "ED"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})  # with nothing in it
    reading = read(tmp_path / "filtered.xlsx")
    assert len(rows(reading, RosterRow)) == 3
    assert reading.notes == ['Sheet "S" has hidden rows (1), which were read like the others.']


def test_of_sheets_that_cannot_be_used_the_one_nearest_to_a_table_says_what_it_lacks(write_book: Write) -> None:
    path = write_book({"Cover": [["Ask Kay"], ["for", "help"]], "Staff": [["Emp ID", "Name"], ["1", "Ada"]]})
    with pytest.raises(BadInput, match='no column for unit in sheet "Staff"'):
        read(path)


def test_slashed_dates_of_one_sheet_settle_those_of_another(write_book: Write) -> None:
    path = write_book(
        {
            "A": [HEADER, ["1", "Ada", "ED", "04/05/2027"]],
            "B": [HEADER, ["2", "Bo", "ED", "31/05/2027"]],
        }
    )
    assert [card.stated for table in read(path).tables for card in table.cards] == ["2027-05-04", "2027-05-31"]


def test_calamine_is_never_loaded_into_this_process(write_book: Write) -> None:
    read(write_book({"S": [HEADER, ["1", "Ada", "ED", None]]}))
    assert "python_calamine" not in sys.modules
