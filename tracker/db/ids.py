"""Which row of `people` has which employee id: the one that the facts say.

An id that somebody had stays taken, by a row of which no fact holds: so an import that looks it up sees that it is not
simply unknown. Invariant: no two rows have one id.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from tracker.db.bulk import among
from tracker.db.change import Change
from tracker.db.moments import holds
from tracker.db.tables import identities, people


def keep_ids(made: Change, numbers: Iterable[int]) -> None:
    """Gives some people the employee ids that their facts say; the ids that they had before stay taken."""
    connection = made.connection
    moving = _moving(connection, sorted(set(numbers)))
    if not moving:
        return
    had = _ids(connection, list(moving))
    held = select(people.c.employee_id, people.c.id).where(
        among(connection, people.c.employee_id, sorted(moving.values()))
    )
    displaced = {number: employee_id for employee_id, number in connection.execute(held) if number not in moving}
    kept = {employee_id for number, employee_id in had.items() if not is_retired(number, employee_id)}
    freed = sorted(kept - set(moving.values()))
    # No two have one id even in between.
    for number, employee_id in (had | displaced).items():
        _give(connection, number, _retired(number, employee_id))
    for number, employee_id in (*moving.items(), *zip(displaced, freed, strict=False)):
        _give(connection, number, employee_id)
    if freed[len(displaced) :]:
        made.add_people(freed[len(displaced) :])


def set_free(made: Change, employee_ids: Iterable[str]) -> None:
    """Lets somebody new have employee ids that others had before, with a number of their own."""
    held = select(people.c.id, people.c.employee_id).where(
        among(made.connection, people.c.employee_id, sorted(employee_ids))
    )
    for number, employee_id in made.connection.execute(held).all():
        _give(made.connection, number, _retired(number, employee_id))


def is_retired(number: int, employee_id: str) -> bool:
    """Whether a row stands for somebody whose employee id another person has now."""
    return employee_id.startswith("formerly ") and employee_id.endswith(f" ({number})")


def is_erased(number: int, employee_id: str) -> bool:
    """Whether a row stands for somebody who was erased."""
    return employee_id == _erased(number)


def _erased(number: int) -> str:
    return f"erased person ({number})"


def erase_ids(connection: Connection, numbers: Iterable[int], employee_ids: Iterable[str]) -> None:
    """Takes employee ids from the rows of some people of whom nothing is known, and from those that stood in for them.

    Whoever else has one of these ids keeps it.
    """
    known = select(identities.c.person_id)
    had = sorted(employee_ids)
    theirs = among(connection, people.c.id, sorted(numbers)) | among(connection, people.c.employee_id, had)
    named = select(people.c.id, people.c.employee_id).where(theirs, people.c.id.not_in(known))
    retired = select(people.c.id, people.c.employee_id).where(
        people.c.employee_id.startswith("formerly "), people.c.id.not_in(known)
    )
    rows = connection.execute(retired).all()
    stood_in = [number for number, old in rows if any(old == _retired(number, one) for one in had)]
    for number in {*connection.execute(named).scalars(), *stood_in}:
        _give(connection, number, _erased(number))


def _moving(connection: Connection, numbers: list[int]) -> dict[int, str]:
    """Those among some people who have another id than their facts say, with that."""
    query = (
        select(identities.c.person_id, identities.c.employee_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(holds(identities, None), people.c.employee_id != identities.c.employee_id)
        .where(among(connection, people.c.id, numbers))
    )
    return dict(connection.execute(query).all())


def _ids(connection: Connection, numbers: list[int]) -> dict[int, str]:
    query = select(people.c.id, people.c.employee_id).where(among(connection, people.c.id, numbers))
    return dict(connection.execute(query).all())


def _retired(number: int, employee_id: str) -> str:
    """What stands in place of an id that somebody else has now."""
    return f"formerly {employee_id} ({number})"


def _give(connection: Connection, number: int, employee_id: str) -> None:
    connection.execute(update(people).where(people.c.id == number).values(employee_id=employee_id))
