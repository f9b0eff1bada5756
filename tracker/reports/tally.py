"""Counts over a scope: each person and requirement once. RULES: section 4."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.standing import COUNTED, OUT_OF_COMPLIANCE, Standing


class Line(NamedTuple):
    """One standing of one person in one place of work on the day of the report."""

    employee_id: str
    name: str | None
    unit: str
    role: str
    requirement: str
    standing: Standing
    since: date


@dataclass(slots=True)
class Tally:
    """Counts over a scope: each person and requirement once."""

    people: int = 0
    counted: int = 0
    compliant: int = 0
    standings: Counter[Standing] = field(default_factory=Counter)

    @property
    def lapsed(self) -> int:
        """The people who are counted and not compliant."""
        return self.counted - self.compliant

    @property
    def whole(self) -> int:
        """The standings among which the rate is taken."""
        return sum(self.standings[standing] for standing in COUNTED)

    @property
    def out(self) -> int:
        """The standings out of compliance."""
        return sum(self.standings[standing] for standing in OUT_OF_COMPLIANCE)

    @property
    def current(self) -> int:
        """The standings that are current."""
        return self.standings[Standing.CURRENT]

    @property
    def rate(self) -> float | None:
        """The share that is current among those that count, 0 to 1; None if there are none."""
        return self.current / self.whole if self.whole else None

    @property
    def percent(self) -> float | None:
        """The rate in per cent with one decimal, never rounded up: what falls short must not look as if it did not."""
        return self.current * 1000 // self.whole / 10 if self.whole else None

    def add(self, standings: Collection[Standing], people: int = 1) -> None:
        """Counts so many people more, each with these standings, one a requirement."""
        found = set(standings)
        self.people += people
        if found & COUNTED:
            self.counted += people
            self.compliant += 0 if found & OUT_OF_COMPLIANCE else people
        for standing in standings:
            self.standings[standing] += people

    def meets(self, target: float) -> bool | None:
        """Whether the rate reaches a target in per cent; None if nobody counts."""
        return self.current * 100 >= Decimal(str(target)) * self.whole if self.whole else None


def tally(people: Iterable[str], lines: Iterable[Line]) -> Tally:
    """Counts people (employee ids in the scope) and their standings."""
    standings: dict[tuple[str, str], Standing] = {(line.employee_id, line.requirement): line.standing for line in lines}
    by_person: dict[str, set[Standing]] = defaultdict(set)
    for (employee_id, _), standing in standings.items():
        by_person[employee_id].add(standing)
    counted = [found for found in by_person.values() if found & COUNTED]
    return Tally(
        people=len(set(people)),
        counted=len(counted),
        compliant=sum(not found & OUT_OF_COMPLIANCE for found in counted),
        standings=Counter(standings.values()),
    )


def unit_tallies(posts: Iterable[tuple[str, str]], lines: Iterable[Line]) -> dict[str, Tally]:
    """A tally for each unit (or group of units); `posts` are (employee id, unit) of everyone who works there."""
    people: dict[str, set[str]] = defaultdict(set)
    for employee_id, unit in posts:
        people[unit].add(employee_id)
    by_unit: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_unit[line.unit].append(line)
    return {unit: tally(people[unit], by_unit[unit]) for unit in sorted(people)}


def requirement_tallies(lines: Iterable[Line]) -> dict[str, Tally]:
    """A tally for each requirement that applies to somebody."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.requirement].append(line)
    return {name: tally({line.employee_id for line in theirs}, theirs) for name, theirs in sorted(found.items())}
