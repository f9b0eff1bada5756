"""How rates went and will go: the counts of a report on the last days of months. RULES: section 4, a timeline."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.days import add_months, month_end, month_start
from tracker.domain.standing import Standing
from tracker.reports.tally import Tally

TREND, FORECAST = 12, 6

# Where somebody works and stands on a day: units, each with a requirement and the standing; (unit, None, None) says
# that they work there, whatever is asked of them.
Standpoint = frozenset[tuple[str, str | None, Standing | None]]
# What of that lasts from a day to another.
_Lasting = tuple[str, str | None, Standing | None, date, date]


class Month(NamedTuple):
    """The counts on a day that stands for its month, and the target in per cent that the policy sets on that day.

    `unmatched` are the people at work whom no requirement matches.
    """

    day: date
    target: float
    total: Tally
    units: dict[str, Tally]
    requirements: dict[str, Tally]
    unmatched: int


class Months(NamedTuple):
    """The months before the day of a report, ending with the day itself, and those after it were nobody to renew."""

    trend: list[Month]
    forecast: list[Month]


def days_before(as_of: date) -> list[date]:
    """The last days of eleven months, then the day itself for its own."""
    return [_month_end(as_of, -back) for back in range(TREND - 1, 0, -1)] + [as_of]


def days_ahead(as_of: date) -> list[date]:
    """The last days of the six months that follow on a day's own."""
    return [_month_end(as_of, ahead) for ahead in range(1, FORECAST + 1)]


def month(day: date, target: float, standpoints: Mapping[Standpoint, int]) -> Month:
    """The counts of a day, from how many people share each standpoint."""
    total = Tally()
    units: dict[str, Tally] = defaultdict(Tally)
    requirements: dict[str, Tally] = defaultdict(Tally)
    unmatched = 0
    for standpoint, people in standpoints.items():
        asked = _standings(standpoint)
        total.add(asked.values(), people)
        unmatched += 0 if asked else people
        for unit in {unit for unit, _, _ in standpoint}:
            units[unit].add(_standings(one for one in standpoint if one[0] == unit).values(), people)
        for requirement, standing in asked.items():
            requirements[requirement].add([standing], people)
    return Month(day, target, total, dict(sorted(units.items())), dict(sorted(requirements.items())), unmatched)


def standpoints_on(days: Collection[date], people: Iterable[Sequence[_Lasting]]) -> dict[date, Counter[Standpoint]]:
    """How many people share each standpoint on each day; of each person what lasts from a day to another.

    People are much alike, so a hospital's standpoints are few, and are counted without holding anybody.
    """
    found: dict[date, Counter[Standpoint]] = {day: Counter() for day in days}
    for lasting in people:
        share(found, lasting)
    return found


def share(found: Mapping[date, Counter[Standpoint]], lasting: Sequence[_Lasting]) -> None:
    """Adds one person to those who share a standpoint on each day; nothing on days on which they work nowhere."""
    for day, shared in found.items():
        here = frozenset(one[:3] for one in lasting if one[3] <= day <= one[4])
        if here:
            shared[here] += 1


def _standings(standpoint: Iterable[tuple[str, str | None, Standing | None]]) -> dict[str, Standing]:
    """Each requirement once, in however many places."""
    return {requirement: standing for _, requirement, standing in standpoint if requirement and standing}


def _month_end(day: date, months: int) -> date:
    return month_end(add_months(month_start(day), months))
