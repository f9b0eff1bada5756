"""Delivers what is due in the outbox.

1. Claim a few mails, so that no other worker takes them.
2. Compare each with what the facts say now: one that is no longer owed is withdrawn.
3. Send, and record what became of it at once: killed at any instant, a worker has one mail in flight at most. An
   address that the server says is gone is marked in the same transaction.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.actions.access.own_link import own_links
from tracker.actions.write_mail import Desk, Letterhead
from tracker.cycles import unsearched
from tracker.db.bounces import Returned, record_bounces, troubled
from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.outbox import Mail, Told, claim, is_wearing_off, look_again, put_back, renew, room, settle
from tracker.domain.bounces import code_of, is_gone
from tracker.domain.errors import BadInput, NotPossible
from tracker.domain.gate import Gate
from tracker.domain.pauses import growing
from tracker.notify.languages import find_language
from tracker.notify.ports import Letter, NotDelivered, Post
from tracker.settings import Settings

__all__ = ["UNBOUNDED", "Bounds", "Delivered", "Letterhead", "deliver_mail", "letterhead", "mail_domain"]

# Mails that a worker claims at a time.
BATCH = 100
# A mail that could not be delivered is tried again after a pause that doubles, for at most two days.
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(hours=48)
# Who the trail says marked an address.
AUTHOR = Author("deliver_mail", "job")
# How often to try to record what became of a mail; each try waits for other writers by itself.
SETTLING_TRIES = 30


def letterhead(settings: Settings, gate: Gate) -> Letterhead:
    """The letterhead that the settings ask for; raises BadInput if mail leaves the house and nobody signs it, or if
    the language has not all its words."""
    if settings.mail_from is None and not settings.mail.startswith("maildir:"):
        raise BadInput("Nobody would sign the mails; set TRACKER_MAIL_FROM to an address such as cards@example.org.")
    sender = settings.mail_from or "Credential tracker <tracker@localhost>"
    return Letterhead(sender, gate.since, find_language(settings.mail_language), own_links(settings))


def mail_domain(settings: Settings) -> str:
    """What the Message-IDs end in: the site's own host if it is known, as mail servers write it."""
    host = urlsplit(settings.base_url or "").hostname or (settings.mail_from or "").rpartition("@")[2].strip("> ")
    try:
        return host.encode("idna").decode("ascii") or "localhost"
    except UnicodeError:
        return "localhost"


class Bounds(NamedTuple):
    """What a delivery keeps within.

    `only` these mails; so many that leave in a minute, whoever sends them, and in one go (None: any number); and
    whether the process is to end.
    """

    only: Sequence[int] | None = None
    per_minute: int | None = None
    per_run: int | None = None
    stopping: Callable[[], bool] = lambda: False


UNBOUNDED = Bounds()


class Delivered(NamedTuple):
    """What became of one mail: its state, why if it was not sent, and the answer by which its address is gone."""

    mail: Mail
    state: str
    reason: str | None
    gone: str | None = None


def deliver_mail(
    database: Database,
    post: Post,
    letterhead: Letterhead,
    day: date,
    now: Callable[[], datetime],
    bounds: Bounds = UNBOUNDED,
) -> Generator[Delivered]:
    """Delivers every mail whose time has come, as of a day, within bounds; says what became of each.

    What it claimed and does not come to goes back, once it is closed or fails.
    """
    done = 0
    with post, database.held() as held:
        while not bounds.stopping():
            at = now()
            with held.write() as connection:
                claimed = claim(connection, at, _most(connection, at, bounds, done), bounds.only)
            if not claimed:
                return
            batch = _Batch(held, post, letterhead, day, now, claimed, at)
            # A letter is thousands of small objects that go with the last that names them.
            with unsearched():
                try:
                    yield from batch.deliver(bounds.stopping)
                finally:
                    batch.close()
            done += len(claimed)


def _most(connection: Connection, at: datetime, bounds: Bounds, done: int) -> int:
    """How many mails to claim next."""
    most = BATCH if bounds.per_run is None else min(BATCH, bounds.per_run - done)
    return most if bounds.per_minute is None or most <= 0 else min(most, room(connection, at, bounds.per_minute))


class _Page(NamedTuple):
    """What of a mail is still owed (None: nothing), and its letter, or what became of it instead."""

    mail: Mail
    told: Sequence[Told] | None
    what: Letter | Delivered


