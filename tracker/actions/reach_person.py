"""Finds the person whose records somebody is about to look into or to change, through their scope."""

from datetime import date
from typing import NamedTuple

from tracker.db.accounts import person_of
from tracker.db.connect import Connection, Database
from tracker.db.former import unknown
from tracker.db.known import underway
from tracker.db.people import in_scope, is_within, load_people
from tracker.db.policies import load_rulebook
from tracker.db.standings import timeline_of
from tracker.domain.errors import BadInput, unknown_person
from tracker.domain.facts import Booking, PersonFacts, Submission
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope
from tracker.domain.seen import as_seen, requirements_seen


class Reached(NamedTuple):
    """A person as seen through a scope, and what they have under way; `requirements` are those seen, None: all."""

    person: PersonFacts
    bookings: list[Booking]
    submissions: list[Submission]
    requirements: frozenset[str] | None

    def sees(self, requirement: str) -> bool:
        """Whether what a requirement asks of the person is seen."""
        return self.requirements is None or requirement in self.requirements


def reach_person(database: Database, scope: Scope, employee_id: str, day: date) -> Reached:
    """Whoever has an employee id, if a scope holds them on a day.

    Raises BadInput if nobody is known by it; of somebody elsewhere in the same words.
    """
    with database.read() as connection:
        timezone = load_rulebook(connection).newest.timezone
        person = next(load_people(connection, in_scope(OnePerson(employee_id), None), timezone), None)
        if person is None or not is_within(connection, scope, person.id, day):
            raise _not_reached(connection, scope, employee_id)
        timeline = timeline_of(connection, person) if isinstance(scope, InUnits) else []
        seen = requirements_seen(person, timeline, scope)
        return Reached(as_seen(person, scope), *underway(connection, person.id), seen)


def still_reached(connection: Connection, scope: Scope, employee_id: str, number: int, day: date) -> None:
    """Raises BadInput if an employee id is not that of a person any more, or a scope does not hold them on a day.

    For what is recorded a while after somebody was reached, within the transaction that records it.
    """
    if person_of(connection, employee_id) != number or not is_within(connection, scope, number, day):
        raise _not_reached(connection, scope, employee_id)


def _not_reached(connection: Connection, scope: Scope, employee_id: str) -> BadInput:
    return unknown(connection, employee_id) if scope == EVERYONE else unknown_person(employee_id)
