"""Puts what is owed into the words of a mail's context: from requirements and causes to what people know them by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, get_args

from tracker.domain.alerts import Contacts, managers_of
from tracker.domain.days import OPEN
from tracker.domain.digest import Entry, Heading, entries
from tracker.domain.facts import Assignment, PersonFacts, Refusal
from tracker.domain.outlook import Outlook, as_begun
from tracker.domain.reach import Troubled, Why
from tracker.domain.reminders import Notice, Underway, answering_types
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine
from tracker.notify.contexts import (
    CardRejected,
    Course,
    Escalation,
    Expiring,
    How,
    Lapse,
    LapseNotice,
    Level,
    ManagerDigest,
    Need,
    Pending,
    Person,
    Requirement,
    Returning,
    StaffReminder,
    Trouble,
    UnitDigest,
    Unreachable,
    Waiting,
)
from tracker.notify.once import lapses_once, needs_once
from tracker.notify.troubles import Troubles

HOWS: dict[Standing | None, How] = {
    Standing.PENDING: "newcomer",
    Standing.EXEMPT: "exemption",
    Standing.GRACE: "grace",
}
WHYS: dict[str, Why] = {why: why for why in get_args(Why)}


class About(NamedTuple):
    """Somebody of whom a mail speaks, and what it says."""

    person: PersonFacts
    underway: Underway
    notices: Sequence[Notice]


class Line(NamedTuple):
    """Something that managers are told of one person: the row of a list, and the types of card that mend it."""

    heading: Heading
    row: object
    cards: frozenset[str] = frozenset()


class Composer:
    """Writes the mails of one day, by the policy in force on it."""

    def __init__(
        self, engine: Engine, contacts: Mapping[str, Contacts], day: date, troubled: Troubled | None = None
    ) -> None:
        self._engine, self._contacts, self._day, self._troubled = engine, contacts, day, troubled or {}
        self._policy = engine.rulebook.on(day)
        self._troubles = Troubles(engine, day)

    def staff_reminder(self, about: About) -> StaffReminder:
        """To one person: overdue things, what ends, what a newcomer has to bring; the most urgent first."""
        outlook = Outlook(self._engine, as_begun(about.person, self._day))
        by_stage: dict[str, list[Need]] = {"overdue": [], "new": [], "ahead": []}
        for notice in sorted(_each_once(about.notices), key=lambda one: (one.last_day or date.min, one.cause)):
            stage = notice.stage if isinstance(notice.stage, str) else "ahead"
            by_stage[stage].append(self._need(outlook, about.underway, notice))
        return StaffReminder(
            self._day,
            _spoken_to(about.person.name),
            needs_once(by_stage["overdue"]),
            needs_once(by_stage["ahead"]),
            needs_once(by_stage["new"]),
            self._proof_to(about.person),
        )

    def card_rejected(self, person: PersonFacts, refusal: Refusal) -> CardRejected:
        """To one person: why a card was refused, and what to send instead."""
        return CardRejected(
            self._day,
            _spoken_to(person.name),
            refusal.type,
            refusal.received_on,
            refusal.reason,
            refusal.instead,
            self._covered_through(person, refusal.type),
            (self._course(refusal.type),),
            self._proof_to(person),
        )

    def lapse_notice(self, people: Iterable[About], to: str) -> LapseNotice:
        """To a manager: whose standing lapsed."""
        lines = [line for one in people for line in self._lapses(one, to)]
        return LapseNotice(self._day, _lapses_of(lines), self._courses(lines))

    def escalation(self, people: Sequence[About], to: str) -> Escalation:
        """To managers and directors: lapses that last, by the day of theirs that they reached."""
        steps = sorted(self._policy.reminders.escalate_after_days)
        levels, told = [], list[Line]()
        for step in reversed(steps):
            some = [one._replace(notices=[each for each in one.notices if each.stage == step]) for one in people]
            lines = [line for one in some for line in self._lapses(one, to)]
            if lines:
                levels.append(Level(step, step != steps[0], _lapses_of(lines)))
                told += lines
        return Escalation(self._day, tuple(levels), self._courses(told))

    def digest(self, people: Iterable[tuple[PersonFacts, Underway]], to: str) -> ManagerDigest:
        """To a manager: the week of each unit; without units there is nothing to say."""
        found: dict[str, list[Line]] = {}
        said: set[tuple[int, str, Entry]] = set()
        for person, underway in people:
            for post in self._posts(person):
                if to in managers_of(self._contacts, post):
                    for entry in entries(self._engine, person, underway, post, self._day, self._troubled):
                        # Two assignments in one unit say the same of a person once.
                        if (person.id, post.unit, entry) not in said:
                            said.add((person.id, post.unit, entry))
                            found.setdefault(post.unit, []).append(self._line(person, underway, post, entry))
        units = tuple(_unit(unit, found[unit]) for unit in sorted(found))
        return ManagerDigest(self._day, units, self._courses(line for lines in found.values() for line in lines))

    def _proof_to(self, person: PersonFacts) -> tuple[str, ...]:
        """Where to send a card: to whoever manages the person today."""
        return tuple(sorted({to for post in self._posts(person) for to in managers_of(self._contacts, post)}))

    def _covered_through(self, person: PersonFacts, card_type: str) -> date | None:
        """The last day on which a card that is worth some type counts, of those that count today.

        For each requirement that takes it from the person, as that may want it renewed sooner; the soonest.
        """
        held = [one for one in self._engine.reader_on(self._day).held(person) if card_type in one.worth]
        posts = self._posts(person)
        taking = {name for one in held for name in one.counts if any(self._concerns(post, [name]) for post in posts)}
        ways = [[span for one in held if (span := one.counts.get(name))] for name in taking]
        ends = [
            max((span.last for span in spans if span.first <= self._day <= span.last), default=None)
            for spans in ways or [[one.span for one in held]]
        ]
        known = [end for end in ends if end]
        return min(known) if len(known) == len(ends) else None

    def _posts(self, person: PersonFacts) -> list[Assignment]:
        return [
            one
            for one in person.assignments
            if (one.starts_on is None or one.starts_on <= self._day) and (one.ends_on or OPEN) >= self._day
        ]

    def _need(self, outlook: Outlook, underway: Underway, notice: Notice) -> Need:
        standing = outlook.standing(notice.requirements[0], self._day)
        how: How | Trouble
        if notice.stage == "overdue":
            what, how, last_day, cause, cards, beside = self._troubles.told(outlook, notice, standing)
        else:
            what, how = self._troubles.what(notice.cause), self._how(outlook, notice, standing)
            last_day, cause, beside = notice.last_day, notice.cause, None
            cards = self._troubles.named(cause)
        known = self._policy.types.get(what)
        return Need(
            what,
            known.title if known else None,
            how,
            last_day,
            self._required_by(cause, notice.requirements, beside),
            *self._to_take(outlook, cards, notice),
            booked_on=self._troubles.booked(underway, notice.requirements, cause, cards[1:]),
            cause=notice.cause,
        )

    def _how(self, outlook: Outlook, notice: Notice, standing: Standing | None) -> How:
        if notice.cause not in self._policy.types:
            return HOWS.get(standing, "change")
        return "grace" if standing is Standing.GRACE else self._ends_how(outlook, notice)

    def _ends_how(self, outlook: Outlook, notice: Notice) -> How:
        """Whether the card itself ends, or only the requirement's own interval for renewing it."""
        held = self._engine.reader_on(self._day).held(outlook.person)
        ends = {one.span.last for one in held if one.card.type == notice.cause}
        return "card" if notice.last_day in ends or not ends else "renewal"

    def _to_take(
        self, outlook: Outlook, cards: Sequence[str], notice: Notice
    ) -> tuple[tuple[Course, ...], tuple[Course, ...]]:
        """The courses of which any will do, and those that are needed beside it."""
        if cards:
            return (self._course(cards[0]),), tuple(map(self._course, cards[1:]))
        asked = self._policy.requirements_by_id.get(notice.requirements[0])
        day = self._troubles.first_without(notice.last_day)
        if asked is None or self._troubles.unconfirmed(outlook, notice.requirements, day):
            return (), ()
        beside = self._troubles.beside(asked, outlook.person, day)
        needed = tuple(self._course(each)._replace(beside=some) for each, some in beside.items())
        return tuple(map(self._course, asked.any_of)), needed

    def _lapses(self, about: About, to: str) -> Iterable[Line]:
        outlook = Outlook(self._engine, about.person)
        for notice in about.notices:
            names = notice.requirements
            posts = [post for post in self._posts(about.person) if self._concerns(post, names)]
            mine = [post for post in posts if to in managers_of(self._contacts, post)] or posts
            if mine and notice.first_day:
                yield self._lapse(outlook, about.underway, mine[0], notice, notice.first_day)

    def _lapse(self, outlook: Outlook, underway: Underway, post: Assignment, notice: Notice, since: date) -> Line:
        person, names = outlook.person, notice.requirements
        told = self._troubles.told(outlook, notice, outlook.standing(names[0], self._day))
        lapse = Lapse(
            Person(person.employee_id, person.name, post.role),
            post.unit,
            told.what,
            told.trouble,
            told.last_day,
            since,
            self._required_by(told.cause, names, told.beside),
            self._troubles.booked(underway, names, told.cause, told.cards[1:]),
        )
        mending = frozenset(told.cards) or self._troubles.mending(outlook, told.cause, names, self._day)
        return Line("out", lapse, mending)

    def _concerns(self, post: Assignment, names: Sequence[str]) -> bool:
        return any(self._engine.applies(post, name, self._day) for name in names)

    def _required_by(self, cause: str, names: Sequence[str], held: str | None = None) -> tuple[Requirement, ...]:
        found = []
        for name in names:
            asked = self._policy.requirements_by_id.get(name)
            if asked:
                # BLS that ends beside an ACLS card: the requirement asks for the other card, which counts no more.
                beside = cause in self._policy.types and cause not in answering_types(self._policy, name, name)
                found.append(Requirement(asked.title, asked.citation, (held or asked.any_of[0]) if beside else None))
        return tuple(found)

    def _course(self, card_type: str) -> Course:
        known = self._policy.types.get(card_type)
        return Course(card_type, known.title, known.renew_at) if known else Course(card_type)

    def _courses(self, lines: Iterable[Line]) -> tuple[Course, ...]:
        """Where the cards are had that mend what managers are told."""
        return tuple(self._course(each) for each in sorted({each for line in lines for each in line.cards}))

    def _mends(self, person: PersonFacts, entry: Entry, day: date) -> frozenset[str]:
        """The types of card that mend what a digest says, from a day on."""
        return self._troubles.mending(Outlook(self._engine, person), entry.cause, entry.requirements, day)

    def _line(self, person: PersonFacts, underway: Underway, post: Assignment, entry: Entry) -> Line:
        who = Person(person.employee_id, person.name, post.role)
        what, required_by = self._troubles.what(entry.cause), self._required_by(entry.cause, entry.requirements)
        booked = self._troubles.booked(underway, entry.requirements, entry.cause)
        last, day = entry.last_day, entry.day or self._day
        match entry.heading:
            case "out":
                notice = Notice(entry.requirements, entry.cause, "overdue", last, day)
                return self._lapse(Outlook(self._engine, person), underway, post, notice, day)
            case "returning":
                mending = self._mends(person, entry, day)
                return Line("returning", Returning(who, day, what, last, required_by), mending)
            case "expiring":
                # A card that ends is renewed in a class, though another waits for its issuer's word.
                ends = frozenset(self._troubles.named(entry.cause))
                mending = ends or self._mends(person, entry, self._troubles.first_without(last))
                return Line("expiring", Expiring(who, what, last or self._day, required_by, booked), mending)
            case "pending":
                mending = self._mends(person, entry, self._troubles.first_without(entry.day))
                return Line("pending", Pending(who, required_by, day, booked), mending)
            case "waiting":
                return Line("waiting", Waiting(who, entry.cause, day))
            case "unreachable":
                return Line("unreachable", Unreachable(who, person.email, WHYS[entry.cause], entry.day))


def _lapses_of(lines: Iterable[Line]) -> tuple[Lapse, ...]:
    return lapses_once(line.row for line in lines if isinstance(line.row, Lapse))


def _unit(unit: str, lines: Sequence[Line]) -> UnitDigest:
    digest: dict[str, list[object]] = {}
    for line in lines:
        digest.setdefault(line.heading, []).append(line.row)
    headed: dict[str, tuple[object, ...]] = {heading: tuple(rows) for heading, rows in digest.items()}
    return UnitDigest(unit, **headed | {"out": _lapses_of(lines)})  # type: ignore[arg-type] # `_line` makes the rows


def _each_once(notices: Iterable[Notice]) -> list[Notice]:
    """A newcomer's deadline may be told as new and be a step on the ladder as well: one of them says it all."""
    new = {(one.cause, one.last_day) for one in notices if one.stage == "new"}
    return [one for one in notices if one.stage in ("new", "overdue") or (one.cause, one.last_day) not in new]


def _spoken_to(name: str | None) -> str | None:
    """A name as one speaks to people: `Wren, Ada` is Ada Wren."""
    last, comma, first = (name or "").partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name
