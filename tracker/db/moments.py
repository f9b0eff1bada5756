"""What was known when: instants as numbers of changes."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from tracker.db.tables import changes

_LATEST = select(func.max(changes.c.seq))


def holds(table: FromClause, known: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """The facts that hold now (None), or that held once the change `known` was made, which each row may name."""
    if known is None:
        return table.c.retracted.is_(None)
    return and_(table.c.recorded <= known, or_(table.c.retracted.is_(None), table.c.retracted > known))


def change_at(connection: Connection, instant: datetime) -> int:
    """The number of the last change made by that instant; 0 if there was none yet."""
    return _last(connection, changes.c.at <= instant.astimezone(UTC))


def change_before(connection: Connection, instant: datetime) -> int:
    """The number of the last change made before that instant; 0 if there was none yet."""
    return _last(connection, changes.c.at < instant.astimezone(UTC))


def _last(connection: Connection, when: ColumnElement[bool]) -> int:
    # Instants never run backwards: the last by its instant is the last by its number, and the index has it at hand.
    query = select(changes.c.seq).where(when).order_by(changes.c.at.desc(), changes.c.seq.desc()).limit(1)
    return connection.execute(query).scalar() or 0


def latest_change(connection: Connection) -> int:
    """The number of the last change; 0 if there was none yet."""
    return connection.execute(_LATEST).scalar() or 0
