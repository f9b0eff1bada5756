"""A day's run is made once, when the site's hour has come, wherever the site is and whatever its clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.ward import USUAL, govern, post, take_in
from tracker.db.connect import Database
from tracker.db.reminders import last_run
from tracker.jobs.plan_reminders import JOB, missing_since
from tracker.jobs.runner import work_if_due
from tracker.jobs.spec import Site
from tracker.settings import Settings


def governed(database: Database, timezone: str, send_at: str) -> Database:
    """A site in a time zone, with somebody to remind, that sends at an hour."""
    policy = USUAL.replace("America/Chicago", timezone) + f'[reminders]\nsend_at = "{send_at}"\n'
    govern(database, policy)
    take_in(database, post("4512", "ICU", "2025-01-01", email="ana@site.example"))
    return database


def made_on(database: Database, settings: Settings, first: datetime, minutes: int, step: int = 1) -> list[datetime]:
    """The instants at which a run was made, looking again and again from an instant on."""
    found = []
    for number in range(0, minutes, step):
        at = first + timedelta(minutes=number)
        if work_if_due(JOB, Site(database, settings, lambda at=at: at), "one"):  # type: ignore[misc] # a default
            found.append(at)
    return found


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Mails go into a mailbox, which needs no leave."""
    return Settings().model_copy(update={"data_dir": tmp_path_factory.mktemp("data"), "mail_url": None})


@pytest.mark.parametrize(
    ("timezone", "day", "send_at", "expected"),
    [
        (
            "America/Chicago",
            "2026-03-08",
            "02:30",
            "2026-03-08T08:00Z",
        ),  # clocks skip from 2 to 3: the first minute after
        (
            "America/Chicago",
            "2026-11-01",
            "01:30",
            "2026-11-01T06:30Z",
        ),  # they show half past one twice: the first time
        ("Europe/London", "2026-03-29", "01:30", "2026-03-29T01:00Z"),
        ("Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30Z"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45Z"),  # by half an hour only
        ("Pacific/Kiritimati", "2026-06-15", "07:00", "2026-06-14T17:00Z"),  # 14 hours before UTC
        ("Pacific/Pago_Pago", "2026-06-15", "20:00", "2026-06-16T07:00Z"),  # 11 hours behind
    ],
)
def test_a_day_has_one_run_at_its_hour(
    database: Database, settings: Settings, timezone: str, day: str, send_at: str, expected: str
) -> None:
    """Looked at again and again on a day that may have 23 or 25 hours."""
    governed(database, timezone, send_at)
    begin = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZoneInfo(timezone)).astimezone(UTC)
    end = datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), ZoneInfo(timezone))
    minutes = int((end.astimezone(UTC) - begin).total_seconds() // 60)
    made = made_on(database, settings, begin, minutes, step=15)
    assert made == [datetime.fromisoformat(expected)]
    with database.read() as connection:
        run = last_run(connection)
    assert run
    assert run.day.isoformat() == day


def test_a_late_start_makes_the_days_run_at_once(database: Database, settings: Settings) -> None:
    """And none for the days between, which are over."""
    governed(database, "America/Chicago", "07:00")
    first = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
    assert len(made_on(database, settings, first, 10)) == 1
    assert made_on(database, settings, first + timedelta(days=9, hours=9), 10) == [first + timedelta(days=9, hours=9)]


def test_before_the_hour_nothing_is_planned(database: Database, settings: Settings) -> None:
    """And the job says when it will be."""
    governed(database, "America/Chicago", "07:00")
    site = Site(database, settings, lambda: datetime(2026, 6, 15, 11, 59, tzinfo=UTC))
    assert work_if_due(JOB, site, "one") is None
    assert JOB.due(site).why == "the run for 2026-06-15 is made at 07:00"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-16T04:29Z", None),  # an hour before midnight, and half an hour before its own
        ("2026-06-16T04:31Z", "2026-06-16T04:30Z"),
        ("2026-06-16T05:45Z", "2026-06-16T04:30Z"),  # the next day by then, and still missing
    ],
)
def test_a_run_that_was_not_made_is_missed(
    database: Database, settings: Settings, at: str, expected: str | None
) -> None:
    """Also where its hour lies so late that the day is over before anybody can say so."""
    governed(database, "America/Chicago", "23:30")
    made_on(database, settings, datetime(2026, 6, 15, 4, 45, tzinfo=UTC), 1)
    missing = missing_since(Site(database, settings, lambda: datetime.fromisoformat(at)))
    assert missing == (expected and datetime.fromisoformat(expected))
