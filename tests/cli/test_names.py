"""Names as people have them survive every path: in, screen, mail, report, out; a formula leaves as text."""

import csv
import html
import io
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cli.program import POLICY, Program

NAMES = {
    "N1": "Łukasz Żółć-Wiśniewski",
    "N2": "山田 花子",
    "N3": "Brian O'Brien",
    "N4": "Ottilie von der Leyen",
    "N5": "محمد عبد الله الخليفة",
    "N6": "Zoë 🌻 Ní Bhriain",
    "N7": "Nguyễn Thị Ánh",
    "N8": "Wolfe" + "schlegelstein" * 22 + " Max",
    "N9": "<b>Ada</b> & Co",
}
FORMULAS = {"F1": "=1+1", "F2": "+Ann", "F3": "-Bo", "F4": "@Cy"}
HEADER = ["employee_id", "name", "email", "unit", "role", "starts_on", "manager_email"]


def rows(names: dict[str, str]) -> list[list[str]]:
    """Everybody a nurse in intensive care since long ago, with nothing on record: all are out of compliance."""
    boss = "boss@site.example"
    return [[who, name, f"{who.lower()}@site.example", "ICU", "RN", "2020-01-01", boss] for who, name in names.items()]


def as_csv(path: Path, encoding: str, table: list[list[str]]) -> Path:
    """The table as text."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_book(path: Path, table: list[list[str]]) -> Path:
    """The table as a workbook."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(table):
            sheet.write_row(at, 0, row)
    return path


def names_in(text: str) -> dict[str, str]:
    """The names in a list of standings, by employee id."""
    return {row["employee_id"]: row["name"] for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture(params=["utf-8", "utf-8-sig", "utf-16", "xlsx"])
def staffed(request: pytest.FixtureRequest, program: Program) -> Program:
    """A site with these people, brought in by a file of one form."""
    table = [HEADER, *rows(NAMES | FORMULAS)]
    program.ok("policy", "apply", program.file("policy.toml", POLICY))
    path = program.home / ("roster.xlsx" if request.param == "xlsx" else "roster.csv")
    program.ok("import", as_book(path, table) if request.param == "xlsx" else as_csv(path, request.param, table))
    return program


def test_names_reach_the_screen_programs_and_reports_whole(staffed: Program) -> None:
    """As they were written; in a page with nothing that a browser would take for markup."""
    shown = {one["employee_id"]: one["name"] for one in staffed.ok("status", "--format", "json").json}
    assert shown == NAMES | FORMULAS
    table = " ".join(staffed.ok("status").out.split())
    assert all(" ".join(name.split()) in table for who, name in NAMES.items() if who != "N8")
    page = staffed.ok("report", "compliance", "--format", "html").out
    assert all(html.escape(name, quote=False) in page.replace("&#39;", "'") for name in NAMES.values())
    assert "<b>Ada" not in page


def test_what_looks_like_a_formula_leaves_as_text(staffed: Program) -> None:
    """A spreadsheet program that opens the list works nothing out, and the names of people stay as they are."""
    out = names_in(staffed.ok("status", "--format", "csv").out)
    assert out == NAMES | {who: f"'{text}" for who, text in FORMULAS.items()}


def test_names_reach_mails_whole(staffed: Program) -> None:
    """In the text, in the page, and in what managers get; the parts say the same."""
    staffed.ok("remind")
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (staffed.data / "mail/new").glob("*")
    ]
    texts, pages = (
        " ".join(part.get_content() for mail in mails if (part := mail.get_body((kind,)))) for kind in ("plain", "html")
    )
    whole = {who: name for who, name in NAMES.items() if who != "N8"}
    assert [name for name in whole.values() if name not in " ".join(texts.split())] == []
    plain = " ".join(html.unescape(pages).split())
    assert [name for name in whole.values() if name not in plain] == []
    assert "<b>Ada" not in pages


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rejected_rows_come_back_with_their_names(program: Program, form: str) -> None:
    """In a copy of the file, as text, to be put right and imported again."""
    everybody = NAMES | FORMULAS
    bad = [[*row[:5], "2020-02-30", row[6]] for row in rows(everybody)]
    program.ok("policy", "apply", program.file("policy.toml", POLICY))
    path = program.home / f"roster.{form}"
    done = program("import", as_book(path, [HEADER, *bad]) if form == "xlsx" else as_csv(path, "utf-8", [HEADER, *bad]))
    assert done.code == 1, done.err
    (copy,) = (program.data / "rejects").glob("*")
    if form == "csv":
        found = list(csv.reader(io.StringIO(copy.read_text("utf-8-sig"))))
        back = (
            {row[1]: row[2] for row in found[1:]} if found[0][0] != "employee_id" else {r[0]: r[1] for r in found[1:]}
        )
        assert back == NAMES | {who: f"'{text}" for who, text in FORMULAS.items()}
    else:
        sheet = openpyxl.load_workbook(copy).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {str(cell.value) for cell in cells} >= set(NAMES.values())
        assert all(cell.data_type != "f" for cell in cells)
