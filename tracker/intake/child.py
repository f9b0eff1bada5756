"""The guarded child: one request on standard input, lines of JSON on standard output.

It gives up memory, time and output beyond its limits before it touches the file.
"""

import gc
import hashlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from tracker.domain.errors import BadInput
from tracker.intake.excerpt import excerpt
from tracker.intake.rows import Options, Reading, Wording
from tracker.intake.understand import understand
from tracker.intake.vocabulary import Vocabulary
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
    request = json.loads(sys.stdin.buffer.read())
    path = Path(request["path"])
    wording, options = unpack_settings(request)
    try:
        if request["task"] == "read":
            _write(_reading(path, wording, options))
        else:
            _write(_rows(path, request["wanted"], wording, options))
        _write(['{"end": true}'])
    except BadInput as error:
        _write([json.dumps({"error": str(error)})])
    sys.stdout.flush()
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
    _write([json.dumps({"failed": failed})])


def _write(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


def _reading(path: Path, wording: Wording, options: Options) -> Iterator[str]:
    data = path.read_bytes()
    book = open_workbook(path.name, data, options.sheet)
    try:
        found = understand(book.sheets, wording, options)
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}") from None
    notes = [*book.notes, *found.notes]
    digest = hashlib.sha256(data).hexdigest()
    return pack_reading(Reading(path.name, digest, found.tables, found.questions, notes, found.named))


def _rows(path: Path, wanted: dict[str, list[int]], wording: Wording, options: Options) -> Iterator[str]:
    vocabulary = Vocabulary(wording, options)
    data = path.read_bytes()
    for name, rows in wanted.items():
        for sheet in open_workbook(path.name, data, name).sheets:
            for line in excerpt(sheet, rows, vocabulary):
                yield json.dumps({"line": [line.sheet, line.row, pack_cells(line.cells)]})


if __name__ == "__main__":
    main()
