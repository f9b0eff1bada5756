"""What an import shows to people: what needs them first, and the harmless in few lines."""

from pathlib import Path

import pytest
import xlsxwriter

from cli.program import POLICY, Program

ROSTER = "employee_id,name,unit,role,starts_on\n"
CARDS = "employee_id,type,issuer,issued_on,expires_on,number\n"
AGENCY = """
[[requirements]]
id = "agency"
title = "BLS of agency staff"
any_of = ["BLS"]
employment_types = ["agency"]
"""
NURSES = [f"20{number:02}" for number in range(60)]


@pytest.fixture
def crowd(program: Program) -> Program:
    """Sixty nurses, each with a card of which neither issuer nor number is known."""
    program.ok("policy", "apply", program.file("policy.toml", POLICY))
    people = "".join(f"{each},N {each},ED,RN,2020-01-01\n" for each in NURSES)
    cards = "".join(f"{each},BLS,,2025-01-02,,\n" for each in NURSES)
    program.ok("import", program.file("r.csv", ROSTER + people), program.file("c.csv", CARDS + cards))
    return program


def told(out: str) -> list[tuple[str, str]]:
    """The lines of the table: the outcome and the rest after it."""
    lines = [line for line in out.splitlines() if line.startswith("c2.csv ") and "  " in line]
    outcomes = ("rejected", "moved", "new", "changed")
    return [(each, line.partition(f" {each} ")[2]) for line in lines for each in outcomes if f" {each} " in line]


def second(issuer: str, *more: str) -> str:
    """The cards again with an issuer and numbers, and other lines below."""
    lines = [f"{each},BLS,{issuer},2025-01-02,,2501020{each}0\n" for each in NURSES]
    return CARDS + "".join(lines) + "".join(f"{line}\n" for line in more)


def test_what_needs_somebody_comes_first(crowd: Program) -> None:
    """Rejected rows, then doubts, then what changed, however many rows changed above them in the file."""
    text = second("AHA", "2001,ACLS,Acme CPR,2025-01-02,2027-01-02,", "9999,BLS,AHA,2025-01-02,,")
    done = crowd("import", crowd.file("c2.csv", text))
    outcomes = [outcome for outcome, _ in told(done.out)]
    assert outcomes == ["rejected", "new", "changed", "changed"]
    assert "Nobody with the employee id 9999" in done.out
    assert "does not list the issuer 'Acme CPR'" in done.out
    assert "more; --format json" not in done.out


def test_changes_of_a_kind_are_one_line(crowd: Program) -> None:
    """The same new value for many, and a field that is new for many; JSON keeps every row."""
    file = crowd.file("c2.csv", second("AHA"))
    dry = crowd.ok("import", file, "--dry-run", "--format", "json").json
    assert len(dry["rows"]) == 120
    assert set(dry["rows"][0]) == {"file", "sheet", "row", "outcome", "field", "reason"}
    out = crowd.ok("import", file).out
    assert "issuer: nothing → AHA for 60 cards." in out
    assert "number: nothing → a value for 60 cards." in out
    assert len(told(out)) == 2


def test_a_few_changes_are_told_one_by_one(crowd: Program) -> None:
    """Who has another name now can be seen."""
    renamed = "".join(f"{each},Other {each},ED,RN,2020-01-01\n" for each in NURSES[:5])
    out = crowd.ok("import", crowd.file("c2.csv", ROSTER + renamed)).out
    assert "2000: N 2000 → Other 2000." in out
    assert len(told(out)) == 5


def test_many_doubts_of_a_kind_are_one_line(crowd: Program) -> None:
    """An issuer that the policy does not list, on sixty new cards."""
    lines = "".join(f"{each},ACLS,Acme CPR,2025-01-02,2027-01-02,\n" for each in NURSES)
    [(outcome, rest)] = told(crowd.ok("import", crowd.file("c2.csv", CARDS + lines)).out)
    assert outcome == "new"
    assert "'Acme CPR'" in rest
    assert "60 rows, the first is 2" in rest


def test_the_last_line_counts_cells_that_were_left_out(crowd: Program) -> None:
    """Where only cells were rejected, the exit code is 1 and the line says so."""
    text = "Emp ID,Unit,Role,BLS Exp,ACLS Exp\n2001,ED,RN,soon,booked\n2002,ED,RN,2027-01,never\n2003,ED,RN,2027-01,\n"
    done = crowd("import", crowd.file("c2.csv", text))
    assert done.code == 1
    assert "0 rejected, 3 cells left out." in done.out


def test_no_cell_is_counted_twice(crowd: Program) -> None:
    """A row that is rejected is a row; with nothing left out the line says nothing of cells."""
    done = crowd("import", crowd.file("c2.csv", CARDS + "9999,BLS,AHA,2025-01-02,,1E+11\n"))
    assert "1 rejected." in done.out


