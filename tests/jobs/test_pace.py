"""Mails leave no faster than the site allows, and what waits is to be seen."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from actions.ward import post, take_in
from tracker.actions.deliver_mail import Bounds, Letterhead, deliver_mail
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.connect import Database
from tracker.db.outbox import lag, outbox
from tracker.domain.gate import Gate
from tracker.notify.maildir import Maildir

DAY = date(2025, 6, 15)
NOON = datetime(2025, 6, 15, 12, tzinfo=UTC)
OWED = 45


@pytest.fixture
def crowd(site: Database) -> Database:
    """45 nurses to be reminded, their mails in the outbox."""
    take_in(
        site, *[post(f"E-{number}", "ICU", "2025-01-01", email=f"e{number}@site.example") for number in range(OWED)]
    )
    plan_reminders(site, Gate(True), DAY, NOON, "site.example")
    return site


def sent(database: Database, folder: Path, at: datetime, bounds: Bounds) -> int:
    """How many mails leave at an instant."""
    done = deliver_mail(database, Maildir(folder), Letterhead("cards@site.example"), DAY, lambda: at, bounds)
    return sum(one.state == "sent" for one in done)


def test_no_more_leave_in_a_minute_than_allowed(crowd: Database, tmp_path: Path) -> None:
    """Whoever sends them: a second worker finds the minute used up, the next minute has room again."""
    bounds = Bounds(per_minute=30)
    assert sent(crowd, tmp_path, NOON, bounds) == 30
    assert sent(crowd, tmp_path, NOON + timedelta(seconds=59), bounds) == 0
    assert sent(crowd, tmp_path, NOON + timedelta(seconds=60), bounds) == 15


def test_no_more_leave_in_one_go_than_allowed(crowd: Database, tmp_path: Path) -> None:
    """The rest stays due, and everybody can see since when."""
    assert sent(crowd, tmp_path, NOON, Bounds(per_run=7)) == 7
    with crowd.read() as connection:
        assert lag(connection, NOON) == (OWED - 7, NOON)
    assert sent(crowd, tmp_path, NOON, Bounds()) == OWED - 7


def test_who_is_told_to_end_gives_back_what_was_claimed(crowd: Database, tmp_path: Path) -> None:
    """So that another sends it at once and not after the lease; a claim that came to nothing is no try."""
    asked = iter([False, False, False, False])
    assert sent(crowd, tmp_path, NOON, Bounds(stopping=lambda: next(asked, True))) == 3
    with crowd.read() as connection:
        left = [mail for mail in outbox(connection) if mail.state != "sent"]
    assert {(mail.state, mail.tries) for mail in left} == {("queued", 0)}
    assert sent(crowd, tmp_path, NOON, Bounds()) == OWED - 3
