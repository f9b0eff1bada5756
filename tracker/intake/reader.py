"""Reads one file of people, cards, absences, exemptions or units."""

import hashlib
from pathlib import Path

from tracker.domain.errors import BadInput
from tracker.intake import guard
from tracker.intake.delimited import Delimited, open_delimited
from tracker.intake.layout import NotATable
from tracker.intake.remembered import Memory
from tracker.intake.rows import Options, Reading, Wording
from tracker.intake.sniff import LOOKED_AT, Form, form_of
from tracker.intake.understand import understand

LARGEST = 100 * 1024 * 1024
"""Bytes of a file; a million cards take up about 70 MB."""

_BLANKS = b" \t\r\n\v\f\xef\xbb\xbf\xff\xfe\0\x1a"
"""Blanks, and what some programs write before a text and after it."""


def read_file(path: Path, wording: Wording, options: Options, name: str = "") -> Reading:
    """Read a file into typed rows, with what was rejected and what must be asked.

    Text files are read here; a spreadsheet in a process of its own, with limits.

    Args:
        path: the file; what it holds says which of the two it is, and not its name.
        wording: what the site's policy calls its types of card.
        options: what is already settled.
        name: what people call the file, if that is not the path's own name.

    Raises:
        BadInput: nothing of the file can be used; the sentence says what to do. It is `NotATable`, with the columns,
            where somebody can say what they are.
    """
    name = name or path.name
    if form_of_file(path, name) == "book":
        return guard.read_book(path, wording, options, name)
    data = load_text(path, name)
    try:
        text = as_delimited(data, Memory(wording, options))
        found = understand([text.sheet(Path(name).stem)], wording, options)
    except NotATable as problem:
        raise NotATable(f"{name}: {problem}", columns=problem.columns) from None
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None
    digest = hashlib.sha256(data).hexdigest()
    notes = [*text.notes(), *found.notes]
    return Reading(name, digest, found.tables, found.questions, notes, found.named, found.unread)


def form_of_file(path: Path, name: str = "") -> Form:
    """Say whether a file is a "book" or "text", by what it holds.

    Raises:
        BadInput: it is neither, or too large, or not there.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadInput(f"{name or path} cannot be opened ({error.strerror}): check its name.") from None
    if path.is_dir():
        raise BadInput(f"{name or path} is a folder: name the files in it.")
    if not path.is_file():
        raise BadInput(f"{name or path} is no file: save the table as a file and name that.")
    if size > LARGEST:
        raise BadInput(f"{name or path.name} is larger than 100 MB: split it and import the parts.")
    return form_of(name or path.name, _load(path, name, LOOKED_AT))


def load_text(path: Path, name: str = "") -> bytes:
    """Load a text file.

    Raises:
        BadInput: there is nothing in it.
    """
    data = _load(path, name)
    if not data.strip(_BLANKS):
        raise BadInput(f"{name or path.name} is empty: check that it was saved.")
    return data


def as_delimited(data: bytes, memory: Memory) -> Delimited:
    """Find out a text file's encoding and delimiter."""
    return open_delimited(data, memory.score)


def _load(path: Path, name: str, size: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise BadInput(f"{name or path} cannot be opened ({error.strerror}): check its name.") from None
