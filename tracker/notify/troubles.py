"""What is wrong where a card is wanting, and what mends it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.days import covers, day_after, day_before
from tracker.domain.facts import PersonFacts
from tracker.domain.outlook import Outlook
from tracker.domain.policy import Requirement
from tracker.domain.reminders import Notice, Underway, answering_types
from tracker.domain.standing import Held, Standing
from tracker.domain.timeline import Engine
from tracker.notify.contexts import Trouble


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


class Troubles:
    """What people lack on a day, by the policy in force on it."""

    def __init__(self, engine: Engine, day: date) -> None:
        self._engine, self._day = engine, day
        self._policy = engine.rulebook.on(day)

    def what(self, cause: str) -> str:
        """What people know a cause by: a requirement's title, or the type of card."""
        asked = self._policy.requirements_by_id.get(cause)
        return asked.title if asked else cause

    def told(self, outlook: Outlook, notice: Notice, standing: Standing | None) -> Told:
        """What is wrong, how, and the last day on which it was not: of the card that ended, grace aside."""
        person, names = outlook.person, notice.requirements
        if self.unconfirmed(outlook, names, self._day):
            # Whatever ended before: there is a card again.
            return Told(self.what(names[0]), "unconfirmed", notice.last_day, names[0])
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
        return Told(self.what(notice.cause), trouble, notice.last_day, notice.cause)

    def beside(self, asked: Requirement, person: PersonFacts, day: date) -> dict[str, tuple[str, ...]]:
        """The types that have to be had beside one that a requirement takes, and are not in date on a day.

        With each those taken that count only with it, or none if that are all.
        """
        lacking = {one: set(self._policy.types[one].requires) - self._in_date(person, day) for one in asked.any_of}
        found = {each: tuple(one for one in lacking if each in lacking[one]) for each in set().union(*lacking.values())}
        return {each: found[each] if len(found[each]) < len(lacking) else () for each in sorted(found)}

    def named(self, cause: str) -> tuple[str, ...]:
        """The type of card that a cause is, if it is one."""
        return (cause,) if cause in self._policy.types else ()

    def unconfirmed(self, outlook: Outlook, names: Sequence[str], day: date) -> bool:
        """Whether nothing but their issuers' word is wanting: no class mends that."""
        return all(outlook.standing(name, day) is Standing.UNVERIFIED for name in names)

    def first_without(self, last_day: date | None) -> date:
        """The first day, from today on, on which what is told is wanting."""
        return max(self._day, day_after(last_day)) if last_day else self._day

    def mending(self, outlook: Outlook, cause: str, names: Sequence[str], day: date) -> frozenset[str]:
        """The types of card that mend a cause, from a day on.

        The cause itself, or what the requirements take and what they need beside it, unless it is in date; nothing if
        cards are on record that only wait for their issuers' word.
        """
        if self.unconfirmed(outlook, names, day):
            return frozenset()
        if named := self.named(cause):
            return frozenset(named)
        asked = [one for name in names if (one := self._policy.requirements_by_id.get(name))]
        beside = {each for one in asked for each in self._policy.prerequisites[one.id]}
        return frozenset({each for one in asked for each in one.any_of} | beside - self._in_date(outlook.person, day))

    def booked(self, underway: Underway, names: Sequence[str], cause: str, beside: Sequence[str] = ()) -> date | None:
        """The day by which the classes on file give all that is needed; none if there is no class for some of it."""
        types = answering_types(self._policy, names[0], cause) if names else frozenset({cause})
        coming = [one for one in underway.bookings if one.class_on >= self._day]
        days = [
            min((one.class_on for one in coming if one.type in answering), default=None)
            for answering in (types, *({each} for each in beside))
        ]
        known = [day for day in days if day]
        return max(known) if len(known) == len(days) else None

    def _gap(self, person: PersonFacts, notice: Notice, asked: Requirement) -> Told:
        """The card that a requirement takes is in date: what is wrong, and is told, is the one beside it."""
        held = self._engine.reader_on(self._day).held(person)
        counting = [one for one in held if (span := one.counts.get(asked.id)) and covers([span], self._day)]
        wanted, cards = self._lacking(person, asked, frozenset(each for one in counting for each in one.worth))
        ended = self._ended(person, set(cards), day_before(self._day))
        if ended:
            kind, rest = ended.card.type, (each for each in cards if each not in ended.worth)
            return Told(kind, "ended", ended.span.last, kind, (kind, *rest), wanted)
        return Told(", ".join(cards), "missing", notice.last_day, cards[0], cards, wanted)

    def _lacking(self, person: PersonFacts, asked: Requirement, worth: frozenset[str]) -> Lacking:
        """Of the types that a requirement takes and cards are worth, that which lacks least, and what it lacks."""
        in_date = self._in_date(person, self._day)
        ways = [
            Lacking(wanted, tuple(sorted(set(self._policy.types[wanted].requires) - in_date)))
            for wanted in asked.any_of
            if wanted in worth
        ]
        return min(ways, key=lambda way: len(way.cards))

    def _ended(self, person: PersonFacts, worth: set[str], by: date, asked: str | None = None) -> Held | None:
        """The card of some types that ended last, of those that ended by a day, and that a requirement takes."""
        held = [one for one in self._engine.reader_on(self._day).held(person) if asked is None or asked in one.counts]
        over = [one for one in held if one.span.last <= by and not worth.isdisjoint(one.worth)]
        return max(over, key=lambda one: (one.span.last, one.card.type), default=None)

    def _in_date(self, person: PersonFacts, day: date) -> set[str]:
        """The types that a person's cards are worth on a day."""
        held = self._engine.reader_on(self._day).held(person)
        return {each for one in held if covers([one.span], day) for each in one.worth}
