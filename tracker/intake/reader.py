"""Reads one file of people, cards, absences, exemptions or units."""

import codecs
import hashlib
from functools import partial
from pathlib import Path

from tracker.domain.errors import BadInput
from tracker.intake import guard
from tracker.intake.delimited import Delimited, open_delimited
from tracker.intake.header import header_score
from tracker.intake.rows import Options, Reading, Wording
from tracker.intake.understand import understand
from tracker.intake.vocabulary import Vocabulary

TEXT_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt"})
BOOK_ENDINGS = frozenset({".xlsx"})
LARGEST = 100 * 1024 * 1024
"""Bytes of a file; a million cards take up about 70 MB."""

_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")
_SAVE_AS = "open it in a spreadsheet program and save it as .xlsx or .csv"


def read_file(path: Path, wording: Wording, options: Options) -> Reading:
    """Read a file into typed rows, with what was rejected and what must be asked.

    Text files are read here; a spreadsheet in a process of its own, with limits.

    Args:
        path: the file; its ending says which of the two it is.
        wording: what the site's policy calls its types of card.
        options: what is already settled.

    Raises:
        BadInput: nothing of the file can be used; the sentence says what to do.
    """
    if check_ending(path) == "book":
        check_book(path)
        return guard.read_book(path, wording, options)
    data = load_text(path)
    try:
        text = as_delimited(data, Vocabulary(wording, options))
        found = understand([text.sheet()], wording, options)
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}") from None
    digest = hashlib.sha256(data).hexdigest()
    return Reading(path.name, digest, found.tables, found.questions, found.notes, found.named)


def check_ending(path: Path) -> str:
    """Say whether a file is a "book" or "text", by its name's ending.

    Raises:
        BadInput: it is neither, or too large, or not there.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({error.strerror}): check its name.") from None
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name the files in it.")
    ending = path.suffix.casefold()
    if ending not in TEXT_ENDINGS | BOOK_ENDINGS:
        raise BadInput(f"{path.name} cannot be read as it is: {_SAVE_AS}.")
    if size > LARGEST:
        raise BadInput(f"{path.name} is larger than 100 MB: split it and import the parts.")
    return "book" if ending in BOOK_ENDINGS else "text"


def check_book(path: Path) -> None:
    """Refuse what cannot be a workbook before anything looks inside.

    Raises:
        BadInput: the file does not begin as its name says.
    """
    start = _load(path, 8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(
            f"{path.name} is protected by a password, or an old .xls under a new name: "
            "open it, take the password off and save it as .xlsx or .csv."
        )
    if not start.startswith(b"PK"):
        raise BadInput(f"{path.name} is no Excel workbook, whatever its name says: {_SAVE_AS}.")


def load_text(path: Path) -> bytes:
    """Load a text file.

    Raises:
        BadInput: it is something else under a text file's name.
    """
    data = _load(path)
    start = data[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"pk\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput(f"{path.name} is a spreadsheet, not a text file: {_SAVE_AS}.")
    if start.startswith(_MARKUP):
        raise BadInput(f"{path.name} is a web page, not a table: {_SAVE_AS}.")
    if start.startswith((b"%pdf", b"{\\rtf")):
        raise BadInput(f"{path.name} is a document, not a table: save the table as .xlsx or .csv.")
    if not data.strip():
        raise BadInput(f"{path.name} is empty: check that it was saved.")
    return data


def as_delimited(data: bytes, vocabulary: Vocabulary) -> Delimited:
    """Find out a text file's encoding and delimiter."""
    return open_delimited(data, partial(header_score, vocabulary))


def _load(path: Path, size: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({error.strerror}): check its name.") from None
