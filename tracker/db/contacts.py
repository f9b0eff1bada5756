"""Finds people by what files without employee ids say of them: few columns, and of those only who may be meant."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, or_, select

from tracker.db.bulk import among
from tracker.db.directory import listed_at
from tracker.db.moments import holds
from tracker.db.tables import assignments, directory, identities
from tracker.domain.names import address_key

# Names that come from the database at a time.
CHUNK = 5_000


class Contact(NamedTuple):
    """Somebody on record; `unit` is one where they work, if that was asked."""

    employee_id: str
    name: str | None
    email: str | None
    unit: str | None


def with_addresses(connection: Connection, addresses: Sequence[str]) -> Iterator[Contact]:
    """Those with one of these e-mail addresses, as `address_key` writes them."""
    query = select(identities.c.employee_id, identities.c.name, identities.c.email).join(
        directory, directory.c.person_id == identities.c.person_id
    )
    found = connection.execute(query.where(holds(identities, None), listed_at(connection, addresses)))
    wanted = set(addresses)
    return (Contact(*row, None) for row in found if row.email and address_key(row.email) in wanted)


def working_in(connection: Connection, units: Sequence[str], day: date) -> Iterator[Contact]:
    """Those with a name whose work in one of these units is not over on a day."""
    query = (
        select(identities.c.employee_id, identities.c.name, identities.c.email, assignments.c.unit)
        .join(assignments, assignments.c.person_id == identities.c.person_id)
        .where(holds(identities, None), identities.c.name.is_not(None), holds(assignments, None))
        .where(among(connection, assignments.c.unit, units))
        .where(or_(assignments.c.ends_on.is_(None), assignments.c.ends_on >= day))
    )
    return _some_at_a_time(connection, query)


def with_names(connection: Connection) -> Iterator[Contact]:
    """Everybody with a name, a portion in memory at a time: for names that may be anywhere."""
    query = select(identities.c.employee_id, identities.c.name, identities.c.email)
    return _some_at_a_time(connection, query.where(holds(identities, None), identities.c.name.is_not(None)))


def contacts_of(connection: Connection, employee_ids: Sequence[str], day: date) -> list[Contact]:
    """Some people by employee id, each once, with a unit where their work is not over on a day, if there is one."""
    works = (assignments.c.person_id == identities.c.person_id) & holds(assignments, None)
    works &= or_(assignments.c.ends_on.is_(None), assignments.c.ends_on >= day)
    unit = select(func.min(assignments.c.unit)).where(works).scalar_subquery()
    query = select(identities.c.employee_id, identities.c.name, identities.c.email, unit)
    found = connection.execute(
        query.where(holds(identities, None), among(connection, identities.c.employee_id, employee_ids))
    )
    return [Contact(*row) for row in found]


def _some_at_a_time(connection: Connection, query: Select[Any]) -> Iterator[Contact]:
    for row in connection.execute(query.execution_options(yield_per=CHUNK)):
        yield Contact(*row, *([None] if len(row) == len(Contact._fields) - 1 else []))
