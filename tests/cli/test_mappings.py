"""What somebody settled of a file's columns is remembered for files with the same headers, and for no others."""

from pathlib import Path

import pytest
import xlsxwriter

from cli.program import Program

# Headers that mean nothing to anybody else.
HEADERS = "Clinician,Course taken,Slot,Until when,Remarks"
ROWS = "1002,BLS,AHA,2027-01-31,knee\n"
MAPS = [
    word
    for pair in ("Clinician=employee_id", "Course taken=type", "Slot=issuer", "Until when=expires_on")
    for word in ("--map", pair)
]


def sheet(program: Program, rows: str = ROWS, name: str = "odd.csv", headers: str = HEADERS) -> Path:
    """A list of cards under odd headers."""
    return program.file(name, f"{headers}\n{rows}")


def test_the_next_file_with_the_same_headers_is_read_without_asking(hospital: Program) -> None:
    """In any case and with other blanks, after a dry run too; and the screen says so."""
    assert hospital("import", sheet(hospital)).code == 2
    hospital.ok("import", sheet(hospital), *MAPS, "--dry-run")
    assert hospital("import", sheet(hospital)).code == 2
    done = hospital.ok("import", sheet(hospital), *MAPS)
    assert "remembered for files with the same headers" in done.out
    later = sheet(hospital, "1003,BLS,AHA,2027-03-31,\n", "later.csv", HEADERS.upper().replace(" ", "  "))
    done = hospital.ok("import", later)
    assert "Columns as confirmed on 2026-01-15: CLINICIAN → employee_id" in done.out
    assert "1 new" in done.out


def test_other_headers_are_as_unknown_as_before(hospital: Program) -> None:
    """One header more, or in another order, is another file."""
    hospital.ok("import", sheet(hospital), *MAPS)
    for headers in (f"{HEADERS},More", "Course taken,Clinician,Slot,Until when,Remarks"):
        assert hospital("import", sheet(hospital, headers=headers)).code == 2


def test_what_the_command_line_says_goes_before_what_is_remembered(hospital: Program) -> None:
    """For one column, leaving the rest; and what is confirmed differently replaces it."""
    hospital.ok("import", sheet(hospital), *MAPS)
    issued = sheet(hospital, "1003,BLS,AHA,2025-12-01,\n", "issued.csv")
    found = hospital.ok("import", issued, "--map", "Until when=issued_on", "--format", "json").json
    assert found["files"][0]["columns"] == {
        "Clinician": "employee_id",
        "Course taken": "type",
        "Slot": "issuer",
        "Until when": "issued_on",
    }
    assert "Until when → issued_on" in hospital.ok("mappings").out
    assert "expires_on" not in hospital.ok("mappings").out


def test_another_column_said_to_be_the_same_field_takes_its_place(hospital: Program) -> None:
    """The remembered one is then not asked about beside it."""
    hospital.ok("import", sheet(hospital), *MAPS)
    file = sheet(hospital, "9,BLS,AHA,2027-03-31,1003\n")
    found = hospital.ok("import", file, "--map", "Remarks=employee_id", "--format", "json").json
    assert found["files"][0]["columns"]["Remarks"] == "employee_id"
    assert "Clinician" not in found["files"][0]["columns"]


def test_the_second_import_changes_nothing(hospital: Program) -> None:
    """With the same words or with none."""
    hospital.ok("import", sheet(hospital), *MAPS)
    before = hospital.content()
    hospital.ok("import", sheet(hospital), *MAPS)
    hospital.ok("import", sheet(hospital))
    assert hospital.content() == before


def test_undo_takes_the_mapping_back_and_puts_the_one_before_back(hospital: Program) -> None:
    """As it does the cards."""
    nothing = hospital.ok("mappings").out
    hospital.ok("import", sheet(hospital), *MAPS)
    first = hospital.ok("mappings").out.partition("2026-01-15")[2]
    hospital.ok("import", sheet(hospital, "1003,BLS,AHA,2025-12-01,\n"), "--map", "Until when=issued_on")
    hospital.ok("import-undo", "3")
    assert hospital.ok("mappings").out.partition("2026-01-15")[2] == first
    hospital.ok("import-undo", "2")
    assert hospital.ok("mappings").out == nothing == "Nothing is remembered yet.\n"
    hospital.ok("audit", "verify")


def test_a_mapping_can_be_forgotten_and_its_import_still_be_undone(hospital: Program) -> None:
    """Once; the file is then as unknown as at first."""
    hospital.ok("import", sheet(hospital), *MAPS)
    assert "forgotten" in hospital.ok("mappings", "forget", "1").out
    assert hospital("import", sheet(hospital)).code == 2
    assert hospital("mappings", "forget", "1").code == 2
    hospital.ok("import-undo", "2")
    hospital.ok("audit", "verify")


