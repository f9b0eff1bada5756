"""A report as page, paper and workbook: each draws the same layout, and paper can be searched and read aloud."""

import io
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pypdfium2
import pytest

from asking.pages import Page
from asking.staffed import TODAY, staffed
from tracker.actions.build_compliance import build_compliance
from tracker.actions.build_exceptions import build_exceptions
from tracker.db.connect import Database
from tracker.domain.scope import EVERYONE
from tracker.domain.standing import Standing
from tracker.reports.as_html import page
from tracker.reports.as_pdf import pdf
from tracker.reports.as_xlsx import xlsx
from tracker.reports.compliance_pages import compliance_pages
from tracker.reports.document import Cell, Column, Document, Picture, Row, Table, Title, Value, Words, said
from tracker.reports.exceptions_pages import exceptions_pages
from tracker.reports.heading import Heading
from tracker.reports.pictures import heat
from tracker.reports.readable import shown
from tracker.reports.tally import Tally

# Polish, Japanese, Arabic, Greek, Vietnamese, Hindi, Thai, Tamil, Korean, and two kinds of Chinese.
NAMES = [
    "Wróblicka, Żaneta",
    "山田 花子",
    "فاطمة الزهراء",
    "Παπαδόπουλος, Γιώργος",
    "Nguyễn Thị Ánh",
    "सुनीता शर्मा",
    "สมชาย ใจดี",
    "கவிதா",
    "김민준",
    "陳大文",
    "陈伟",
]


@pytest.fixture
def layouts(database: Database) -> list[Document]:
    """Both reports about a small site, laid out."""
    staffed(database)
    return [
        compliance_pages(build_compliance(database, EVERYONE, TODAY, None)),
        exceptions_pages(build_exceptions(database, EVERYONE, TODAY, None, 36)),
    ]


@pytest.fixture
def heading(database: Database) -> Heading:
    """The head of a report."""
    return build_compliance(staffed(database), EVERYONE, TODAY, None).heading


def tables_of(document: Document, *, drawn: bool = False) -> list[Table]:
    """The tables of a layout; with those of its drawings."""
    blocks = [block.table if drawn and isinstance(block, Picture) else block for block in document.blocks]
    return [block for block in blocks if isinstance(block, Table)]


def value_of(cell: Value | Cell) -> Value:
    """What a cell holds."""
    return cell.value if isinstance(cell, Cell) else cell


def text_of(content: bytes) -> str:
    """What can be selected in a PDF, as a browser's viewer has it."""
    return "\n".join(pages_of(content))


def pages_of(content: bytes) -> list[str]:
    """What can be selected on each page of a PDF."""
    with pypdfium2.PdfDocument(content) as book:
        return [book[at].get_textpage().get_text_range().replace("\r\n", "\n") for at in range(len(book))]


def test_the_page_draws_every_cell_of_the_layout(layouts: list[Document]) -> None:
    """In its order, a day so that nobody can misread it, a percentage with one decimal; words below their row."""
    for document in layouts:
        for table, drawn in zip(tables_of(document), Page(page(document)).tables, strict=True):
            heads = 2 if any(column.over for column in table.columns) else 1
            rows = [row for row in drawn[heads:] if len(row) == len(table.columns)]
            for row, cells in zip(table.rows, rows, strict=True):
                wanted = [
                    shown(value_of(cell), column.kind) for cell, column in zip(row.cells, table.columns, strict=True)
                ]
                assert [cell.replace("  ", "") for cell in cells] == [cell.replace("\x07\u202e", "") for cell in wanted]
            notes = [row[0] for row in drawn[heads:] if len(row) == 1]
            assert notes == [row.note for row in table.rows if table.note and row.note]


