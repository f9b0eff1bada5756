"""One person's timeline, drawn: a lane for each requirement, a bar for each standing, today marked.

A bar is told apart by its shape and its words as well as by its colour, and is a link to what the page says of it: so
it is reached by keyboard and by touch. Where it stands is in thousandths of the lane.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import NamedTuple

from tracker.domain.days import ALWAYS, OPEN, Span, overlap
from tracker.domain.standing import Standing
from tracker.domain.timeline import Segment
from tracker.reports.words import WORDS
from tracker.web.marks import look_of

YEARS_BEFORE, YEARS_AFTER = 2, 2
WIDTH = 1000


class Bar(NamedTuple):
    """A standing from a day to another, both included, open ends None; why, on the first day drawn; where it is drawn.

    `anchor` names the words about it in the page, `day` is one to look at; `now`: the day of the page is in it.
    """

    anchor: str
    words: str
    look: str
    first: date | None
    last: date | None
    day: date
    now: bool
    unit: str
    reasons: list[str]
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


def days_drawn(day: date) -> Span:
    """The days that are drawn around one."""
    return Span(date(day.year - YEARS_BEFORE, 1, 1), date(day.year + YEARS_AFTER, 12, 31))


def draw(
    timeline: Sequence[Segment],
    whys: Mapping[Segment, Sequence[str]],
    units: Mapping[int, str],
    titles: Mapping[str, str],
    day: date,
) -> Drawing:
    """The timeline around a day; `units` are those of the assignments, `titles` those of the requirements.

    `whys` are the reasons of the segments, each on its first day among those drawn.
    """
    drawn = days_drawn(day)
    lanes: dict[str, dict[tuple[Standing, Span], list[Segment]]] = {}
    for one in timeline:
        if shown := overlap(drawn, Span(one.first, one.last)):
            # What one requirement asks through several assignments on the same days is one bar.
            lanes.setdefault(one.requirement, {}).setdefault((one.standing, shown), []).append(one)
    numbers = count()
    found = [
        Lane(
            each,
            titles.get(each, each),
            [_bar(some, shown, f"bar-{next(numbers)}", whys, units, day) for (_, shown), some in bars.items()],
        )
        for each, bars in lanes.items()
    ]
    return Drawing(found, list(range(drawn.first.year, drawn.last.year + 1)), _place(day, *drawn))


def _bar(
    some: Sequence[Segment],
    shown: Span,
    anchor: str,
    whys: Mapping[Segment, Sequence[str]],
    units: Mapping[int, str],
    day: date,
) -> Bar:
    """The bar of segments that are drawn alike."""
    drawn = days_drawn(day)
    begin, end = _place(shown.first, *drawn), _place(shown.last, *drawn, whole=True)
    first, last = min(one.first for one in some), max(one.last for one in some)
    return Bar(
        anchor,
        WORDS[some[0].standing][0],
        look_of(some[0].standing),
        None if first == ALWAYS else first,
        None if last == OPEN else last,
        shown.first,
        shown.first <= day <= shown.last,
        " and ".join(dict.fromkeys(units.get(one.assignment, "") for one in some)),
        # The last says what the requirement asks for, which is the same for every bar of the lane.
        list(whys.get(some[0], ()))[:-1],
        begin,
        max(end - begin, 3),
    )


def _place(day: date, first: date, last: date, *, whole: bool = False) -> int:
    """Where a day begins, or ends, in thousandths."""
    return WIDTH * ((day - first).days + whole) // ((last - first).days + 1)
