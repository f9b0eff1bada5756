"""Statements said straight to the driver mean what they mean by way of the library."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, func, literal, select, text, update

from tracker.db.connect import Database
from tracker.db.prepared import Prepared
from tracker.db.tables import job_runs, people
from tracker.domain.errors import NotPossible

AT = datetime(2028, 2, 29, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=-9)))
LATER = AT + timedelta(minutes=1)


def test_values_are_kept_as_the_library_keeps_them(database: Database) -> None:
    """An instant in the zone of a site, nothing, and what stands in the statement itself."""
    texts = {"job": "watchdog", "slot": "1", "process": "a", "outcome": "working"}
    row = {"id": 1, "tries": 1, **texts, "began_at": AT, "held_until": AT}
    sooner = Prepared(
        update(job_runs)
        .where(job_runs.c.id == bindparam("mine"))
        .values(job="deliver_mail", held_until=bindparam("until"), ended_at=bindparam("ended"))
    )
    with database.write() as connection:
        connection.execute(job_runs.insert(), row)
        assert sooner.run(connection, {"mine": 2, "until": LATER, "ended": AT}).rowcount == 0
        assert sooner.run(connection, {"mine": 1, "until": LATER, "ended": None}).rowcount == 1
    with database.read() as connection:
        found = connection.execute(select(job_runs)).one()
    assert (found.job, found.held_until, found.ended_at) == ("deliver_mail", LATER.astimezone(UTC), None)


def test_a_statement_is_asked_again_with_other_values(database: Database) -> None:
    """What was given the first time is not remembered."""
    doubled = Prepared(select(bindparam("some", type_=people.c.id.type) * literal(2)))
    with database.read() as connection:
        assert [doubled.run(connection, {"some": some}).fetchone()[0] for some in (1, 5, 1)] == [2, 10, 2]


def test_what_the_database_refuses_is_a_sentence(database: Database) -> None:
    """Whoever asks the driver itself tells people no less."""
    nowhere = Prepared(select(func.count()).select_from(text("nowhere")))
    with pytest.raises(NotPossible, match="tracker db upgrade"), database.read() as connection:
        nowhere.run(connection, {})
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(people)).scalar() == 0
