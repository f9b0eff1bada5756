"""The compliance report as data: counts and rates by facility, unit and requirement, and who is out of compliance."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tracker.domain.policy import Requirement
from tracker.reports.exceptions import Because, Exceptions, exceptions
from tracker.reports.heading import Heading
from tracker.reports.months import Months
from tracker.reports.tally import Line, Tally, requirement_tallies, unit_tallies


class Facility(NamedTuple):
    """The units of a facility; `name` is None for those whose facility is not recorded."""

    name: str | None
    tally: Tally
    units: dict[str, Tally]


class Compliance(NamedTuple):
    """The report. Somebody who works in several units counts in each of them, and once in what is above."""

    heading: Heading
    total: Tally
    facilities: list[Facility]
    requirements: dict[str, Tally]
    exceptions: Exceptions
    months: Months

    @property
    def units(self) -> list[tuple[str | None, str, Tally]]:
        """Every unit by its name, with its facility."""
        found = [(place.name, unit, counts) for place in self.facilities for unit, counts in place.units.items()]
        return sorted(found, key=lambda each: each[1])


class Post(NamedTuple):
    """Somebody's place of work on the day of the report."""

    employee_id: str
    name: str | None
    unit: str
    role: str


def compliance(
    heading: Heading,
    posts: Sequence[Post],
    lines: Sequence[Line],
    facilities: Mapping[str, str | None],
    requirements: Mapping[str, Requirement],
    because: Mapping[tuple[str, str], Because],
    months: Months,
) -> Compliance:
    """Counts. `posts` are everyone at work in the scope, `lines` their standings, `because` the lapses among them."""
    found = exceptions(heading, posts, lines, requirements, because)
    places = _by_facility(posts, lines, facilities)
    return Compliance(heading, found.total, places, requirement_tallies(lines), found, months)


def _by_facility(posts: Iterable[Post], lines: Sequence[Line], facilities: Mapping[str, str | None]) -> list[Facility]:
    """The facilities by name, those of units without one last."""
    places = [(post.employee_id, post.unit) for post in posts]
    units = unit_tallies(places, lines)
    # One without a name sorts last; a blank name is none.
    of = {unit: facilities.get(unit) or "" for unit in units}
    above = unit_tallies(
        [(employee_id, of[unit]) for employee_id, unit in places],
        [line._replace(unit=of[line.unit]) for line in lines],
    )
    return [
        Facility(name or None, above[name], {unit: counts for unit, counts in units.items() if of[unit] == name})
        for name in sorted(above, key=lambda name: (not name, name))
    ]