@pytest.mark.parametrize("name", ["c2.csv", "c2.xlsx"])
def test_the_same_rejected_rows_leave_one_copy(crowd: Program, name: str) -> None:
    """Every month the same file: the same copy serves again; other rows make another, and nothing is written over."""
    written(crowd.home / name, "9999", "9998")
    assert all("c2.rejected." in crowd("import", crowd.home / name).err for _ in range(3))
    folder = crowd.data / "rejects"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(before) == 1
    written(crowd.home / name, "9999")
    assert "c2.rejected2." in crowd("import", crowd.home / name).err
    assert len([*folder.iterdir()]) == 2
    assert all((folder / each).read_bytes() == content for each, content in before.items())


def written(path: Path, *people: str) -> None:
    """A list of cards of these people, as text or as a workbook."""
    rows = [CARDS.strip().split(","), *([each, "BLS", "AHA", "2025-01-02", "", ""] for each in people)]
    if path.suffix == ".csv":
        path.write_text("\n".join(map(",".join, rows)))
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Cards")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def test_a_file_that_waits_leaves_no_copy(crowd: Program) -> None:
    """Cards of people whom only a roster with a question brings: exit 2, one sentence, no reject, nothing changed."""
    before = crowd.content()
    roster = crowd.file("hr.csv", ROSTER + "3001,A B,ED,RN,03/04/2025\n3002,C D,ED,RN,04/05/2025\n")
    cards = crowd.file("theirs.csv", CARDS + "3001,BLS,AHA,2025-01-02,,\n3002,BLS,AHA,2025-01-02,,\n")
    done = crowd("import", roster, cards, "--format", "json")
    assert (done.code, done.json["rejected"], crowd.content()) == (2, 0, before)
    assert "theirs.csv names people whom only hr.csv brings (3001 and 1 more)" in done.err
    assert not (crowd.data / "rejects").exists()
    assert crowd("import", roster, cards, "--date-order", "dmy").code == 0


def test_an_open_question_is_no_plan_of_nothing(crowd: Program) -> None:
    """It says how many are open, and not that no row is new; of other files it still counts the rows."""
    open_ = crowd.file("hr.csv", ROSTER + "3001,A B,ED,RN,03/04/2025\n")
    out = crowd("import", open_, "--dry-run").out
    assert "Nothing was taken in yet, as 1 question is open" in out
    assert "Rows:" not in out
    other = crowd.file("c2.csv", CARDS + "2001,ACLS,AHA,2025-01-02,,\n")
    out = crowd("import", open_, other, "--dry-run").out
    assert "1 new" in out
    assert "Of the other files nothing was taken in yet: 1 question is open." in out


def test_what_nothing_knows_is_named(crowd: Program) -> None:
    """Units that come into being and roles that no requirement names, on the screen and in the JSON."""
    file = crowd.file("n.csv", ROSTER + "3001,New Nora,Chapel,RM,\n3002,New Ned,Chapel,RM,\n")
    out = crowd.ok("import", file, "--dry-run").out
    assert "Units that were not on record: Chapel (2 people)." in out
    assert "Roles that no requirement names: RM (2 people)." in out
    found = crowd.ok("import", file, "--format", "json").json
    assert found["new_units"] == [{"unit": "Chapel", "people": 2}]
    assert found["unknown_roles"] == [{"role": "RM", "people": 2}]


def test_people_without_an_employment_type_are_told(crowd: Program) -> None:
    """With what is asked of them for that reason, on the screen and in the JSON."""
    crowd.ok("policy", "apply", crowd.file("more.toml", POLICY + AGENCY))
    file = crowd.file("n.csv", ROSTER + "3001,New Nora,ED,RN,\n3002,New Ned,ED,RN,\n")
    out = crowd.ok("import", file, "--dry-run").out
    assert "2 people without an employment type; asked of them too: BLS of agency staff (2 people)." in out
    found = crowd.ok("import", file, "--format", "json").json
    assert found["untyped"] == [{"requirement": "agency", "people": 2}]


def test_a_slip_of_a_unit_is_settled_by_an_answer(crowd: Program) -> None:
    """The command ends with 2 and prints the line; with it in an answers file it ends with 0."""
    crowd.ok("import", crowd.file("n.csv", ROSTER + "3001,New Nora,Telemetry,RN,\n"))
    slip = crowd.file("s.csv", ROSTER + "3002,New Ned,Telemetery,RN,\n")
    asked = crowd("import", slip)
    assert (asked.code, "Answer Telemetry or new or skip" in asked.err) == (2, True)
    assert '"unit:Telemetery" = "..." in an --answers file' in asked.err
    answers = crowd.file("a.toml", '"unit:Telemetery" = "Telemetry"\n')
    assert crowd.ok("import", slip, "--answers", answers, "--format", "json").json["new_units"] == []
