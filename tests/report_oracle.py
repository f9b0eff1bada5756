"""A second reading of what the reports say: slow, literal, day by day, on top of `oracle.py`.

It shares nothing with the program. A world's facts are replayed for each day asked about;
nothing is kept between the days but the answers themselves. Where RULES.md leaves a report
open, the choice made here is named in docs/decisions/0024.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from oracle import (
    DAY,
    FOREVER,
    Held,
    Reading,
    Record,
    add_months,
    counts,
    covers,
    held,
    month_end,
    reading,
    verdict,
)

OUT = frozenset(["prerequisite_gap", "unverified", "expired", "missing"])
COUNTED = OUT | {"current", "grace"}
Pair = tuple[str, str]  # employee id, requirement id


@dataclass(frozen=True)
class Asked:
    """Of whom a report is: absent is everybody."""

    units: frozenset[str] | None = None
    employees: frozenset[str] | None = None

    def within(self, units: Iterable[str]) -> Asked:
        asked = frozenset(units)
        return Asked(asked if self.units is None else asked & self.units, self.employees)


EVERYBODY = Asked()


@dataclass(frozen=True)
class Figures:
    people: frozenset[str]
    counted: int
    compliant: int
    standings: dict[str, int]
    rate: Fraction | None


@dataclass(frozen=True)
class Interval:
    """An unbroken time out of compliance; it goes on where it has no last day."""

    first: date
    last: date | None


@dataclass(frozen=True)
class Ending:
    last_day: date  # E of the rules
    types: frozenset[str]  # of the cards whose end is the cause; none: the requirement itself


@dataclass(frozen=True)
class Answer:
    """One person on one day; compliant is None for whom no rate counts."""

    standings: dict[str, str]
    compliant: bool | None


# --- who is at work, and how they stand -------------------------------------------------


def at_work(known: Reading, asked: Asked, day: date) -> list[Record]:
    """The assignments in what is asked about that cover a day, of those who are on record."""
    on_record = {fact["employee_id"] for fact in known.facts if fact["fact"] == "person"}
    return [
        fact
        for fact in known.facts
        if fact["fact"] == "assignment"
        and fact["employee_id"] in on_record
        and covers(fact["starts_on"], fact["ends_on"], day)
        and (asked.units is None or fact["unit"] in asked.units)
        and (asked.employees is None or fact["employee_id"] in asked.employees)
    ]


def people(known: Reading, asked: Asked, day: date) -> frozenset[str]:
    return frozenset(fact["employee_id"] for fact in at_work(known, asked, day))


def standings(known: Reading, asked: Asked, day: date) -> dict[Pair, str]:
    """Each person and requirement once, however many assignments it applies through."""
    if not known.versions:
        return {}
    assignments = at_work(known, asked, day)
    found: dict[Pair, str] = {}
    for entry in known.policy(day).get("requirements", []):
        for employee in {a["employee_id"] for a in assignments if known.applies(a, entry["id"], day)}:
            found[employee, entry["id"]] = known.standing(employee, entry, day)
    return found


def unmatched(known: Reading, asked: Asked, day: date) -> frozenset[str]:
    return people(known, asked, day) - {employee for employee, _ in standings(known, asked, day)}


def figures(at: frozenset[str], pairs: dict[Pair, str]) -> Figures:
    tally: dict[str, int] = {}
    for standing in pairs.values():
        tally[standing] = tally.get(standing, 0) + 1
    counted = {employee for (employee, _), standing in pairs.items() if standing in COUNTED}
    out = {employee for (employee, _), standing in pairs.items() if standing in OUT}
    of = sum(tally.get(standing, 0) for standing in COUNTED)
    rate = Fraction(tally.get("current", 0), of) if of else None
    return Figures(at, len(counted), len(counted - out), tally, rate)


# --- compliance -------------------------------------------------------------------------


def total(known: Reading, asked: Asked, day: date) -> Figures:
    return figures(people(known, asked, day), standings(known, asked, day))


def by_requirement(known: Reading, asked: Asked, day: date) -> dict[str, Figures]:
    """People: those to whom the requirement applies."""
    pairs = standings(known, asked, day)
    found = {}
    for wanted in {requirement for _, requirement in pairs}:
        only = {pair: standing for pair, standing in pairs.items() if pair[1] == wanted}
        found[wanted] = figures(frozenset(employee for employee, _ in only), only)
    return found


def by_unit(known: Reading, asked: Asked, day: date) -> dict[str, Figures]:
    units = {fact["unit"] for fact in at_work(known, asked, day)}
    return {unit: total(known, asked.within([unit]), day) for unit in units}


def by_facility(
    known: Reading, asked: Asked, day: date, facilities: dict[str, str | None]
) -> dict[str | None, Figures]:
    """A facility is the people of its units, each once; units without one go together."""
    units = {fact["unit"] for fact in at_work(known, asked, day)}
    found = {}
    for facility in {facilities.get(unit) for unit in units}:
        theirs = [unit for unit in units if facilities.get(unit) == facility]
        found[facility] = total(known, asked.within(theirs), day)
    return found


def trend_days(as_of: date, months: int = 12) -> list[date]:
    """The ends of the months before this one, and the day itself: so many months in all."""
    this = as_of.replace(day=1)
    return [month_end(add_months(this, -back)) for back in range(months - 1, 0, -1)] + [as_of]


def forecast_days(as_of: date, months: int = 6) -> list[date]:
    """The last days of the months after this one."""
    this = as_of.replace(day=1)
    return [month_end(add_months(this, ahead)) for ahead in range(1, months + 1)]


# --- exceptions -------------------------------------------------------------------------


def exceptions(known: Reading, asked: Asked, as_of: date) -> dict[Pair, str]:
    pairs = standings(known, asked, as_of)
    return {pair: standing for pair, standing in pairs.items() if standing in OUT}


def intervals(known: Reading, asked: Asked, as_of: date, look_back: int) -> dict[Pair, list[Interval]]:
    """The times out of compliance that touch the look-back, of those at work on the day.

    Through what is asked about, each day for itself: a unit's report knows nothing of
    another unit's days. A time that began before the look-back keeps its first day; one
    that has not ended on the day has no last one.
    """
    here = people(known, asked, as_of)
    begin, day, before_all = add_months(as_of, -look_back), as_of, earliest(known)
    runs: dict[Pair, list[Interval]] = {}
    going_on: dict[Pair, date | None] = {}  # the last day of each run that is being walked back
    while day >= begin or (going_on and day >= before_all):
        out = {p: s for p, s in exceptions(known, asked, day).items() if p[0] in here}
        for pair in [pair for pair in going_on if pair not in out]:
            runs.setdefault(pair, []).insert(0, Interval(day + DAY, going_on.pop(pair)))
        if day >= begin:
            for pair in out:
                going_on.setdefault(pair, None if day == as_of else day)
        day -= DAY
    for pair, last in going_on.items():
        runs.setdefault(pair, []).insert(0, Interval(day + DAY, last))
    return runs


def earliest(known: Reading) -> date:
    """No day before this one is out of compliance: nothing was on record then."""
    people = [fact["employee_id"] for fact in known.recorded if fact["fact"] == "person"]
    return min((known.records_from(employee) for employee in people), default=FOREVER)


# --- expiring ---------------------------------------------------------------------------


class Ahead(Reading):
    """A reading in which absences and exemptions that have not begun do not exist."""

    def __init__(self, world: Record, known_at: datetime | None, as_of: date) -> None:
        super().__init__(world, known_at)
        excuses = ("absence", "exemption")
        self.facts = [fact for fact in self.facts if fact["fact"] not in excuses or fact["from"] <= as_of]


def end(ahead: Ahead, pair: Pair, as_of: date, last: date) -> tuple[date, date, str] | None:
    """The first bad day, if it is no later than the day after `last`; the day before on which it applied, and how.

    Of a pair that stands at `current`.
    """
    own = Asked(employees=frozenset([pair[0]]))
    before, applied, day = "current", as_of, as_of + DAY
    while day <= last + DAY:
        now = standings(ahead, own, day).get(pair)
        longest_break = ahead.policy(day).get("rejoin_within_days", 0)
        if now is not None and (day - applied).days - 1 > longest_break:
            return None
        if now is not None and (now in OUT or (now == "grace" and before == "current")):
            return day, applied, before
        if now is not None:
            before, applied = now, day
        day += DAY
    return None


def last_met(ahead: Ahead, pair: Pair, applied: date, before: str) -> date | None:
    """The day from which a card's end brings the bad day about: grace is looked through, a newcomer's time is not."""
    if before == "current":
        return applied
    policy, entry = ahead.policy(applied), ahead.requirement(pair[1], applied)
    if before != "grace" or entry is None:
        return None
    cards = ahead.cards(pair[0], applied)
    ago = [applied - n * DAY for n in range(1, entry.get("grace_after_expiry_days", 0) + 1)]
    return next((day for day in ago if verdict(policy, entry, cards, day) == "current"), None)


def causes(ahead: Ahead, pair: Pair, bad: date, met_on: date, by: date) -> frozenset[str]:
    """The types of card that were in date on the day that was met, by the version of `by`, and are not on the bad day.

    Each that, had it not ended, would make a difference, with some choice of the others gone on as well: two cards
    that end together are both causes.
    """
    employee = pair[0]
    policy, entry = ahead.policy(bad), ahead.requirement(pair[1], bad)
    if entry is None:
        return frozenset()
    before = {number for number, _, card in numbered(ahead, employee, by) if card.first <= met_on <= card.last}
    cards = numbered(ahead, employee, bad)
    ended = [number for number, _, card in cards if number in before and has_ended(entry, card, bad)]

    def met(going_on: frozenset[int]) -> bool:
        """On the bad day, were these cards to go on for ever."""
        seen = [lasting(card, bad) if number in going_on else card for number, _, card in cards]
        return verdict(policy, entry, seen, bad) == "current"

    groups = [frozenset(group) for size in range(len(ended) + 1) for group in combinations(ended, size)]
    decisive = {one for one in ended for group in groups if met(group | {one}) and not met(group)}
    return frozenset(kind for number, kind, _ in cards if number in decisive)


def has_ended(entry: Record, card: Held, bad: date) -> bool:
    return card.last < bad or (card.first < bad and not counts(entry, card, bad) and counts(entry, card, card.first))


def lasting(card: Held, bad: date) -> Held:
    """As if it had been issued on the day and never ended: no renewal interval has passed either."""
    return replace(card, first=bad, last=FOREVER)


def numbered(known: Reading, employee: str, day: date) -> list[tuple[int, str, Held]]:
    """Each card's number, the type that it names, and the card as the version of a day reads it."""
    answers = [fact for fact in known.facts if fact["fact"] == "verification"]
    found = [
        (card["id"], card["type"], held(known.policy(day), card, [one for one in answers if one["card"] == card["id"]]))
        for card in known.of("card", employee)
    ]
    return [(number, kind, card) for number, kind, card in found if card is not None]


