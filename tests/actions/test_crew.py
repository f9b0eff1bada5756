"""Timelines worked out by other processes are the same, whatever becomes of those."""

import os
import signal
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import pytest

from actions.soundness import assert_all_right
from actions.ward import AUTHOR, card, file, on, post, staff, table, take_files, take_in
from tracker.db import crew
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.crew import Crew, rows_of
from tracker.db.people import load_plain
from tracker.db.policies import load_rulebook
from tracker.db.tables import absences, assignments, identities
from tracker.domain.facts import Plain, named
from tracker.domain.timeline import Engine


@pytest.fixture(autouse=True)
def _shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a few people are worth another process, and there are cores for it."""
    monkeypatch.setattr(crew, "WORTH_SHARING", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def cards_for(count: int) -> list[object]:
    """Each of a staff holds a card."""
    return [card(row.employee_id, "2025-01-10", number=str(number)) for number, row in enumerate(staff(count))]


def everyone(database: Database) -> list[Plain]:
    """What is known of all people."""
    with database.read() as connection:
        return list(load_plain(connection, list(range(1, 100)), "UTC"))


def test_an_import_shared_out_is_as_any_other(site: Database) -> None:
    """Timelines are what the facts say, for newcomers and for those known before."""
    take_files(site, file(table(staff(30))), file(table(cards_for(30)), name="cards.csv"))
    take_in(site, *[post(row.employee_id, "ICU", ends="2025-12-31") for row in staff(30)])
    with site.read() as connection:
        assert_all_right(connection)


def test_what_is_recorded_of_people_after_all_counts(site: Database) -> None:
    """Somebody whose timelines were begun too early gets them anew."""
    with change(site, AUTHOR, "test") as made:
        number = made.add_people(["4512"])["4512"]
        made.record(identities, [(number, "4512", "Ana", None)])
        made.record(assignments, [(number, "ICU", "RN", None, None, on("2025-01-01"), None)])
        made.nothing_more_of(["4512"])
        made.record(absences, [(number, on("2025-03-01"), None)])
    with site.read() as connection:
        assert_all_right(connection)


def test_a_process_that_is_killed_is_made_up_for(site: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had been given is done here, in the same order."""
    take_in(site, *staff(20))
    people = everyone(site)
    with site.read() as connection:
        rulebook = load_rulebook(connection)
    monkeypatch.setattr(crew, "TASK", 2)
    with Crew(rulebook, 7) as shared:
        shared.give(people[:10])
        assert shared._workers
        kill_all(shared)
        shared.give(people[10:])
        found = list(chain.from_iterable(shared.rest()))
    assert found == list(chain.from_iterable(rows_of(Engine(rulebook), 7, map(named, people))))


def kill_all(shared: Crew) -> None:
    """Kills the processes of a crew."""
    for worker in shared._workers:
        worker.process.kill()
        worker.process.join()


ORPHANED = """
import os, signal, sys, time
from tracker.db import crew
from tracker.db.crew import Crew
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version
from actions.ward import TODAY, USUAL

if __name__ == "__main__":
    crew.WORTH_SHARING = 0
    os.cpu_count = lambda: 2
    shared = Crew(Rulebook([Version(read_policy(USUAL), None)]), 1)
    shared.give([(1, "1", None, None, TODAY.isoformat(), (), (), (), (), ())])
    print(*[worker.process.pid for worker in shared._workers], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_with_the_one_that_began_them(tmp_path: Path) -> None:
    """However that ends: nothing goes on working for nobody."""
    script = tmp_path / "orphaned.py"
    script.write_text(ORPHANED)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout.split()
    assert all(is_gone(int(pid)) for pid in ended.stdout.split())


def is_gone(pid: int) -> bool:
    """Whether a process ends within ten seconds."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False
