"""Calendar days: months added, month and quarter ends, spans with both ends included."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from tracker.domain.tuples import new

# The two ends of time: a fact that always held, and one whose end is open.
ALWAYS = date.min
OPEN = date.max
ONE_DAY = timedelta(days=1)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Span(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@lru_cache(1 << 16)  # the days of cards are few, and an import asks for each thousands of times
def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier); a day the month lacks becomes its last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > OPEN.year:
        return OPEN
    if year < ALWAYS.year:
        return ALWAYS
    return date(year, month0 + 1, min(day.day, _length(year, month0 + 1)))


def _length(year: int, month: int) -> int:
    """The days of a month; `calendar.monthrange` works out a weekday besides, which costs more than all the rest."""
    return 29 if month == 2 and isleap(year) else _LENGTHS[month - 1]


def month_end(day: date) -> date:
    """The last day of the month."""
    return date(day.year, day.month, _length(day.year, day.month))


def quarter_end(day: date) -> date:
    """The last day of the quarter."""
    return month_end(day.replace(day=1, month=(day.month + 2) // 3 * 3))


def month_start(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def quarter_start(day: date) -> date:
    """The first day of the quarter."""
    return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)


def day_after(day: date) -> date:
    """The next day; after the end of time there is none, so that stays."""
    return day + ONE_DAY if day < OPEN else OPEN


def day_before(day: date) -> date:
    """The day before; before the beginning of time there is none, so that stays."""
    return day - ONE_DAY if day > ALWAYS else ALWAYS


def later(day: date, days: int) -> date:
    """So many days later, at most the end of time."""
    return OPEN if (OPEN - day).days < days else day + timedelta(days=days)


def earlier(day: date, days: int) -> date:
    """So many days earlier, at least the beginning of time."""
    return ALWAYS if (day - ALWAYS).days < days else day - timedelta(days=days)


def covers(spans: Iterable[Span], day: date) -> bool:
    """Whether one of the spans holds the day."""
    for first, last in spans:  # noqa: SIM110 asked millions of times, and a generator costs three times as much
        if first <= day <= last:
            return True
    return False


def overlap(one: Span, other: Span) -> Span | None:
    """The days that are in both, if any."""
    first, last = one
    begins, ends = other
    if first <= begins:
        if ends <= last:
            return other if begins <= ends else None
        first = begins
    elif last <= ends:
        return one if first <= last else None
    else:
        last = ends
    if first > last:
        return None
    both: Span = new(Span, (first, last))
    return both


def merge(spans: Iterable[Span], break_days: int = 0) -> list[Span]:
    """The spans in order, joined where they overlap, adjoin, or leave a break of at most `break_days` days."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and later(merged[-1].last, break_days + 1) >= span.first:
            if span.last > merged[-1].last:
                merged[-1] = Span(merged[-1].first, span.last)
        else:
            merged.append(span)
    return merged


def intersect(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The days that are in some span of both lists, in order and joined."""
    others = list(others)
    return merge(both for one in some for other in others if (both := overlap(one, other)))
