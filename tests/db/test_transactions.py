"""Readers see one moment, writers come one at a time, and what fails leaves nothing."""

import threading

import pytest
from sqlalchemy import func, select

from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.moments import latest_change
from tracker.db.tables import identities, people
from tracker.db.trail import faults

AUTHOR = Author("tester", "test")


def add(database: Database, name: str) -> None:
    """Records a person."""
    with change(database, AUTHOR, "test") as made:
        made.record(identities, [(made.add_people([name])[name], name, None, None)])


def fail(database: Database) -> None:
    """Begins a change and comes to grief in it."""
    with change(database, AUTHOR, "test") as made:
        made.add_people(["1"])
        raise ZeroDivisionError


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    """Two questions of one reading agree."""
    count = select(func.count()).select_from(people)
    with database.read() as connection:
        before = connection.execute(count).scalar()
        add(database, "1")
        assert connection.execute(count).scalar() == before
    with database.read() as connection:
        assert connection.execute(count).scalar() == (before or 0) + 1


def test_writers_come_one_at_a_time(database: Database) -> None:
    """Each change gets a number of its own, without a gap."""
    threads = [threading.Thread(target=add, args=(database, f"{number}")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert latest_change(connection) == 8
        assert list(faults(connection)) == []


def test_a_change_that_fails_leaves_nothing(database: Database) -> None:
    """Not even the people that it began with."""
    with pytest.raises(ZeroDivisionError):
        fail(database)
    with database.read() as connection:
        assert latest_change(connection) == 0
        assert connection.execute(select(people)).all() == []


def test_a_change_that_records_nothing_is_none(database: Database) -> None:
    """The trail has no empty entries."""
    with change(database, AUTHOR, "test"):
        pass
    with database.read() as connection:
        assert latest_change(connection) == 0


def test_a_dry_run_is_taken_back_whole(database: Database) -> None:
    """It sees what it did, and then nobody does."""
    with change(database, AUTHOR, "test", dry_run=True) as made:
        made.add_people(["1"])
        assert not made.empty
    with database.read() as connection:
        assert latest_change(connection) == 0
