"""Text files of any usual encoding, delimiter and line ending."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.words import WORDING, Read, rows
from tracker.domain.errors import BadInput
from tracker.intake.reader import read_file
from tracker.intake.rows import Options, RosterRow, UnitRow

ROSTER = "Emp ID,Name,Unit\n0045,Zoë Müller,ED\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_gives_the_same_names(read_text: Read, encoding: str) -> None:
    reading = read_text(ROSTER.encode(encoding))
    assert [row.name for row in rows(reading, RosterRow)] == ["Zoë Müller"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found_even_among_others_within_cells(read_text: Read, delimiter: str) -> None:
    lines = [["unit", "managers"], ["ICU", '"a@x.example;b@x.example;c@x.example"'], ["A|B", '"d@x.example"']]
    text = "\n".join(delimiter.join(cells) for cells in lines).replace("A|B", '"A|B"')
    reading = read_text(text)
    assert [row.unit for row in rows(reading, UnitRow)] == ["ICU", "A|B"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_counts_as_one(read_text: Read, ending: str) -> None:
    [table] = read_text((ROSTER + "0046,Ada,ED\n").replace("\n", ending)).tables
    assert [row.row for row in table.rows] == [2, 3]


def test_a_line_break_within_quotes_is_part_of_the_cell_and_the_row_counts_once(read_text: Read) -> None:
    reading = read_text('Emp ID,"Name\n(Last, First)",Unit\n1,"Doe,\nJo",ED\n2,Ada,ED\n')
    assert [(row.row, row.name) for row in rows(reading, RosterRow)] == [(2, "Doe, Jo"), (3, "Ada")]


def test_the_line_by_which_excel_names_the_delimiter_is_obeyed(read_text: Read) -> None:
    [table] = read_text("sep=;\nEmp ID;Name;Unit\n1;Ada;ED\n").tables
    assert table.rows[0].row == 3


def test_a_quotation_mark_left_open_refuses_the_file_and_names_the_line(read_text: Read) -> None:
    with pytest.raises(BadInput, match="line 3"):
        read_text('Emp ID,Name,Unit\n1,Ada,ED\n2,"Bo,ED\n3,Cy,ED\n')


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and so on", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "no workbook"),
        (b"\n <!DOCTYPE html><table><tr><td>Emp ID</td></tr></table>", "web page"),
        (b"<table><tr><td>Emp ID", "web page"),
        (b"%PDF-1.7", "document"),
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "picture"),
        (b"\x1f\x8b\x08 and so on", "unpack"),
        (b"\x09\x08\x08\x00\x00\x05", "before Excel 97"),
        (b"SQLite format 3\0", "database"),
        (b"From: x\nSubject: y\nMIME-Version: 1.0\n", "web page or mail"),
        (b"\xff\xfe" + "<html><table>".encode("utf-16-le"), "web page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "Excel 2003"),
        (b'<?xml version="1.0"?><office:document office:version="1.2">', "flat OpenDocument"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"),
        (b"TABLE\r\n0,1\r\n", "DIF"),
        (b"Emp ID\0\0\0,Unit", "not readable text"),
        (b"x" * (2 << 20), "a million characters"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(read_text: Read, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read_text(content)
    assert str(caught.value).startswith("sheet.csv")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", ["old.xls", "book.xlsx", "book.csv", "noending"])
def test_a_file_is_what_it_holds_whatever_its_name(read_text: Read, name: str) -> None:
    [row] = rows(read_text(ROSTER.replace(",", "\t"), name), RosterRow)
    assert (row.employee_id, row.unit) == ("0045", "ED")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_are_known_without_a_mark(read_text: Read, encoding: str) -> None:
    assert [row.name for row in rows(read_text(ROSTER.encode(encoding)), RosterRow)] == ["Zoë Müller"]


def test_an_encoding_that_is_only_likely_is_told_with_a_word_to_judge_it_by(read_text: Read) -> None:
    [note] = read_text(ROSTER.encode("cp1252")).notes
    assert '"Zoë Müller"' in note
    assert "CSV UTF-8" in note
    assert read_text(ROSTER).notes == []


def test_one_damaged_letter_does_not_turn_all_others_into_nonsense(read_text: Read) -> None:
    with pytest.raises(BadInput, match="line 3 has a letter that is damaged"):
        read_text(ROSTER.encode() + b"2,Jos\xe9,ED\n")


def test_a_header_that_begins_with_id_is_not_taken_for_an_old_format(read_text: Read) -> None:
    assert len(rows(read_text("ID;Position;Unit\n1;RN;ED\n"), RosterRow)) == 1


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadInput, match="is no file"):
        read_file(tmp_path / "pipe.csv", WORDING, Options())


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be opened"):
        read_file(tmp_path / "gone.csv", WORDING, Options())


def test_a_reading_names_the_file_and_its_hash(read_text: Read) -> None:
    reading = read_text("unit,director\nICU,\n", name="units.csv")
    assert reading.file == "units.csv"
    assert reading.sha256 == hashlib.sha256(b"unit,director\nICU,\n").hexdigest()


_PIECES = (
    "Emp ID|Name|Unit|BLS|BLS Exp|type|expires_on|from|until|\"|'|,|;|\t|\n|\r\n|n/a|1/2/26|13/2/26|Mar-27|1E+11"
    "|=1+1| |\0|é|\u0663|4512".split("|")
)


@given(some.lists(some.sampled_from(_PIECES), max_size=60).map("".join))
def test_whatever_a_text_file_holds_it_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"employee_id,unit\n" + text.encode())
    with suppress(BadInput):  # and nothing else
        read_file(path, WORDING, Options())
