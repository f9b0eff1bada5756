"""Opens workbooks and PDFs in a process of its own, so that a hostile one can hurt nothing else.

The child has a limit of memory, of processor time, of output and of wall-clock time, an
environment without the program's secrets, and no way to answer but lines of JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from tracker.domain.errors import BadInput
from tracker.intake.excerpt import Line
from tracker.intake.rows import Options, Reading, Wording
from tracker.intake.wire import pack_settings, unpack_cells, unpack_reading

WALL_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
NEW_BOOK = "copy the table into a new workbook, save that and try again"
NEW_PDF = "print it to a new PDF, or take a picture of it"
_START = "import sys; sys.path.append(sys.argv[1]); from tracker.intake.child import main; main()"


def read_book(path: Path, wording: Wording, options: Options) -> Reading:
    """Read a workbook into typed rows.

    Raises:
        BadInput: it cannot be used, or not within the limits.
    """
    with tempfile.TemporaryFile() as answer:
        asked = _Asked(path.name, NEW_BOOK)
        _ask({"task": "read", **_request(path, wording, options)}, asked, answer)
        try:
            return unpack_reading(_lines(asked, answer))
        except _STRANGE:
            raise BadInput(asked.too_much()) from None


def rows_of_book(path: Path, wanted: dict[str, list[int]], wording: Wording, options: Options) -> Iterator[Line]:
    """Give the header and some rows of a workbook's sheets as they stand.

    Raises:
        BadInput: it cannot be used, or not within the limits.
    """
    with tempfile.TemporaryFile() as answer:
        asked = _Asked(path.name, NEW_BOOK)
        _ask({"task": "rows", "wanted": wanted, **_request(path, wording, options)}, asked, answer)
        for line in _lines(asked, answer):
            sheet, row, cells = line["line"]
            yield Line(sheet, row, unpack_cells(cells))


def text_of_pdf(path: Path, name: str) -> str:
    """Give the text of a PDF as it stands on its pages; empty if it has none.

    Args:
        path: where the file lies.
        name: what people call it, for messages.

    Raises:
        BadInput: it wants a password, is damaged, or cannot be read within the limits.
    """
    with tempfile.TemporaryFile() as answer:
        asked = _Asked(name, NEW_PDF)
        _ask({"task": "text", "path": str(path.resolve()), "name": name}, asked, answer)
        try:
            return "".join([line["text"] for line in _lines(asked, answer)])
        except _STRANGE:
            raise BadInput(asked.too_much()) from None


# A child overcome by the file may say anything.
_STRANGE = (KeyError, IndexError, TypeError, ValueError)


class _Asked(NamedTuple):
    """A file that the child is asked about, and what to do where it is overcome by it."""

    name: str
    instead: str

    def too_much(self) -> str:
        return (
            f"{self.name} could not be read with 1 GiB of memory in {WALL_SECONDS} seconds: it is damaged, "
            f"or claims to be far larger than it looks; {self.instead}."
        )


def _request(path: Path, wording: Wording, options: Options) -> dict[str, Any]:
    return {"path": str(path.resolve()), **pack_settings(wording, options)}


def _ask(request: dict[str, Any], asked: _Asked, answer: IO[bytes]) -> None:
    """Run the child to its end; what it writes goes to `answer`."""
    command = [sys.executable, "-I", "-c", _START, str(_ROOT)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode(),
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadInput(asked.too_much()) from None
    if done.returncode != 0:
        raise BadInput(asked.too_much() + _confession(answer))


def _confession(answer: IO[bytes]) -> str:
    """Give what the child said of its end, if it came to say anything: a place in the program."""
    answer.seek(max(0, answer.seek(0, os.SEEK_END) - 1024))
    last = answer.read().rpartition(b'{"failed": ')[2]
    return f" ({last.decode('ascii', 'replace').strip()[1:-2]}.)" if last.endswith(b'"}\n') else ""


def _lines(asked: _Asked, answer: IO[bytes]) -> Iterator[Any]:
    """Give the answer line by line; an error in it is raised, and so is a missing end."""
    answer.seek(0)
    for text in answer:
        line = json.loads(text)
        if "error" in line:
            raise BadInput(line["error"])
        if "end" in line:
            return
        yield line
    raise BadInput(asked.too_much())
