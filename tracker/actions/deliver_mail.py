"""Delivers what is due in the outbox.

1. Claim a few mails, so that no other worker takes them.
2. Compare each with what the facts say now: one that is no longer owed is withdrawn.
3. Send, and record what became of it at once: killed at any instant, a worker has one mail in flight at most. An
   address that the server says is gone is marked in the same transaction.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.db.bounces import Returned, record_bounces, troubled
from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.digests import by_manager, worth_telling
from tracker.db.outbox import Mail, Told, claim, put_back, renew, room, settle
from tracker.db.policies import load_rulebook
from tracker.db.reminders import Case, digests_since, load_cases, unit_contacts
from tracker.domain.alerts import Contacts, Lapsed, plan_alerts
from tracker.domain.bounces import code_of, is_gone
from tracker.domain.errors import BadInput, NotPossible
from tracker.domain.facts import Assignment, Refusal
from tracker.domain.gate import Gate
from tracker.domain.pauses import growing
from tracker.domain.reach import Troubled, comes_back
from tracker.domain.refusals import plan_answer
from tracker.domain.reminders import OWN, plan_person, weekly_day
from tracker.domain.timeline import Engine
from tracker.notify import contexts
from tracker.notify.calendar import Origin, calendar_files
from tracker.notify.compose import About, Composer
from tracker.notify.languages import Language, english, find_language
from tracker.notify.message import bare_address, build
from tracker.notify.ports import NotDelivered, Post
from tracker.notify.render import Rendered, render
from tracker.settings import Settings

# Mails that a worker claims at a time.
BATCH = 20
# A mail that could not be delivered is tried again after a pause that doubles, for at most two days.
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(hours=48)
# Who the trail says marked an address.
AUTHOR = Author("deliver_mail", "job")
# How often to try to record what became of a mail; each try waits for other writers by itself.
SETTLING_TRIES = 30


class Letterhead(NamedTuple):
    """Who the mails are from, the day from which on managers are told of lapses (None: of all), and the mails'
    language (None: English)."""

    sender: str
    since: date | None = None
    language: Language | None = None


def letterhead(settings: Settings, gate: Gate) -> Letterhead:
    """The letterhead that the settings ask for; raises BadInput if mail leaves the house and nobody signs it, or if
    the language has not all its words."""
    if settings.mail_from is None and not settings.mail.startswith("maildir:"):
        raise BadInput("Nobody would sign the mails; set TRACKER_MAIL_FROM to an address such as cards@example.org.")
    sender = settings.mail_from or "Credential tracker <tracker@localhost>"
    return Letterhead(sender, gate.since, find_language(settings.mail_language))


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
    with post:
        while not bounds.stopping():
            with database.write() as connection:
                claimed = claim(connection, now(), _most(connection, now(), bounds, done), bounds.only)
            if not claimed:
                return
            tried = 0
            try:
                with database.read() as connection:
                    desk = _Desk.open(connection, claimed, letterhead, day)
                while tried < len(claimed) and not bounds.stopping():
                    tried += 1
                    yield _deliver(database, post, desk, claimed[tried - 1], now)
            finally:
                if claimed[tried:]:
                    with database.write() as connection:
                        put_back(connection, claimed[tried:])
            done += tried


def _most(connection: Connection, at: datetime, bounds: Bounds, done: int) -> int:
    """How many mails to claim next."""
    most = BATCH if bounds.per_run is None else min(BATCH, bounds.per_run - done)
    return most if bounds.per_minute is None or most <= 0 else min(most, room(connection, at, bounds.per_minute))


def _deliver(database: Database, post: Post, desk: "_Desk", mail: Mail, now: Callable[[], datetime]) -> Delivered:
    """One mail: what of it is still owed is sent, if it is still this worker's, and recorded whatever happens."""
    if mail.planned.kind == "manager_digest":
        # What became of the mails to those it speaks of, up to this one.
        with database.read() as connection:
            desk.troubled = troubled(connection)
    told = desk.still_owed(mail)
    if told is None:
        outcome = Delivered(mail, "withdrawn", desk.why_not(mail))
    else:
        with database.write() as connection:
            is_mine = renew(connection, mail, desk.day, now(), told)
        if not is_mine:
            return Delivered(mail, "sending", "another worker has it")
        outcome = _send(post, desk, mail, told, now())
    at = now() + _pause(mail) if outcome.state == "queued" else now()
    for _ in range(SETTLING_TRIES - 1):
        # A mail that has left must not be forgotten because somebody else writes for long.
        with suppress(NotPossible):
            _settle(database, outcome, at, desk.day)
            return outcome
    _settle(database, outcome, at, desk.day)
    return outcome


