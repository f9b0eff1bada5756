"""Cards that staff handed in: those that wait, each with its file, and those refused. RULES: section 8."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, select, true

from tracker.db.moments import holds
from tracker.db.people import is_of
from tracker.db.tables import evidence, identities, refusals, submissions
from tracker.domain.scope import Scope


class Upload(NamedTuple):
    """A card that waits: which, whose, as which piece of evidence, since when; and the file."""

    number: int
    person_id: int
    employee_id: str
    name: str | None
    item: int
    type: str
    received_on: date
    media_type: str
    size: int
    file: str | None


def next_upload(connection: Connection, scope: Scope, day: date, after: int) -> Upload | None:
    """The first that waits of the people in a scope on a day, of those after a number; None if none does."""
    query = _waiting(scope, day).where(submissions.c.id > after).order_by(submissions.c.id).limit(1)
    row = connection.execute(query).first()
    return Upload(*row) if row else None


def upload(connection: Connection, scope: Scope, day: date, number: int) -> Upload | None:
    """One of them by its number; None if it does not wait (any more), or is of somebody else."""
    row = connection.execute(_waiting(scope, day).where(submissions.c.id == number)).first()
    return Upload(*row) if row else None


class Refused(NamedTuple):
    """A card that was refused: whose, which piece of evidence, and what was said of it."""

    number: int
    employee_id: str
    name: str | None
    item: int
    type: str
    refused_on: date
    refused_by: str
    reason: str
    instead: str | None


def refused_page(
    connection: Connection, scope: Scope, day: date, before: int | None, limit: int
) -> tuple[list[Refused], int | None]:
    """So many of the latest refusals in a scope, from those before a number; and the number to go on from."""
    columns = (refusals.c.item, refusals.c.type, refusals.c.refused_on, refusals.c.refused_by)
    query = (
        select(refusals.c.id, identities.c.employee_id, identities.c.name, *columns)
        .add_columns(refusals.c.reason, refusals.c.instead)
        .join(identities, and_(identities.c.person_id == refusals.c.person_id, holds(identities, None)))
        .where(holds(refusals, None), is_of(refusals.c.person_id, scope, day))
        .where(refusals.c.id < before if before is not None else true())
        .order_by(refusals.c.id.desc())
    )
    found = [Refused(*row) for row in connection.execute(query.limit(limit + 1))]
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def _waiting(scope: Scope, day: date) -> Select[Any]:
    columns = (identities.c.employee_id, identities.c.name, submissions.c.item, submissions.c.type)
    file = (evidence.c.media_type, evidence.c.size, evidence.c.name)
    kept = and_(
        evidence.c.person_id == submissions.c.person_id,
        evidence.c.item == submissions.c.item,
        holds(evidence, None),
    )
    return (
        select(submissions.c.id, submissions.c.person_id, *columns, submissions.c.received_on, *file)
        .join(identities, and_(identities.c.person_id == submissions.c.person_id, holds(identities, None)))
        .join(evidence, kept)
        .where(holds(submissions, None), is_of(submissions.c.person_id, scope, day))
    )
