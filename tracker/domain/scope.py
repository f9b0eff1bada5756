"""Whose records a question is about. RULES: section 8. Every question about people takes one of these."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Everyone:
    """All people of the installation."""


@dataclass(frozen=True, slots=True)
class InUnits:
    """The assignments in these units on the day asked.

    `today` is set where it is that of somebody who sees no other units: of whoever is not in these on that day, no more
    is told than where they stood, and why. None: whoever asks sees everybody, and asks about some.
    """

    units: tuple[str, ...]
    today: date | None = None


@dataclass(frozen=True, slots=True)
class OnePerson:
    """One person, by employee id, in whatever units."""

    employee_id: str


@dataclass(frozen=True, slots=True)
class SomePeople:
    """Several people, by employee id, in whatever units."""

    employee_ids: tuple[str, ...]


Scope = Everyone | InUnits | OnePerson | SomePeople
EVERYONE = Everyone()
