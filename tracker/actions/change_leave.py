"""One leave at a time: recorded, changed, retracted. Never why somebody is away."""

from collections.abc import Iterable

from tracker.actions.one_fact import person_in, put_in_place, standing_as
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.tables import absences
from tracker.domain.errors import BadInput
from tracker.domain.facts import Absence


def record_leave(database: Database, author: Author, employee_id: str, leave: Absence) -> None:
    """Records a leave; raises BadInput if it ends before it begins, or one from that day on is on record."""
    with change(database, author, "leave-record") as made:
        person = person_in(made, employee_id)
        _check(leave, person.absences)
        made.record(absences, [(person.id, *leave[1:])])


def change_leave(database: Database, author: Author, employee_id: str, leave: Absence, why: str) -> None:
    """Puts other days in place of a leave, by the number of the fact; raises BadInput as above."""
    with change(database, author, "leave-change", note=why) as made:
        person = person_in(made, employee_id)
        old = standing_as(person.absences, leave.id)
        _check(leave, [one for one in person.absences if one != old])
        put_in_place(made, absences, person, old, leave)


def retract_leave(database: Database, author: Author, employee_id: str, number: int, why: str) -> None:
    """Retracts a leave that should not be on record."""
    with change(database, author, "leave-retract", note=why) as made:
        person = person_in(made, employee_id)
        made.retract(absences, [standing_as(person.absences, number).id])


def _check(leave: Absence, others: Iterable[Absence]) -> None:
    if leave.until and leave.until < leave.starts_on:
        raise BadInput(f"The leave ends ({leave.until}) before it begins ({leave.starts_on}); correct one of the two.")
    if any(one.starts_on == leave.starts_on for one in others):
        raise BadInput(f"A leave from {leave.starts_on} on is on record already; change that one.")
