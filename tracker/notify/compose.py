"""Puts what is owed into the words of a mail's context: from requirements and causes to what people know them by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, get_args

from tracker.domain.alerts import Contacts, managers_of
from tracker.domain.days import OPEN, covers, day_after, day_before
from tracker.domain.digest import Entry, Heading, entries
from tracker.domain.facts import Assignment, PersonFacts, Refusal
from tracker.domain.outlook import Outlook, as_begun
from tracker.domain.policy import Requirement as Asked
from tracker.domain.reach import Troubled, Why
from tracker.domain.reminders import Notice, Underway, answering_types
from tracker.domain.standing import Held, Standing
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


class Told(NamedTuple):
    """What is said of something overdue: what, what is wrong with it, and the last day on which nothing was.

    `cause` as in a notice, or the prerequisite that is lacking. `cards` are the types that mend it, of which all are
    needed; none if a requirement is named, as then any card that it takes does. `beside` is the card that is in date
    and counts only with them, if there is one.
    """

    what: str
    trouble: Trouble
    last_day: date | None
    cause: str
    cards: tuple[str, ...] = ()
    beside: str | None = None


class Lacking(NamedTuple):
    """What a card of some type needs beside it and no card in date gives, in order."""

    wanted: str
    cards: tuple[str, ...]


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
            what, how, last_day, cause, cards, beside = self._told(outlook, notice, standing)
        else:
            what, how, last_day = self._what(notice.cause), self._how(outlook, notice, standing), notice.last_day
            cause, cards, beside = notice.cause, self._named(notice.cause), None
        known = self._policy.types.get(what)
        return Need(
            what,
            known.title if known else None,
            how,
            last_day,
            self._required_by(cause, notice.requirements, beside),
            *self._to_take(outlook, cards, notice),
            booked_on=self._booked(underway, notice.requirements, cause, cards[1:]),
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
        day = self._first_without(notice.last_day)
        if asked is None or self._unconfirmed(outlook, notice.requirements, day):
            return (), ()
        beside = sorted(self._policy.prerequisites[asked.id] - self._in_date(outlook.person, day))
        return tuple(map(self._course, asked.any_of)), tuple(map(self._course, beside))

    def _first_without(self, last_day: date | None) -> date:
        """The first day, from today on, on which what is told is wanting."""
        return max(self._day, day_after(last_day)) if last_day else self._day

    def _unconfirmed(self, outlook: Outlook, names: Sequence[str], day: date) -> bool:
        """Whether nothing but their issuers' word is wanting: no class mends that."""
        return all(outlook.standing(name, day) is Standing.UNVERIFIED for name in names)

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
        told = self._told(outlook, notice, outlook.standing(names[0], self._day))
        lapse = Lapse(
            Person(person.employee_id, person.name, post.role),
            post.unit,
            told.what,
            told.trouble,
            told.last_day,
            since,
            self._required_by(told.cause, names, told.beside),
            self._booked(underway, names, told.cause, told.cards[1:]),
        )
        return Line("out", lapse, frozenset(told.cards) or self._mending(outlook, told.cause, names, self._day))

    def _concerns(self, post: Assignment, names: Sequence[str]) -> bool:
        return any(self._engine.applies(post, name, self._day) for name in names)

    def _told(self, outlook: Outlook, notice: Notice, standing: Standing | None) -> Told:
        """What is wrong, how, and the last day on which it was not: of the card that ended, grace aside."""
        person, names = outlook.person, notice.requirements
        if self._unconfirmed(outlook, names, self._day):
            # Whatever ended before: there is a card again.
            return Told(self._what(names[0]), "unconfirmed", notice.last_day, names[0])
        if notice.cause in self._policy.types:
            ended = self._ended(person, {notice.cause}, notice.last_day or self._day)
            last_day = ended.span.last if ended else notice.last_day
            return Told(notice.cause, "ended", last_day, notice.cause, (notice.cause,))
        asked = self._policy.requirements_by_id.get(names[0])
        trouble: Trouble | None = "missing" if standing is Standing.MISSING else None
        if trouble is None and asked:
            if standing is Standing.PREREQUISITE_GAP:
                return self._gap(person, notice, asked)
            # A card ended all the same, before anything was on record here say; which one is what people want to know.
            ended = self._ended(person, set(asked.any_of), day_before(self._day), asked.id)
            if ended:
                cards = (ended.card.type, *self._lacking(person, asked, ended.worth).cards)
                return Told(ended.card.type, "ended", ended.span.last, notice.cause, cards)
        if trouble is None:
            trouble = "ended" if notice.last_day else "missing"
        return Told(self._what(notice.cause), trouble, notice.last_day, notice.cause)

    def _gap(self, person: PersonFacts, notice: Notice, asked: Asked) -> Told:
        """The card that a requirement takes is in date: what is wrong, and is told, is the one beside it."""
        held = self._engine.reader_on(self._day).held(person)
        counting = [one for one in held if (span := one.counts.get(asked.id)) and covers([span], self._day)]
        wanted, cards = self._lacking(person, asked, frozenset(each for one in counting for each in one.worth))
        ended = self._ended(person, set(cards), day_before(self._day))
        if ended:
            kind, rest = ended.card.type, (each for each in cards if each not in ended.worth)
            return Told(kind, "ended", ended.span.last, kind, (kind, *rest), wanted)
        return Told(", ".join(cards), "missing", notice.last_day, cards[0], cards, wanted)

    def _lacking(self, person: PersonFacts, asked: Asked, worth: frozenset[str]) -> Lacking:
        """Of the types that a requirement takes and cards are worth, that which lacks least, and what it lacks."""
        in_date = self._in_date(person, self._day)
        ways = [
            Lacking(wanted, tuple(sorted(set(self._policy.types[wanted].requires) - in_date)))
            for wanted in asked.any_of
            if wanted in worth
        ]
        return min(ways, key=lambda way: len(way.cards))

    def _in_date(self, person: PersonFacts, day: date) -> set[str]:
        """The types that a person's cards are worth on a day."""
        held = self._engine.reader_on(self._day).held(person)
        return {each for one in held if covers([one.span], day) for each in one.worth}

    def _ended(self, person: PersonFacts, worth: set[str], by: date, asked: str | None = None) -> Held | None:
        """The card of some types that ended last, of those that ended by a day, and that a requirement takes."""
        held = [one for one in self._engine.reader_on(self._day).held(person) if asked is None or asked in one.counts]
        over = [one for one in held if one.span.last <= by and not worth.isdisjoint(one.worth)]
        return max(over, key=lambda one: (one.span.last, one.card.type), default=None)

    def _what(self, cause: str) -> str:
        asked = self._policy.requirements_by_id.get(cause)
        return asked.title if asked else cause

    def _required_by(self, cause: str, names: Sequence[str], held: str | None = None) -> tuple[Requirement, ...]:
        found = []
        for name in names:
            asked = self._policy.requirements_by_id.get(name)
            if asked:
                # BLS that ends beside an ACLS card: the requirement asks for the other card, which counts no more.
                beside = cause in self._policy.types and cause not in answering_types(self._policy, name, name)
                found.append(Requirement(asked.title, asked.citation, (held or asked.any_of[0]) if beside else None))
        return tuple(found)

    def _booked(self, underway: Underway, names: Sequence[str], cause: str, beside: Sequence[str] = ()) -> date | None:
        """The day by which the classes on file give all that is needed; none if there is no class for some of it."""
        types = answering_types(self._policy, names[0], cause) if names else frozenset({cause})
        coming = [one for one in underway.bookings if one.class_on >= self._day]
        days = [
            min((one.class_on for one in coming if one.type in answering), default=None)
            for answering in (types, *({each} for each in beside))
        ]
        known = [day for day in days if day]
        return max(known) if len(known) == len(days) else None

    def _course(self, card_type: str) -> Course:
        known = self._policy.types.get(card_type)
        return Course(card_type, known.title, known.renew_at) if known else Course(card_type)

    def _named(self, cause: str) -> tuple[str, ...]:
        """The type of card that a cause is, if it is one."""
        return (cause,) if cause in self._policy.types else ()

    def _mending(self, outlook: Outlook, cause: str, names: Sequence[str], day: date) -> frozenset[str]:
        """The types of card that mend a cause, from a day on.

        The cause itself, or what the requirements take and what they need beside it, unless it is in date; nothing if
        cards are on record that only wait for their issuers' word.
        """
        if self._unconfirmed(outlook, names, day):
            return frozenset()
        if named := self._named(cause):
            return frozenset(named)
        asked = [one for name in names if (one := self._policy.requirements_by_id.get(name))]
        beside = {each for one in asked for each in self._policy.prerequisites[one.id]}
        return frozenset({each for one in asked for each in one.any_of} | beside - self._in_date(outlook.person, day))

    def _courses(self, lines: Iterable[Line]) -> tuple[Course, ...]:
        """Where the cards are had that mend what managers are told."""
        return tuple(self._course(each) for each in sorted({each for line in lines for each in line.cards}))

    def _mends(self, person: PersonFacts, entry: Entry, day: date) -> frozenset[str]:
        """The types of card that mend what a digest says, from a day on."""
        return self._mending(Outlook(self._engine, person), entry.cause, entry.requirements, day)

    def _line(self, person: PersonFacts, underway: Underway, post: Assignment, entry: Entry) -> Line:
        who = Person(person.employee_id, person.name, post.role)
        what, required_by = self._what(entry.cause), self._required_by(entry.cause, entry.requirements)
        booked = self._booked(underway, entry.requirements, entry.cause)
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
                ends = frozenset(self._named(entry.cause))
                mending = ends or self._mends(person, entry, self._first_without(last))
                return Line("expiring", Expiring(who, what, last or self._day, required_by, booked), mending)
            case "pending":
                mending = self._mends(person, entry, self._first_without(entry.day))
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
