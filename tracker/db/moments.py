"""What was known when: instants as numbers of changes."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from tracker.db.tables import changes

_LATEST = select(func.max(changes.c.seq))


def holds(table: Table, known: int | None) -> ColumnElement[bool]:
    """The facts that hold now (None), or that held once the change `known` was made."""
    if known is None:
        return table.c.retracted.is_(None)
    return and_(table.c.recorded <= known, or_(table.c.retracted.is_(None), table.c.retracted > known))


def change_at(connection: Connection, instant: datetime) -> int:
    """The number of the last change made by that instant; 0 if there was none yet."""
    query = select(func.max(changes.c.seq)).where(changes.c.at <= instant.astimezone(UTC))
    return connection.execute(query).scalar() or 0


def latest_change(connection: Connection) -> int:
    """The number of the last change; 0 if there was none yet."""
    return connection.execute(_LATEST).scalar() or 0