def expiring(world: Record, known_at: datetime | None, asked: Asked, as_of: date, months: int) -> dict[Pair, Ending]:
    """Whoever is `current` and whose E is in this month or in the so many after it."""
    known, ahead = reading(world, known_at), Ahead(world, known_at, as_of)
    last = month_end(add_months(as_of.replace(day=1), months))
    found = {}
    for pair, standing in standings(known, asked, as_of).items():
        ends = end(ahead, pair, as_of, last) if standing == "current" else None
        if ends is not None:
            bad, applied, before = ends
            met_on = last_met(ahead, pair, applied, before)
            types = causes(ahead, pair, bad, met_on, applied) if met_on else frozenset()
            found[pair] = Ending(bad - DAY, types)
    return found


def units_of(known: Reading, asked: Asked, pair: Pair, day: date) -> frozenset[str]:
    """The units through which a requirement applies to a person on a day."""
    assignments = at_work(known, asked, day)
    return frozenset(a["unit"] for a in assignments if a["employee_id"] == pair[0] and known.applies(a, pair[1], day))


# --- history ----------------------------------------------------------------------------


def answer(world: Record, employee: str, day: date, known_at: datetime | None) -> Answer:
    pairs = standings(reading(world, known_at), Asked(employees=frozenset([employee])), day)
    stood = {requirement: standing for (_, requirement), standing in pairs.items()}
    counted = any(standing in COUNTED for standing in stood.values())
    return Answer(stood, not any(s in OUT for s in stood.values()) if counted else None)


def end_of_day(zone: str, day: date) -> datetime:
    """The last instant of a day at the site."""
    return datetime.combine(day + DAY, time.min, ZoneInfo(zone)) - timedelta(microseconds=1)


def differs_since(world: Record, employee: str, day: date, known_at: datetime) -> datetime | None:
    """The instant from which the answer has been another one than at `known_at`, without a pause."""
    then = answer(world, employee, day, known_at)
    since = None
    for at in changes(world):
        if at > known_at:
            same = answer(world, employee, day, at) == then
            since = None if same else (since or at)
    return since


def changes(world: dict[str, Any]) -> list[datetime]:
    records = world["policies"] + world["facts"]
    found = {record["recorded_at"] for record in records} | {fact["retracted_at"] for fact in world["facts"]}
    return sorted(found - {None})
