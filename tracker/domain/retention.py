"""What of a person is past keeping, and from which day on the rest tells the truth. RULES: section 8.

What goes is what ended so long ago as the policy says; never the two last cards of a type. Days on which a standing
would be another without it are not recorded any more: nobody looks as if they had never had a card. So what is still
needed to tell about a later day stays.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal, NamedTuple

from tracker.domain.days import OPEN, add_months, day_after
from tracker.domain.facts import PersonFacts
from tracker.domain.policy import Policy, Retention
from tracker.domain.timeline import Engine, Segment
from tracker.domain.validity import window

Kind = Literal["cards", "absences", "exemptions"]
Facts = frozenset[tuple[Kind, int]]
# The segments of each assignment and requirement.
Courses = dict[tuple[int, str], list[Segment]]
# The last cards of a type that are always kept: the current one, and the one before it.
KEPT = 2


class Old(NamedTuple):
    """A fact that ended before the day up to which its kind is kept."""

    ended: date
    kind: Kind
    id: int
    kept_until: date


class PastKeeping(NamedTuple):
    """What of a person goes, and the first day that is still on record then.

    `rests_on` are the oldest cards that stay of the types of which some go: who did not know these yet cannot tell.
    """

    gone: Facts
    kept_from: date
    rests_on: frozenset[int] = frozenset()


def cutoff(months: int | None, today: date) -> date | None:
    """What ended before this day is past keeping; None: nothing is."""
    return None if months is None else add_months(today, -months)


def past_keeping(engine: Engine, person: PersonFacts, today: date) -> PastKeeping | None:
    """What goes of a person on a day; None if nothing does. Of what is left then, nothing goes on that day."""
    policy, left = engine.rulebook.on(today), person
    gone: Facts = frozenset()
    while found := _next(engine, policy, left, today):
        gone |= found.gone
        left = without(left, found.gone)._replace(kept_from=found.kept_from)
    return PastKeeping(gone, left.kept_from or date.min, _rests_on(policy, person, gone)) if gone else None


def _next(engine: Engine, policy: Policy, person: PersonFacts, today: date) -> PastKeeping | None:
    """Some of what goes of a person: what is kept the shortest comes first, each is held against its own keeping."""
    old = sorted([*_old_cards(policy, person, today), *_old_periods(policy.retention, person, today)])
    old.sort(key=attrgetter("kept_until"), reverse=True)
    own = _by_course(engine.segments(person)) if old else {}
    for until, some in groupby(old, attrgetter("kept_until")):
        for tried in _tries(list(some)):
            gone: Facts = frozenset((one.kind, one.id) for one in tried)
            same_from = _same_from(own, _by_course(engine.segments(without(person, gone))))
            if same_from <= until:
                return PastKeeping(gone, max(same_from, person.kept_from or date.min))
    return None


def _tries(old: list[Old]) -> Iterator[list[Old]]:
    """All of it, then less and less of the latest, which bear on the latest days; then each alone."""
    for end in range(len(old), 0, -1):
        yield old[:end]
    for one in old[1:]:
        yield [one]


def without(person: PersonFacts, gone: Facts) -> PersonFacts:
    """A person of whom some facts are not known."""
    return person._replace(
        cards=tuple(one for one in person.cards if ("cards", one.id) not in gone),
        verifications=tuple(one for one in person.verifications if ("cards", one.card) not in gone),
        absences=tuple(one for one in person.absences if ("absences", one.id) not in gone),
        exemptions=tuple(one for one in person.exemptions if ("exemptions", one.id) not in gone),
    )


def _old_cards(policy: Policy, person: PersonFacts, today: date) -> Iterable[Old]:
    until = cutoff(policy.retention.cards_months, today)
    for some in _by_type(policy, person).values() if until else ():
        for last, _, number in some[:-KEPT]:
            if until and last < until:
                yield Old(last, "cards", number, until)


def _by_type(policy: Policy, person: PersonFacts) -> dict[str, list[tuple[date, date, int]]]:
    """The cards of each type by their last day, the earliest first: the last day, the first one, the number."""
    ends: dict[str, list[tuple[date, date, int]]] = {}
    for card in person.cards:
        found = window(policy, card)
        # Of a card of which nobody can say until when it was good nobody can say that it is old.
        last, first = (found.last, found.first) if found else (OPEN, OPEN)
        ends.setdefault(card.type, []).append((last, first, card.id))
    return {kind: sorted(some) for kind, some in ends.items()}


def _rests_on(policy: Policy, person: PersonFacts, gone: Facts) -> frozenset[int]:
    found = []
    for some in _by_type(policy, person).values():
        left = [number for *_, number in some if ("cards", number) not in gone]
        found += left[:1] if len(left) < len(some) else []
    return frozenset(found)


def _old_periods(retention: Retention, person: PersonFacts, today: date) -> Iterable[Old]:
    if until := cutoff(retention.absences_months, today):
        for absence in person.absences:
            if absence.until and absence.until < until:
                yield Old(absence.until, "absences", absence.id, until)
    if until := cutoff(retention.exemptions_months, today):
        for exemption in person.exemptions:
            if exemption.until < until:
                yield Old(exemption.until, "exemptions", exemption.id, until)


def _same_from(own: Courses, other: Courses) -> date:
    """The first day from which on every standing is the same, whichever of the two is known."""
    return max((_parted_until(own.get(key, []), other.get(key, [])) for key in {*own, *other}), default=date.min)


def _by_course(segments: Iterable[Segment]) -> Courses:
    found: Courses = {}
    for one in segments:
        found.setdefault((one.assignment, one.requirement), []).append(one)
    return found


def _parted_until(own: list[Segment], other: list[Segment]) -> date:
    """The day after the last one on which two courses differ; the first of days if none does."""
    edges = sorted({day for one in (*own, *other) for day in (one.first, day_after(one.last))} | {OPEN})
    parted = date.min
    for first, following in pairwise(edges):
        if _on(own, first) != _on(other, first):
            parted = following
    return parted


def _on(course: list[Segment], day: date) -> str | None:
    return next((one.standing.value for one in course if one.first <= day <= one.last), None)
