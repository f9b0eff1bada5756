"""Measure the import of a made-up hospital against the floor, and hold it to the limits.

Exit codes: 0 within the limits, 1 a limit broken, 3 could not be measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import floor
import hospital
import meter

DEFAULT_PEOPLE = 100_000
RATIO_LIMIT = 3.0
"""The import's seconds over the floor's."""
PEAK_LIMIT_MB = 600.0
"""Peak resident memory of the import, in MB (10^6 bytes)."""

FILES = ("roster.csv", "cards.csv")
SQLITE_HEADER = b"SQLite format 3\0"


class CannotMeasure(Exception):
    """Something that the measurement needs failed."""


class Result(NamedTuple):
    """The import's cost and the floors (seconds) before and after it."""

    cost: meter.Cost
    floors: tuple[float, float]

    @property
    def ratio(self) -> float:
        """The import's seconds over those of the smaller floor."""
        return self.cost.seconds / min(self.floors)

    @property
    def within_limits(self) -> bool:
        """Whether neither limit is broken."""
        return self.ratio <= RATIO_LIMIT and self.cost.peak_mb <= PEAK_LIMIT_MB


class Run(NamedTuple):
    """One import into a data folder of its own: its cost, the database it left."""

    cost: meter.Cost
    database: Path


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure an import against the floor.")
    parser.add_argument("--people", type=int, default=DEFAULT_PEOPLE, metavar="N")
    people: int = parser.parse_args().people
    if people < 1:
        parser.error("--people must be at least 1")
    try:
        with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
            result = measure(Path(folder), people)
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 3
    print(table(people, result))
    return 0 if result.within_limits else 1


def measure(folder: Path, people: int) -> Result:
    """Measure floor, import, floor, in this order, after one import that is not counted.

    The uncounted one makes the database that the first floor needs, and warms the disk cache.
    """
    _say(f"writing a hospital of {people:,} people")
    hospital.write(folder, people)
    (folder / "policy.toml").write_text(hospital.POLICY, encoding="utf-8")
    csvs = [folder / name for name in FILES]
    _say("import, not counted")
    first = _import(folder, "first")
    _say("floor, import, floor")
    before = floor.measure(csvs, first.database, folder)
    second = _import(folder, "second")
    after = floor.measure(csvs, second.database, folder)
    return Result(second.cost, (before, after))


def table(people: int, result: Result) -> str:
    """Lay the result out for people."""
    before, after = result.floors
    lines = [
        f"Import of {people:,} people",
        f"{'':<16}{'measured':>12}{'limit':>10}",
        f"{'floor before':<16}{before:>10.2f} s",
        f"{'floor after':<16}{after:>10.2f} s",
        f"{'import':<16}{result.cost.seconds:>10.2f} s",
        _limited("import / floor", result.ratio, RATIO_LIMIT, "x ", 2),
        _limited("peak memory", result.cost.peak_mb, PEAK_LIMIT_MB, "MB", 0),
    ]
    return "\n".join(lines)


def _limited(label: str, value: float, limit: float, unit: str, digits: int) -> str:
    """Lay out one line that has a limit."""
    verdict = "ok" if value <= limit else "BROKEN"
    return f"{label:<16}{value:>9.{digits}f} {unit}{limit:>10.{min(digits, 1)}f}  {verdict}"


def _import(folder: Path, name: str) -> Run:
    """Apply the policy and import the files into a new data folder."""
    place = folder / name
    data = place / "data"
    data.mkdir(parents=True)
    _tracker(place, data, "policy", "apply", str(folder / "policy.toml"))
    cost = _tracker(place, data, "import", *(str(folder / file) for file in FILES))
    database = _database(data)
    _check_complete(folder, database)
    return Run(cost, database)


def _tracker(place: Path, data: Path, *arguments: str) -> meter.Cost:
    """Run one command of the program, which must end with 0."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    env["TRACKER_DATA_DIR"] = str(data)
    env["TRACKER_TODAY"] = hospital.TODAY.isoformat()
    cost = meter.run([sys.executable, "-m", "tracker", *arguments], place, env)
    if cost.exit_code != 0:
        said = (place / "stderr.txt").read_text(encoding="utf-8", errors="replace")
        command = " ".join(["tracker", *arguments])
        raise CannotMeasure(f"{command!r} ended with {cost.exit_code}, not 0:\n{said[-2000:]}")
    return cost


def _database(data: Path) -> Path:
    """Find the one SQLite database in a data folder."""
    candidates = [
        path for pattern in ("*.db", "*.sqlite*") for path in data.rglob(pattern) if path.is_file() and _is_sqlite(path)
    ]
    if len(candidates) != 1:
        raise CannotMeasure(f"expected one SQLite database in {data}, found {len(candidates)}")
    return candidates[0]


def _is_sqlite(path: Path) -> bool:
    """Whether a file begins as SQLite databases do (their WAL and journal do not)."""
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER


def _check_complete(folder: Path, database: Path) -> None:
    """Refuse a database that holds fewer rows than the files it came from."""
    rows = 0
    for name in FILES:
        with (folder / name).open("rb") as file:
            rows += sum(1 for _ in file) - 1
    stored = floor.count_rows(database)
    if stored < rows:
        raise CannotMeasure(f"the files have {rows:,} rows, the database only {stored:,}")


def _say(message: str) -> None:
    """Tell whoever waits what happens now."""
    print(f"... {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
