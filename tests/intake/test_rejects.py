"""The rows that did not go in come back in a file of the same kind, each with its reason."""

import csv
import zipfile
from datetime import date
from pathlib import Path

import pytest

from intake.words import WORDING, Write, rows
from tracker.intake import rejects
from tracker.intake.reader import read_file
from tracker.intake.rejects import keep_rejects, write_rejects
from tracker.intake.rows import Options, RosterRow


def written(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def unzipped(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as book:
        return [book.read(name) for name in book.namelist()]


def test_a_text_file_comes_back_with_its_header_its_delimiter_and_the_reasons(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes("ICU;;\nEmp ID;Name;Unit\n1;Zoë;ED\n;Bo;ED\n3;Cy\n".encode("cp1252"))
    write_rejects(source, target, {(None, 4): "No id; add one.", (None, 5): "No unit."})
    assert written(target, ";") == [
        ["Emp ID", "Name", "Unit", "reason"],
        ["", "Bo", "ED", "No id; add one."],
        ["3", "Cy", "", "No unit."],
    ]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x", "\tx", '=HYPERLINK("x")'])
def test_a_text_that_looks_like_a_formula_stays_a_text_and_reads_the_same_again(tmp_path: Path, formula: str) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    with source.open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["Emp ID", "Name", "Unit"], ["1", f"{formula}", "ED"]])
    write_rejects(source, target, {(None, 2): "-"})
    assert written(target, ";")[1] == ["1", f"'{formula}", "ED", "'-"]
    again = rows(read_file(target, WORDING, Options()), RosterRow)
    assert [row.name for row in again] == [formula.strip()]


def test_an_exemptions_own_reason_is_not_mistaken_for_ours(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("employee_id,requirement,from,until,reason\n1,acls,2026-01-01,,hand\n")
    write_rejects(source, target, {(None, 2): "No end."})
    assert written(target)[0][-2:] == ["reason", "rejected because"]
    assert read_file(target, WORDING, Options()).questions == []


def test_a_workbook_comes_back_as_one_that_can_be_put_right_and_read_again(write_book: Write, tmp_path: Path) -> None:
    header = ["Emp ID", "Name", "Unit", "Hire Date", "BLS Exp", "Code"]
    path = write_book(
        {
            "A": [
                ["Tracker"],
                header,
                ["1", "Ada", "ED", None, None],
                ["=2", "Bo", "ED", date(2020, 2, 29), "soon", 7],
            ],
            "B": [header, ["3", "Cy", None, None, "2027-01"]],
        }
    )
    target = tmp_path / "out.xlsx"
    write_rejects(path, target, {("A", 4): "No date.", ("B", 2): "No unit."}, WORDING, Options())
    again = read_file(target, WORDING, Options())
    assert [(table.sheet, table.ignored) for table in again.tables] == [
        ("A", ["Code", "reason"]),
        ("B", ["Code", "reason"]),
    ]
    [bo] = rows(again, RosterRow)
    assert (bo.row, bo.employee_id, bo.starts_on) == (2, "=2", date(2020, 2, 29))
    assert [entry.column for table in again.tables for entry in table.rejected] == ["BLS Exp", "Unit"]


def test_two_rows_of_header_come_back_as_two(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("Emp ID,Unit,BLS,\n,,Issued,Expires\n1,ED,x,2027-01\n")
    write_rejects(source, target, {(None, 3): "No date."}, WORDING, Options())
    assert [line[-1] for line in written(target)] == ["", "reason", "No date."]


def test_the_copy_is_for_its_owner_only_and_replaces_an_older_one(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("Emp ID,Unit\n,ED\n")
    target.write_text("older")
    target.chmod(0o644)
    write_rejects(source, target, {(None, 2): "No id."})
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_copy_in_a_folder_is_never_written_over_and_serves_again_if_nothing_changed(tmp_path: Path) -> None:
    """The same rows and reasons: the same file. One that somebody has begun to mend stays beside the next."""
    source = tmp_path / "in.csv"
    source.write_text("Emp ID,Unit\n,ED\n")
    reasons = ("No id.", "No id.", "Another.", "Another.", "No id.")
    names = [keep_rejects(source, tmp_path, {(None, 2): reason}, WORDING, Options()).path.name for reason in reasons]
    assert names == ["in.rejected.csv", "in.rejected.csv", "in.rejected2.csv", "in.rejected2.csv", "in.rejected.csv"]
    (tmp_path / "in.rejected.csv").write_text("mended")
    assert keep_rejects(source, tmp_path, {(None, 2): "No id."}, WORDING, Options()).path.name == "in.rejected3.csv"
    assert (tmp_path / "in.rejected.csv").read_text() == "mended"


def test_sheets_keep_names_that_excel_takes() -> None:
    """Other programs allow longer ones and more signs; two that come out alike are told apart."""
    taken: set[str] = set()
    long = "ICU/CCU [night] " + "x" * 40
    found = [rejects._sheet_name(name, taken) for name in ("ICU", "icu", "'ICU'", long, long, "''")]
    cut = "ICU_CCU _night_ " + "x" * 11
    assert found == ["ICU", "icu 2", "ICU 3", f"{cut}xxxx", f"{cut} 2", "Sheet"]


PRIVATE = "Emp ID,Unit,SSN (last 4),DOB,Diagnosis,Initial Password,Notes\n,ED,6789,1980-04-01,asthma,Brigid26,busy\n"


def test_of_columns_that_are_never_kept_the_copy_has_the_headers_alone(tmp_path: Path) -> None:
    """And their names are given, to be told; other columns that are not used come back."""
    source = tmp_path / "in.csv"
    source.write_text(PRIVATE)
    copy = keep_rejects(source, tmp_path, {(None, 2): "No id."}, WORDING, Options())
    assert copy.emptied == ["SSN (last 4)", "DOB", "Diagnosis", "Initial Password"]
    assert written(copy.path) == [
        ["Emp ID", "Unit", *copy.emptied, "Notes", "reason"],
        ["", "ED", "", "", "", "", "busy", "No id."],
    ]


def test_in_a_workbook_too_and_where_numbers_may_be_national(write_book: Write, tmp_path: Path) -> None:
    path = write_book({"A": [["Staff No", "CPR", "Dept"], ["1", "840412345", "ED"], ["2", "900101234", None]]})
    target = tmp_path / "out.xlsx"
    write_rejects(path, target, {("A", 3): "No unit."}, WORDING, Options())
    again = keep_rejects(target, tmp_path, {("A", 2): "No unit."}, WORDING, Options())
    assert b"900101234" not in b"".join(unzipped(target))
    assert again.emptied == []


@pytest.mark.parametrize("header", ["Reason", "Grund", "Type of leave"])
def test_the_reason_of_a_leave_is_left_out_whatever_it_is_called(tmp_path: Path, header: str) -> None:
    """What the list says of people and days comes back."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"employee_id,Name,from,Back,{header}\n1,Ada Wren,soon,2026-05-01,knee\n2,Bo,2026-04-01,,back\n")
    write_rejects(source, target, {(None, 2): "No date."}, WORDING, Options())
    assert written(target)[1] == ["1", "Ada Wren", "soon", "2026-05-01", "", "No date."]


def test_one_date_among_the_reasons_of_leaves_frees_none_of_them(tmp_path: Path) -> None:
    """A column comes back if most of its cells are dates."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "employee_id,from,Note,Called\n1,soon,knee,2026-03-01\n2,2026-04-01,2026-05-01,\n3,2026-04-01,flu,x\n"
    )
    write_rejects(source, target, {(None, 2): "No date."}, WORDING, Options())
    assert written(target)[1] == ["1", "soon", "", "2026-03-01", "No date."]


PRIVATE_EVERYWHERE = [
    "Leave reason",
    "Reason for leave",
    "Reason given",
    "Health notes",
    "Sick note",
    "LOA type",
    "Motif",
]


@pytest.mark.parametrize("header", PRIVATE_EVERYWHERE)
@pytest.mark.parametrize("lists", ["Emp ID,Unit", "employee_id,type,issued_on", "employee_id,requirement,from,until"])
def test_reasons_leave_and_health_are_left_out_of_every_kind_of_list(tmp_path: Path, lists: str, header: str) -> None:
    """Whatever else the list is of."""
    source = tmp_path / "in.csv"
    cells = len(lists.split(","))
    source.write_text(f"{lists},{header},Notes\n{','.join('x' * cells)},knee,busy\n")
    copy = keep_rejects(source, tmp_path, {(None, 2): "Wrong."}, WORDING, Options())
    assert (copy.emptied, written(copy.path)[1]) == ([header], [*"x" * cells, "", "busy", "Wrong."])


def test_the_reason_of_an_exemption_comes_back(tmp_path: Path) -> None:
    """It is recorded, too."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("employee_id,requirement,from,until,reason\n1,acls,2026-01-01,,hand\n")
    write_rejects(source, target, {(None, 2): "No end."}, WORDING, Options())
    assert written(target)[1] == ["1", "acls", "2026-01-01", "", "hand", "No end."]


def test_the_same_is_left_out_where_the_sheet_is_not_understood_again(tmp_path: Path) -> None:
    """As by options that are others by now."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("Emp ID,Unit,CPR,Diagnosis,Reason\n,ED,900101234,asthma,knee\n")
    write_rejects(source, target, {(None, 2): "No id."}, WORDING, Options(kind="cards"))
    assert written(target)[1] == ["", "ED", "", "", "", "No id."]


def test_in_a_row_that_is_too_long_all_from_such_a_column_on_is_left_out(tmp_path: Path) -> None:
    """Its cells may have slipped to the right."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("Emp ID,Unit,SSN,Role\n1,ICU, West,123-45-6789,RN\n")
    write_rejects(source, target, {(None, 2): "Too long."}, WORDING, Options())
    assert written(target)[1] == ["1", "ICU", "", "", "", "Too long."]
