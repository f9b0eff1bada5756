"""What runs send, over a real database and into a real mailbox, is what the rules owe, each notice once."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from conftest import Databases
from recorder import AUTHOR, Recorder
from reminder_oracle import Run, owed
from reminder_worlds import stories
from tracker.actions.deliver_mail import Delivered, Letterhead, deliver_mail
from tracker.actions.plan_reminders import RunPlan, plan_reminders
from tracker.db.bounces import bounces_that_hold
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.outbox import Planned, enqueue, withdraw
from tracker.db.tables import bounces
from tracker.domain.errors import BadInput
from tracker.domain.gate import Gate
from tracker.notify.maildir import Maildir

FROM = "Life support cards <cards@example.org>"


def run(database: Database, folder: Path, gate: Gate, day: date, at: datetime) -> tuple[RunPlan, list[Delivered]]:
    """One run: planned, and delivered into a mailbox."""
    plan = plan_reminders(database, gate, day, at, "example.org")
    done = deliver_mail(database, Maildir(folder), Letterhead(FROM, gate.since), day, lambda: at)
    return plan, list(done) if gate.is_open else []


class Marks:
    """Marks and lifts addresses, so that before each run those are marked that a story says."""

    def __init__(self, database: Database) -> None:
        self._database = database
        nobody = Planned("staff_reminder", "nobody@staff.example", "0", ())
        with database.write() as connection:
            (self._mail,) = enqueue(
                connection, date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC), [nobody], "x.example"
            )
            withdraw(connection, [self._mail], "made up", datetime(2020, 1, 1, tzinfo=UTC))

    def set(self, addresses: list[str], day: date) -> None:
        """These and no others."""
        with change(self._database, AUTHOR, "test") as made:
            before = bounces_that_hold(made.connection)
            if gone := [one.id for key, one in before.items() if key not in addresses]:
                made.retract(bounces, gone)
            fresh = [each for each in addresses if each not in before]
            made.record(bounces, [(each, "5.1.1", "", self._mail, day) for each in fresh])


def as_sent(done: list[Delivered]) -> Counter[tuple[object, ...]]:
    """What went out, as it is compared; a digest by its receiver alone."""
    return Counter(
        (one.mail.planned.kind, one.mail.planned.address, frozenset(
            (told.employee_id, told.notice.requirements, told.notice.cause, told.notice.stage, told.notice.last_day)
            for told in one.mail.planned.told
        ))
        for one in done if one.state == "sent"
    )  # fmt: skip


def as_owed(run: Run) -> Counter[tuple[object, ...]]:
    """The same of what the second reading says."""
    return Counter(
        (mail["kind"], mail["to"][0], frozenset(
            (one["employee_id"], tuple(one["requirements"]), one["cause"], one["stage"],
             date.fromisoformat(one["last_day"]) if one["last_day"] else None)
            for one in mail["notices"]
        ))
        for mail in run.messages
    )  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=stories())
def test_runs_send_what_the_rules_owe_each_notice_once(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    story: dict[str, Any],
) -> None:
    """Day by day, with missed days, doubled runs, renewals, corrections, leavers, leave, bookings, submissions; and
    addresses of staff and managers that mail comes back from, and that are lifted.
    """
    recorder, folder = Recorder(databases.new(), monkeypatch, renames=True), tmp_path_factory.mktemp("mail")
    marks = Marks(recorder.database)
    sent: list[dict[str, Any]] = []
    delivered = 0
    for each in story["runs"]:
        recorder.play(story["world"], each["known_at"])
        enabled_on, day = story["enabled_on"], each["day"]
        gate, known_at = Gate(enabled_on is None or day >= enabled_on, enabled_on), each["known_at"]
        marks.set(each["bounced"], day)
        told = owed(story["world"], day, sent, enabled_on=enabled_on, bounced=each["bounced"], known_at=known_at)
        try:
            plan, done = run(recorder.database, folder, gate, day, known_at)
        except BadInput:
            assert told.refused or not story["world"]["policies"][0]["recorded_at"] <= known_at
            continue
        assert not told.refused
        assert as_sent(done) == as_owed(told)
        assert set(plan.not_sent) == {(one["employee_id"], one["reason"]) for one in told.not_sent}
        # A run that is held back leaves no trace.
        sent += told.sent if gate.is_open else []
        delivered += sum(one.state == "sent" for one in done)
    assert len(list(folder.glob("new/*"))) == delivered
    databases.drop()
