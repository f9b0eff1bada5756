"""Does a day's planning cost what is due on it, or what the database holds? The same 3,000 among 10,000 and 1,000,000.

In both databases just these 3,000 people reach a step of the ladder on the day; everybody else has cards that end some
other month, and was told what was due before. Both are planned in turns in the same run; the quickest turn counts.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import hospital
from tracker.actions.deliver_mail import Letterhead, deliver_mail
from tracker.actions.plan_reminders import RunPlan, plan_reminders
from tracker.db.connect import Database
from tracker.domain.gate import Gate
from tracker.notify.maildir import Maildir

LIMIT = 3.0
TURNS = 5
SMALL = 10_000
DUE = 3_000
PER_UNIT = 40
# Cards end with a month. On 1 July those that end on 31 July reach the step of 30 days, and no others reach any.
DAY = date(2026, 7, 1)
BEFORE = (date(2026, 6, 27), date(2026, 6, 29), date(2026, 6, 30))
DUE_ISSUED = "2024-07-10"
OTHERS_ISSUED = ("2024-10-10", "2025-01-10", "2025-04-10", "2025-08-10", "2025-11-10", "2026-02-10")
# One in so many of the others is on the ladder as well, and was told of the step before.
ON_LADDER, ON_LADDER_ISSUED = 50, "2024-08-10"
NOW = datetime(2026, 7, 1, 13, tzinfo=UTC)
OPEN_GATE = Gate(True)


def build(folder: Path, people: int) -> Database:
    """A database of so many people who were told everything until the day before; used again if it is there."""
    data = folder / f"reminders-{people}"
    database = Database(f"sqlite:///{data / 'tracker.db'}")
    if not (data / "tracker.db").exists():
        data.mkdir(parents=True, exist_ok=True)
        write_people(data, people, DUE)
        environment = os.environ | {"TRACKER_DATA_DIR": str(data), "TRACKER_TODAY": BEFORE[0].isoformat()}
        for arguments in (["policy", "apply", "policy.toml"], ["import", "roster.csv", "cards.csv"]):
            command = [sys.executable, "-m", "tracker", *arguments]
            subprocess.run(command, cwd=data, env=environment, check=True, stdout=subprocess.DEVNULL)
        for day in BEFORE:
            plan_reminders(database, OPEN_GATE, day, NOW, "example.org")
            post = Maildir(data / "mail")
            sender = Letterhead("cards@example.org")
            sent = sum(1 for _ in deliver_mail(database, post, sender, day, lambda: NOW))
            print(f"... {people:,} people, {day}: {sent:,} mails", file=sys.stderr)
    return database


def write_people(folder: Path, people: int, due: int) -> None:
    """Writes a policy and the files of so many people, the first of whom are due on the day."""
    _write(folder / "roster.csv", hospital.ROSTER_HEADER, _roster(people))
    _write(folder / "cards.csv", hospital.CARDS_HEADER, _cards(people, due))
    (folder / "policy.toml").write_text(hospital.POLICY, "utf-8")


def _write(path: Path, header: list[str], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _roster(people: int) -> Iterator[list[str]]:
    for number in range(people):
        unit = number // PER_UNIT
        name, address = f"Person {number}", f"p{number}@example.org"
        yield [
            f"{number:06}",
            name,
            address,
            f"WARD {unit}",
            "RN",
            "employee",
            "2020-01-01",
            "",
            f"m{unit}@example.org",
        ]


def _cards(people: int, due: int) -> Iterator[list[str]]:
    for number in range(people):
        issued = DUE_ISSUED if number < due else OTHERS_ISSUED[number % len(OTHERS_ISSUED)]
        if number >= due and number % ON_LADDER == 0:
            issued = ON_LADDER_ISSUED
        yield [f"{number:06}", "BLS", "AHA", issued, "", f"{number:012}", ""]


def planned(database: Database) -> RunPlan:
    """What the day owes; nothing is recorded, so that it can be asked again."""
    return plan_reminders(database, OPEN_GATE, DAY, NOW, "example.org", dry_run=True)


def main() -> int:
    """Plans, prints a table, and returns 1 if the limit is broken, 3 if the two do not owe the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder for the databases, used again if they are there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        both = [build(given.keep or Path(scratch), people) for people in (SMALL, given.people)]
        owed = [len(planned(database).mails) for database in both]
        if owed != [DUE, DUE]:
            print(f"{DUE} mails should be due among both, not {owed}", file=sys.stderr)
            return 3
        best = [float("inf"), float("inf")]
        for _ in range(TURNS):
            for which, database in enumerate(both):
                start = time.perf_counter()
                planned(database)
                best[which] = min(best[which], time.perf_counter() - start)
    ratio = best[1] / best[0]
    verdict = "ok" if ratio <= LIMIT else "BROKEN"
    print(f"Planning a day with {DUE} mails due, among {SMALL:,} and {given.people:,} people")
    print(f"{best[0] * 1000:.0f} ms, {best[1] * 1000:.0f} ms: {ratio:.2f} x, limit {LIMIT}  {verdict}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
