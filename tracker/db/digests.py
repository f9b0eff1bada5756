"""Which managers have something in their weekly digest, and about whom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, or_, select

from tracker.db.bounces import bounces_that_hold, people_at
from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import covering
from tracker.db.reminders import unit_contacts
from tracker.db.tables import assignments, identities, people, segments, submissions
from tracker.db.timelines import live_generation
from tracker.domain.alerts import Contacts
from tracker.domain.days import later
from tracker.domain.names import address_key
from tracker.domain.reach import Troubled
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing

# Of such standings a digest speaks in any case.
TELLING = sorted({*OUT_OF_COMPLIANCE, Standing.PENDING})


class Worth(NamedTuple):
    """Somebody in an assignment of whom a digest speaks (`sure`) or may speak."""

    person_id: int
    assignment_id: int
    unit: str
    manager_email: str | None
    sure: bool


def all_managers(connection: Connection, contacts: Mapping[str, Contacts]) -> set[str]:
    """Every address that answers for a unit or an assignment."""
    own = select(assignments.c.manager_email).where(holds(assignments, None), assignments.c.manager_email.is_not(None))
    named = {address for address in connection.execute(own.distinct()).scalars() if address}
    return named | {address for each in contacts.values() for address in each.managers}


def managers_marked(connection: Connection) -> set[str]:
    """The addresses of managers and directors from which mail comes back, as `address_key` writes them."""
    marked = bounces_that_hold(connection)
    if not marked:
        return set()
    contacts = unit_contacts(connection)
    directors = {each.director for each in contacts.values() if each.director}
    return {address_key(to) for to in all_managers(connection, contacts) | directors} & marked.keys()


def worth_telling(
    connection: Connection,
    managers: Collection[str],
    contacts: Mapping[str, Contacts],
    troubled: Troubled,
    day: date,
    within_days: int,
) -> list[Worth]:
    """Those of whom some managers' digests may speak on a day; `within_days` is how near an end has to be.

    `troubled` are the addresses at which nothing arrives.
    """
    theirs = sorted(name for name, each in contacts.items() if not {*each.managers}.isdisjoint(managers))
    mine = or_(
        among(connection, assignments.c.unit, theirs), among(connection, assignments.c.manager_email, sorted(managers))
    )
    asked = _asked(connection, day).where(mine)
    unreached = among(connection, people.c.id, sorted(people_at(connection, troubled.keys())))
    sure = asked.where(or_(segments.c.standing.in_(TELLING), identities.c.email.is_(None), unreached))
    perhaps = asked.where(
        or_(
            and_(segments.c.standing == "current", segments.c.last_day <= later(day, within_days)),
            segments.c.standing == "on_leave",
        )
    )
    handed_in = (
        _posts(day)
        .join(submissions, and_(submissions.c.person_id == people.c.id, holds(submissions, None)))
        .where(mine, submissions.c.received_on <= day)
    )
    found: dict[tuple[int, int], Worth] = {}
    for query, certain in ((sure, True), (handed_in, False), (perhaps, False)):
        for row in connection.execute(query.distinct()):
            person, assignment, unit, manager = row
            found.setdefault((person, assignment), Worth(person, assignment, unit, manager, certain))
    return sorted(found.values())


def _posts(day: date) -> Select[Any]:
    """The assignments that cover a day."""
    return (
        select(people.c.id, assignments.c.id, assignments.c.unit, assignments.c.manager_email)
        .select_from(people)
        .join(assignments, assignments.c.person_id == people.c.id)
        .join(identities, and_(identities.c.person_id == people.c.id, holds(identities, None)))
        .where(holds(assignments, None), covering(day))
    )


def _asked(connection: Connection, day: date) -> Select[Any]:
    """Those to which a requirement applies on it."""
    return (
        _posts(day)
        .join(segments, and_(segments.c.person_id == people.c.id, segments.c.assignment_id == assignments.c.id))
        .where(
            segments.c.generation == live_generation(connection),
            segments.c.first_day <= day,
            segments.c.last_day >= day,
        )
    )


def by_manager(worth: Iterable[Worth], contacts: Mapping[str, Contacts]) -> dict[str, list[Worth]]:
    """Of whom each manager's digest speaks: the unit's and the assignment's."""
    found: dict[str, list[Worth]] = {}
    for one in worth:
        for to in {*contacts.get(one.unit, Contacts()).managers, one.manager_email or ""} - {""}:
            found.setdefault(to, []).append(one)
    return found