def _settle(database: Database, outcome: Delivered, at: datetime, day: date) -> None:
    mail = outcome.mail
    if outcome.gone is None:
        with database.write() as connection:
            settle(connection, mail, outcome.state, at, outcome.reason)
        return
    with change(database, AUTHOR, "bounce-mark") as made:
        settle(made.connection, mail, outcome.state, at, outcome.reason)
        status = code_of(None, outcome.gone)
        record_bounces(made, [Returned(mail.message_id, mail.planned.address, status, outcome.gone)], day)


def _send(post: Post, desk: "_Desk", mail: Mail, told: Sequence[Told], at: datetime) -> Delivered:
    try:
        context = desk.context(mail, told)
        reply_to = context.proof_to if isinstance(context, contexts.StaffReminder | contexts.CardRejected) else ()
        sender, rendered = desk.letterhead.sender, desk.words(mail, context, at)
        post.send(build(rendered, [mail.planned.address], [], sender, mail.message_id, at, reply_to))
    except BadInput as error:
        return Delivered(mail, "failed", str(error))
    except NotDelivered as error:
        over = error.permanent or at + _pause(mail) > mail.planned_at + GIVEN_UP_AFTER
        answer = error.refused.get(mail.planned.address, "")
        gone = answer if error.permanent and is_gone("failed", None, answer) else None
        return Delivered(mail, "failed" if over else "queued", error.reason, gone)
    except Exception as error:  # noqa: BLE001 one mail that cannot be written must not stop everybody else's
        return Delivered(mail, "failed", f"it could not be written ({type(error).__name__})")
    return Delivered(mail, "sent", None)


def _pause(mail: Mail) -> timedelta:
    return growing(FIRST_PAUSE, mail.tries, LONGEST_PAUSE)


