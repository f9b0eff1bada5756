"""Hostile and broken workbooks are refused in bounded time and memory, in a sentence."""

import os
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import xlsxwriter

from intake.words import WORDING, Write
from tracker.domain.errors import BadInput
from tracker.intake import guard
from tracker.intake.reader import read_file
from tracker.intake.rows import Options

MEGABYTE = 1 << 20
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
Rewrite = Callable[[str, Iterable[bytes]], Path]


@pytest.fixture
def book(write_book: Write) -> Path:
    """An honest workbook."""
    return write_book({"S": [["Emp ID", "Unit"], ["1", "ED"]]})


@pytest.fixture
def rewrite(book: Path) -> Rewrite:
    """Make a copy of the honest workbook with another content of one part."""

    def write(part: str, content: Iterable[bytes]) -> Path:
        path = book.with_name("hostile.xlsx")
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for info in old.infolist():
                if info.filename != part:
                    new.writestr(info, old.read(info))
            with new.open(part, "w", force_zip64=True) as file:
                for piece in content:
                    file.write(piece)
        return path

    return write


def refusal(path: Path) -> str:
    """Read a file that must be refused, within the seconds that any reading may take."""
    start = time.monotonic()
    with pytest.raises(BadInput) as caught:
        read_file(path, WORDING, Options())
    assert time.monotonic() - start < guard.WALL_SECONDS
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert sentence.endswith(".")
    return sentence


def test_one_cell_in_the_farthest_corner_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "far.xlsx") as far:
        sheet = far.add_worksheet()
        sheet.write_row(0, 0, ["Emp ID", "Unit"])
        sheet.write_string("XFD1048576", "x")
    assert "900 MB" in refusal(tmp_path / "far.xlsx")


def test_a_text_that_unpacks_to_more_than_the_memory_is_refused(rewrite: Rewrite) -> None:
    path = rewrite(
        "xl/sharedStrings.xml",
        [b"<sst " + MAIN + b"><si><t>", *[b"A" * MEGABYTE] * 700, b"</t></si></sst>"],
    )
    assert path.stat().st_size < 5 * MEGABYTE
    assert "900 MB" in refusal(path)


def test_a_sheet_that_unpacks_to_more_cells_than_the_memory_holds_is_refused(rewrite: Rewrite) -> None:
    row = b"<row>" + b'<c t="b"><v>1</v></c>' * 16_000 + b"</row>"
    path = rewrite(
        "xl/worksheets/sheet1.xml",
        [b"<worksheet " + MAIN + b"><sheetData>", *[row] * 2_000, b"</sheetData></worksheet>"],
    )
    assert "900 MB" in refusal(path)


def test_entities_that_grow_are_refused(book: Path, rewrite: Rewrite) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9)
    )
    honest = zipfile.ZipFile(book).read("xl/workbook.xml")
    hostile = honest.replace(b"<workbook", entities + b"]><workbook", 1).replace(b'name="S"', b'name="&j;"')
    refusal(rewrite("xl/workbook.xml", [hostile]))


@pytest.mark.parametrize("left", [0.1, 0.5, 0.99])
def test_a_truncated_workbook_is_refused(book: Path, left: float) -> None:
    data = book.read_bytes()
    book.write_bytes(data[: int(len(data) * left)])
    assert "damaged" in refusal(book)


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(18)])
def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "no.xlsx").write_bytes(content)
    refusal(tmp_path / "no.xlsx")


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("EncryptedPackage", "password"),
        ("WordDocument", "text document"),
        ("PowerPoint Document", "presentation"),
        ("__nameid_version1.0", "mail"),
        ("Anything", "no workbook"),
        ("Workbook", "damaged"),
    ],
)
def test_what_an_older_program_saved_is_named(tmp_path: Path, stream: str, said: str) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + stream.encode("utf-16-le"))
    assert said in refusal(tmp_path / "no.xlsx")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"word/document.xml": b""}, "text document"),
        ({"ppt/presentation.xml": b""}, "presentation"),
        ({"Index/Document.iwa": b""}, "Numbers"),
        ({"roster.csv": b"Emp ID,Unit"}, "unpack it"),
        ({"inner.xlsx": b"PK", "more.zip": b"PK"}, "unpack it"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "another document"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "damaged"),
    ],
)
def test_an_archive_of_something_else_is_named(tmp_path: Path, parts: dict[str, bytes], said: str) -> None:
    with zipfile.ZipFile(tmp_path / "no.xlsx", "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    assert said in refusal(tmp_path / "no.xlsx")


def test_a_child_that_hangs_is_ended(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WALL_SECONDS", 1)
    monkeypatch.setattr(guard, "_START", "import time; time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(BadInput, match="in 1 seconds"):
        read_file(book, WORDING, Options())
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("program", ["", "print('{}')", "import os; os.abort()", "print('{\"end\": true'); exit(1)"])
def test_an_answer_that_is_not_whole_is_no_answer(book: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(guard, "_START", program)
    with pytest.raises(BadInput):
        read_file(book, WORDING, Options())


def test_the_child_is_told_no_secret(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "made up")
    monkeypatch.setattr(guard, "_START", "import os, sys; sys.exit('TRACKER_SECRET_KEY' in os.environ)")
    with pytest.raises(BadInput, match="could not be read"):
        read_file(book, WORDING, Options())
    assert "TRACKER_SECRET_KEY" in os.environ
    assert "TRACKER_SECRET_KEY" not in guard.ENVIRONMENT


def test_an_error_of_the_program_is_named_without_a_word_of_the_file(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = guard._START.replace("main()", "main.__globals__.pop('understand'); main()")
    monkeypatch.setattr(guard, "_START", broken)
    with pytest.raises(BadInput, match=r"\(NameError in child\.py, line \d+\.\)$"):
        read_file(book, WORDING, Options())


def test_a_sheet_named_like_our_own_marks_comes_back_whole(write_book: Write) -> None:
    path = write_book({"end": [["Emp ID", "Unit"], ["1", None]]})
    lines = list(guard.rows_of_book(path, path.name, {"end": [2]}, WORDING, Options()))
    assert [(line.sheet, line.row, line.cells) for line in lines] == [
        ("end", None, ["Emp ID", "Unit"]),
        ("end", 2, ["1", ""]),
    ]


def test_a_text_file_of_wrong_rows_only_is_given_up_in_time(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("employee_id,unit\n" + "1,\n" * 100_100 + "2,ED\n")
    assert "over 100,000 rows" in refusal(path)


def test_a_text_file_of_endless_columns_is_refused_in_time(tmp_path: Path) -> None:
    path = tmp_path / "broad.csv"
    path.write_text("\n".join(["a" + "1,b" * 300_000] * 20))
    assert "No header" in refusal(path)


def test_a_protected_open_document_is_refused(tmp_path: Path) -> None:
    """Its parts are encrypted one by one, and only its list of parts says so."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    namespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    path = tmp_path / "locked.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f"""<manifest:manifest xmlns:manifest="{namespace}" manifest:version="1.3">
            <manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>
            <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9">
            <manifest:encryption-data manifest:checksum="AA=="/></manifest:file-entry></manifest:manifest>""",
        )
        archive.writestr("content.xml", os.urandom(500))
    assert "protected by a password" in refusal(path)
