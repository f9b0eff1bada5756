"""What other systems test of their reminders, asked of this one: late jobs, first imports, moved ends, dead servers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from actions.ward import AUTHOR, card, govern, post, take_in
from notify.mail_server import MailServer
from tracker.actions.change_card import retract_card
from tracker.actions.enable_mail import enable_mail
from tracker.db.connect import Database
from tracker.db.moments import holds as holding
from tracker.db.outbox import Mail, lag, outbox, put_off
from tracker.db.tables import cards
from tracker.jobs.registry import JOBS
from tracker.jobs.runner import work_if_due
from tracker.jobs.spec import Site
from tracker.jobs.watchdog import look_around
from tracker.settings import Settings

# One requirement, so that a mail is about one card, whose last valid day is as printed.
POLICY = """
name = "peers"
timezone = "UTC"
records_from = 2024-01-01
default_issuer = "AHA"
[types.BLS]
[[issuers]]
id = "AHA"
[[validity]]
ends = "printed"
[[requirements]]
id = "bls"
any_of = ["BLS"]
[reminders]
lead_days = [7, 4, 1]
send_at = "08:00"
"""
THREE_MONTHS = POLICY.replace("[7, 4, 1]", "[90, 60, 30]")
DAY = date(2025, 6, 16)


class Peer:
    """A site with a mail server, whose jobs are looked at once on each day that it lives through."""

    def __init__(self, database: Database, server: MailServer, folder: Path) -> None:
        self.database, self.server, self.folder = database, server, folder
        self.port = server.port
        enable_mail(database, AUTHOR, self.settings, DAY)

    @property
    def settings(self) -> Settings:
        """The settings, with the mail server of the moment."""
        mail = SecretStr(f"smtp://127.0.0.1:{self.port}?tls=none")
        words: dict[str, Any] = {"data_dir": self.folder, "mail_url": mail, "mail_from": "cards@site.example"}
        return Settings().model_copy(update=words)

    def site(self, at: datetime) -> Site:
        """What the jobs see at an instant."""
        return Site(self.database, self.settings, lambda: at)

    def live(self, day: date, hour: int = 9) -> list[str]:
        """Looks at both jobs once; returns who got a mail, and of which stage."""
        seen, at = len(self.server.mails), datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        for name in ("plan_reminders", "deliver_mail"):
            work_if_due(JOBS[name], self.site(at), "one")
        names = {str(mail["Message-ID"]) for mail in self.server.mails[seen:]}
        return sorted(
            f"{mail.planned.address.partition('@')[0]} {told.notice.stage}"
            for mail in self.mails()
            if mail.message_id in names
            for told in mail.planned.told
        )

    def mails(self) -> list[Mail]:
        """The outbox."""
        with self.database.read() as connection:
            return outbox(connection)


@pytest.fixture
def peer(database: Database, mail_server: MailServer, tmp_path: Path) -> Peer:
    """A site with a nurse whose card ends eight days after the first day."""
    govern(database, POLICY)
    peer = Peer(database, mail_server, tmp_path)
    holds(peer, "ana", DAY + timedelta(days=8))
    return peer


def holds(peer: Peer, who: str, last_day: date) -> None:
    """Somebody works in the ICU and holds a card until a day."""
    take_in(peer.database, post(who, "ICU", "2024-01-01", email=f"{who}@site.example"))
    take_in(peer.database, card(who, "2024-06-01", last_day.isoformat(), number=f"{who}-{last_day}"))


def only_card(database: Database) -> int:
    """The number of the one card on record."""
    with database.read() as connection:
        return int(connection.execute(select(cards.c.card).where(holding(cards, None))).scalar_one())


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], {1: 7, 4: 4, 7: 1}),
        ([0, 2, 3, 5, 6, 8], {2: 7, 5: 4, 8: 1}),  # each time a day late
        ([0, 3, 6, 8], {3: 7, 6: 4, 8: 1}),
        ([0, 5, 8], {5: 4, 8: 1}),  # a step that was jumped over is not made up for
        ([8], {8: 1}),
    ],
)
def test_a_job_that_is_late_sends_each_step_once(peer: Peer, days: list[int], expected: dict[int, int]) -> None:
    """Steps at 7, 4 and 1 days before the end: reached, not hit; a day late is as good, two steps at once are one."""
    got = {number: peer.live(DAY + timedelta(days=number)) for number in days}
    assert {number: mails for number, mails in got.items() if mails} == {
        number: [f"ana {stage}"] for number, stage in expected.items()
    }


def test_a_first_import_at_twenty_days_left_sends_one_mail(
    database: Database, mail_server: MailServer, tmp_path: Path
) -> None:
    """Not one for each of the three steps that are past: the nearest, and then no more."""
    peer = Peer(govern(database, THREE_MONTHS), mail_server, tmp_path)
    holds(peer, "ana", DAY + timedelta(days=20))
    assert [peer.live(DAY + timedelta(days=number)) for number in range(4)] == [["ana 30"], [], [], []]


def test_an_end_that_moves_begins_anew_at_the_new_address(peer: Peer) -> None:
    """Told of the old end at the old address, of each step of the new one at the new address; nothing is said twice."""
    assert peer.live(DAY + timedelta(days=1)) == ["ana 7"]
    take_in(peer.database, post("ana", "ICU", "2024-01-01", email="ana.new@site.example"))
    retract_card(peer.database, AUTHOR, "ana", only_card(peer.database), "misread")
    holds_until = DAY + timedelta(days=28)
    take_in(peer.database, card("ana", "2024-06-01", holds_until.isoformat(), number="ana-again"))
    got = [peer.live(DAY + timedelta(days=number)) for number in range(2, 29)]
    assert [mails for mails in got if mails] == [["ana.new 7"], ["ana.new 4"], ["ana.new 1"]]
    assert (got[19], got[22], got[25]) == (["ana.new 7"], ["ana.new 4"], ["ana.new 1"])


def test_a_server_that_refuses_connections_leaves_all_queued_and_is_named(peer: Peer, closed_port: int) -> None:
    """The outbox says why, the watch says it, nothing is lost: all leaves once the server is back."""
    holds(peer, "bo", DAY + timedelta(days=8))
    peer.port = closed_port
    assert peer.live(DAY + timedelta(days=1)) == []
    assert {mail.state for mail in peer.mails()} == {"queued"}
    assert all("cannot be used (Connection refused)" in str(mail.reason) for mail in peer.mails())
    for hour in range(10, 24):
        peer.live(DAY + timedelta(days=1), hour)
    alarms = look_around(peer.site(datetime(2025, 6, 17, 23, 30, tzinfo=UTC)))
    assert any("Connection refused" in alarm.sentence for alarm in alarms), alarms
    peer.port = peer.server.port
    assert peer.live(DAY + timedelta(days=2)) == ["ana 7", "bo 7"]


def test_one_mail_that_fails_stops_nobody_elses(peer: Peer) -> None:
    """Of thirty, one is refused for good and one for now: the others arrive, and those two are on record."""
    crowd = [f"n{number:02}" for number in range(30)]
    for who in crowd:
        holds(peer, who, DAY + timedelta(days=8))
    peer.server.refused |= {"n03@site.example": "550 no such user", "n17@site.example": "450 mailbox busy"}
    got = peer.live(DAY + timedelta(days=1))
    assert got == sorted(f"{who} 7" for who in ("ana", *crowd) if who not in ("n03", "n17"))
    states = {mail.planned.address[:3]: mail.state for mail in peer.mails() if mail.state != "sent"}
    assert states == {"n03": "failed", "n17": "queued"}
    with peer.database.read() as connection:
        assert lag(connection, datetime(2025, 6, 17, 9, tzinfo=UTC)).waiting == 0
        assert [tries for tries, _ in put_off(connection)] == [1]