@dataclass(slots=True)
class _Desk:
    """What is needed to see whether some mails are still owed, and to write them."""

    engine: Engine
    contacts: dict[str, Contacts]
    cases: dict[int, Case]
    of_managers: dict[str, list[Case]]
    letterhead: Letterhead
    day: date
    troubled: Troubled

    @classmethod
    def open(cls, connection: Connection, mails: Sequence[Mail], letterhead: Letterhead, day: date) -> "_Desk":
        engine = Engine(load_rulebook(connection))
        timezone = engine.rulebook.newest.timezone
        contacts = unit_contacts(connection)
        ids = {told.person_id for mail in mails for told in mail.planned.told}
        ids |= {int(mail.planned.addressee) for mail in mails if mail.planned.kind in OWN}
        cases = {case.person.id: case for case in load_cases(connection, ids, timezone)}
        policy = engine.rulebook.on(day)
        told = {to for to, sent in digests_since(connection, weekly_day(policy, day)).items() if sent}
        to = {mail.planned.address for mail in mails if mail.planned.kind == "manager_digest"} - told
        nowhere = troubled(connection)
        worth = worth_telling(connection, to, contacts, nowhere, day, policy.expiring_within_days) if to else []
        people = {case.person.id: case for case in load_cases(connection, {one.person_id for one in worth}, timezone)}
        of_managers = {
            address: [people[number] for number in sorted({one.person_id for one in some}) if number in people]
            for address, some in by_manager(worth, contacts).items()
        }
        return cls(engine, contacts, cases, of_managers, letterhead, day, nowhere)

    def still_owed(self, mail: Mail) -> tuple[Told, ...] | None:
        """What of a mail is still owed, to that very address; None if nothing is."""
        if comes_back(mail.planned.address, self.troubled):
            return None
        if mail.planned.kind == "manager_digest":
            return () if self._digest(mail).units else None
        if mail.planned.kind == "card_rejected":
            return self._still_to_answer(mail) or None
        is_staff = mail.planned.kind == "staff_reminder"
        return (self._still_owed_to(mail) if is_staff else self._still_told(mail)) or None

    def why_not(self, mail: Mail) -> str:
        """Why a mail of which nothing is owed is taken back."""
        return "mail to the address comes back" if comes_back(mail.planned.address, self.troubled) else "no longer owed"

    def context(self, mail: Mail, told: Sequence[Told]) -> contexts.Mail:
        """What the mail says."""
        composer = Composer(self.engine, self.contacts, self.day)
        people = [self._about(number, told) for number in dict.fromkeys(one.person_id for one in told)]
        match mail.planned.kind:
            case "staff_reminder":
                return composer.staff_reminder(people[0])
            case "card_rejected":
                return composer.card_rejected(people[0].person, self._refusal(mail, told))
            case "manager_digest":
                return self._digest(mail)
            case "lapse_notice":
                return composer.lapse_notice(people, mail.planned.address)
            case "escalation":
                return composer.escalation(people, mail.planned.address)

    def words(self, mail: Mail, context: contexts.Mail, at: datetime) -> Rendered:
        """The mail as it is read, with the calendar files of a member of staff."""
        language = self.letterhead.language or english()
        rendered = render(context, language)
        if not isinstance(context, contexts.StaffReminder):
            return rendered
        # The addressee is the person's number in the records, which is nowhere else.
        origin = Origin(mail.planned.addressee, bare_address(self.letterhead.sender), at)
        return rendered._replace(files=calendar_files(context, language, origin))

    def _digest(self, mail: Mail) -> contexts.ManagerDigest:
        to = mail.planned.address
        people = [(case.person, case.underway) for case in self.of_managers.get(to, [])]
        return Composer(self.engine, self.contacts, self.day, self.troubled).digest(people, to)

    def _still_owed_to(self, mail: Mail) -> tuple[Told, ...]:
        case = self.cases.get(int(mail.planned.addressee))
        if case is None or case.person.email != mail.planned.address:
            return ()
        plan = plan_person(self.engine, case.person, case.underway, case.sent, self.day, None)
        return tuple(one for one in mail.planned.told if one.notice in plan.notices)

    def _still_to_answer(self, mail: Mail) -> tuple[Told, ...]:
        case = self.cases.get(int(mail.planned.addressee))
        if case is None or case.person.email != mail.planned.address:
            return ()
        answer = plan_answer(self.engine, case.person, case.underway, case.refused, case.sent, self.day, None)
        return tuple(one for one in mail.planned.told if one.notice == answer.notice)

    def _refusal(self, mail: Mail, told: Sequence[Told]) -> Refusal:
        refused = self.cases[int(mail.planned.addressee)].refused
        return next(one.refusal for one in refused if one.refusal.entry == told[0].notice.stage)

    def _still_told(self, mail: Mail) -> tuple[Told, ...]:
        lapsed: list[Lapsed] = []
        ids = dict.fromkeys(told.person_id for told in mail.planned.told)
        for case in (self.cases[number] for number in ids if number in self.cases):
            plan = plan_person(self.engine, case.person, case.underway, case.sent, self.day, None)
            posts = [(one, self._concerned(case, one.requirement)) for one in plan.lapses]
            lapsed.append(Lapsed(case.person.employee_id, posts, case.sent))
        policy = self.engine.rulebook.on(self.day)
        owed = plan_alerts(policy, self.contacts, lapsed, self.day, self.letterhead.since)
        about = set(owed.get((mail.planned.kind, mail.planned.address), []))
        return tuple(one for one in mail.planned.told if (one.employee_id, one.notice) in about)

    def _concerned(self, case: Case, requirement: str) -> list[Assignment]:
        return [post for post in case.person.assignments if self.engine.applies(post, requirement, self.day)]

    def _about(self, number: int, told: Sequence[Told]) -> About:
        case = self.cases[number]
        return About(case.person, case.underway, [one.notice for one in told if one.person_id == number])
