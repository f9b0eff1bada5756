"""Hostile and broken PDFs are read in bounded time and memory, or refused in a sentence."""

import time
import tomllib
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf.enums import EncryptionMethod

from evidence.certificates import locked, new_ecard, scan
from tracker.domain.errors import BadInput
from tracker.intake import guard

Write = Callable[[bytes], Path]
SECONDS = 30
ROOT = Path(__file__).parents[2]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a PDF."""

    def of(data: bytes) -> Path:
        path = tmp_path / "hostile.pdf"
        path.write_bytes(data)
        return path

    return of


def text_of(path: Path) -> str:
    """The text of a PDF, if it is given within some seconds."""
    start = time.monotonic()
    try:
        return guard.text_of_pdf(path, path.name)
    finally:
        assert time.monotonic() - start < SECONDS


def refusal(path: Path) -> str:
    """The sentence by which a PDF is refused within some seconds."""
    with pytest.raises(BadInput) as caught:
        text_of(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    return sentence


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first being its catalog."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + head + table + tail


def page_of(content: bytes, filters: bytes) -> bytes:
    """A PDF of one page with this drawing."""
    stream = b"<</Length %d/Filter%s>>\nstream\n%s\nendstream" % (len(content), filters, content)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, stream)


def test_a_page_that_unpacks_to_a_gigabyte_has_no_text(write: Write) -> None:
    """Such a page is taken for a picture: its drawing is not unpacked."""
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(b"(A) Tj " * 150_000) for _ in range(1_000)) + packer.flush()
    path = write(page_of(packed, b"/FlateDecode"))
    assert path.stat().st_size < 10 << 20
    assert text_of(path) == ""


def test_a_page_packed_many_times_over_has_no_text(write: Write) -> None:
    data = b"0" * (60 << 20)
    for _ in range(4):
        data = zlib.compress(data, 9)
    assert text_of(write(page_of(data, b"[/FlateDecode/FlateDecode/FlateDecode/FlateDecode]"))) == ""


def test_a_page_of_endless_drawing_ends(write: Write) -> None:
    """Each stroke by itself is honest; there are too many."""
    drawing = zlib.compress(b"BT /F1 1 Tf (x) Tj ET " * 300_000)
    assert text_of(write(page_of(drawing, b"/FlateDecode"))) == ""


def test_a_drawing_that_draws_itself_ends(write: Write) -> None:
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R/B 4 0 R>>>>/Length 12>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Contents 5 0 R>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page,
        form + b"\nstream\n/A Do /B Do \nendstream",
        b"<</Length 6>>\nstream\n/A Do \nendstream",
    )
    assert text_of(write(pdf(*objects))).strip() == ""


@pytest.mark.parametrize("kids", [b"[2 0 R 2 0 R]", b"[3 0 R]"])
def test_pages_that_lead_round_in_a_circle_end(write: Write, kids: bytes) -> None:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 9/Kids%s>>" % kids,
        b"<</Type/Pages/Count 9/Kids[2 0 R]>>",
    )
    refusal(write(pdf(*objects)))


def test_brackets_without_end_are_refused(write: Write) -> None:
    refusal(write(pdf(b"<</Type/Catalog/Pages " + b"[" * 500_000 + b">>")))


@pytest.mark.parametrize("left", [0.02, 0.3])
def test_a_truncated_pdf_is_refused_with_what_to_do(write: Write, left: float) -> None:
    data = new_ecard()
    assert "take a picture" in refusal(write(data[: int(len(data) * left)]))


METHODS = [EncryptionMethod.RC4, EncryptionMethod.AES_128, EncryptionMethod.AES_256]


@pytest.mark.parametrize("method", METHODS)
def test_a_pdf_that_wants_a_password_is_refused(write: Write, method: EncryptionMethod) -> None:
    """However it is encrypted."""
    assert "encrypted" in refusal(write(locked("secret", method)))


@pytest.mark.parametrize("method", METHODS)
def test_a_pdf_that_is_only_kept_from_being_changed_is_read(write: Write, method: EncryptionMethod) -> None:
    """As many digital certificates are."""
    assert "American Heart Association" in text_of(write(locked("", method)))


def test_what_opens_it_is_installed_with_the_program() -> None:
    """The package comes with the tests in any case, so that they alone would not miss it."""
    asked_for = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert [each for each in asked_for if each.startswith("pypdf[crypto]")]
    assert "\ncryptography==" in (ROOT / "requirements.lock").read_text()


def test_a_scan_has_no_text(write: Write) -> None:
    assert text_of(write(scan())).strip() == ""


def test_a_reader_that_hangs_is_ended(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WALL_SECONDS", 1)
    monkeypatch.setattr(guard, "_START", "import time; time.sleep(60)")
    assert "new PDF" in refusal(write(scan()))


@pytest.mark.parametrize("program", ["", "print('{}')", "import os; os.abort()", 'print(\'{"text": 7}\\n{"end": 1}\')'])
def test_an_answer_that_is_not_whole_is_no_answer(write: Write, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(guard, "_START", program)
    refusal(write(scan()))