def test_undo_does_not_bring_back_what_the_forgotten_mapping_had_replaced(hospital: Program) -> None:
    """Whoever forgot what these headers mean did not want the meaning before; nor does undoing more bring it back."""
    hospital.ok("import", sheet(hospital), *MAPS)
    hospital.ok("import", sheet(hospital, "1003,BLS,AHA,2025-12-01,\n"), "--map", "Until when=issued_on")
    hospital.ok("mappings", "forget", "2")
    for batch in ("3", "2"):
        hospital.ok("import-undo", batch)
        assert hospital.ok("mappings").out == "Nothing is remembered yet.\n"
    hospital.ok("audit", "verify")


def test_nothing_is_remembered_of_an_import_in_which_no_row_went_in(hospital: Program) -> None:
    """The columns may have been settled wrongly."""
    assert hospital("import", sheet(hospital, "nobody,BLS,AHA,2027-01-31,\n"), *MAPS).code == 1
    assert hospital.ok("mappings").out == "Nothing is remembered yet.\n"


def test_neither_values_nor_sensitive_headers_are_kept(hospital: Program) -> None:
    """What stands in the cells, and what a header says that was not understood, is nowhere in the database."""
    headers = f"{HEADERS},Date of Birth"
    file = sheet(hospital, "1002,BLS,AHA,2027-01-31,kneecap,1980-04-01\n", headers=headers)
    hospital.ok("import", file, *MAPS)
    hospital.ok("import", file)
    content = "\n".join(hospital.content())
    assert "Course taken" in content
    assert [word for word in ("Birth", "Remarks", "kneecap", "1980-04-01") if word in content] == []


def test_answers_are_confirmations_too(hospital: Program) -> None:
    """Which of two columns a field is, and what the dates under a credential's name are."""
    text = "Employee ID,Badge Number,Name,BLS\n1002,7,Ben Bo,2027-01-31\n"
    answers = hospital.file("a.toml", '"column:BLS" = "BLS.expires_on"\n')
    file = hospital.file("wide.csv", text)
    assert hospital("import", file).code == 2
    hospital.ok("import", file, "--answers", answers)
    done = hospital.ok("import", file)
    assert "BLS → BLS.expires_on" in done.out


def test_a_kind_that_was_said_is_remembered(hospital: Program) -> None:
    """And another kind said the next time goes before it."""
    file = hospital.file("days.csv", "employee_id,start date,end date\n1006,2025-12-01,2026-02-01\n")
    assert hospital("import", file).code == 2
    hospital.ok("import", file, "--kind", "absences")
    assert hospital.ok("import", file, "--format", "json").json["files"][0]["kind"] == "absences"
    assert hospital("import", file, "--kind", "roster").code == 2


@pytest.mark.parametrize("gap", [0, 3])
def test_a_workbook_is_read_by_it_as_well_and_its_bad_rows_come_back(hospital: Program, gap: int) -> None:
    """The header is found among titles though nothing in it is a known word; the copy of rejected rows is, too."""
    path = hospital.home / "odd.xlsx"

    def write(*rows: tuple[str, ...]) -> Path:
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet("Ward")
            page.write_row(0, 0, ["Our cards"] if gap else [])
            for number, cells in enumerate((tuple(HEADERS.split(",")), *rows), start=gap):
                page.write_row(number, 0, cells)
        return path

    hospital.ok("import", write(("1002", "BLS", "AHA", "2027-01-31")), *MAPS)
    again = write(("1003", "BLS", "AHA", "2027-03-31"), ("9999", "BLS", "AHA", "2027-03-31"))
    done = hospital("import", again, "--rejects", hospital.home / "back")
    assert done.code == 1
    assert 'Columns of sheet "Ward" as confirmed on 2026-01-15' in done.out
    copy = hospital.home / "back" / "odd.rejected.xlsx"
    assert hospital("import", copy, "--format", "json").json["rejected"] == 1


def test_a_type_that_the_policy_has_lost_is_asked_about_again(hospital: Program) -> None:
    """A mapping to it is left aside."""
    file = hospital.file("wide.csv", "Employee ID,Name,Zertifikat\n1002,Ben Bo,2027-01-31\n")
    hospital.ok("import", file, "--map", "Zertifikat=ACLS.expires_on")
    policy = (hospital.home / "policy.toml").read_text()
    start, end = policy.index("[types.ACLS]"), policy.index("[[issuers]]")
    without = policy[:start] + policy[end : policy.index('[[requirements]]\nid = "icu-acls"')]
    hospital.ok("policy", "apply", hospital.file("without.toml", without))
    assert hospital("import", file).code == 2


TRANSCRIPT = "employee_id,type,issued_on\n1002,AHA BLS Provider eCard,2026-01-02\n1002,BLS part 1,2026-01-03\n"
SAID = '"type:AHA BLS Provider eCard" = "BLS"\n"type:BLS part 1" = "none"\n'


def courses(program: Program, rows: str = "", name: str = "courses.csv") -> Path:
    """A list of courses whose types are other words."""
    return program.file(name, TRANSCRIPT + rows)