def test_a_workbook_has_a_sheet_a_table_with_real_days_and_figures(layouts: list[Document]) -> None:
    """The header stays in sight, columns can be filtered, and nothing is a formula."""
    for document in layouts:
        book = openpyxl.load_workbook(io.BytesIO(xlsx(document)))
        assert book.sheetnames[0] == "About"
        for table, name in zip(tables_of(document, drawn=True), book.sheetnames[1:], strict=True):
            sheet = book[name]
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref
            written = list(sheet.iter_rows(min_row=2))
            assert len(written) == len(table.rows)
            for row, cells in zip(table.rows, written, strict=True):
                for cell, seen in zip(row.cells, cells, strict=False):
                    assert same(value_of(cell), seen.value)
                    assert seen.data_type != "f"


def same(wanted: Value, seen: Any) -> bool:
    """Whether a cell of a workbook holds a value of the layout."""
    if isinstance(wanted, date):
        return bool(seen == datetime(wanted.year, wanted.month, wanted.day))  # noqa: DTZ001 spreadsheets have no zones
    if isinstance(wanted, str):
        return str(seen or "") == wanted.replace("\x07\u202e", "  ")
    return bool(seen == wanted)


def test_a_workbook_has_the_rates_of_units_and_requirements_as_figures(layouts: list[Document]) -> None:
    """The same as the drawing's, shaded by a scale; whoever falls short is red and bold as well."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(layouts[0])))
    sheet = book["By unit and requirement"]
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == ("Unit", "ACLS in intensive care", "BLS for all")
    assert rows == [("Cafe", None, None), ("ED", None, 0), ("ICU", 33.3, 33.3)]
    ((shaded, (scale,)),) = [(str(each.sqref), each.rules) for each in sheet.conditional_formatting]
    assert (shaded, [float(one.val) for one in scale.colorScale.cfvo]) == ("B2:C4", [70, 85, 95])
    assert [(sheet[cell].font.b, sheet[cell].font.color.rgb) for cell in ("B4", "C4")] == [(True, "FF9A1B14")] * 2
    assert not sheet["A4"].font.b


def test_days_and_figures_of_a_workbook_keep_off_the_next_column(layouts: list[Document]) -> None:
    """A day would otherwise touch the words beside it."""
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(layouts[0])))["Months"]
    for at, side in (("A", "left"), ("B", "right")):
        for row in (1, 2):
            assert (sheet[f"{at}{row}"].alignment.horizontal, sheet[f"{at}{row}"].alignment.indent) == (side, 1)


def test_paper_says_all_that_the_layout_says(layouts: list[Document]) -> None:
    """Every figure and name can be selected, and stands in the order of the layout."""
    for document in layouts:
        text = "".join(text_of(pdf(document).content).split())
        for table in tables_of(document):
            at = 0
            for row in table.rows:
                first = "".join(shown(value_of(row.cells[0]), table.columns[0].kind).split())
                found = text.find(first, at)
                assert found >= 0, first
                at = found


def test_paper_is_tagged_and_says_what_it_is(layouts: list[Document]) -> None:
    """So that it can be read aloud, found by its title, and each page held against the records."""
    for document in layouts:
        book = pypdf.PdfReader(io.BytesIO(pdf(document).content))
        root: Any = book.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/StructTreeRoot"]
        assert root["/Lang"].startswith("en")
        assert b"pdfuaid" in root["/Metadata"].get_data()
        assert book.metadata
        assert book.metadata.title == f"{document.title}: {document.subject}"
        heading = document.heading
        for number, text in enumerate(pages_of(pdf(document).content), 1):
            assert f"Page {number} of {len(book.pages)}" in text
            assert "15 Jun 2026" in text
            assert heading.policy_sha256[:12] in text
            assert f"{heading.trail.entry}:{heading.trail.seal[:12]}" in text


def of_people(heading: Heading, names: list[str]) -> Document:
    """A report of a table of people."""
    columns = [Column("Employee", "word"), Column("Name"), Column("Ends", "day"), Column("Days", "count")]
    rows = [
        Row((f"{at:05}", Cell(name, "name"), date(2028, 6, 30), at), note="BLS (AHA) is valid.")
        for at, name in enumerate(names)
    ]
    return Document(
        "People", "test", heading, [Title("All"), Words(said("Who.")), Table("All", columns, rows, note="Why")]
    )


def test_names_in_every_script_can_be_read_and_selected(heading: Heading) -> None:
    """Each has a font; what is selected is what was typed."""
    made = pdf(of_people(heading, NAMES))
    assert made.missing == ()
    text = text_of(made.content)
    for name in NAMES[:2] + NAMES[3:5] + NAMES[8:]:
        assert name in text
    # Scripts whose letters join or run the other way: a reader gets letters in the order in which they are drawn.
    for name in (NAMES[2], *NAMES[5:8]):
        assert set(name) - set(" \u0e33") <= set(text)


def test_words_of_drawings_are_set_in_every_script(heading: Heading) -> None:
    """Units and requirements have names in any script too; letters that join are joined, and can be selected."""
    titles = {name: name for name in NAMES[:3]}
    tally = Tally(2, 2, 1, Counter({Standing.CURRENT: 1, Standing.EXPIRED: 1}))
    ((svg, words),) = heat({unit: dict.fromkeys(titles, tally) for unit in NAMES[2:]}, titles, 95)
    made = pdf(Document("Rates", "test", heading, [Title("All"), Picture(svg, words)]))
    assert made.missing == ()
    text = text_of(made.content)
    for name in (*NAMES[:2], *NAMES[3:5], "50.0"):
        assert name in text


def test_a_letter_without_a_font_is_a_square_and_is_told(heading: Heading) -> None:
    """Rather than no report at all."""
    made = pdf(of_people(heading, ["Tashi \u0f40", "Ann"]))
    assert made.missing == ("U+0F40",)
    text = text_of(made.content)
    assert "Tashi \N{WHITE SQUARE}" in text
    assert "Ann" in text


def test_a_table_over_many_pages_repeats_its_head_and_splits_no_row(heading: Heading) -> None:
    """A person's facts and the words below them stand on one page."""
    pages = pages_of(pdf(of_people(heading, [f"Person {at}" for at in range(200)])).content)
    assert len(pages) > 3
    for text in pages:
        assert "Employee" in text
        assert text.count("Person ") == text.count("BLS (AHA) is valid.")
    assert sum(text.count("Person ") for text in pages) == 200


