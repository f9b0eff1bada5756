"""Measure how long a workbook takes to be read and typed against calamine alone, and hold it to the limit.

Exit codes: 0 within the limits, 1 a limit broken, 3 could not be measured.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

import meter

DEFAULT_ROWS = 100_000
RATIO_LIMIT = 2.5
"""The seconds of reading and typing over the floor's."""
PEAK_LIMIT_MB = 600.0
"""Peak resident memory of the larger of the two processes, in MB (10^6 bytes)."""

RUNS = 3
HEADERS = (
    "Emp ID", "Name", "Email", "Unit", "Job Title", "Employee Type", "Hire Date", "Manager Email",
    "BLS Issued", "BLS Exp", "ACLS Exp", "ACLS Card #",
)  # fmt: skip

FLOOR = """
import sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
rows = sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows())
sys.exit(rows != int(sys.argv[2]) + 1)
"""
OURS = """
import gc, sys
from pathlib import Path
from tracker.intake.reader import read_file
from tracker.intake.rows import Options, Wording
gc.disable()  # as `tracker import` does
reading = read_file(Path(sys.argv[1]), Wording({"BLS": "BLS", "ACLS": "ACLS"}), Options())
[table] = reading.tables
sys.exit((len(table.rows), len(table.cards)) != (int(sys.argv[2]), 2 * int(sys.argv[2])))
"""


class CannotMeasure(Exception):
    """Something that the measurement needs failed."""


class Result(NamedTuple):
    """The best of the runs: calamine alone, and reading and typing; seconds, and MB of the latter."""

    floor: float
    ours: float
    peak_mb: float

    @property
    def ratio(self) -> float:
        """Our seconds over the floor's."""
        return self.ours / self.floor


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure the reading of a workbook against calamine alone.")
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS, metavar="N")
    rows: int = parser.parse_args().rows
    if rows < 1:
        parser.error("--rows must be at least 1")
    try:
        with tempfile.TemporaryDirectory(prefix="bench-reading-") as folder:
            result = measure(Path(folder), rows)
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 3
    print(table(rows, result))
    return 0 if result.ratio <= RATIO_LIMIT and result.peak_mb <= PEAK_LIMIT_MB else 1


def measure(folder: Path, rows: int) -> Result:
    """Measure floor and reading in turns, and take the best of each."""
    _say(f"writing a roster of {rows:,} rows")
    book = folder / "roster.xlsx"
    write_book(book, rows)
    floors, ours = [], []
    for turn in range(1, RUNS + 1):
        _say(f"floor, reading ({turn} of {RUNS})")
        floors.append(_run(folder, FLOOR, book, rows))
        ours.append(_run(folder, OURS, book, rows))
    best = min(ours, key=lambda cost: cost.seconds)
    return Result(min(cost.seconds for cost in floors), best.seconds, max(cost.peak_mb for cost in ours))


def write_book(path: Path, rows: int) -> None:
    """Write a wide roster; the same number of rows always gives the same cells."""
    chance = random.Random(1)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        days = book.add_format({"num_format": "mm/dd/yyyy"})
        sheet = book.add_worksheet("Roster")
        sheet.write_row(0, 0, HEADERS)
        for number in range(rows):
            for column, value in enumerate(_person(chance, number)):
                if isinstance(value, date):
                    sheet.write_datetime(number + 1, column, value, days)
                else:
                    sheet.write_string(number + 1, column, value)


def _person(chance: random.Random, number: int) -> list[str | date]:
    """Make up a row: a person of one of many units, with two cards."""
    unit = number // 40
    hired = date(2015, 1, 1) + timedelta(chance.randrange(3000))
    issued, ends, other = (date(2025, 1, 1) + timedelta(chance.randrange(300) + 800 * later) for later in (0, 1, 1))
    name = f"{chance.choice(('Ada', 'Bo', 'Cy', 'Dee'))} {chance.choice(('Smith', 'Jones', 'Müller'))}{number}"
    return [
        f"{number:06d}", name, f"p{number}@x.example", f"Unit {unit}", chance.choice(("RN", "MD", "RT")),
        "Full-time", hired, f"m{unit}@x.example", issued, ends, other, str(265502000000 + number),
    ]  # fmt: skip


def table(rows: int, result: Result) -> str:
    """Lay the result out for people."""
    return "\n".join(
        [
            f"Reading of {rows:,} rows of {len(HEADERS)} columns",
            f"{'':<16}{'measured':>12}{'limit':>10}",
            f"{'calamine alone':<16}{result.floor:>10.2f} s",
            f"{'read and typed':<16}{result.ours:>10.2f} s",
            _limited("typed / alone", result.ratio, RATIO_LIMIT, "x ", 2),
            _limited("peak memory", result.peak_mb, PEAK_LIMIT_MB, "MB", 0),
        ]
    )


def _limited(label: str, value: float, limit: float, unit: str, digits: int) -> str:
    """Lay out one line that has a limit."""
    verdict = "ok" if value <= limit else "BROKEN"
    return f"{label:<16}{value:>9.{digits}f} {unit}{limit:>10.{min(digits, 1)}f}  {verdict}"


def _run(folder: Path, program: str, book: Path, rows: int) -> meter.Cost:
    """Run one of the programs in a process of its own, which must end with 0."""
    cost = meter.run([sys.executable, "-c", program, str(book), str(rows)], folder, {})
    if cost.exit_code != 0:
        said = (folder / "stderr.txt").read_text(encoding="utf-8", errors="replace")
        raise CannotMeasure(f"a program ended with {cost.exit_code}, or not all was read:\n{said[-2000:]}")
    return cost


def _say(message: str) -> None:
    """Tell whoever waits what happens now."""
    print(f"... {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
