"""Mails that are owed get out once, whatever happens between planning and delivery."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

import pytest
from sqlalchemy import event

from actions.ward import away, card, post, take_in, unit
from tracker.actions.deliver_mail import Delivered, Letterhead, deliver_mail, mail_domain
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.connect import Database
from tracker.db.outbox import Planned, Told, claim, enqueue, outbox
from tracker.domain.gate import Gate
from tracker.domain.reminders import Notice
from tracker.notify.ports import Letter, Meanwhile, NotDelivered, nothing
from tracker.settings import Settings

SUNDAY = date(2025, 6, 15)
MANAGER, OTHER = "icu@site.example", "ed@site.example"


class Box:
    """A mail port: keeps what it is given, or has no connection."""

    def __init__(self, down: bool = False) -> None:
        self.down, self.mails = down, list[EmailMessage]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Keeps a mail."""
        if self.down:
            raise NotDelivered("there is no connection", permanent=False)
        meanwhile()
        self.mails.append(message_from_bytes(letter.content, policy=policy.default))


def run(database: Database, box: Box, day: date) -> list[Delivered]:
    """A run at noon of a day."""
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    plan_reminders(database, Gate(True), day, at, "site.example")
    return list(deliver_mail(database, box, Letterhead("cards@site.example"), day, lambda: at))


def told(done: list[Delivered], address: str) -> list[str]:
    """The kinds of mail that an address got."""
    return [one.mail.planned.kind for one in done if one.state == "sent" and one.mail.planned.address == address]


@pytest.fixture
def managed(site: Database) -> Database:
    """Two units and their managers; one nurse without a card in the first."""
    take_in(site, unit("ICU", "Main", MANAGER), unit("ED", "Main", OTHER))
    take_in(site, post("4512", "ICU", "2025-01-01", email="ana@site.example"))
    return site


def test_a_transfer_within_a_lapse_tells_the_new_manager_on_its_day(managed: Database) -> None:
    """Though no fact changes on that day: the assignments were known long before."""
    take_in(managed, post("4512", "ICU", "2025-01-01", "2025-06-18"), post("4512", "ED", "2025-06-19"))
    days = [SUNDAY + timedelta(days=number) for number in range(6)]
    got = [told(run(managed, Box(), day), OTHER) for day in days]
    assert got == [[], [], [], [], ["escalation", "lapse_notice", "manager_digest"], []]


def test_a_digest_that_could_not_leave_goes_with_a_later_run_of_its_week(managed: Database) -> None:
    """Queued on Monday, sent on Tuesday, and not once more on Wednesday."""
    run(managed, Box(), SUNDAY)
    assert {one.state for one in run(managed, Box(down=True), SUNDAY + timedelta(days=1))} == {"queued"}
    tuesday, wednesday = (told(run(managed, Box(), SUNDAY + timedelta(days=number)), MANAGER) for number in (2, 3))
    assert (tuesday.count("manager_digest"), wednesday.count("manager_digest")) == (1, 0)


def test_a_digest_whose_worker_was_killed_counts_for_the_week_in_which_it_leaves(managed: Database) -> None:
    """Planned on one Monday, sent on the next by whoever took it over: Tuesday sends no second one."""
    monday = SUNDAY + timedelta(days=1)
    at = datetime(2025, 6, 16, 12, tzinfo=UTC)
    plan_reminders(managed, Gate(True), monday, at, "site.example")
    with managed.write() as connection:
        claim(connection, at, 100)
    got = [told(run(managed, Box(), monday + timedelta(days=number)), MANAGER) for number in (7, 8)]
    assert [kinds.count("manager_digest") for kinds in got] == [1, 0]


def test_what_is_still_owed_of_a_mail_is_sent(managed: Database) -> None:
    """A card that comes in between takes one nurse out of the notice, not the notice away."""
    take_in(managed, post("17", "ICU", "2025-01-01", email="bo@site.example"))
    at = datetime(2025, 6, 15, 12, tzinfo=UTC)
    plan_reminders(managed, Gate(True), SUNDAY, at, "site.example")
    take_in(managed, card("17", "2025-06-10"), card("17", "2025-06-10", type="ACLS"))
    box = Box()
    done = list(deliver_mail(managed, box, Letterhead("cards@site.example"), SUNDAY, lambda: at))
    assert "lapse_notice" in told(done, MANAGER)
    with managed.read() as connection:
        (notice,) = [one for one in outbox(connection) if one.planned.kind == "lapse_notice"]
    assert {one.employee_id for one in notice.planned.told} == {"4512"}


def test_a_mail_that_another_worker_took_over_is_left_to_it(managed: Database) -> None:
    """A worker that slept longer than its lease sends nothing that is no longer its own."""
    at = datetime(2025, 6, 15, 12, tzinfo=UTC)
    plan_reminders(managed, Gate(True), SUNDAY, at, "site.example")
    box = Box()
    slow = deliver_mail(managed, box, Letterhead("cards@site.example"), SUNDAY, lambda: at)
    first = next(slow)
    with managed.write() as connection:
        taken = claim(connection, at + timedelta(hours=1), 100)
    assert {one.state for one in slow} == {"sending"}
    assert (first.state, len(box.mails)) == ("sent", 1)
    assert first.mail.id not in {mail.id for mail in taken}


