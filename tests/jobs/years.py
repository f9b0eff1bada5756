"""A small site over simulated years: its facts, the processes that work its jobs, its mail server, and what holds.

What is owed comes from the second reading of the rules (`reminder_oracle.py`); what was sent, from the mail server.
Processes are real objects over the real database. One that is killed stops between any two of its steps and writes
nothing any more, just as if it had been ended there.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from pydantic import SecretStr

from notify.mail_server import MailServer
from oracle import add_months, covers, month_end
from recorder import AUTHOR, Recorder
from reminder_oracle import owed
from tracker import clock
from tracker.actions.enable_mail import enable_mail
from tracker.db.connect import BUSY_MILLISECONDS, Connection, Database
from tracker.db.outbox import Mail, anything_due, outbox
from tracker.db.reminders import last_run
from tracker.jobs import deliver_mail
from tracker.jobs.registry import JOBS
from tracker.jobs.runner import work_if_due
from tracker.jobs.spec import Site
from tracker.notify.mail_url import open_post
from tracker.notify.ports import Letter, Meanwhile, Post, nothing
from tracker.settings import Settings

Fact = dict[str, Any]
# A kind of mail and its receiver; each person of a site has an address of their own.
Key = tuple[str, str]
Notices = frozenset[tuple[object, ...]]

MONTHS = 12  # that a card is good for
POLICY: dict[str, Any] = {
    "name": "years",
    "timezone": "America/Chicago",
    "records_from": date(2024, 1, 1),
    "expiring_within_days": 30,
    "rejoin_within_days": 7,
    "default_issuer": "AHA",
    "types": {"BLS": {"title": "Basic"}, "ACLS": {"title": "Advanced", "requires": ["BLS"]}},
    "issuers": [{"id": "AHA"}],
    "validity": [{"issuer": "AHA", "months": MONTHS, "ends": "month_end"}],
    "requirements": [
        {"id": "bls", "title": "BLS", "any_of": ["BLS"], "within_days": 30, "grace_after_expiry_days": 14},
        {"id": "acls", "title": "ACLS", "any_of": ["ACLS"], "units": ["ICU"], "within_days": 60},
    ],
    "reminders": {
        "lead_days": [90, 60, 30, 14, 7, 1, 0],
        "weekly_on": "monday",
        "send_at": "08:00",
        "escalate_after_days": [14, 30],
    },
}
FIRST_DAY = date(2025, 3, 3)


class Killed(BaseException):
    """The process is no more."""


class Life:
    """How many steps a process has left; None: as many as it wants."""

    def __init__(self) -> None:
        self.left: int | None = None

    def step(self) -> None:
        """Goes on to what comes next, or dies and stays dead."""
        if self.left is not None:
            if self.left <= 0:
                raise Killed
            self.left -= 1


class Mortal(Database):
    """The database as one process sees it: killed within a transaction, it leaves nothing of that behind."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.life = Life()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """As any process reads."""
        self.life.step()
        with super().read() as connection:
            yield connection

    @contextmanager
    def write(self, patience: int = BUSY_MILLISECONDS) -> Iterator[Connection]:
        """As any process writes; it may die before, within, or after."""
        self.life.step()
        with super().write(patience) as connection:
            yield connection
            self.life.step()
        self.life.step()


class Carried:
    """The real way of delivery, before and after each mail of which the process may die, or another have its turn."""

    def __init__(self, real: Post, life: Life, meanwhile: Callable[[], None]) -> None:
        self._real, self._life, self._meanwhile = real, life, meanwhile

    def __enter__(self) -> Self:
        self._real.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._real.__exit__(kind, error, trace)

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Sends a mail."""
        self._life.step()
        self._meanwhile()
        self._real.send(letter, meanwhile)
        self._life.step()


