"""Which employee ids somebody has: by ids alone, for files in which nearly everybody is known."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import identities, people


def had_by_somebody(connection: Connection, employee_ids: Collection[str]) -> set[str]:
    """Those among some employee ids that somebody has today."""
    query = (
        select(people.c.employee_id)
        .join(identities, (identities.c.person_id == people.c.id) & holds(identities, None))
        .where(among(connection, people.c.employee_id, sorted(employee_ids)))
    )
    return set(connection.execute(query).scalars())
