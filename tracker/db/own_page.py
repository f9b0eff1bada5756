"""Who opens their own page by a link, and whether an address is theirs alone."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import covering
from tracker.db.tables import assignments, directory, identities, people


class Owner(NamedTuple):
    """Somebody who works here: their number, employee id, name, and address."""

    number: int
    employee_id: str
    name: str | None
    email: str | None


def owner(connection: Connection, number: int, day: date) -> Owner | None:
    """Somebody by their number; None if they do not work here on a day."""
    works = select(assignments.c.id).where(assignments.c.person_id == number, holds(assignments, None), covering(day))
    query = (
        select(people.c.id, people.c.employee_id, identities.c.name, identities.c.email)
        .join(identities, and_(identities.c.person_id == people.c.id, holds(identities, None)))
        .where(people.c.id == number, works.exists())
    )
    row = connection.execute(query).first()
    return Owner(*row) if row else None


def shared(connection: Connection, keys: Collection[str]) -> set[str]:
    """Which of some addresses, as `address_key` writes them, several people have."""
    if not keys:
        return set()
    several = (
        select(directory.c.address_key)
        .where(among(connection, directory.c.address_key, sorted(keys)))
        .group_by(directory.c.address_key)
        .having(func.count() > 1)
    )
    return set(connection.execute(several).scalars())
