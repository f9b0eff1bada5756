"""Who is meant by an employee id, with all the rows that are the same person by now."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from tracker.db.former import became, ids_now, merges, unknown
from tracker.db.moments import holds
from tracker.db.tables import identities


def called_now(connection: Connection, employee_id: str) -> list[int]:
    """Whoever has an employee id; or had it, and is nobody now, as after an import that was undone.

    Raises BadInput if nobody is meant, or if that person has another id now.
    """
    found = _with_id(connection, employee_id, now=True)
    if not found:
        found = _with_id(connection, employee_id, now=False)
        if not found or ids_now(connection, found):
            raise unknown(connection, employee_id)
    return one_with(connection, found)


def ever_called(connection: Connection, employee_id: str) -> list[int]:
    """Whoever has an employee id, else whoever had it. Raises BadInput if nobody ever did."""
    found = _with_id(connection, employee_id, now=True) or _with_id(connection, employee_id, now=False)
    if not found:
        raise unknown(connection, employee_id)
    return one_with(connection, found)


def one_with(connection: Connection, numbers: Iterable[int]) -> list[int]:
    """Who some people are by now, and then everybody else who became one of those."""
    merged = merges(connection)
    now = {became(merged, number) for number in numbers}
    return [*sorted(now), *sorted(gone for gone in merged if became(merged, gone) in now)]


def _with_id(connection: Connection, employee_id: str, *, now: bool) -> set[int]:
    query = select(identities.c.person_id).where(identities.c.employee_id == employee_id)
    return set(connection.execute(query.where(holds(identities, None)) if now else query).scalars())
