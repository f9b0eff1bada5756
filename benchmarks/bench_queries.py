"""Does a question cost what it shows, or what the database holds? The same questions at 1,000 and 100,000 people.

A unit's standings and one person's page: the number of queries has to be the same, and the time at most twice.
Both databases are asked in turns in the same run, and the quickest of many turns counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import event

import hospital
from tracker.actions.ask_standings import ask_person, ask_rows, ask_status
from tracker.db.connect import Database
from tracker.db.known import unit_names
from tracker.db.standings import posts_on
from tracker.domain.scope import EVERYONE, InUnits

TODAY = date(2026, 6, 30)
LIMIT = 2.0
TURNS = 25
SMALL = 1_000

Question = Callable[[], object]


def build(folder: Path, people: int) -> Database:
    """A database of so many people, imported by the program itself; used again if it is there."""
    data = folder / str(people)
    if not (data / "tracker.db").exists():
        data.mkdir(parents=True, exist_ok=True)
        hospital.write(data, people)
        (data / "policy.toml").write_text(hospital.POLICY, "utf-8")
        environment = os.environ | {"TRACKER_DATA_DIR": str(data), "TRACKER_TODAY": TODAY.isoformat()}
        for arguments in (["policy", "apply", "policy.toml"], ["import", "roster.csv", "cards.csv"]):
            command = [sys.executable, "-m", "tracker", *arguments]
            subprocess.run(command, cwd=data, env=environment, check=True, stdout=subprocess.DEVNULL)
    return Database(f"sqlite:///{data / 'tracker.db'}")


def questions(database: Database) -> dict[str, Question]:
    """What is asked of a database: about a unit in its middle, and about somebody there."""
    with database.read() as connection:
        names = unit_names(connection)
        unit = InUnits((names[len(names) // 2],))
        employee_id = posts_on(connection, unit, TODAY)[0].employee_id
    return {
        "status --unit": lambda: ask_rows(database, unit, TODAY, None),
        "status --unit, with why": lambda: list(ask_status(database, unit, TODAY, None)),
        "one person's page": lambda: ask_person(database, EVERYONE, employee_id, TODAY, None),
    }


def queries_of(database: Database, question: Question) -> int:
    """How many statements a question sends."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    question()
    event.remove(database.engine, "before_cursor_execute", note)
    return len(sent)


def fastest(few: Question, many: Question) -> tuple[float, float]:
    """The quickest of many turns of each, in seconds, asked alternately."""
    best = [float("inf"), float("inf")]
    for _ in range(TURNS):
        for which, question in enumerate((few, many)):
            start = time.perf_counter()
            question()
            best[which] = min(best[which], time.perf_counter() - start)
    return best[0], best[1]


def main() -> int:
    """Asks, prints a table, and returns 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder for the databases, used again if they are there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        small, large = build(folder, SMALL), build(folder, given.people)
        broken = False
        print(f"{'':26}{'queries':>16}{'ms':>18}{'ratio':>8}")
        few, many = questions(small), questions(large)
        for name in few:
            counts = queries_of(small, few[name]), queries_of(large, many[name])
            times = fastest(few[name], many[name])
            ratio = times[1] / times[0]
            bad = counts[0] != counts[1] or ratio > LIMIT
            broken |= bad
            shown = f"{times[0] * 1000:8.1f}, {times[1] * 1000:.1f}"
            print(f"{name:26}{counts[0]:>10}, {counts[1]}{shown:>20}{ratio:>8.2f}{'  BROKEN' if bad else ''}")
        return int(broken)


if __name__ == "__main__":
    sys.exit(main())
