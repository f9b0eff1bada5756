"""Two imports at once come one after the other; one that is killed in the middle leaves nothing of it."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest

from actions.ward import (
    AUTHOR,
    TODAY,
    card,
    cards_of,
    changes_in,
    facts_of,
    file,
    outcomes,
    post,
    posts_of,
    said_of,
    staff,
    table,
    take_in,
)
from tracker.actions.imports.context import Settled
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.run import Progress, import_readings
from tracker.db.connect import Database
from tracker.db.timelines import differing
from tracker.db.trail import faults
from tracker.domain.scope import EVERYONE


def url_of(database: Database) -> str:
    """Where a database is."""
    return database.url.render_as_string(hide_password=False)


def elsewhere(database: Database, rows: list[Any], progress: Progress) -> ImportResult:
    """Imports over connections of its own, as another process would."""
    other = Database(url_of(database))
    try:
        return import_readings(
            other, EVERYONE, AUTHOR, [file(table(rows))], Settled(), TODAY, dry_run=False, progress=progress
        )
    finally:
        other.close()


def at_once(database: Database, first: list[Any], second: list[Any]) -> list[ImportResult]:
    """Imports both; the second begins while the first has written but is not done."""
    inside = Event()

    def linger(_: int) -> None:
        inside.set()
        sleep(0.3)

    def wait_and_import() -> ImportResult:
        assert inside.wait(10)
        return elsewhere(database, second, lambda rows: None)

    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(elsewhere, database, first, linger), pool.submit(wait_and_import)]
        return [task.result(30) for task in tasks]


def assert_whole(database: Database) -> None:
    """Timelines and trail are as they should be."""
    with database.read() as connection:
        assert (differing(connection, None), list(faults(connection))) == ([], [])


def test_the_same_roster_twice_at_once_is_in_once(site: Database) -> None:
    """The second waits, sees what the first did, and has nothing left to do."""
    first, second = at_once(site, staff(30), staff(30))
    assert (outcomes(first), outcomes(second)) == ({"new": 30}, {"unchanged": 30})
    assert second.batch is None
    assert sum(facts_of(site)["assignments"].values()) == 30
    assert_whole(site)


def test_two_rosters_at_once_add_up(site: Database) -> None:
    """Each adds what the other does not say of the same people; nobody is there twice."""
    named = [row._replace(name="Ann") for row in staff(20)]
    reachable = [row._replace(email="ann@example.org") for row in staff(30)]
    first, second = at_once(site, named, reachable)
    assert (outcomes(first), outcomes(second)) == ({"new": 20}, {"changed": 20, "new": 10})
    assert said_of(site, "identities", "E-7") == [("E-7", "Ann", "ann@example.org")]
    assert sum(facts_of(site)["identities"].values()) == 30
    assert_whole(site)


def test_cards_wait_for_the_people_they_are_about(site: Database) -> None:
    """A list of cards that comes in while the roster is still going in finds its people."""
    cards = [card(row.employee_id, "2025-01-10") for row in staff(20)]
    _, second = at_once(site, staff(20), cards)
    assert outcomes(second) == {"new": 20}
    assert_whole(site)


def test_who_reads_during_an_import_sees_nothing_of_it(site: Database) -> None:
    """Not a half roster: all of it or none."""
    seen: list[int] = []
    elsewhere(site, staff(30), lambda rows: seen.append(sum(facts_of(site)["assignments"].values())))
    assert set(seen) == {0}
    assert sum(facts_of(site)["assignments"].values()) == 30


# Ends the process at once: after the rows went in; before the timelines; with all done but the commit.
KILLED = """
import os, signal, sys
from sqlalchemy import event
from actions.ward import AUTHOR, TODAY, card, file, staff, table
from tracker.actions.imports import run
from tracker.actions.imports.context import Settled
from tracker.db.change import Change
from tracker.db.connect import Database
from tracker.domain.scope import EVERYONE

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def finish_and_die(self, finish=Change.finish):
    finish(self)
    die()

url, place = sys.argv[1:]
database = Database(url)
if database.is_sqlite:  # so little memory that much is written to the file before the end
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA cache_size = 2"))
if place == "timelines":
    Change.refresh = die
elif place == "commit":
    Change.finish = finish_and_die
rows = staff(200)
files = [file(table(rows)), file(table([card(row.employee_id, "2025-01-10") for row in rows]))]
progress = die if place == "rows" else lambda rows: None
run.import_readings(database, EVERYONE, AUTHOR, files, Settled(), TODAY, dry_run=False, progress=progress)
"""


@pytest.mark.parametrize("place", ["rows", "timelines", "commit"])
def test_an_import_killed_in_the_middle_leaves_nothing(ward: Database, place: str) -> None:
    """Neither facts nor an entry in the trail; the next import goes in as if nothing had been."""
    before, changes = facts_of(ward), changes_in(ward)
    ward.close()
    words = [sys.executable, "-c", KILLED, url_of(ward), place]
    ended = subprocess.run(words, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (facts_of(ward), changes_in(ward)) == (before, changes)
    assert_whole(ward)
    assert outcomes(take_in(ward, *staff(200))) == {"new": 200}
    assert_whole(ward)


def test_a_program_error_in_the_middle_leaves_nothing(ward: Database) -> None:
    """The same goes for an exception that nobody foresaw."""
    before, changes = facts_of(ward), changes_in(ward)

    def fail(_: int) -> None:
        raise RuntimeError("unforeseen")

    with pytest.raises(RuntimeError, match="unforeseen"):
        elsewhere(ward, [post("17")], fail)
    assert (facts_of(ward), changes_in(ward), posts_of(ward, "17")) == (before, changes, [])
    assert cards_of(ward) == []
