"""One booked class at a time: recorded, changed, retracted."""

from collections.abc import Iterable

from tracker.actions.one_fact import person_in, put_in_place, standing_as
from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.known import underway
from tracker.db.policies import load_rulebook
from tracker.db.tables import bookings
from tracker.domain.errors import BadInput
from tracker.domain.facts import Booking, PersonFacts


def record_booking(database: Database, author: Author, employee_id: str, booking: Booking) -> None:
    """Records a class; raises BadInput if no policy knows the type, or the same class is on record."""
    with change(database, author, "class-record") as made:
        person = person_in(made, employee_id)
        _check(made.connection, booking, _held(made.connection, person))
        made.record(bookings, [(person.id, *booking[1:])])


def change_booking(database: Database, author: Author, employee_id: str, booking: Booking, why: str) -> None:
    """Puts another class in place of one, by the number of the fact; raises BadInput as above."""
    with change(database, author, "class-change", note=why) as made:
        person = person_in(made, employee_id)
        held = _held(made.connection, person)
        old = standing_as(held, booking.id)
        _check(made.connection, booking, [one for one in held if one != old])
        put_in_place(made, bookings, person, old, booking)


def retract_booking(database: Database, author: Author, employee_id: str, number: int, why: str) -> None:
    """Retracts a class that should not be on record."""
    with change(database, author, "class-retract", note=why) as made:
        person = person_in(made, employee_id)
        made.retract(bookings, [standing_as(_held(made.connection, person), number).id])


def _held(connection: Connection, person: PersonFacts) -> list[Booking]:
    return underway(connection, person.id)[0]


def _check(connection: Connection, booking: Booking, others: Iterable[Booking]) -> None:
    types = {kind for _, policy in load_rulebook(connection).reigns for kind in policy.types}
    if booking.type not in types:
        raise BadInput(f"The policy has no type '{booking.type}'; it has {', '.join(sorted(types))}.")
    if any(one[1:] == booking[1:] for one in others):
        raise BadInput(f"A class for {booking.type} on {booking.class_on} is on record already.")
