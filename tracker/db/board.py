"""What the first page needs beside the timelines: whose way is not a plain one, who has no address, names for lists."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, and_, func, or_, select, union

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import covering, in_scope, is_told_whole
from tracker.db.standings import narrowed
from tracker.db.tables import absences, assignments, exemptions, identities, people, segments, submissions
from tracker.db.timelines import live_generation
from tracker.domain.scope import Scope
from tracker.domain.standing import Standing


class Named(NamedTuple):
    """Somebody at work, as a list names them."""

    person_id: int
    employee_id: str
    name: str | None
    email: str | None
    unit: str
    role: str


class Among(NamedTuple):
    """The people asked about: of a scope on a day, or some by their numbers, or both."""

    scope: Scope
    day: date
    numbers: range | None = None

    def by(self, column: Column[int]) -> ColumnElement[bool]:
        """Whether a column with a person's number is about one of them."""
        if self.numbers is not None:
            return column.between(self.numbers[0], self.numbers[-1])
        return column.in_(in_scope(self.scope, self.day))


def not_plain(connection: Connection, them: Among, first: date, last: date) -> set[int]:
    """Those whose way through a span of days is not that of a single assignment, with nothing to come beside cards.

    They worked or will work in several places, or leave or an exemption of theirs is still to begin after the day.
    """
    overlapping = (
        assignments.c.starts_on.is_(None) | (assignments.c.starts_on <= last),
        assignments.c.ends_on.is_(None) | (assignments.c.ends_on >= first),
    )
    several = (
        select(assignments.c.person_id)
        .where(holds(assignments, None), them.by(assignments.c.person_id), *overlapping)
        .group_by(assignments.c.person_id)
        .having(func.count() > 1)
    )
    to_come = (
        select(table.c.person_id).where(holds(table, None), them.by(table.c.person_id), table.c.starts_on > them.day)
        for table in (absences, exemptions)
    )
    return set(connection.execute(union(several, *to_come)).scalars())


def without_address(connection: Connection, them: Among) -> set[int]:
    """Those who have no mail address on record, as far as that is told of them."""
    nowhere = or_(identities.c.email.is_(None), identities.c.email == "")
    told = them.by(identities.c.person_id), is_told_whole(identities.c.person_id, them.scope)
    query = select(identities.c.person_id).where(holds(identities, None), *told, nowhere)
    return set(connection.execute(query).scalars())


def handed_in(connection: Connection, them: Among) -> list[tuple[date, int, str, str]]:
    """The cards that wait to be checked on a day: since when, of whom, in which unit, of which type.

    Of those of whom that is told.
    """
    query = (
        select(submissions.c.received_on, people.c.id, assignments.c.unit, submissions.c.type)
        .join(people, people.c.id == submissions.c.person_id)
        .join(assignments, assignments.c.person_id == people.c.id)
        .where(them.by(submissions.c.person_id), holds(submissions, None), submissions.c.received_on <= them.day)
        .where(holds(assignments, None), covering(them.day), is_told_whole(people.c.id, them.scope))
    )
    return [tuple(row) for row in connection.execute(narrowed(query, them.scope, None).distinct())]


def touched_parts(connection: Connection, seq: int, size: int) -> dict[int, int]:
    """Of people in parts of a size, by their numbers: which parts a change after `seq` bears on, and the last such."""
    part = people.c.id // size
    query = select(part, func.max(people.c.touched)).where(people.c.touched > seq).group_by(part)
    return {row[0]: row[1] for row in connection.execute(query)}


def last_number(connection: Connection) -> int:
    """The highest number of a person; 0 before anybody is on record."""
    return connection.execute(select(func.max(people.c.id))).scalar() or 0


def named(connection: Connection, scope: Scope, ids: Collection[int], day: date) -> dict[int, list[Named]]:
    """Some people by their numbers, in each place in the scope where they work on a day."""
    query = (
        select(
            people.c.id,
            identities.c.employee_id,
            identities.c.name,
            identities.c.email,
            assignments.c.unit,
            assignments.c.role,
        )
        .join(assignments, assignments.c.person_id == people.c.id)
        .join(identities, and_(identities.c.person_id == people.c.id, holds(identities, None)))
        .where(holds(assignments, None), covering(day), among(connection, people.c.id, sorted(ids)))
        .order_by(assignments.c.unit, assignments.c.id)
    )
    found: dict[int, list[Named]] = {}
    for row in connection.execute(narrowed(query, scope, None)):
        found.setdefault(row[0], []).append(Named(*row))
    return found


def counts_in(connection: Connection, units: Collection[str], day: date) -> list[tuple[str, str, Standing, int]]:
    """How many people have which standing with which requirement in some units on a day."""
    query = (
        select(
            assignments.c.unit,
            segments.c.requirement,
            segments.c.standing,
            func.count(segments.c.person_id.distinct()),
        )
        .join(people, people.c.id == assignments.c.person_id)
        .join(identities, and_(identities.c.person_id == people.c.id, holds(identities, None)))
        .join(segments, and_(segments.c.assignment_id == assignments.c.id, segments.c.person_id == people.c.id))
        .where(
            holds(assignments, None),
            covering(day),
            among(connection, assignments.c.unit, sorted(units)),
            segments.c.generation == live_generation(connection),
            segments.c.first_day <= day,
            segments.c.last_day >= day,
        )
        .group_by(assignments.c.unit, segments.c.requirement, segments.c.standing)
    )
    return [(unit, asked, Standing(standing), count) for unit, asked, standing, count in connection.execute(query)]
