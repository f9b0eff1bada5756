"""What the first page lists of people on a day: who is out, whose cards end, who is new, who comes back.

RULES: section 6, the weekly digest, of which these are the headings.

A line is about one person, one of their units and one requirement; people are counted once whatever their lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.days import day_after, day_before
from tracker.domain.outlook import IsBroken, before, first_bad_day, on
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.timeline import Stretch


class Heading(StrEnum):
    """What a list of people is about."""

    OUT = "out"
    EXPIRING = "expiring"
    NEWCOMERS = "newcomers"
    TO_CHECK = "to-check"
    RETURNING = "returning"
    UNREACHABLE = "unreachable"
    UNMATCHED = "unmatched"


class Line(NamedTuple):
    """One line, the most urgent sorted first.

    `day`: out and to check - since when; expiring - the last day in compliance; newcomers - the last day of the time
    that they have; returning - the first day back; otherwise the day that is looked at. `requirement` is empty where
    none is meant, and of a card that was handed in and waits to be checked it is the type; `standing` is that of the
    day looked at.
    """

    day: date
    person_id: int
    unit: str
    requirement: str
    standing: Standing | None = None


class Way(NamedTuple):
    """How one requirement goes on for a person: as it will, and as if leave and exemptions to come did not exist."""

    real: Sequence[Stretch]
    begun: Sequence[Stretch]


def lines_of(
    person: int, ways: Mapping[str, Way], asked: Mapping[str, set[str]], day: date, horizon: date, is_broken: IsBroken
) -> Iterator[tuple[Heading, Line]]:
    """The lines of one person; `asked` are the requirements that apply on the day, each with the units to tell of it.

    `horizon` is the last day that is near.
    """
    for requirement, units in asked.items():
        here = on(ways[requirement].real, day)
        if here is not None:
            for heading, when in _said(ways[requirement], here, day, horizon, is_broken):
                yield from ((heading, Line(when, person, unit, requirement, here.standing)) for unit in units)


def _said(way: Way, here: Stretch, day: date, horizon: date, is_broken: IsBroken) -> Iterator[tuple[Heading, date]]:
    """Under which headings a standing belongs, and the day of each."""
    if here.standing in OUT_OF_COMPLIANCE:
        yield Heading.OUT, out_since(way.real, here, is_broken)
    if here.standing is Standing.PENDING:
        yield Heading.NEWCOMERS, here.last
    if here.standing is Standing.ON_LEAVE:
        back = on(way.real, day_after(here.last))
        if back and back.first <= horizon and back.standing in OUT_OF_COMPLIANCE:
            yield Heading.RETURNING, back.first
    if here.standing is Standing.CURRENT:
        bad = first_bad_day(way.begun, day, is_broken)
        if bad and day_before(bad) <= horizon:
            yield Heading.EXPIRING, day_before(bad)


def out_since(course: Sequence[Stretch], here: Stretch, is_broken: IsBroken) -> date:
    """The first day of the unbroken time out of compliance in which a stretch lies."""
    first = here.first
    for one in before(course, here.first, is_broken):
        if one.standing not in OUT_OF_COMPLIANCE:
            break
        first = one.first
    return first
