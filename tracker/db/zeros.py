"""Employee ids on record that a spreadsheet program takes for numbers, or took: 004512 and 4512, 12E05 and 1200000."""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import identities, people

_POWER = re.compile(r"(\d+)[Ee](\d{1,2})", re.ASCII)


def padded_lengths(connection: Connection) -> set[int]:
    """How long the employee ids are that begin with a zero; by the index of ids alone."""
    return _lengths(connection, "0", "1")


def plain_lengths(connection: Connection) -> set[int]:
    """How long the employee ids are that begin with another digit; by the index of ids alone."""
    # In every order of texts digits come before letters, so a few more are counted at most.
    return _lengths(connection, "1", "A")


def _lengths(connection: Connection, first: str, last: str) -> set[int]:
    begins = people.c.employee_id.between(first, last)
    return set(connection.execute(select(func.length(people.c.employee_id)).where(begins).distinct()).scalars())


def powers_of_ten(connection: Connection) -> dict[str, list[str]]:
    """The ids such as 12E05, by the number that it is for a spreadsheet program: 1200000."""
    query = select(people.c.employee_id).where(people.c.employee_id.ilike("%e%")).order_by(people.c.employee_id)
    found: dict[str, list[str]] = {}
    for employee_id in connection.execute(query).scalars():
        if power := _POWER.fullmatch(employee_id):
            found.setdefault(str(int(power[1]) * 10 ** int(power[2])), []).append(employee_id)
    return found


def names_of(connection: Connection, employee_ids: Iterable[str]) -> dict[str, str | None]:
    """The names of those among some employee ids that somebody has."""
    query = (
        select(people.c.employee_id, identities.c.name)
        .join(identities, identities.c.person_id == people.c.id)
        .where(holds(identities, None), among(connection, people.c.employee_id, sorted(employee_ids)))
    )
    return dict(connection.execute(query).all())
