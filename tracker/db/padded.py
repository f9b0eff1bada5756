"""Employee ids on record that begin with a zero: a spreadsheet program may have taken it off in a file."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import identities, people


def padded_lengths(connection: Connection) -> set[int]:
    """How long the employee ids are that begin with a zero; by the index of ids alone."""
    begins = people.c.employee_id.between("0", "1")
    return set(connection.execute(select(func.length(people.c.employee_id)).where(begins).distinct()).scalars())


def names_of(connection: Connection, employee_ids: Iterable[str]) -> dict[str, str | None]:
    """The names of those among some employee ids that somebody has."""
    query = (
        select(people.c.employee_id, identities.c.name)
        .join(identities, identities.c.person_id == people.c.id)
        .where(holds(identities, None), among(connection, people.c.employee_id, sorted(employee_ids)))
    )
    return dict(connection.execute(query).all())