def test_names_are_data_on_paper_too(heading: Heading) -> None:
    """What the typesetter would take for a command is text."""
    name = "#panic() *x* $y$ @z <w> \\ `v`"
    assert name in text_of(pdf(of_people(heading, [name])).content)


LARGE = """
from datetime import date
from tracker.domain.scope import EVERYONE
from tracker.reports.as_pdf import pdf
from tracker.reports.document import Column, Document, Row, Table
from tracker.reports.heading import Heading, Trail
heading = Heading(date(2026, 1, 1), None, EVERYONE, "p", "0" * 64, "UTC", 95, Trail(1, "0" * 64, None), 1)
table = Table("Names", [Column("Name")], [Row(("Ada",)) for _ in range(3_000)])
pdf(Document("Large", "p", heading, [table]))
"""


def test_nothing_of_a_report_is_left_behind_by_a_process_that_is_killed(tmp_path: Path) -> None:
    """The typesetter outlives it, and removes what it was given."""
    making = subprocess.Popen([sys.executable, "-c", LARGE], env=os.environ | {"TMPDIR": str(tmp_path)})
    begun = Path(f"/proc/{making.pid}/task/{making.pid}/children")
    _wait_until(lambda: bool(begun.read_text()))
    assert [path.name for path in tmp_path.rglob("*.json")] == ["data.json"]
    making.kill()
    making.wait()
    _wait_until(lambda: not list(tmp_path.iterdir()))


def _wait_until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)
