"""A list of people on a day: which of them are wanted, in which order, and what is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from tracker.domain.days import OPEN
from tracker.domain.standing import OUT_OF_COMPLIANCE, RUNNING_OUT, WORST_FIRST, Standing

Order = Literal["name", "unit", "left"]
ORDERS: tuple[Order, ...] = ("name", "unit", "left")
# Groups of people besides those of one standing each.
OUT, EXPIRING, TO_CHECK, NO_ADDRESS, UNMATCHED = "out", "expiring", "to_check", "no_address", "unmatched"
GROUPS = (OUT, EXPIRING, *(standing.value for standing in Standing), TO_CHECK, NO_ADDRESS, UNMATCHED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people; what is empty is not asked about.

    `text` begins words of the name, the employee id or the address; `role` is how the role begins; `group` is one of
    `GROUPS`, and with a requirement means the standing with this one.
    """

    text: str = ""
    unit: str = ""
    role: str = ""
    requirement: str = ""
    group: str = ""


class Stand(NamedTuple):
    """Where somebody stands with one requirement, and the last day of that; `expiring`: current, and out or in grace
    within the window of the policy."""

    requirement: str
    standing: Standing
    last: date
    expiring: bool


class Listed(NamedTuple):
    """Somebody in the list: the places of work that are asked about, and the standings there, one a requirement."""

    employee_id: str
    name: str | None
    posts: Sequence[tuple[str, str]]
    standings: Sequence[Stand]

    @property
    def units(self) -> list[str]:
        """Where they work, each unit once."""
        return list(dict.fromkeys(unit for unit, _ in self.posts))

    @property
    def roles(self) -> list[str]:
        """As what they work, each role once."""
        return list(dict.fromkeys(role for _, role in self.posts))

    @property
    def worst(self) -> Stand | None:
        """What is told first; None of whom no requirement matches."""
        ordered = sorted(self.standings, key=lambda one: (WORST_FIRST.index(one.standing), not one.expiring, one.last))
        return ordered[0] if ordered else None

    @property
    def out(self) -> list[str]:
        """The requirements that the person is out of compliance with."""
        return [one.requirement for one in self.standings if one.standing in OUT_OF_COMPLIANCE]

    @property
    def due(self) -> date | None:
        """The nearest last day of what still holds; None if nothing does, or none of it ends."""
        days = [one.last for one in self.standings if one.standing in RUNNING_OUT and one.last < OPEN]
        return min(days, default=None)
