"""Puts what is owed into the words of a mail's context: from requirements and causes to what people know them by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, get_args

from tracker.domain.alerts import Contacts, managers_of
from tracker.domain.days import OPEN, day_before
from tracker.domain.digest import Entry, entries
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

TROUBLES: dict[Standing | None, Trouble] = {Standing.MISSING: "missing", Standing.UNVERIFIED: "unconfirmed"}
HOWS: dict[Standing | None, How] = {
    Standing.PENDING: "newcomer",
    Standing.EXEMPT: "exemption",
    Standing.GRACE: "grace",
}
WHYS: dict[str, Why] = {why: why for why in get_args(Why)}
# Lines whose cause is nothing that a class would mend.
NO_CAUSE = ("waiting", "unreachable")


class About(NamedTuple):
    """Somebody of whom a mail speaks, and what it says."""

    person: PersonFacts
    underway: Underway
    notices: Sequence[Notice]


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
            tuple(by_stage["overdue"]),
            tuple(by_stage["ahead"]),
            tuple(by_stage["new"]),
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
        lapses = [lapse for one in people for lapse in self._lapses(one, to)]
        return LapseNotice(self._day, tuple(lapses), self._courses(lapses, people))

    def escalation(self, people: Sequence[About], to: str) -> Escalation:
        """To managers and directors: lapses that last, by the day of theirs that they reached."""
        steps = sorted(self._policy.reminders.escalate_after_days)
        levels = []
        for step in reversed(steps):
            some = [one._replace(notices=[each for each in one.notices if each.stage == step]) for one in people]
            lapses = [lapse for one in some for lapse in self._lapses(one, to)]
            if lapses:
                levels.append(Level(step, step != steps[0], tuple(lapses)))
        lapses = [lapse for level in levels for lapse in level.lapses]
        return Escalation(self._day, tuple(levels), self._courses(lapses, people))

    def digest(self, people: Iterable[tuple[PersonFacts, Underway]], to: str) -> ManagerDigest:
        """To a manager: the week of each unit; without units there is nothing to say."""
        found: dict[str, list[tuple[PersonFacts, Underway, Assignment, Entry]]] = {}
        said: set[tuple[int, str, Entry]] = set()
        for person, underway in people:
            for post in self._posts(person):
                if to in managers_of(self._contacts, post):
                    for entry in entries(self._engine, person, underway, post, self._day, self._troubled):
                        # Two assignments in one unit say the same of a person once.
                        if (person.id, post.unit, entry) not in said:
                            said.add((person.id, post.unit, entry))
                            found.setdefault(post.unit, []).append((person, underway, post, entry))
        units = tuple(self._unit(unit, found[unit]) for unit in sorted(found))
        causes = {entry.cause for rows in found.values() for _, _, _, entry in rows if entry.heading not in NO_CAUSE}
        names = {name for rows in found.values() for _, _, _, entry in rows for name in entry.requirements}
        return ManagerDigest(self._day, units, self._named_courses(causes, names))

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
        is_card = notice.cause in self._policy.types
        standing = outlook.standing(notice.requirements[0], self._day)
        how: How | Trouble
        what, last_day = self._what(notice.cause), notice.last_day
        if notice.stage == "overdue":
            what, how, last_day = self._trouble(outlook.person, notice, standing)
        elif is_card:
            how = "grace" if standing is Standing.GRACE else self._ends_how(outlook, notice)
        else:
            how = HOWS.get(standing, "change")
        return Need(
            what,
            self._policy.types[notice.cause].title if is_card else None,
            how,
            last_day,
            self._required_by(notice.cause, notice.requirements),
            *self._to_take(notice),
            booked_on=self._booked(underway, notice.requirements, notice.cause),
            cause=notice.cause,
        )

    def _ends_how(self, outlook: Outlook, notice: Notice) -> How:
        """Whether the card itself ends, or only the requirement's own interval for renewing it."""
        held = self._engine.reader_on(self._day).held(outlook.person)
        ends = {one.span.last for one in held if one.card.type == notice.cause}
        return "card" if notice.last_day in ends or not ends else "renewal"

    def _to_take(self, notice: Notice) -> tuple[tuple[Course, ...], tuple[Course, ...]]:
        """The courses of which any will do, and those that are needed beside it."""
        if notice.cause in self._policy.types:
            return (self._course(notice.cause),), ()
        asked = self._policy.requirements_by_id.get(notice.requirements[0])
        if asked is None:
            return (), ()
        beside = sorted(self._policy.prerequisites[asked.id])
        return tuple(map(self._course, asked.any_of)), tuple(map(self._course, beside))

    def _lapses(self, about: About, to: str) -> Iterable[Lapse]:
        outlook = Outlook(self._engine, about.person)
        for notice in about.notices:
            names = notice.requirements
            posts = [post for post in self._posts(about.person) if self._concerns(post, names)]
            mine = [post for post in posts if to in managers_of(self._contacts, post)] or posts
            if mine and notice.first_day:
                yield Lapse(
                    Person(about.person.employee_id, about.person.name, mine[0].role),
                    mine[0].unit,
                    *self._trouble(about.person, notice, outlook.standing(names[0], self._day)),
                    notice.first_day,
                    self._required_by(notice.cause, names),
                    self._booked(about.underway, names, notice.cause),
                )

    def _concerns(self, post: Assignment, names: Sequence[str]) -> bool:
        return any(self._engine.applies(post, name, self._day) for name in names)

    def _trouble(
        self, person: PersonFacts, notice: Notice, standing: Standing | None
    ) -> tuple[str, Trouble, date | None]:
        """What is wrong, how, and the last day on which it was not: of the card that ended, grace aside."""
        if notice.cause in self._policy.types:
            ended = self._ended(person, {notice.cause}, notice.last_day or self._day)
            return notice.cause, "ended", ended[1] if ended else notice.last_day
        trouble = TROUBLES.get(standing)
        if trouble is None:
            # A card ended all the same, before anything was on record here say; which one is what people want to know.
            asked = self._policy.requirements_by_id.get(notice.requirements[0])
            wanted = set(asked.any_of) if asked else set()
            if asked and standing is Standing.PREREQUISITE_GAP:
                wanted = set(self._policy.prerequisites[asked.id])
            ended = self._ended(person, wanted, day_before(self._day))
            if ended:
                return ended[0], "ended", ended[1]
            if standing is Standing.PREREQUISITE_GAP and wanted:
                return ", ".join(sorted(wanted)), "missing", notice.last_day
            trouble = "ended" if notice.last_day else "missing"
        return self._what(notice.cause), trouble, notice.last_day

    def _ended(self, person: PersonFacts, worth: set[str], by: date) -> tuple[str, date] | None:
        """The card of some types that ended last, of those that ended by a day."""
        held = self._engine.reader_on(self._day).held(person)
        ends = [
            (one.span.last, one.card.type) for one in held if one.span.last <= by and not worth.isdisjoint(one.worth)
        ]
        return (max(ends)[1], max(ends)[0]) if ends else None

    def _what(self, cause: str) -> str:
        asked = self._policy.requirements_by_id.get(cause)
        return asked.title if asked else cause

    def _required_by(self, cause: str, names: Sequence[str]) -> tuple[Requirement, ...]:
        found = []
        for name in names:
            asked = self._policy.requirements_by_id.get(name)
            if asked:
                # BLS that ends beside an ACLS card: the requirement asks for the other card, which counts no more.
                beside = cause in self._policy.types and cause not in answering_types(self._policy, name, name)
                found.append(Requirement(asked.title, asked.citation, asked.any_of[0] if beside else None))
        return tuple(found)

    def _booked(self, underway: Underway, names: Sequence[str], cause: str) -> date | None:
        types = answering_types(self._policy, names[0], cause) if names else frozenset({cause})
        coming = [one.class_on for one in underway.bookings if one.type in types and one.class_on >= self._day]
        return min(coming, default=None)

    def _course(self, card_type: str) -> Course:
        known = self._policy.types.get(card_type)
        return Course(card_type, known.title, known.renew_at) if known else Course(card_type)

    def _courses(self, lapses: Iterable[Lapse], people: Iterable[About]) -> tuple[Course, ...]:
        causes = {lapse.what for lapse in lapses}
        names = {name for one in people for notice in one.notices for name in notice.requirements}
        return self._named_courses(causes, names)

    def _named_courses(self, causes: Iterable[str], names: Iterable[str]) -> tuple[Course, ...]:
        """Where the cards are had that ended, and those that the requirements ask for."""
        types = {cause for cause in causes if cause in self._policy.types}
        for name in names:
            asked = self._policy.requirements_by_id.get(name)
            types |= {*asked.any_of, *self._policy.prerequisites[name]} if asked else set()
        return tuple(self._course(each) for each in sorted(types))

    def _unit(self, unit: str, rows: Sequence[tuple[PersonFacts, Underway, Assignment, Entry]]) -> UnitDigest:
        digest: dict[str, list[object]] = {}
        for person, underway, post, entry in rows:
            digest.setdefault(entry.heading, []).append(self._row(person, underway, post, entry))
        headed = {heading: tuple(rows_below) for heading, rows_below in digest.items()}
        return UnitDigest(unit, **headed)  # type: ignore[arg-type] # `_row` makes what each heading holds

    def _row(self, person: PersonFacts, underway: Underway, post: Assignment, entry: Entry) -> object:
        who = Person(person.employee_id, person.name, post.role)
        what, required_by = self._what(entry.cause), self._required_by(entry.cause, entry.requirements)
        booked = self._booked(underway, entry.requirements, entry.cause)
        last, day = entry.last_day, entry.day or self._day
        match entry.heading:
            case "out":
                standing = Outlook(self._engine, person).standing(entry.requirements[0], self._day)
                notice = Notice(entry.requirements, entry.cause, "overdue", last, day)
                return Lapse(who, post.unit, *self._trouble(person, notice, standing), day, required_by, booked)
            case "returning":
                return Returning(who, day, what, last, required_by)
            case "expiring":
                return Expiring(who, what, last or self._day, required_by, booked)
            case "pending":
                return Pending(who, required_by, day, booked)
            case "waiting":
                return Waiting(who, entry.cause, day)
            case "unreachable":
                return Unreachable(who, person.email, WHYS[entry.cause], entry.day)


def _each_once(notices: Iterable[Notice]) -> list[Notice]:
    """A newcomer's deadline may be told as new and be a step on the ladder as well: one of them says it all."""
    new = {(one.cause, one.last_day) for one in notices if one.stage == "new"}
    return [one for one in notices if one.stage in ("new", "overdue") or (one.cause, one.last_day) not in new]


def _spoken_to(name: str | None) -> str | None:
    """A name as one speaks to people: `Wren, Ada` is Ada Wren."""
    last, comma, first = (name or "").partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name
