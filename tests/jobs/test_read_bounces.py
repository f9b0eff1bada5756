"""Reports on delivery are read from a mailbox, each once, and mark the addresses of mails that were ours."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.ward import post, take_in
from notify.returned import ANA, EXCHANGE, NO_REPORTS, NOT_GONE, OURS, POSTFIX, one
from tracker.actions import mark_bounces
from tracker.actions.deliver_mail import Letterhead, deliver_mail
from tracker.actions.lift_bounce import lift_bounce
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.bounces import bounces_that_hold
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.jobs import JobRun
from tracker.db.outbox import outbox
from tracker.db.trail import entries, faults
from tracker.domain.gate import Gate
from tracker.jobs.read_bounces import JOB
from tracker.jobs.runner import work_if_due
from tracker.jobs.spec import Site
from tracker.notify.maildir import FOLDERS, Maildir
from tracker.settings import Settings

NOON = datetime(2025, 6, 15, 12, tzinfo=UTC)
AUTHOR = Author("tester", "test")


class Mailbox:
    """A real Maildir that a mail server delivers into, and the job that reads it."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database, self.path, self._count, self._minute = database, path, 0, 0
        self.settings = Settings().model_copy(update={"bounces": path})
        for folder in FOLDERS:
            (path / folder).mkdir(parents=True)

    def receive(self, *contents: bytes) -> None:
        """Mails come in."""
        for content in contents:
            self._count += 1
            (self.path / "new" / f"175000{self._count:04}.M{self._count}.mx").write_bytes(content)

    def look(self) -> JobRun | None:
        """The job looks, a minute after it did last."""
        self._minute += 1
        at = NOON.replace(hour=13 + self._minute // 60, minute=self._minute % 60)
        return work_if_due(JOB, Site(self.database, self.settings, lambda: at), "one")

    def files(self, folder: str) -> list[str]:
        """The names of the mails in a folder."""
        return sorted(path.name for path in (self.path / folder).iterdir())


@pytest.fixture
def mailbox(site: Database, tmp_path: Path) -> Mailbox:
    """Of a site that has just reminded Ana."""
    take_in(site, post("4512", "ICU", "2025-01-01", email="Ana@site.example"))
    plan_reminders(site, Gate(True), NOON.date(), NOON, "site.example")
    sent = deliver_mail(site, Maildir(tmp_path / "sent"), Letterhead("cards@cards.example"), NOON.date(), lambda: NOON)
    assert [each.state for each in sent] == ["sent"]
    return Mailbox(site, tmp_path / "bounces")


def about_ours(mailbox: Mailbox, content: bytes = POSTFIX) -> bytes:
    """A report about the very mail that Ana was sent."""
    with mailbox.database.read() as connection:
        (mail,) = outbox(connection)
    return content.replace(OURS.encode(), mail.message_id.encode())


def marked(mailbox: Mailbox) -> list[str]:
    """The addresses from which mail comes back."""
    with mailbox.database.read() as connection:
        assert list(faults(connection)) == []
        return list(bounces_that_hold(connection))


def test_an_address_that_is_gone_is_marked_with_what_was_said(mailbox: Mailbox) -> None:
    """As a fact, in the trail, under the address as it was written to."""
    mailbox.receive(about_ours(mailbox))
    run = mailbox.look()
    assert run
    assert run.counts == {"read": 1, "reports": 1, "unreadable": 0, "marked": 1}
    with mailbox.database.read() as connection:
        (found,) = bounces_that_hold(connection).values()
        entry = entries(connection, 1)[0]
    assert (found.address, found.status, found.day, found.mail_id) == ("Ana@site.example", "5.1.1", NOON.date(), 1)
    assert found.said.startswith("smtp; 550 5.1.1 (an address)")
    assert (entry.actor, entry.source, entry.action, entry.subject) == (
        "read_bounces",
        "job",
        "bounce-mark",
        "bounce:1",
    )


def test_an_address_is_the_same_in_any_case(mailbox: Mailbox) -> None:
    """Servers write it as they like."""
    mailbox.receive(about_ours(mailbox, EXCHANGE.replace(b"Ana@Site", b"ANA@SITE")))
    mailbox.look()
    assert marked(mailbox) == [ANA]


def test_nothing_else_marks_an_address(mailbox: Mailbox) -> None:
    """Though it is about the very mail; it lies where people find it, as it came."""
    contents = [about_ours(mailbox, content) for content in (NOT_GONE | NO_REPORTS).values()]
    mailbox.receive(*contents)
    assert mailbox.look()
    assert marked(mailbox) == []
    kept = [mailbox.path / "cur" / name for name in mailbox.files("cur")]
    assert [path.read_bytes() for path in kept] == contents
    assert all(path.name.endswith(":2,S") for path in kept)


@pytest.mark.parametrize(
    "about",
    [
        lambda box: POSTFIX,  # a mail that nobody here sent
        lambda box: about_ours(box, one(to="bo@site.example")),  # ours, but to somebody else
        lambda box: about_ours(box).replace(b"Message-ID", b"X-Message-ID"),  # of which, nobody knows
    ],
    ids=["nobody's", "another's", "unknown"],
)
def test_only_a_mail_of_ours_to_that_very_address_counts(mailbox: Mailbox, about: Callable[[Mailbox], bytes]) -> None:
    """Whatever others send to the mailbox."""
    mailbox.receive(about(mailbox))
    assert mailbox.look()
    assert marked(mailbox) == []


def test_a_report_that_no_database_could_keep_holds_up_nobody(mailbox: Mailbox) -> None:
    """Signs that are no text, in every field of it; the one after it is read."""
    hostile = (
        about_ours(mailbox).replace(b"Message-ID: <", b"Message-ID: <\x00\xff").replace(b"550 5.1.1", b"550 \x00\xff")
    )
    known = (
        about_ours(mailbox)
        .replace(b"User unknown", b"User \x00\xed\xa0\x80\xff unknown")
        .replace(b"ana@", b"\x00ana@", 1)
    )
    many = b"Final-Recipient: rfc822; \x00@b.example\nAction: failed\nStatus: 5.1.1\n\n" * 5_000
    mailbox.receive(hostile, known, about_ours(mailbox).replace(b"Final-Recipient", many + b"Final-Recipient", 1))
    assert mailbox.look()
    assert marked(mailbox) == []
    mailbox.receive(about_ours(mailbox).replace(b"User unknown", b"User \x00\xed\xa0\x80\xff unknown"))
    assert mailbox.look()
    assert marked(mailbox) == [ANA]


def test_each_mail_is_read_once(mailbox: Mailbox) -> None:
    """And a second report says nothing new."""
    mailbox.receive(about_ours(mailbox))
    mailbox.look()
    assert mailbox.look() is None
    mailbox.receive(about_ours(mailbox))
    run = mailbox.look()
    assert run
    assert run.counts["marked"] == 0
    assert (mailbox.files("new"), len(mailbox.files("cur"))) == ([], 2)


@pytest.mark.parametrize("where", ["Incoming.read", "record_bounces", "Incoming.put_away"])
def test_killed_at_any_instant_nothing_is_lost_and_nothing_done_twice(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Before it is read, before it is marked, before it is moved."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    mailbox.receive(*[about_ours(mailbox)] * 3)
    with monkeypatch.context() as patched:
        patched.setattr(f"{mark_bounces.__name__}.{where}", killed)
        with pytest.raises(KeyboardInterrupt):
            mailbox.look()
    assert len(mailbox.files("new")) == 3
    mailbox.look()
    with mailbox.database.read() as connection:
        assert [entry.action for entry in entries(connection)].count("bounce-mark") == 1
    assert (marked(mailbox), mailbox.files("new"), len(mailbox.files("cur"))) == ([ANA], [], 3)


def test_many_mails_are_read_some_at_a_time(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, also those that cannot be read, which are counted."""
    monkeypatch.setattr(mark_bounces, "BATCH", 7)
    broken = b"Content-Type: multipart/report; boundary=a\n\n" + b"--a boundary\n" * 60
    mailbox.receive(*[NO_REPORTS["noise"]] * 20, broken, about_ours(mailbox), *NOT_GONE.values())
    run = mailbox.look()
    assert run
    assert run.counts == {"read": 22 + len(NOT_GONE), "reports": 1 + len(NOT_GONE), "unreadable": 1, "marked": 1}
    assert mailbox.files("new") == []


def test_a_mark_that_was_lifted_stays_lifted_for_mails_of_before(mailbox: Mailbox) -> None:
    """A report that comes late is about a mail from before; the next mail may come back anew."""
    mailbox.receive(about_ours(mailbox))
    mailbox.look()
    assert lift_bounce(mailbox.database, AUTHOR, " ANA@site.example ").status == "5.1.1"
    mailbox.receive(about_ours(mailbox))
    mailbox.look()
    assert marked(mailbox) == []


def test_a_mailbox_that_cannot_be_used_is_said_until_it_can(mailbox: Mailbox) -> None:
    """It fails, with what to do; once it was mended it is well again, whether or not a mail has come."""
    (mailbox.path / "cur").rmdir()
    run = mailbox.look()
    assert run
    assert run.outcome == "failed"
    assert "TRACKER_BOUNCES" in (run.said or "")
    (mailbox.path / "cur").mkdir()
    mended = mailbox.look()
    assert mended
    assert mended.outcome == "done"
    assert mailbox.look() is None


def test_without_a_mailbox_the_job_says_so(mailbox: Mailbox) -> None:
    """By name of the setting."""
    site = Site(mailbox.database, Settings(), lambda: NOON)
    assert work_if_due(JOB, site, "one") is None
    assert "TRACKER_BOUNCES" in JOB.due(site).why


def test_a_mail_under_a_name_that_is_taken_replaces_nothing(mailbox: Mailbox) -> None:
    """Both are kept."""
    mailbox.receive(NO_REPORTS["a letter"])
    (name,) = mailbox.files("new")
    (mailbox.path / "cur" / f"{name}:2,S").write_bytes(b"another")
    mailbox.look()
    assert (mailbox.files("new"), len(mailbox.files("cur"))) == ([], 2)