def test_a_type_in_other_words_is_asked_about_once(hospital: Program) -> None:
    """Also what was said to be none; the screen says what it was taken for, and a dry run remembers nothing."""
    answers = hospital.file("a.toml", SAID)
    hospital.ok("import", courses(hospital), "--answers", answers, "--dry-run")
    assert hospital("import", courses(hospital)).code == 2
    done = hospital.ok("import", courses(hospital), "--answers", answers)
    assert done.out.count("These types are remembered for other files") == 1
    done = hospital.ok("import", courses(hospital, "1003,AHA BLS Provider eCard,2026-01-05\n", "later.csv"))
    assert '"AHA BLS Provider eCard" is BLS, as was answered on 2026-01-15.' in done.out
    assert "Left out, as was answered on 2026-01-15 (1 row): BLS part 1." in done.out
    assert "1 new" in done.out


def test_remembered_types_are_listed_forgotten_and_undone_as_mappings_are(hospital: Program) -> None:
    """By the same commands."""
    hospital.ok("import", courses(hospital), "--answers", hospital.file("a.toml", SAID))
    listed = hospital.ok("mappings").out
    assert "aha bls provider ecard → BLS" in listed
    assert "bls part 1 → none" in listed
    hospital.ok("mappings", "forget", "2")
    asked = hospital("import", courses(hospital), "--format", "json").json["questions"]
    assert [question["id"] for question in asked] == ["type:BLS part 1"]
    hospital.ok("import-undo", "2")
    assert hospital.ok("mappings").out == "Nothing is remembered yet.\n"
    hospital.ok("audit", "verify")


def test_what_is_said_of_a_type_now_takes_the_place_of_what_was_said(hospital: Program) -> None:
    """And undoing that import puts the earlier one back."""
    hospital.ok("import", courses(hospital), "--answers", hospital.file("a.toml", SAID))
    later = hospital.file("b.toml", '"type:BLS part 1" = "BLS"\n')
    hospital.ok("import", courses(hospital), "--answers", later)
    assert "bls part 1 → BLS" in hospital.ok("mappings").out
    hospital.ok("import-undo", "3")
    assert "bls part 1 → none" in hospital.ok("mappings").out


def test_a_remembered_type_that_the_policy_has_lost_is_asked_about_again(hospital: Program) -> None:
    """The words may be about something else by then."""
    hospital.ok("import", courses(hospital), "--answers", hospital.file("a.toml", SAID.replace('"BLS"', '"ACLS"')))
    policy = (hospital.home / "policy.toml").read_text()
    start, end = policy.index("[types.ACLS]"), policy.index("[[issuers]]")
    without = policy[:start] + policy[end : policy.index('[[requirements]]\nid = "icu-acls"')]
    hospital.ok("policy", "apply", hospital.file("without.toml", without))
    assert hospital("import", courses(hospital)).code == 2


def one_type(program: Program, name: str) -> Path:
    """A workbook with a list of cards of one type, on a sheet that nobody gave a name."""
    path = program.home / name
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["employee_id", "issued_on"])
        page.write_row(1, 0, ["1002", "2026-01-02"])
    return path


def test_what_a_list_without_types_is_called_is_never_remembered(hospital: Program) -> None:
    """Next month's file of that name may be of another type, so it is asked about each time."""
    answers = hospital.file("a.toml", '"type:skills fair" = "BLS"\n')
    hospital.ok("import", one_type(hospital, "skills fair.xlsx"), "--answers", answers)
    assert hospital.ok("mappings").out == "Nothing is remembered yet.\n"
    again = hospital("import", one_type(hospital, "skills fair.xlsx"))
    assert (again.code, '"type:skills fair" = "..."' in again.err) == (2, True)


def test_a_sheet_that_nobody_named_says_nothing_of_the_next(hospital: Program) -> None:
    """Whatever was said of one in another file, or of a cell with its name, a list in ACLS.xlsx is of ACLS."""
    answers = hospital.file("a.toml", '"type:skills fair" = "BLS"\n"type:Sheet1" = "BLS"\n"type:ACLS" = "BLS"\n')
    hospital.ok("import", one_type(hospital, "skills fair.xlsx"), "--answers", answers)
    rows = "employee_id,type,issued_on\n1002,Sheet1,2026-01-02\n"
    hospital.ok("import", hospital.file("rows.csv", rows), "--answers", answers)
    assert "sheet1 → BLS" in hospital.ok("mappings").out
    done = hospital.ok("import", one_type(hospital, "ACLS.xlsx"))
    assert "All cards are taken for ACLS, by the name of the list" in done.out


def test_a_column_cannot_be_mapped_twice(hospital: Program) -> None:
    """It is refused with both fields; the same field twice is no harm."""
    twice = ["--map", "Slot=type", "--map", "SLOT=issuer"]
    done = hospital("import", sheet(hospital), *twice)
    assert done.code == 2
    assert "that it is type and that it is issuer; a column is one field" in done.err
    hospital.ok("import", sheet(hospital), *MAPS, "--map", "slot=issuer")
