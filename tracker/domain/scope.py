"""Whose records a question is about. RULES: section 8. Every question about people takes one of these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everyone:
    """All people of the installation."""


@dataclass(frozen=True, slots=True)
class InUnits:
    """The assignments in these units on the day asked."""

    units: tuple[str, ...]


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
