"""Mails a page at a time, as far as they are about the people in a scope. RULES: section 8.

Whoever looks through a scope of units sees a mail for what it says of these people, and nothing of anybody else in it.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select, text, true

from tracker.db.bounces import HAS_FAILED, Bounce
from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.outbox import STILL_TO_DO
from tracker.db.people import in_scope, is_of
from tracker.db.tables import assignments, bounces, identities, mails, notices
from tracker.domain.scope import EVERYONE, InUnits, Scope

# The lists, and which mails each has. Those that are few have an index of their own, in whose very words they are
# asked for, and by themselves: in order, SQLite would rather read all mails that ever were.
STATES: dict[str, ColumnElement[bool]] = {
    "waiting": mails.c.id.in_(select(mails.c.id).where(text(STILL_TO_DO)).correlate(None)),
    "failed": mails.c.id.in_(select(mails.c.id).where(text(HAS_FAILED)).correlate(None)),
    "sent": mails.c.state == "sent",
    "withdrawn": mails.c.state == "withdrawn",
}


class MailRow(NamedTuple):
    """A mail as a list shows it; `try_after` is when it is tried (again), if it waits."""

    id: int
    day: date
    kind: str
    address: str
    state: str
    tries: int
    reason: str | None
    planned_at: datetime
    try_after: datetime
    ended_at: datetime | None


def mail_page(
    connection: Connection, scope: Scope, day: date, state: str, before: int | None, limit: int
) -> tuple[list[MailRow], int | None]:
    """So many of the latest in a state, from those before a number; and the number to go on from, None at the end."""
    columns = [mails.c[name] for name in MailRow._fields]
    earlier = mails.c.id < before if before is not None else true()
    query = select(*columns).where(STATES[state], earlier, _about(scope, day)).order_by(mails.c.id.desc())
    found = [MailRow(*row) for row in connection.execute(query.limit(limit + 1))]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def mail_row(connection: Connection, scope: Scope, day: date, number: int) -> MailRow | None:
    """The mail of a number; None if there is none, or it says nothing of anybody in the scope."""
    columns = [mails.c[name] for name in MailRow._fields]
    row = connection.execute(select(*columns).where(mails.c.id == number, _about(scope, day))).first()
    return MailRow(*row) if row else None


def mail_counts(connection: Connection, scope: Scope, day: date, since: datetime) -> dict[str, int]:
    """How many wait and failed; and of those sent and withdrawn, how many since an instant."""
    found: dict[str, int] = {}
    for state, condition in STATES.items():
        when = mails.c.ended_at >= since if state in ("sent", "withdrawn") else true()
        query = select(func.count()).select_from(mails).where(condition, when, _about(scope, day))
        found[state] = connection.execute(query).scalar() or 0
    return found


def within(connection: Connection, scope: Scope, day: date, numbers: Collection[int]) -> dict[int, str | None]:
    """Those among some people who are in a scope on a day, with their names."""
    query = select(identities.c.person_id, identities.c.name).where(
        holds(identities, None), among(connection, identities.c.person_id, sorted(numbers))
    )
    return dict(connection.execute(query.where(is_of(identities.c.person_id, scope, day))).all())


def ever_elsewhere(connection: Connection, scope: Scope, numbers: Collection[int]) -> set[int]:
    """Those among some people who work, worked or will work in other units than those of a scope."""
    if not isinstance(scope, InUnits):
        return set()
    query = select(assignments.c.person_id).where(
        holds(assignments, None),
        among(connection, assignments.c.person_id, sorted(numbers)),
        assignments.c.unit.not_in(scope.units),
    )
    return set(connection.execute(query).scalars())


def bounces_page(
    connection: Connection, scope: Scope, day: date, before: int | None, limit: int
) -> tuple[list[Bounce], int | None]:
    """So many of the addresses from which mail comes back, the latest first; of a scope those of its people."""
    columns = [bounces.c[name] for name in Bounce._fields]
    earlier = bounces.c.id < before if before is not None else true()
    query = select(*columns).where(holds(bounces, None), earlier, _of(scope, day)).order_by(bounces.c.id.desc())
    found = [Bounce(*row) for row in connection.execute(query.limit(limit + 1))]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def _about(scope: Scope, day: date) -> ColumnElement[bool]:
    """The mails that say something of somebody in a scope."""
    if scope == EVERYONE:
        return true()
    return mails.c.id.in_(select(notices.c.mail_id).where(notices.c.person_id.in_(in_scope(scope, day))))


def _of(scope: Scope, day: date) -> ColumnElement[bool]:
    if scope == EVERYONE:
        return true()
    theirs = and_(holds(identities, None), identities.c.person_id.in_(in_scope(scope, day)))
    return func.lower(bounces.c.address).in_(select(func.lower(identities.c.email)).where(theirs))
