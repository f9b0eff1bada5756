"""What ends in the months to come, by month and unit, and the seats in classes that this asks for. RULES: section 6."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.days import add_months, month_end, month_start
from tracker.reports.heading import Heading
from tracker.reports.named import Named


@dataclass(frozen=True, slots=True)
class Ending(Named):
    """A requirement that somebody meets until `last_day`, if nothing is renewed.

    `places` are those through which it applies. `types` are the types of card whose ends are the cause; none where
    it is the requirement itself, such as a policy that comes into force.
    """

    requirement: str
    title: str
    last_day: date
    types: tuple[str, ...]

    @property
    def units(self) -> list[str]:
        """The units, each once."""
        return sorted({place.unit for place in self.places})


class Seats(NamedTuple):
    """How many people need a class of a type: in all, each once, and by unit."""

    type: str
    people: int
    units: dict[str, int]


class Month(NamedTuple):
    """What ends in a month. `people` are those of whom something ends, each once."""

    first_day: date
    people: int
    seats: list[Seats]
    units: dict[str, list[Ending]]


class Expiring(NamedTuple):
    """The report: the rest of the day's own month, and so many months after it."""

    heading: Heading
    last_day: date
    people: int
    seats: list[Seats]
    months: list[Month]


def horizon(as_of: date, months: int) -> date:
    """The last day looked at: a month is looked at whole, since most cards end with one."""
    return month_end(add_months(month_start(as_of), months))


def expiring(heading: Heading, months: int, endings: Sequence[Ending]) -> Expiring:
    """Sorts what ends by month, unit, person and requirement."""
    ordered = sorted(endings, key=lambda one: (one.last_day, one.employee_id, one.requirement))
    firsts = [add_months(month_start(heading.as_of), number) for number in range(months + 1)]
    told: set[tuple[str, str]] = set()
    by_month: dict[date, list[Ending]] = {first: [] for first in firsts}
    for one in ordered:
        by_month[month_start(one.last_day)].append(one)
    found = [_month(first, theirs, told) for first, theirs in by_month.items()]
    people = {one.employee_id for one in ordered}
    return Expiring(heading, horizon(heading.as_of, months), len(people), _all_seats(found), found)


def _all_seats(months: Iterable[Month]) -> list[Seats]:
    """The seats of all months: each person has one of a type, in the month in which it is first needed."""
    people: Counter[str] = Counter()
    units: dict[str, Counter[str]] = {}
    for month in months:
        for each in month.seats:
            people[each.type] += each.people
            units.setdefault(each.type, Counter()).update(each.units)
    return [Seats(kind, people[kind], dict(sorted(units[kind].items()))) for kind in sorted(people)]


def seats(endings: Iterable[Ending], told: set[tuple[str, str]]) -> list[Seats]:
    """The seats that endings ask for, by type; nobody needs two of a type, so those `told` before need none.

    Adds to `told` whom it counts, as (employee id, type).
    """
    people: dict[str, dict[str, set[str]]] = {}
    for one in endings:
        for kind in one.types:
            if (one.employee_id, kind) not in told:
                people.setdefault(kind, {}).setdefault(one.employee_id, set()).update(one.units)
    told |= {(employee_id, kind) for kind, theirs in people.items() for employee_id in theirs}
    return [Seats(kind, len(theirs), _by_unit(theirs.values())) for kind, theirs in sorted(people.items())]


def _month(first: date, endings: Sequence[Ending], told: set[tuple[str, str]]) -> Month:
    units: dict[str, list[Ending]] = {}
    for one in endings:
        for unit in one.units:
            units.setdefault(unit, []).append(one)
    people = {one.employee_id for one in endings}
    return Month(first, len(people), seats(endings, told), dict(sorted(units.items())))


def _by_unit(units: Iterable[set[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for theirs in units:
        for unit in theirs:
            found[unit] = found.get(unit, 0) + 1
    return dict(sorted(found.items()))
