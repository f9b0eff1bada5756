"""What CLI.md promises of imports: keys and counts, questions and what settles them, leavers, undo."""

from pathlib import Path

import pytest
import xlsxwriter

from cli.program import ABSENCES, CARDS, EXEMPTIONS, POLICY, ROSTER, UNITS, Program

KEYS = {"batch", "dry_run", "files", "unmatched", "rows", "questions"}
COUNTS = ("new", "changed", "moved", "leaving", "unchanged", "rejected")
MIXED = CARDS + "1002,BLS,AHA,2026-02-30,,,\n9999,BLS,AHA,2026-01-02,,,\n"


def counts(found: dict[str, int]) -> dict[str, int]:
    """The counts that are not nought."""
    return {name: found[name] for name in COUNTS if found[name]}


def with_policy(program: Program) -> Program:
    """Only the policy in force."""
    program.ok("policy", "apply", program.file("policy.toml", POLICY))
    return program


def test_what_an_import_answers(program: Program) -> None:
    """All keys; counts are rows; each file with its kind and columns; whom no requirement matches."""
    with_policy(program)
    files = [program.file("r.csv", ROSTER), program.file("c.csv", CARDS)]
    found = program.ok("import", *files, "--format", "json").json
    assert found.keys() >= KEYS
    assert (found["batch"], found["dry_run"]) == (1, False)
    assert counts(found) == {"new": 16}
    assert [(each["file"], each["kind"]) for each in found["files"]] == [("r.csv", "roster"), ("c.csv", "cards")]
    assert found["files"][1]["columns"]["expires_on"] == "expires_on"
    assert found["unmatched"] == ["1007"]
    assert found["questions"] == []


def test_the_same_files_twice_change_nothing(hospital: Program) -> None:
    """The second time every row is unchanged, there is no batch, and the database is as before."""
    before = hospital.content()
    texts = {"u": UNITS, "r": ROSTER, "c": CARDS, "a": ABSENCES, "e": EXEMPTIONS}
    files = [hospital.file(f"{name}.csv", text) for name, text in texts.items()]
    found = hospital.ok("import", *files, "--format", "json").json
    assert found["batch"] is None
    assert counts(found) == {"unchanged": 20}
    assert hospital.content() == before


def test_a_dry_run_says_the_same_and_changes_nothing(program: Program) -> None:
    """Counts and rows as in earnest, no batch, no copies of rejected rows, the same exit code."""
    with_policy(program).ok("import", program.file("r.csv", ROSTER))
    file, before = program.file("c.csv", MIXED), program.content()
    dry = program("import", file, "--dry-run", "--format", "json")
    assert program.content() == before
    assert not (program.data / "rejects").exists()
    real = program("import", file, "--format", "json")
    assert dry.code == real.code == 1
    assert (dry.json["batch"], dry.json["dry_run"]) == (None, True)
    assert {**dry.json, "batch": real.json["batch"], "dry_run": False} == real.json


def test_bad_rows_stay_out_and_come_back(program: Program) -> None:
    """Exit 1; the good rows are in; each bad one is named by row, field and reason, and returned in a copy."""
    with_policy(program).ok("import", program.file("r.csv", ROSTER))
    done = program("import", program.file("c.csv", MIXED), "--format", "json", "--rejects", program.home / "back")
    assert done.code == 1
    assert counts(done.json) == {"new": 6, "rejected": 2}
    rows = {row["row"]: row for row in done.json["rows"] if row["outcome"] == "rejected"}
    assert (rows[8]["file"], rows[8]["field"], rows[9]["field"]) == ("c.csv", "issued_on", "employee_id")
    assert "9999" in rows[9]["reason"]
    copy = program.home / "back" / "c.rejected.csv"
    assert str(copy) in done.err
    assert [line.split(",")[0] for line in copy.read_text("utf-8-sig").splitlines()] == ["employee_id", "1002", "9999"]


