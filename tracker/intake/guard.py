"""Opens workbooks and PDFs in a process of its own, so that a hostile one can hurt nothing else.

The child has a limit of memory, of processor time, of output and of wall-clock time, an
environment without the program's secrets, and no way to answer but lines of JSON. They are
taken up as they come: the child types the next rows while these are unpacked.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

import orjson

from tracker.domain.errors import BadInput
from tracker.intake.excerpt import Line
from tracker.intake.layout import NotATable
from tracker.intake.rows import Heading, Options, Reading, Wording
from tracker.intake.wire import pack_settings, unpack_cells, unpack_reading

WALL_SECONDS = 50
"""So that a command with one file, its own work included, ends within a minute."""

_LONGEST_LINE = 128 << 20  # bytes
_LONGEST_ANSWER = 512 << 20
_ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
ENVIRONMENT["MALLOC_ARENA_MAX"] = "1"  # a second arena would claim memory that nobody uses

NEW_BOOK = "copy the table into a new workbook, save that and try again"
NEW_PDF = "print it to a new PDF, or take a picture of it"
_START = "import sys; sys.path.append(sys.argv[1]); from tracker.intake.child import main; main()"
# A child overcome by the file may say anything.
_STRANGE = (KeyError, IndexError, TypeError, ValueError)


class _File(NamedTuple):
    """A file that the child is asked about, and what to do where it is overcome by it."""

    name: str
    instead: str

    def too_much(self) -> str:
        return (
            f"{self.name} could not be read with 900 MB of memory in {WALL_SECONDS} seconds: it is damaged, "
            f"or claims to be far larger than it looks; {self.instead}."
        )


def read_book(path: Path, wording: Wording, options: Options, name: str) -> Reading:
    """Read a workbook, which people call `name`, into typed rows.

    Raises:
        BadInput: it cannot be used, or not within the limits.
    """
    file = _File(name, NEW_BOOK)
    with _asked({"task": "read", **_request(path, name, wording, options)}, file) as lines:
        try:
            return unpack_reading(lines)
        except _STRANGE:
            raise BadInput(file.too_much()) from None


def rows_of_book(
    path: Path, name: str, wanted: dict[str, list[int]], wording: Wording, options: Options
) -> Iterator[Line]:
    """Give the header and some rows of a workbook's sheets as they stand.

    Raises:
        BadInput: it cannot be used, or not within the limits.
    """
    file = _File(name, NEW_BOOK)
    with _asked({"task": "rows", "wanted": wanted, **_request(path, name, wording, options)}, file) as lines:
        for line in lines:
            sheet, row, cells, emptied = line["line"]
            yield Line(sheet, row, unpack_cells(cells), tuple(emptied))


def text_of_pdf(path: Path, name: str) -> str:
    """Give the text of a PDF as it stands on its pages; empty if it has none.

    Args:
        path: where the file lies.
        name: what people call it, for messages.

    Raises:
        BadInput: it wants a password, is damaged, or cannot be read within the limits.
    """
    file = _File(name, NEW_PDF)
    with _asked({"task": "text", "path": str(path.resolve()), "name": name}, file) as lines:
        try:
            return "".join([line["text"] for line in lines])
        except _STRANGE:
            raise BadInput(file.too_much()) from None


def _request(path: Path, name: str, wording: Wording, options: Options) -> dict[str, Any]:
    return {"path": str(path.resolve()), "name": name, **pack_settings(wording, options)}


@contextmanager
def _asked(request: dict[str, Any], file: _File) -> Iterator[Iterator[Any]]:
    """Start the child, give what it answers, and end it, whatever it still does."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd="/",
    )
    watch = Timer(WALL_SECONDS, child.kill)
    watch.daemon = True
    watch.start()
    try:
        with child:
            try:
                _send(child, request)
                yield _answer(file, child)
            finally:
                child.kill()
    finally:
        watch.cancel()


def _send(child: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    """Ask; a child that has ended already does not answer."""
    with suppress(BrokenPipeError):
        if child.stdin:
            with child.stdin as to:
                to.write(json.dumps(request).encode())


def _answer(file: _File, child: subprocess.Popen[bytes]) -> Iterator[Any]:
    """Give the answer line by line; an error in it is raised, and so is a missing end."""
    out, length = child.stdout, 0
    while out and (text := out.readline(_LONGEST_LINE)) and length <= _LONGEST_ANSWER:
        length += len(text)
        try:
            line = orjson.loads(text)
        except ValueError:
            break
        if "columns" in line:
            raise NotATable(line["error"], columns=[Heading(*each) for each in line["columns"]])
        if "error" in line:
            raise BadInput(line["error"])
        if "failed" in line:
            raise BadInput(f"{file.too_much()} ({line['failed']}.)")
        if "end" in line:
            if child.wait() == 0:
                return
            break
        yield line
    raise BadInput(file.too_much())
