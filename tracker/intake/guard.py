"""Opens workbooks in a process of its own, so that a hostile one can hurt nothing else.

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
from typing import Any

from tracker.domain.errors import BadInput
from tracker.intake.excerpt import Line
from tracker.intake.rows import Options, Reading, Wording
from tracker.intake.wire import pack_settings, unpack_cells, unpack_reading

WALL_SECONDS = 50
"""So that a command with one file, its own work included, ends within a minute."""

_LONGEST_LINE = 128 << 20  # bytes
_LONGEST_ANSWER = 512 << 20
_ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
ENVIRONMENT["MALLOC_ARENA_MAX"] = "1"  # a second arena would claim memory that nobody uses

_START = "import sys; sys.path.append(sys.argv[1]); from tracker.intake.child import main; main()"


def read_book(path: Path, wording: Wording, options: Options) -> Reading:
    """Read a workbook into typed rows.

    Raises:
        BadInput: it cannot be used, or not within the limits.
    """
    with _asked({"task": "read", **_request(path, wording, options)}) as lines:
        try:
            return unpack_reading(lines)
        except (KeyError, IndexError, TypeError, ValueError):  # a child overcome by the file may say anything
            raise BadInput(_too_much(path.name)) from None


def rows_of_book(path: Path, wanted: dict[str, list[int]], wording: Wording, options: Options) -> Iterator[Line]:
    """Give the header and some rows of a workbook's sheets as they stand.

    Raises:
        BadInput: it cannot be used, or not within the limits.
    """
    with _asked({"task": "rows", "wanted": wanted, **_request(path, wording, options)}) as lines:
        for line in lines:
            sheet, row, cells = line["line"]
            yield Line(sheet, row, unpack_cells(cells))


def _request(path: Path, wording: Wording, options: Options) -> dict[str, Any]:
    return {"path": str(path.resolve()), **pack_settings(wording, options)}


@contextmanager
def _asked(request: dict[str, Any]) -> Iterator[Iterator[Any]]:
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
                yield _answer(Path(request["path"]).name, child)
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


def _answer(name: str, child: subprocess.Popen[bytes]) -> Iterator[Any]:
    """Give the answer line by line; an error in it is raised, and so is a missing end."""
    out, length = child.stdout, 0
    while out and (text := out.readline(_LONGEST_LINE)) and length <= _LONGEST_ANSWER:
        length += len(text)
        try:
            line = json.loads(text)
        except ValueError:
            break
        if "error" in line:
            raise BadInput(line["error"])
        if "failed" in line:
            raise BadInput(f"{_too_much(name)} ({line['failed']}.)")
        if "end" in line:
            if child.wait() == 0:
                return
            break
        yield line
    raise BadInput(_too_much(name))


def _too_much(name: str) -> str:
    return (
        f"{name} could not be read with 900 MB of memory in {WALL_SECONDS} seconds: it is damaged, "
        "or claims to be far larger than it looks; copy the table into a new workbook, "
        "save that and try again."
    )