def test_a_copy_of_rejected_rows_can_be_corrected_and_imported(program: Program) -> None:
    """The column of reasons does not stand in the way."""
    with_policy(program).ok("import", program.file("r.csv", ROSTER))
    program("import", program.file("c.csv", MIXED), "--rejects", program.home)
    copy = program.home / "c.rejected.csv"
    mended = copy.read_text("utf-8-sig").replace("2026-02-30", "2026-01-03").replace("9999", "1003")
    found = program.ok("import", program.file("mended.csv", mended), "--format", "json").json
    assert counts(found) == {"new": 2}


def test_the_table_tells_the_same_to_people(program: Program) -> None:
    """Counts and reasons on standard output, where to find the copies on standard error."""
    with_policy(program).ok("import", program.file("r.csv", ROSTER))
    done = program("import", program.file("c.csv", MIXED))
    assert "6 new" in done.out
    assert "2 rejected" in done.out
    assert "9999" in done.out
    assert "c.rejected.csv" in done.err
    assert "import-undo 2" in done.out


def test_with_several_files_each_stands_alone_and_the_worst_code_counts(program: Program) -> None:
    """Good rows go in beside bad rows and beside a file that cannot be used."""
    with_policy(program)
    good, mixed = program.file("r.csv", ROSTER), program.file("c.csv", MIXED)
    done = program("import", good, mixed, "--dry-run", "--format", "json")
    assert (done.code, counts(done.json)) == (1, {"new": 16, "rejected": 2})
    done = program("import", good, program.file("empty.csv", ""), mixed, "--format", "json")
    assert (done.code, counts(done.json)) == (2, {"new": 16, "rejected": 2})
    assert "empty.csv" in done.err
    assert {row["employee_id"] for row in program.ok("status", "--format", "json").json} >= {"1001", "1010"}


def test_the_order_of_the_files_does_not_matter(program: Program) -> None:
    """Cards named before the roster (`tracker import *.csv`) find the people whom the same command brings."""
    with_policy(program)
    texts = {"absences": ABSENCES, "cards": CARDS, "exemptions": EXEMPTIONS, "roster": ROSTER, "units": UNITS}
    files = [program.file(f"{name}.csv", text) for name, text in texts.items()]
    done = program("import", *files, "--format", "json")
    assert (done.code, counts(done.json)) == (0, {"new": 20})


QUESTIONS = {
    "--date-order": ("employee_id,name,unit,role,starts_on\n2001,New One,ED,RN,03/04/2025\n", "dmy"),
    "--kind": ("Staff ID,Name,Start Date,End Date\n1003,Cyd Cole,2026-01-02,2026-01-20\n", "absences"),
    "--map": (
        "Employee Number,Employee,Home Unit,Job Title,BLS Date\n1003,Cyd Cole,ED,RN,2025-10-08\n",
        "BLS Date=BLS.issued_on",
    ),
    "--other-unit": ("employee_id,name,unit,role,starts_on\n1003,Cyd Cole,ICU,RN,2026-01-10\n", "moved"),
}


@pytest.mark.parametrize("option", QUESTIONS)
def test_a_question_names_the_option_that_settles_it(hospital: Program, option: str) -> None:
    """Until it is settled the exit code is 2 and nothing is changed; then the file goes in."""
    text, answer = QUESTIONS[option]
    file, before = hospital.file("q.csv", text), hospital.content()
    done = hospital("import", file)
    assert done.code == 2
    assert option in done.err
    assert hospital.content() == before
    hospital.ok("import", file, option, answer)
    assert hospital.content() != before


