"""Writes the mails in the outbox: what of each is still owed by the facts of the moment, and its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from tracker.actions.access.own_link import OwnLinks, last_day
from tracker.db.bounces import troubled
from tracker.db.connect import Connection
from tracker.db.digests import by_manager, worth_telling
from tracker.db.moments import latest_change
from tracker.db.outbox import Mail, Told
from tracker.db.own_page import shared
from tracker.db.policies import load_rulebook
from tracker.db.reminders import Case, digests_since, load_cases, unit_contacts
from tracker.domain.alerts import Contacts, Lapsed, plan_alerts
from tracker.domain.facts import Assignment, Refusal
from tracker.domain.names import address_key
from tracker.domain.reach import Troubled, comes_back
from tracker.domain.refusals import plan_answer
from tracker.domain.reminders import OWN, plan_person, weekly_day
from tracker.domain.timeline import Engine
from tracker.notify import contexts
from tracker.notify.calendar import Origin
from tracker.notify.compose import About, Composer
from tracker.notify.languages import Language, english
from tracker.notify.message import bare_address, build
from tracker.notify.ports import Letter
from tracker.notify.render import Rendered, render


class Letterhead(NamedTuple):
    """Who the mails are from, the day from which on managers are told of lapses (None: of all), the mails' language
    (None: English), and how the links to people's own pages are made (None: there is no web app)."""

    sender: str
    since: date | None = None
    language: Language | None = None
    links: OwnLinks | None = None


class Owed(NamedTuple):
    """What of a mail is still owed: whom it tells what; of a digest, all that it says."""

    told: tuple[Told, ...]
    digest: contexts.ManagerDigest | None = None


@dataclass(slots=True)
class Desk:
    """What is needed to see whether some mails are still owed, and to write them: the facts as of a change."""

    seq: int
    engine: Engine
    contacts: dict[str, Contacts]
    cases: dict[int, Case]
    of_managers: dict[str, list[Case]]
    letterhead: Letterhead
    language: Language
    day: date
    troubled: Troubled
    not_alone: set[str]

    @classmethod
    def open(cls, connection: Connection, mails: Sequence[Mail], letterhead: Letterhead, day: date) -> "Desk":
        """Looks at the facts as they are now."""
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
        language = letterhead.language or english()
        seq = latest_change(connection)
        not_alone = _not_alone(connection, mails, contacts) if letterhead.links else set()
        return cls(seq, engine, contacts, cases, of_managers, letterhead, language, day, nowhere, not_alone)

    def still_owed(self, mail: Mail) -> Owed | None:
        """What of a mail is still owed, to that very address; None if nothing is."""
        if comes_back(mail.planned.address, self.troubled):
            return None
        if mail.planned.kind == "manager_digest":
            digest = self._digest(mail)
            return Owed((), digest) if digest.units else None
        if mail.planned.kind == "card_rejected":
            told = self._still_to_answer(mail)
        else:
            told = self._still_owed_to(mail) if mail.planned.kind == "staff_reminder" else self._still_told(mail)
        return Owed(told) if told else None

    def why_not(self, mail: Mail) -> str:
        """Why a mail of which nothing is owed is taken back."""
        return "mail to the address comes back" if comes_back(mail.planned.address, self.troubled) else "no longer owed"

    def letter(self, mail: Mail, owed: Owed, at: datetime) -> Letter:
        """The mail as it leaves; raises BadInput if an address in it is none."""
        context = self._context(mail, owed)
        rendered = self._rendered(context, mail, at)
        reply_to = context.proof_to if isinstance(context, contexts.StaffReminder | contexts.CardRejected) else ()
        return build(rendered, [mail.planned.address], [], self.letterhead.sender, mail.message_id, at, reply_to)

    def words(self, mail: Mail, owed: Owed, at: datetime) -> Rendered:
        """What the mail says, for whoever looks at it before it leaves."""
        return self._rendered(self._context(mail, owed), mail, at)

    def _rendered(self, context: contexts.Mail, mail: Mail, at: datetime) -> Rendered:
        # The addressee is the person's number in the records, which is nowhere else.
        origin = Origin(mail.planned.addressee, bare_address(self.letterhead.sender), at)
        return render(context, self.language, origin)

    def _context(self, mail: Mail, owed: Owed) -> contexts.Mail:
        """What the mail says."""
        composer = Composer(self.engine, self.contacts, self.day)
        people = [self._about(number, owed.told) for number in dict.fromkeys(one.person_id for one in owed.told)]
        match mail.planned.kind:
            case "staff_reminder":
                return replace(composer.staff_reminder(people[0]), page=self._own_page(mail))
            case "card_rejected":
                answer = composer.card_rejected(people[0].person, self._refusal(mail, owed.told))
                return replace(answer, page=self._own_page(mail))
            case "manager_digest":
                return owed.digest or self._digest(mail)
            case "lapse_notice":
                return composer.lapse_notice(people, mail.planned.address)
            case "escalation":
                return composer.escalation(people, mail.planned.address)

    def _own_page(self, mail: Mail) -> contexts.OwnPage | None:
        """The link to the addressee's own page; none to an address that others read as well."""
        links, address, last = self.letterhead.links, mail.planned.address, last_day(self.day)
        if links is None or address_key(address) in self.not_alone:
            return None
        return contexts.OwnPage(links.link(int(mail.planned.addressee), address, last), last)

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


def _not_alone(connection: Connection, mails: Sequence[Mail], contacts: Mapping[str, Contacts]) -> set[str]:
    """The addresses of some mails to staff that several people have, or that answer for a unit, as keys."""
    keys = {address_key(mail.planned.address) for mail in mails if mail.planned.kind in OWN}
    of_units = {to for each in contacts.values() for to in (*each.managers, each.director) if to}
    return shared(connection, keys) | (keys & {address_key(to) for to in of_units})
