"""One person's timeline, drawn: a lane for each requirement, a bar for each standing, today marked.

A bar is told apart by its shape and its words as well as by its colour, and is a link to its first day: so it is
reached by keyboard and by touch. Where it stands is in thousandths of the lane.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.timeline import Segment
from tracker.reports.words import WORDS

YEARS_BEFORE, YEARS_AFTER = 2, 2
WIDTH = 1000


class Bar(NamedTuple):
    """A standing from a day to another, both included, open ends None; and where it is drawn."""

    words: str
    look: str
    first: date | None
    last: date | None
    unit: str
    place: int
    width: int


class Lane(NamedTuple):
    """What one requirement asked of one person over the years; `title` as a policy calls it."""

    requirement: str
    title: str
    bars: list[Bar]


class Drawing(NamedTuple):
    """The lanes, the years below them, and where the day is that is looked at."""

    lanes: list[Lane]
    years: list[int]
    mark: int


def draw(timeline: Sequence[Segment], units: Mapping[int, str], titles: Mapping[str, str], day: date) -> Drawing:
    """The timeline around a day; `units` are those of the assignments, `titles` those of the requirements."""
    first, last = date(day.year - YEARS_BEFORE, 1, 1), date(day.year + YEARS_AFTER, 12, 31)
    lanes: dict[str, list[Bar]] = {}
    for one in timeline:
        if one.first <= last and one.last >= first:
            lanes.setdefault(one.requirement, []).append(_bar(one, units.get(one.assignment, ""), first, last))
    found = [Lane(each, titles.get(each, each), bars) for each, bars in lanes.items()]
    return Drawing(found, list(range(first.year, last.year + 1)), _place(day, first, last))


def _bar(one: Segment, unit: str, first: date, last: date) -> Bar:
    begin, end = _place(max(one.first, first), first, last), _place(min(one.last, last), first, last, whole=True)
    return Bar(
        WORDS[one.standing][0],
        _look(one.standing),
        None if one.first == ALWAYS else one.first,
        None if one.last == OPEN else one.last,
        unit,
        begin,
        max(end - begin, 3),
    )


def _place(day: date, first: date, last: date, *, whole: bool = False) -> int:
    """Where a day begins, or ends, in thousandths."""
    return WIDTH * ((day - first).days + whole) // ((last - first).days + 1)


def _look(standing: Standing) -> str:
    if standing in OUT_OF_COMPLIANCE:
        return "out"
    return {Standing.CURRENT: "current", Standing.GRACE: "grace", Standing.PENDING: "pending"}.get(standing, "aside")
