"""Do reports keep up? Paper against typst alone on the same tables; the memory of a hundred thousand rows.

Exit codes: 0 within the limits, 1 a limit broken, 3 could not be measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import hospital
import meter
from tracker.actions.build_expiring import build_expiring
from tracker.db.connect import Database
from tracker.domain.scope import EVERYONE
from tracker.reports.as_pdf import pdf
from tracker.reports.document import Cell, Document, Table
from tracker.reports.expiring_pages import expiring_pages
from tracker.reports.readable import shown
from tracker.reports.typeset import folders

ON_PAPER = 2_000
RATIO_LIMIT = 1.5
IN_ROWS = 60_000
LEAST_ROWS = 100_000
PEAK_LIMIT_MB = 300.0
MONTHS = 24
TURNS = 3
DAY = date(2026, 6, 30)

# typst alone: the same tables, the same fonts, and nothing else.
BARE = """
#set document(title: "bare")
#set text(font: "Noto Sans", size: 8pt)
#for it in json("data.json") [
  #table(columns: it.columns, table.header(..it.head), ..it.cells)
]
"""
ALONE = """
import sys, typst
fonts = typst.Fonts(font_paths=sys.argv[2:])
made = typst.compile(sys.argv[1], font_paths=fonts, format="pdf", pdf_standards="ua-1")
sys.stdout.buffer.write(made)
"""


class CannotMeasure(Exception):
    """Something that the measurement needs failed."""


def main() -> int:
    """Measures, prints, and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=IN_ROWS, help="Of the tables of many rows.")
    given = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            within = [_paper(Path(scratch)), *_rows(Path(scratch), given.people)]
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 3
    return int(not all(within))


def _paper(scratch: Path) -> bool:
    folder = _site(scratch / "paper", ON_PAPER)
    database = Database(f"sqlite:///{folder / 'data' / 'tracker.db'}")
    document = expiring_pages(build_expiring(database, EVERYONE, DAY, None, MONTHS))
    database.close()
    _write_bare(folder, document)
    turns = [(_alone(folder), _ours(document)) for _ in range(TURNS)]
    floor, ours = (min(column) for column in zip(*turns, strict=True))
    rows = sum(len(table.rows) for table in _tables(document))
    print(f"A report of {ON_PAPER:,} people on paper, {rows:,} rows: {ours:.2f} s, typst alone {floor:.2f} s")
    return _told("paper / typst alone", ours / floor, RATIO_LIMIT, "x")


def _write_bare(folder: Path, document: Document) -> None:
    tables = [
        {
            "columns": len(table.columns),
            "head": [column.title for column in table.columns],
            "cells": [
                shown(cell.value if isinstance(cell, Cell) else cell, column.kind)
                for row in table.rows
                for cell, column in zip(row.cells, table.columns, strict=True)
            ],
        }
        for table in _tables(document)
    ]
    (folder / "data.json").write_text(json.dumps(tables), "utf-8")
    (folder / "bare.typ").write_text(BARE, "utf-8")


def _tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def _alone(folder: Path) -> float:
    """The seconds of a process that sets the tables and does nothing else."""
    fonts = [str(path) for path in folders()]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder / "bare.typ"), *fonts], capture_output=True, check=False
    )
    seconds = time.perf_counter() - start
    if not done.stdout.startswith(b"%PDF"):
        raise CannotMeasure(f"typst alone failed: {done.stderr.decode()[-300:]}")
    return seconds


def _ours(document: Document) -> float:
    start = time.perf_counter()
    made = pdf(document)
    seconds = time.perf_counter() - start
    if made.missing:
        raise CannotMeasure("some letters had no font")
    return seconds


def _rows(scratch: Path, people: int) -> Iterator[bool]:
    """The memory of the whole command, from the records to the file."""
    folder = _site(scratch / "rows", people)
    for form in ("xlsx", "csv"):
        target = folder / f"report.{form}"
        words = ["report", "expiring", "--months", str(MONTHS), "--format", form, "-o", str(target)]
        cost = meter.run([sys.executable, "-m", "tracker", *words], folder, _environment(folder))
        if cost.exit_code != 0:
            raise CannotMeasure(f"the report failed: {(folder / 'stderr.txt').read_text('utf-8')[-300:]}")
        if form == "csv":
            rows = target.read_bytes().count(b"\r\n") - 1
            if people == IN_ROWS and rows < LEAST_ROWS:
                raise CannotMeasure(f"the report has {rows:,} rows only")
            print(f"A report of {people:,} people as a table: {rows:,} rows, {cost.seconds:.1f} s")
        yield _told(f"peak memory as {form}", cost.peak_mb, PEAK_LIMIT_MB, "MB")


def _site(folder: Path, people: int) -> Path:
    """A folder with the records of so many people."""
    folder.mkdir()
    (folder / "policy.toml").write_text(hospital.POLICY, encoding="utf-8")
    hospital.write(folder, people)
    for words in (["policy", "apply", "policy.toml"], ["import", "roster.csv", "cards.csv"]):
        command = [sys.executable, "-m", "tracker", *words]
        done = subprocess.run(command, cwd=folder, env=_environment(folder), capture_output=True, check=False)
        if done.returncode > 1:
            raise CannotMeasure(f"'{' '.join(words)}' failed: {done.stderr.decode()[-300:]}")
    return folder


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return kept | {"TRACKER_DATA_DIR": str(folder / "data"), "TRACKER_TODAY": DAY.isoformat()}


def _told(what: str, figure: float, limit: float, unit: str) -> bool:
    is_within = figure <= limit
    print(f"{what:24}{figure:8.2f} {unit:3} {limit:8.1f}  {'ok' if is_within else 'BROKEN'}")
    return is_within


if __name__ == "__main__":
    sys.exit(main())