class _Batch:
    """Some mails that this worker claimed, delivered one after the other.

    Invariant: a mail is handed over only once it is on record what became of the one before.
    """

    def __init__(
        self,
        database: Database,
        post: Post,
        letterhead: Letterhead,
        day: date,
        now: Callable[[], datetime],
        claimed: Sequence[Mail],
        claimed_at: datetime,
    ) -> None:
        self._database, self._post, self._letterhead, self._day, self._now = database, post, letterhead, day, now
        self._left, self._claimed_at = list(claimed), claimed_at
        self._ahead: _Page | None = None
        # What became of mails and is not on record yet, and when.
        self._ended: list[tuple[Delivered, datetime]] = []
        self._desk: Desk | None = None

    def deliver(self, stopping: Callable[[], bool]) -> Generator[Delivered]:
        """Delivers them; says what became of each once that is on record."""
        while self._left:
            mail = self._left[0]
            if mail.planned.kind == "manager_digest":
                # It tells what became of the mails to those it speaks of, up to this one.
                yield from self._record()
            page = self._page(mail)
            yield from self._record(page)
            # Whoever was told just now may have taken any time over it.
            if stopping():
                return
            with self._database.read() as connection:
                seq = look_again(connection, mail)
            if seq is not None and self._desk is not None and seq != self._desk.seq:
                self._revise(page)
                continue
            del self._left[0]
            if seq is not None:
                outcome = page.what if isinstance(page.what, Delivered) else self._send(mail, page.what)
                self._ended.append((outcome, self._now()))
            else:
                yield Delivered(mail, "sending", "another worker has it")
        yield from self._record()

    def close(self) -> None:
        """Records what is not on record yet, and lets go of what was not tried."""
        for _ in self._record():
            pass
        if self._left:
            with self._database.write() as connection:
                put_back(connection, self._left)

    def _page(self, mail: Mail) -> _Page:
        """The mail by the facts, written ahead or now."""
        ahead, self._ahead = self._ahead, None
        if self._desk is None:
            with self._database.read() as connection:
                self._desk = Desk.open(connection, self._left, self._letterhead, self._day)
            ahead = None
        elif mail.planned.kind == "manager_digest" and not self._still_troubled(self._desk):
            # It tells what became of the mails before it; one that was written ahead of that says something else.
            ahead = None
        if ahead is not None and ahead.mail is mail:
            return ahead
        return _write(self._desk, mail, self._now())

    def _still_troubled(self, desk: Desk) -> bool:
        """Whether the addresses in trouble are those that the desk knows; it learns of others."""
        known = desk.troubled
        with self._database.read() as connection:
            desk.troubled = troubled(connection)
        return desk.troubled == known

    def _write_ahead(self) -> Letter | None:
        """Writes the next mail while the one before is on its way."""
        if self._left:
            # If something is wrong with it, that shows when its turn comes.
            with suppress(Exception):
                self._ahead = self._page(self._left[0])
        return self._ahead.what if self._ahead is not None and isinstance(self._ahead.what, Letter) else None

    def _revise(self, page: _Page) -> None:
        """A change was made meanwhile: the mail is to say no more than is on record of it, and may have to say less."""
        self._desk = None
        if page.told is not None:
            self._left[0] = page.mail._replace(planned=page.mail.planned._replace(told=tuple(page.told)))

    def _record(self, page: _Page | None = None) -> Generator[Delivered]:
        """What became of the mails before, and that a page is about to be sent, in one transaction; says the former."""
        ended = self._ended
        for _ in range(SETTLING_TRIES - 1 if ended else 0):
            # A mail that has left must not be forgotten because somebody else writes for long.
            with suppress(NotPossible):
                self._write_down(ended, page)
                break
        else:
            self._write_down(ended, page)
        self._ended = []
        yield from (outcome for outcome, _ in ended)

    def _write_down(self, ended: Sequence[tuple[Delivered, datetime]], page: _Page | None) -> None:
        renewed = page if page is not None and self._is_news(page) else None
        if not ended and renewed is None:
            return
        gone = [one for one, _ in ended if one.gone is not None]
        with _booked(self._database, gone, self._day) as connection:
            for (mail, state, reason, _), at in ended:
                settle(connection, mail, state, at + _pause(mail) if state == "queued" else at, reason)
            if renewed is not None and renewed.told is not None:
                renew(connection, renewed.mail, self._day, self._now(), renewed.told)

    def _is_news(self, page: _Page) -> bool:
        """Whether a mail that is about to be sent is on record otherwise than it will be sent, or since long ago."""
        told, mail = page.told, page.mail
        if told is None:
            return False
        is_other = len(told) < len(mail.planned.told) or mail.day != self._day
        return is_other or is_wearing_off(self._claimed_at, self._now())

    def _send(self, mail: Mail, letter: Letter) -> Delivered:
        """Hands a letter over; while the answer is waited for, the next one is written."""
        at = self._now()
        try:
            self._post.send(letter, self._write_ahead)
        except NotDelivered as error:
            over = error.permanent or at + _pause(mail) > mail.planned_at + GIVEN_UP_AFTER
            answer = error.refused.get(mail.planned.address, "")
            gone = answer if error.permanent and is_gone("failed", None, answer) else None
            return Delivered(mail, "failed" if over else "queued", error.reason, gone)
        return Delivered(mail, "sent", None)


def _write(desk: Desk, mail: Mail, at: datetime) -> _Page:
    """What of a mail is still owed, as it would leave at an instant."""
    owed = desk.still_owed(mail)
    if owed is None:
        return _Page(mail, None, Delivered(mail, "withdrawn", desk.why_not(mail)))
    try:
        return _Page(mail, owed.told, desk.letter(mail, owed, at))
    except BadInput as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 one mail that cannot be written must not stop everybody else's
        reason = f"it could not be written ({type(error).__name__})"
    return _Page(mail, owed.told, Delivered(mail, "failed", reason))


@contextmanager
def _booked(database: Database, gone: Sequence[Delivered], day: date) -> Iterator[Connection]:
    """A transaction, in which the addresses that are gone are marked."""
    if not gone:
        with database.write() as connection:
            yield connection
        return
    with change(database, AUTHOR, "bounce-mark") as made:
        yield made.connection
        returned = [
            Returned(mail.message_id, mail.planned.address, code_of(None, answer), answer)
            for mail, _, _, answer in gone
            if answer is not None
        ]
        record_bounces(made, returned, day)


def _pause(mail: Mail) -> timedelta:
    return growing(FIRST_PAUSE, mail.tries, LONGEST_PAUSE)
