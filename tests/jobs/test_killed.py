"""Workers that are killed at any instant: nothing is lost, and each repeats one mail at most, under its own name.

`KILLED_FULL=1` tries it with 2,000 mails and twenty kills instead of a few hundred and four.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from actions.ward import AUTHOR, govern, post, take_in
from notify.mail_server import MailServer
from tracker.actions.enable_mail import enable_mail, mail_gate, remember_runs
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.connect import Database
from tracker.db.outbox import outbox
from tracker.settings import Settings

MAILS, KILLS = (2_000, 20) if os.environ.get("KILLED_FULL") else (300, 4)
DAY = date(2025, 6, 15)
LEASE_SECONDS = 10
# Far more than it takes; only a worker that hangs comes to it.
PATIENCE_SECONDS = 240 if os.environ.get("KILLED_FULL") else 90

WORKER = f"""
import sys
from datetime import timedelta
from tracker.cli.main import main
from tracker.db import outbox

outbox.LEASE = timedelta(seconds={LEASE_SECONDS})
sys.argv = ["tracker", "worker", "--every", "0.2"]
main()
"""


def owing(database: Database, settings: Settings) -> None:
    """A site that owes each of so many nurses one mail, all of them in the outbox."""
    govern(database)
    nurses = [post(f"E-{number}", "ICU", "2025-01-01", email=f"e{number}@site.example") for number in range(MAILS)]
    take_in(database, *nurses)
    enable_mail(database, AUTHOR, settings, DAY)
    plan_reminders(database, mail_gate(database, settings), DAY, datetime.now(UTC), "site.example")
    remember_runs(database, settings)


class Workers:
    """Two real processes that only send."""

    def __init__(self, settings: Settings, script: Path) -> None:
        script.write_text(WORKER)
        self._command = [sys.executable, str(script)]
        self._environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TRACKER_DATA_DIR": str(settings.data_dir),
            "TRACKER_DATABASE_URL": settings.database,
            "TRACKER_MAIL_URL": settings.mail,
            "TRACKER_MAIL_FROM": str(settings.mail_from),
            "TRACKER_TODAY": DAY.isoformat(),
        }
        self._running = [self._start(), self._start()]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env=self._environment, stderr=subprocess.DEVNULL)

    def kill(self, which: int) -> None:
        """Ends one at once and starts another in its place."""
        self._running[which].kill()
        self._running[which].wait()
        self._running[which] = self._start()

    def end(self) -> None:
        """Ends both."""
        for each in self._running:
            each.kill()
            each.wait()


@contextmanager
def working(settings: Settings, script: Path) -> Iterator[Workers]:
    """Two workers while the block lasts."""
    workers = Workers(settings, script)
    try:
        yield workers
    finally:
        workers.end()


def wait_for(server: MailServer, count: int, seconds: float) -> bool:
    """Waits until the server has so many different mails; false if that takes too long."""
    end = time.monotonic() + seconds
    while len(names(server)) < count:
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def names(server: MailServer) -> Counter[str]:
    """How often each mail came."""
    return Counter(str(mail["Message-ID"]) for mail in list(server.mails))


def unsent(database: Database) -> list[str]:
    """The states of the mails that are not yet known to be sent."""
    with database.read() as connection:
        return [mail.state for mail in outbox(connection) if mail.state != "sent"]


def settings_for(database: Database, folder: Path, server: MailServer) -> Settings:
    """The settings of the site and of its workers."""
    url = database.url.render_as_string(hide_password=False)
    mail = SecretStr(f"smtp://127.0.0.1:{server.port}?tls=none")
    words = {"data_dir": folder / "data", "database_url": SecretStr(url), "mail_url": mail}
    return Settings().model_copy(update=words | {"mail_from": "cards@site.example", "today": DAY})


def test_workers_killed_at_any_instant_lose_nothing(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each owed mail arrives; the one that a killed worker had in flight may come twice, under the same Message-ID."""
    chance = random.Random(20250615)
    with MailServer(takes_many=True) as server:
        settings = settings_for(database, tmp_path, server)
        owing(database, settings)
        with working(settings, tmp_path / "worker.py") as workers:
            for goal in sorted(chance.sample(range(1, MAILS * 9 // 10), KILLS)):
                assert wait_for(server, goal, PATIENCE_SECONDS)
                time.sleep(chance.uniform(0, 0.03))
                workers.kill(chance.randrange(2))
            assert wait_for(server, MAILS, PATIENCE_SECONDS)
            settle(database)
        assert_told_once(server)
        with capsys.disabled(), suppress(BrokenPipeError):
            sys.stdout.write(f"\n{MAILS} mails, {KILLS} kills, {names(server).total() - MAILS} repeats, 0 lost ")


def settle(database: Database) -> None:
    """Waits until every mail is known to be sent: what a killed worker had is tried again after its lease."""
    end = time.monotonic() + PATIENCE_SECONDS
    while unsent(database) and time.monotonic() < end:
        time.sleep(0.1)
    assert unsent(database) == []


def assert_told_once(server: MailServer) -> None:
    """Each nurse got one mail, by its name; repeats are no more than kills."""
    told = {str(mail["To"]): set[str]() for mail in server.mails}
    for mail in server.mails:
        told[str(mail["To"])].add(str(mail["Message-ID"]))
    assert len(told) == MAILS
    assert {len(named) for named in told.values()} == {1}
    assert names(server).total() - MAILS <= KILLS
