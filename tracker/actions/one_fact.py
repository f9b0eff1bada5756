"""What changes of a single dated fact have in common: whose it is, whether it is as it was, another in its place."""

from collections.abc import Sequence
from typing import TypeVar

from tracker.db.change import Change
from tracker.db.former import unknown
from tracker.db.known import known_people
from tracker.db.policies import load_rulebook
from tracker.db.tables import FactTable
from tracker.domain.errors import BadInput
from tracker.domain.facts import Absence, Booking, Exemption, PersonFacts

Fact = TypeVar("Fact", Absence, Booking, Exemption)


def person_in(made: Change, employee_id: str) -> PersonFacts:
    """Whom a change is about; raises BadInput if nobody is known by that id."""
    timezone = load_rulebook(made.connection).newest.timezone
    found = known_people(made.connection, [employee_id], timezone).facts.get(employee_id)
    if found is None:
        raise unknown(made.connection, employee_id)
    made.about(f"person:{found.id}")
    return found


def standing_as(held: Sequence[Fact], number: int) -> Fact:
    """The fact of that number; raises BadInput if it does not hold any more."""
    for one in held:
        if one.id == number:
            return one
    raise BadInput("Somebody changed this meanwhile; open the person's page again and look at what stands there now.")


def put_in_place(made: Change, table: FactTable, person: PersonFacts, old: Fact, new: Fact) -> None:
    """Retracts a fact and records another; raises BadInput if it says the same."""
    if old[1:] == new[1:]:
        raise BadInput("Nothing differs from what is on record; change something, or go back.")
    made.retract(table, [old.id])
    made.record(table, [(person.id, *new[1:])])