def test_what_is_no_longer_owed_when_its_turn_comes_is_withdrawn(managed: Database) -> None:
    """Cards that come in while mails are being sent count for those that are still to go."""
    take_in(managed, post("17", "ICU", "2025-01-01", email="bo@site.example"))
    at = datetime(2025, 6, 15, 12, tzinfo=UTC)
    plan_reminders(managed, Gate(True), SUNDAY, at, "site.example")
    slow = deliver_mail(managed, Box(), Letterhead("cards@site.example"), SUNDAY, lambda: at)
    first = next(slow).mail.planned.addressee
    with managed.read() as connection:
        other = next(
            told.employee_id
            for mail in outbox(connection)
            for told in mail.planned.told
            if mail.planned.kind == "staff_reminder" and mail.planned.addressee != first
        )
    take_in(managed, card(other, "2025-06-10"), card(other, "2025-06-10", type="ACLS"))
    became = {one.mail.planned.address: one.state for one in slow if one.mail.planned.kind == "staff_reminder"}
    assert became == {{"4512": "ana@site.example", "17": "bo@site.example"}[other]: "withdrawn"}


def test_each_mail_takes_one_write_to_the_disk(managed: Database) -> None:
    """That it was sent; claiming all of them takes one more, and so does finding that there are no others."""
    take_in(managed, *(post(f"E-{one}", "ICU", "2025-01-01", email=f"e{one}@site.example") for one in range(30)))
    at, writes = datetime(2025, 6, 15, 12, tzinfo=UTC), list[str]()
    plan_reminders(managed, Gate(True), SUNDAY, at, "site.example")
    event.listen(managed.engine, "commit", lambda connection: writes.append(str(connection)))
    done = list(deliver_mail(managed, Box(), Letterhead("cards@site.example"), SUNDAY, lambda: at))
    assert {one.state for one in done} == {"sent"}
    assert len(writes) == len(done) + 2


def test_somebody_on_leave_by_now_gets_no_mail_that_waited(managed: Database) -> None:
    """It is withdrawn, and says why."""
    run(managed, Box(down=True), SUNDAY)
    take_in(managed, away("4512", "2025-06-10"))
    done = run(managed, Box(), SUNDAY + timedelta(days=1))
    assert told(done, "ana@site.example") == []


def test_queueing_takes_a_few_statements_however_many_mails_there_are(managed: Database) -> None:
    """The newest number, the mails, and their notices, in two portions if they are many."""
    assert queueing(managed, 1) == 3
    assert queueing(managed, 150) == 4
    with managed.read() as connection:
        mails = outbox(connection)
    assert [mail.id for mail in mails] == list(range(1, 152))
    assert mails[-1].message_id == "<lapse-notice.20250615.151@site.example>"
    assert all([each.notice.cause for each in mail.planned.told] == ["BLS", "ACLS"] for mail in mails)


def queueing(database: Database, count: int) -> int:
    """How many statements it takes to queue so many mails of two notices each."""
    at, seen = datetime(2025, 6, 15, 12, tzinfo=UTC), list[str]()
    about = [Told(1, "4512", Notice(("bls",), cause, "overdue", None, SUNDAY)) for cause in ("BLS", "ACLS")]
    planned = [Planned("lapse_notice", MANAGER, f"{count}-{number}", tuple(about)) for number in range(count)]
    with database.write() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
        enqueue(connection, SUNDAY, at, planned, "site.example")
    return len(seen)


@pytest.mark.parametrize(
    ("base_url", "sender", "domain"),
    [
        ("https://cards.site.example:8443/x", None, "cards.site.example"),
        (None, "Cards <cards@site.example>", "site.example"),
        ("https://spital-zürich.example", None, "xn--spital-zrich-klb.example"),
        (f"https://{'ü' * 70}.example", None, "localhost"),
        (None, None, "localhost"),
    ],
)
def test_message_ids_end_in_what_a_mail_may_say(base_url: str | None, sender: str | None, domain: str) -> None:
    """Whatever a site's own name is written in, its mails go."""
    assert mail_domain(Settings().model_copy(update={"base_url": base_url, "mail_from": sender})) == domain


def entries(box: Box) -> list[tuple[str, str, str]]:
    """Of each calendar file in a box: to whom it went, the entry's name for programs, its day."""
    found = []
    for message in box.mails:
        for part in message.iter_attachments():
            lines = part.get_content().splitlines()
            uid, day = (next(line for line in lines if line.startswith(name)) for name in ("UID:", "DTSTART;"))
            found.append((str(message["To"]), uid, day.rpartition(":")[2]))
    return found


def test_a_reminder_carries_its_last_day_for_the_calendar(managed: Database) -> None:
    """It goes to the person alone, and after a renewal the same entry has the new day."""
    take_in(managed, card("4512", "2023-07-10"), card("4512", "2023-12-10", type="ACLS"))
    first, second = Box(), Box()
    run(managed, first, SUNDAY)
    take_in(managed, card("4512", "2025-06-14"), card("4512", "2025-06-14", type="ACLS"))
    run(managed, second, date(2027, 6, 1))
    ((to, uid, day),) = entries(first)
    assert (to, day) == ("ana@site.example", "20250731")
    assert (to, uid, "20270630") in entries(second)
    assert {receiver for receiver, _, _ in entries(second)} == {to}
