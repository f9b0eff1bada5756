"""Reports that were issued, and by what each is proved."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from tracker.db.moments import holds
from tracker.db.tables import changes, issues


class Issue(NamedTuple):
    """A report that was issued: what it is, its hashes, and the entry of the trail that says by whom and when.

    `removed` is the entry that removed its file, and `removed_as` what that was: the erasure of somebody whom it names,
    or that it was past keeping. None while it is kept.
    """

    number: int
    kind: str
    form: str
    as_of: date
    parameters: dict[str, Any]
    sha256: str
    size: int
    data_sha256: str
    entry: int
    removed: int | None
    at: datetime
    actor: str
    removed_as: str | None


def issued(connection: Connection, limit: int | None = None) -> list[Issue]:
    """The latest reports issued, the latest first."""
    return [_issue(row) for row in connection.execute(_query().order_by(issues.c.id.desc()).limit(limit))]


def issues_where(connection: Connection, *conditions: ColumnElement[bool], limit: int) -> list[Issue]:
    """The latest of those that fit, the latest first."""
    query = _query().where(*conditions).order_by(issues.c.id.desc()).limit(limit)
    return [_issue(row) for row in connection.execute(query)]


def kept(connection: Connection) -> list[Issue]:
    """The reports whose files are kept, the first one first."""
    return [_issue(row) for row in connection.execute(_query().where(holds(issues, None)).order_by(issues.c.id))]


def issued_before(connection: Connection, before: datetime) -> list[Issue]:
    """The reports issued before an instant whose files are kept, the first one first."""
    query = _query().where(holds(issues, None), changes.c.at < before)
    return [_issue(row) for row in connection.execute(query.order_by(issues.c.id))]


def issue(connection: Connection, number: int) -> Issue | None:
    """One of them; None if there is none of that number."""
    row = connection.execute(_query().where(issues.c.id == number)).first()
    return _issue(row) if row else None


def issues_of(connection: Connection, sha256: str) -> list[Issue]:
    """The reports issued as a file with that hash, the first one first."""
    return [_issue(row) for row in connection.execute(_query().where(issues.c.sha256 == sha256).order_by(issues.c.id))]


def _query() -> Select[Any]:
    removal = changes.alias()
    query = select(*issues.c, changes.c.at, changes.c.actor, removal.c.action)
    made = query.join(changes, changes.c.seq == issues.c.recorded)
    return made.outerjoin(removal, removal.c.seq == issues.c.retracted)


def _issue(row: Row[Any]) -> Issue:
    return Issue._make(row)._replace(parameters=json.loads(row.parameters))