@pytest.mark.parametrize("option", QUESTIONS)
def test_an_answers_file_settles_every_kind_of_question(hospital: Program, option: str) -> None:
    """The question's id with one of its choices, as the JSON gives them."""
    file = hospital.file("q.csv", QUESTIONS[option][0])
    asked = hospital("import", file, "--format", "json")
    assert asked.code == 2
    lines = [f'"{each["id"]}" = "{each["choices"][0]}"\n' for each in asked.json["questions"]]
    done = hospital("import", file, "--answers", hospital.file("answers.toml", "".join(lines)), "--format", "json")
    assert (done.code, done.json["questions"]) == (0, [])


def test_a_question_in_one_file_keeps_no_other_out(hospital: Program) -> None:
    """Each file stands alone: the other one goes in, the code is 2."""
    unclear = hospital.file("q.csv", QUESTIONS["--other-unit"][0])
    clear = hospital.file("c.csv", CARDS.splitlines()[0] + "\n1009,BLS,AHA,2026-01-02,,,\n")
    done = hospital("import", unclear, clear, "--format", "json")
    assert (done.code, counts(done.json)) == (2, {"new": 1})
    assert [each["file"] for each in done.json["questions"]] == ["q.csv"]


def test_who_is_missing_from_a_whole_roster_leaves_if_allowed(hospital: Program) -> None:
    """More than a tenth leaving is refused with the number to allow; then they leave the day before the import's."""
    header, *lines = ROSTER.splitlines()
    kept = [header, *(line for line in lines if ",ED," in line and not line.startswith("1010"))]
    file, before = hospital.file("whole.csv", "\n".join(kept)), hospital.content()
    done = hospital("import", file, "--whole-roster")
    assert done.code == 2
    assert "--allow-leavers 1" in done.err
    assert hospital.content() == before
    found = hospital.ok("import", file, "--whole-roster", "--allow-leavers", "1", "--format", "json").json
    assert counts(found) == {"leaving": 1, "unchanged": 7}
    assert "1010" in next(row["reason"] for row in found["rows"] if row["outcome"] == "leaving")
    assert hospital.ok("status", "--employee", "1010", "--as-of", "2026-01-14", "--format", "json").json
    assert not hospital.ok("status", "--employee", "1010", "--format", "json").json


def test_one_sheet_of_a_workbook_can_be_named(hospital: Program) -> None:
    """`--sheet` takes that sheet and no other; rows are named with it."""
    path = hospital.home / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, day in (("Old", "2025-12-01"), ("New", "2026-01-03")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["employee_id", "type", "issuer", "issued_on"])
            sheet.write_row(1, 0, ["1009", "BLS", "AHA", day])
    found = hospital.ok("import", path, "--sheet", "New", "--format", "json").json
    assert [each["sheet"] for each in found["files"]] == ["New"]
    assert counts(found) == {"new": 1}


def test_an_undone_import_leaves_what_held_before(hospital: Program) -> None:
    """Standings are as before, the list says so, and a second undo is refused."""
    before = hospital.ok("status", "--format", "json").json
    text = ROSTER.replace("1003,Cyd Cole,", "1003,Cyd Cole-Cox,") + "3001,New One,,ED,RN,employee,2025-12-01,,\n"
    number = hospital.ok("import", hospital.file("r2.csv", text), "--format", "json").json["batch"]
    assert hospital.ok("status", "--format", "json").json != before
    hospital.ok("import-undo", str(number), "--dry-run")
    assert hospital.ok("status", "--format", "json").json != before
    hospital.ok("import-undo", str(number))
    assert hospital.ok("status", "--format", "json").json == before
    listed = {line.split()[0]: line for line in hospital.ok("imports").out.splitlines()}
    assert "r2.csv" in listed["2"]
    assert "undone" in listed["2"]
    assert "undone" not in listed["1"]
    assert hospital("import-undo", str(number)).code == 2


