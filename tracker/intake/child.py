"""The guarded child: one request on standard input, lines of JSON on standard output.

It gives up memory, time and output beyond its limits before it touches the file.
"""

import gc
import hashlib
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import orjson

from tracker.domain.errors import BadInput
from tracker.intake.excerpt import excerpt
from tracker.intake.layout import NotATable
from tracker.intake.remembered import Memory
from tracker.intake.rows import Options, Reading, Wording
from tracker.intake.understand import understand
from tracker.intake.wire import pack_cells, pack_reading, unpack_settings
from tracker.intake.workbook import open_workbook

LIMITS = {
    resource.RLIMIT_AS: 900_000_000,  # bytes of memory: under 1 GB with the program that waits
    resource.RLIMIT_CPU: 50,  # seconds
    resource.RLIMIT_FSIZE: 0,  # it answers through a pipe, and has no files to write
    resource.RLIMIT_CORE: 0,  # a core file would hold people's data
}


def main() -> None:
    """Answer one request; without a written last line, the answer is not whole."""
    _limit()
    sys.excepthook = _confess
    gc.disable()  # rows are no cycles, and the process ends soon
    request = orjson.loads(sys.stdin.buffer.read())
    path = Path(request["path"])
    try:
        if request["task"] == "text":
            _write(_text(path, request["name"]))
        elif request["task"] == "read":
            _write(_reading(path, request["name"], *unpack_settings(request)))
        else:
            _write(_rows(path, request["name"], request["wanted"], *unpack_settings(request)))
        _write([orjson.dumps({"end": True})])
    except NotATable as problem:
        _write([orjson.dumps({"error": str(problem), "columns": [[*each] for each in problem.columns]})])
    except BadInput as error:
        _write([orjson.dumps({"error": str(error)})])
    sys.stdout.buffer.flush()
    os._exit(0)  # the system frees the memory faster than the interpreter can


def _limit() -> None:
    for what, wanted in LIMITS.items():
        _, most = resource.getrlimit(what)
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(what, (limit, limit))


def _confess(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """Say what went wrong and where in the program, and nothing of the file."""
    place = traceback.extract_tb(trace)[-1]
    failed = f"{kind.__name__} in {Path(place.filename).name}, line {place.lineno}"
    _write([orjson.dumps({"failed": failed})])


def _write(lines: Iterator[bytes] | list[bytes]) -> None:
    for line in lines:
        sys.stdout.buffer.write(line + b"\n")


def _text(path: Path, name: str) -> Iterator[bytes]:
    from tracker.intake.pdf import pdf_text  # noqa: PLC0415 pypdf takes longer to load than most workbooks to read

    # A damaged one may have halves of letters, which are no text.
    text = pdf_text(name, path.read_bytes()).encode("utf-8", "replace").decode()
    yield orjson.dumps({"text": text})


def _reading(path: Path, name: str, wording: Wording, options: Options) -> Iterator[bytes]:
    data = path.read_bytes()
    book = open_workbook(path, name, data, options.sheet, options.left_out)
    try:
        found = understand(book.sheets, wording, options)
    except NotATable as problem:
        raise NotATable(f"{name}: {problem}", columns=problem.columns) from None
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None
    notes = [*book.notes, *found.notes]
    digest = hashlib.sha256(data).hexdigest()
    return pack_reading(Reading(name, digest, found.tables, found.questions, notes, found.named, found.unread))


def _rows(path: Path, name: str, wanted: dict[str, list[int]], wording: Wording, options: Options) -> Iterator[bytes]:
    memory = Memory(wording, options)
    data = path.read_bytes()
    for title, rows in wanted.items():
        for sheet in open_workbook(path, name, data, title).sheets:
            for line in excerpt(sheet, rows, memory):
                yield orjson.dumps({"line": [line.sheet, line.row, pack_cells(line.cells), line.emptied]})


if __name__ == "__main__":
    main()