class Years:
    """A site, its mail server and what became of its mails so far."""

    def __init__(self, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
        self.database, self.monkeypatch, self.server = database, monkeypatch, server
        self.now = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 15, tzinfo=UTC)
        self.settings = Settings().model_copy(
            update={"data_dir": folder, "mail_from": "cards@site.example", "base_url": "https://cards.site.example"}
        )
        self.world: dict[str, Any] = {"policies": [], "facts": []}
        self.recorder = Recorder(database, monkeypatch, renames=True)
        self.processes: dict[int, Mortal] = {}
        self.sent: list[Fact] = []
        self.states: dict[int, str] = {}
        self.arrived: Counter[str] = Counter()
        self.in_flight: Counter[str] = Counter()
        self.kills = 0
        self.of_the_day: dict[tuple[date, Key], str] = {}
        self.was_ill = False
        # Addresses that the server says do not exist; those to whom the last mail failed, for whatever reason.
        self.bounced: set[str] = set()
        self.failing: set[str] = set()
        self.events = 0
        self._asked: object = None
        self._owed: dict[Key, Notices] = {}
        self._open()

    def _open(self) -> None:
        """The policy comes in force and mail is let go, before anybody is known."""
        self.world["policies"].append({"policy": POLICY, "effective": None, "recorded_at": self.tick()})
        self.recorder.play(self.world, self.now)
        self.enabled_on = self.day
        self.monkeypatch.setattr(clock, "now", lambda: self.now)
        enable_mail(self.database, AUTHOR, self.at_server(self.server.port), self.day)

    def close(self) -> None:
        """Lets go of the database."""
        for process in self.processes.values():
            process.close()

    # --- time and facts -----------------------------------------------------------------

    def tick(self, seconds: int = 1) -> datetime:
        """A little later."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def until(self, days: int, hour: int) -> None:
        """So many days later, at an hour of UTC, or a little later than now."""
        day = self.now.date() + timedelta(days=days)
        self.now = max(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), self.now + timedelta(minutes=1))

    @property
    def day(self) -> date:
        """Today at the site."""
        return Site(self.database, self.settings, lambda: self.now).day

    def record(self, kind: str, **fields: Any) -> None:
        """A fact is recorded now."""
        if kind in ("card", "assignment"):
            fields["id"] = 1 + sum(fact["fact"] == kind for fact in self.world["facts"])
        fact = {"fact": kind, **fields, "recorded_at": self.tick(), "retracted_at": None}
        self.world["facts"].append(fact)
        self._happened()

    def _happened(self) -> None:
        self.events += 1
        self.recorder.play(self.world, self.now)

    def take_back(self, fact: Fact) -> Fact:
        """A fact is retracted now; what it said, to be recorded otherwise."""
        fact["retracted_at"] = self.tick()
        self._happened()
        return {key: value for key, value in fact.items() if key not in ("fact", "id", "recorded_at", "retracted_at")}

    def known(self, kind: str, employee_id: str) -> list[Fact]:
        """The facts of a kind that hold of somebody."""
        facts: list[Fact] = self.world["facts"]
        mine = [fact for fact in facts if fact["fact"] == kind and fact.get("employee_id") == employee_id]
        return [fact for fact in mine if fact["retracted_at"] is None]

    def owed(self) -> dict[Key, Notices]:
        """What is owed and was not sent, by the second reading; asked again, it is remembered."""
        asked = self.day, self.events, len(self.sent), len(self.bounced)
        if asked != self._asked:
            self._asked, self._owed = asked, self._reading()
        return self._owed

    def _reading(self) -> dict[Key, Notices]:
        gone = sorted(self.bounced)
        run = owed(self.world, self.day, self.sent, enabled_on=self.enabled_on, bounced=gone, known_at=self.now)
        assert not run.refused
        return {
            (mail["kind"], mail["to"][0]): frozenset(
                (one["employee_id"], tuple(one["requirements"]), one["cause"], one["stage"], one["last_day"])
                for one in mail["notices"]
            )
            for mail in run.messages
        }

    # --- processes ----------------------------------------------------------------------

    def at_server(self, port: int) -> Settings:
        """The settings with a mail server at a port."""
        return self.settings.model_copy(update={"mail_url": SecretStr(f"smtp://127.0.0.1:{port}?tls=none")})

    def look(self, which: int, job: str, port: int, dies_after: int | None = None, other: int | None = None) -> bool:
        """A process looks at a job, and may die at it; another may look while the first has a mail in hand.

        Returns whether the process lives on.
        """
        self.tick()
        process = self._process(which)
        process.life.left = dies_after
        waiting = [other] if other is not None and other != which else []

        def meanwhile() -> None:
            if waiting:
                self.look(waiting.pop(), job, port)
                self.monkeypatch.setattr(deliver_mail, "open_post", opened)

        def opened(url: str) -> Post:
            return Carried(open_post(url), process.life, meanwhile)

        self.monkeypatch.setattr(deliver_mail, "open_post", opened)
        try:
            run = work_if_due(JOBS[job], Site(process, self.at_server(port), lambda: self.now), f"process {which}")
        except Killed:
            self.kills += 1
            process.close()
            del self.processes[which]
            return False
        assert run is None or run.outcome == "done", run.said
        process.life.left = None
        return True

    def _process(self, which: int) -> Mortal:
        if which not in self.processes:
            self.processes[which] = Mortal(self.database.url.render_as_string(hide_password=False))
        return self.processes[which]

    # --- what holds ---------------------------------------------------------------------

    def mails(self) -> dict[int, Mail]:
        """All mails that ever were in the outbox."""
        with self.database.read() as connection:
            return {mail.id: mail for mail in outbox(connection)}

    def plan(self, which: int, dies_after: int | None = None) -> None:
        """A process looks whether the day is to be planned; then what waits is what is owed."""
        expected, runs = self.owed(), self._planned()
        self.look(which, "plan_reminders", 0, dies_after)
        if not runs and self._planned():
            self._assert_waiting(expected)
        self._note_states()

    def _planned(self) -> bool:
        """Whether the day's run was made."""
        with self.database.read() as connection:
            run = last_run(connection)
        return run is not None and run.day == self.day

    def _assert_waiting(self, expected: dict[Key, Notices]) -> None:
        waiting = {key_of(mail): mail for mail in self.mails().values() if mail.state in ("queued", "sending")}
        # A killed worker may have sent what it had in hand, so that goes nowhere else, not even to a newer address,
        # before it was looked at again.
        in_hand = {
            (key[0], one.employee_id)
            for key, mail in waiting.items()
            if mail.state == "sending" and key[0] == "staff_reminder"
            for one in mail.planned.told
        }
        for key, notices in expected.items():
            if key not in waiting:
                assert {(key[0], one[0]) for one in notices} & in_hand, f"{key} is owed and does not wait"
                continue
            assert waiting[key].state == "sending" or told_by(waiting[key]) == notices
        for key, mail in waiting.items():
            # Whether a digest still has something to say is asked once more before it leaves.
            assert key in expected or mail.state == "sending" or key[0] == "manager_digest", f"{key} is not owed"

    def deliver(
        self, which: int, port: int, dies_after: int | None = None, other: int | None = None, healthy: bool = True
    ) -> None:
        """A process looks whether mails are to be delivered; each is what is owed at that moment."""
        self.was_ill |= not healthy
        expected, seen, planned = self.owed(), len(self.server.mails), self._planned()
        lives = self.look(which, "deliver_mail", port, dies_after, other)
        for mail in self.server.mails[seen:]:
            assert planned, "a mail left before the day's run"
            self._assert_fit(mail)
        self._note_states(expected, self.server.mails[seen:])
        if lives and planned:
            with self.database.read() as connection:
                assert not anything_due(connection, self.now)

    def _note_states(self, expected: dict[Key, Notices] | None = None, came: list[EmailMessage] | None = None) -> None:
        """What became of each mail is what should have, and the server has what is said to be sent."""
        now = self.mails()
        by_name = {mail.message_id: mail for mail in now.values()}
        for message in came or []:
            self._note_arrival(by_name[message["Message-ID"]], message)
        for mail in sorted(now.values(), key=lambda one: one.state):
            before = self.states.get(mail.id)
            if before != mail.state:
                self.states[mail.id] = mail.state
                self._note(mail, expected)

    def _note_arrival(self, mail: Mail, message: EmailMessage) -> None:
        name = mail.message_id
        assert message["To"] == mail.planned.address
        if self.arrived[name]:
            assert self.in_flight[name] > 0, f"{name} was repeated though nobody was killed"
            self.in_flight[name] -= 1
        self.arrived[name] += 1
        assert self.of_the_day.setdefault((self.day, key_of(mail)), name) == name, "two mails of a kind in a run"
        if mail.state != "sent":
            assert mail.state == "sending", f"a mail that left is {mail.state}"
            self.in_flight[name] += 1
            assert self.in_flight.total() <= self.kills

    def _note(self, mail: Mail, expected: dict[Key, Notices] | None) -> None:
        key, told = key_of(mail), told_by(mail)
        if mail.state == "sent":
            assert expected is not None
            assert self.arrived[mail.message_id], f"{key} is said to be sent, and the server never saw it"
            # Managers are told whom no mail reaches, of which the reading knows only those who bounced before.
            assert key in expected or (key[0] == "manager_digest" and self.failing), f"{key} was not owed any more"
            assert told <= expected.get(key, told)
            self.failing.discard(mail.planned.address)
            self.sent += records(self.day, mail)
        elif mail.state == "withdrawn" and expected is not None:
            # By delivery: nothing of it is owed.
            assert key not in expected or (told and not told & expected[key]), f"{key} was owed and is withdrawn"
        elif mail.state == "failed":
            assert self.was_ill, f"{key} failed: {mail.reason}"
            assert mail.reason
            self.failing.add(mail.planned.address)
            if "5.1.1" in self.server.refused.get(mail.planned.address, ""):
                self.bounced.add(mail.planned.address)

    def _assert_fit(self, message: EmailMessage) -> None:
        """Read from the facts alone: nobody who left, nobody on leave, no card that was renewed."""
        mail = next(one for one in self.mails().values() if one.message_id == message["Message-ID"])
        if mail.planned.kind != "staff_reminder":
            return
        for told in mail.planned.told:
            posts = self.known("assignment", told.employee_id)
            assert any(covers(one["starts_on"], one["ends_on"], self.day) for one in posts), "a mail to a leaver"
            leaves = self.known("absence", told.employee_id)
            assert not any(covers(one["from"], one["until"], self.day) for one in leaves), "a mail to one on leave"
            held = [one for one in self.known("card", told.employee_id) if one["type"] == told.notice.cause]
            if isinstance(told.notice.stage, int) and told.notice.last_day and held:
                assert max(map(ends_on, held)) <= told.notice.last_day, "a mail about a card that was renewed"

    def finish(self) -> None:
        """Once all is well for two days, nothing is owed and nothing waits, and no stage was sent twice."""
        port = self.server.port
        self.server.refused.clear()
        self.server.content_answer = "250 OK"
        for _ in range(2):
            for days, hour in ((1, 15), (0, 22)):
                self.until(days, hour)
                self.plan(9)
                self.deliver(9, port)
        assert self.owed() == {}
        assert not [mail for mail in self.mails().values() if mail.state in ("queued", "sending")]
        self._assert_each_once()

    def _assert_each_once(self) -> None:
        """No stage of the same end was told twice; every mail came once, or once more for who was killed at it."""
        stages = Counter(
            (one["kind"], one["to"], one["employee_id"], one["cause"], one["stage"], one["last_day"])
            for one in self.sent
            if isinstance(one.get("stage"), int) and one["kind"] == "staff_reminder"
        )
        assert [key for key, count in stages.items() if count > 1] == []
        assert sum(self.arrived.values()) - len(self.arrived) <= self.kills


def key_of(mail: Mail) -> Key:
    """Which mail it is."""
    return mail.planned.kind, mail.planned.address


def told_by(mail: Mail) -> Notices:
    """What a mail says, as it is compared."""
    return frozenset(
        (one.employee_id, one.notice.requirements, one.notice.cause, one.notice.stage, _text(one.notice.last_day))
        for one in mail.planned.told
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def records(day: date, mail: Mail) -> list[Fact]:
    """What the second reading remembers of a mail that was sent."""
    head = {"day": day, "kind": mail.planned.kind, "to": mail.planned.address}
    names = ("employee_id", "requirements", "cause", "stage", "last_day", "first_day")
    if mail.planned.kind == "manager_digest":
        return [{**head, **dict.fromkeys(names), "requirements": ()}]
    return [{**head, "employee_id": one.employee_id, **one.notice._asdict()} for one in mail.planned.told]


def ends_on(card: Fact) -> date:
    """The last valid day of a card."""
    return month_end(add_months(card["issued_on"], MONTHS))