@pytest.mark.parametrize("number", ["", "260102001009"])
def test_an_import_whose_files_add_to_each_other_is_undone(hospital: Program, number: str) -> None:
    """What one file of a batch recorded and the next one completed or corrected goes away as a whole."""
    before = hospital.ok("status", "--format", "json").json
    header = CARDS.splitlines()[0]
    first = hospital.file("first.csv", f"{header}\n1009,BLS,AHA,2026-01-02,,,\n")
    second = hospital.file("second.csv", f"{header}\n1009,BLS,AHA,2026-01-02,,{number},2026-01-05\n")
    batch = hospital.ok("import", first, second, "--format", "json").json["batch"]
    assert hospital.ok("status", "--format", "json").json != before
    hospital.ok("import-undo", str(batch))
    assert hospital.ok("status", "--format", "json").json == before
    hospital.ok("audit", "verify")


def test_an_import_on_which_something_builds_is_not_undone(hospital: Program) -> None:
    """Exit 2, what builds on it is listed, nothing is changed."""
    hospital.ok("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02")
    before = hospital.content()
    done = hospital("import-undo", "1")
    assert done.code == 2
    assert "card-record card:7" in done.sentence
    assert hospital.content() == before


def test_an_import_that_does_not_exist(hospital: Program) -> None:
    """Undoing it exits with 2 and says where to look."""
    done = hospital("import-undo", "77")
    assert done.code == 2
    assert "tracker imports" in done.sentence


def test_an_answers_file_that_is_none(hospital: Program, tmp_path: Path) -> None:
    """Text that is no TOML is refused with an example of a line."""
    done = hospital("import", hospital.file("r.csv", ROSTER), "--answers", hospital.file("a.toml", "what?"))
    assert done.code == 2
    assert '"date-order" = "dmy"' in done.sentence


def test_a_column_left_out_is_noted_and_nothing_is_wrong(hospital: Program) -> None:
    """Exit 0, as for any column that is not used; programs read the note as people do."""
    file = hospital.file("matrix.csv", "Emplyee ID,Name,BLS,Exp Date,CPR\n1002,Ben Bo,X,2027-01-31,840412345\n")
    found = hospital.ok("import", file, "--dry-run", "--format", "json").json
    assert [(note["file"], note["text"]) for note in found["notes"]] == [
        ("matrix.csv", '"Emplyee ID" was read as employee_id.'),
        ("matrix.csv", 'Not read: "CPR", as the numbers below may be national numbers.'),
    ]


def test_a_sheet_that_could_not_be_read_is_done_in_part(hospital: Program) -> None:
    """Exit 1, and a note says why, for programs too."""
    path = hospital.home / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {"Cards": ("employee_id,type,issued_on", "1002,BLS,2026-01-02"), "Plan": ("Hello",)}.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row.split(","))
    done = hospital("import", path, "--dry-run", "--format", "json")
    assert (done.code, done.json["new"], done.json["rejected"]) == (1, 1, 0)
    [note] = done.json["notes"]
    assert 'Not read: No header was recognised in sheet "Plan"' in note["text"]


def test_a_copy_that_cannot_be_written_says_what_to_do_and_undoes_nothing(hospital: Program) -> None:
    """The import is in; the sentence names the folder and the way to another copy."""
    folder = hospital.file("taken", "") / "back"
    done = hospital("import", hospital.file("c.csv", MIXED.replace("1001,BLS", "1002,BLS")), "--rejects", folder)
    assert done.code == 1
    assert "is in; 'tracker import-undo" in done.out
    assert f"could not be copied to {folder}: no file can be written there." in done.err
    assert "--rejects, and import the file again" in done.err
    assert "Errno" not in done.err


def test_columns_left_empty_in_a_copy_are_named(hospital: Program) -> None:
    """As nothing of them may be kept, nobody is to think that they are lost."""
    done = hospital("import", hospital.file("c.csv", "employee_id,type,issued_on,SSN\n1002,BLS,soon,123-45-6789\n"))
    assert "Left empty in that copy, as nothing of it may be kept: SSN." in done.err
    [copy] = (hospital.data / "rejects").iterdir()
    assert "6789" not in copy.read_text()
