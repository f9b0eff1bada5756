"""Who stands where on a day: a look-up in the stored timelines, or, for what was known in the past, a computation."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, select

from tracker.db.moments import holds
from tracker.db.people import covering, in_scope, load_in_chunks, named_in
from tracker.db.policies import load_rulebook
from tracker.db.tables import assignments, identities, people, segments
from tracker.db.timelines import live_generation
from tracker.domain.facts import PersonFacts
from tracker.domain.scope import InUnits, OnePerson, Scope, SomePeople
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine, Segment


class Post(NamedTuple):
    """A person in an assignment that covers the day asked."""

    person_id: int
    employee_id: str
    name: str | None
    assignment_id: int
    unit: str
    role: str


class StandingRow(NamedTuple):
    """One assignment's standing with one requirement, and the days from and until which it lasts."""

    post: Post
    requirement: str
    standing: Standing
    first: date
    last: date
    ends_by: str


def posts_on(connection: Connection, scope: Scope, day: date, known: int | None = None) -> list[Post]:
    """The assignments in a scope that cover a day, ordered by unit and employee id."""
    return [Post(*row) for row in connection.execute(_posts(scope, day, known))]


def standings_on(connection: Connection, scope: Scope, day: date, known: int | None = None) -> Iterator[StandingRow]:
    """The standings of a scope on a day, by what is known now or was at a change; by unit, employee id, requirement.

    A person without any is one whom no requirement matches. Raises BadInput if there is no policy.
    """
    if known is not None:
        return _computed(connection, scope, day, known)
    return _stored(connection, scope, day)


def segments_between(
    connection: Connection, scope: Scope, first: date, last: date
) -> Iterator[tuple[int, str, str, str, date, date]]:
    """The stored segments of a scope with a day in the span, by person.

    Each is (person, unit, requirement, standing, first day, last day).
    """
    within = (segments.c.first_day <= last, segments.c.last_day >= first)
    query = stored_segments(connection, scope).where(*within)
    yield from connection.execute(query.order_by(segments.c.person_id))


def stored_segments(connection: Connection, scope: Scope) -> Select[Any]:
    """A query for the stored segments of a scope, each as `segments_between` gives them."""
    query = (
        select(
            segments.c.person_id,
            assignments.c.unit,
            segments.c.requirement,
            segments.c.standing,
            segments.c.first_day,
            segments.c.last_day,
        )
        .join(assignments, assignments.c.id == segments.c.assignment_id)
        .join(people, people.c.id == segments.c.person_id)
        .where(segments.c.generation == live_generation(connection))
    )
    return narrowed(query, scope, None)


def timeline_of(connection: Connection, person: PersonFacts, known: int | None = None) -> list[Segment]:
    """All segments of one person, by requirement and day; those known at a change are computed."""
    if known is not None:
        found = Engine(load_rulebook(connection, known)).segments(person)
    else:
        columns = (segments.c.assignment_id, segments.c.requirement, segments.c.standing)
        query = select(*columns, segments.c.first_day, segments.c.last_day, segments.c.ends_by).where(
            segments.c.generation == live_generation(connection), segments.c.person_id == person.id
        )
        found = [
            Segment(assignment, requirement, Standing(standing), *rest)
            for assignment, requirement, standing, *rest in connection.execute(query)
        ]
    return sorted(found, key=lambda segment: (segment.requirement, segment.first, segment.assignment))


def _posts(scope: Scope, day: date, known: int | None) -> Select[Any]:
    query = (
        select(
            people.c.id,
            identities.c.employee_id,
            identities.c.name,
            assignments.c.id,
            assignments.c.unit,
            assignments.c.role,
        )
        .join(assignments, assignments.c.person_id == people.c.id)
        .join(identities, and_(identities.c.person_id == people.c.id, holds(identities, known)))
        .where(holds(assignments, known), covering(day))
        .order_by(assignments.c.unit, identities.c.employee_id, assignments.c.id)
    )
    return narrowed(query, scope, known)


def narrowed(query: Select[Any], scope: Scope, known: int | None) -> Select[Any]:
    """A query over people and assignments, of those in a scope."""
    if isinstance(scope, OnePerson | SomePeople):
        return query.where(named_in(scope, known))
    if isinstance(scope, InUnits):
        return query.where(assignments.c.unit.in_(scope.units))
    return query


def _stored(connection: Connection, scope: Scope, day: date) -> Iterator[StandingRow]:
    load_rulebook(connection)
    query = (
        _posts(scope, day, None)
        .join(segments, and_(segments.c.assignment_id == assignments.c.id, segments.c.person_id == people.c.id))
        .where(
            segments.c.generation == live_generation(connection),
            segments.c.first_day <= day,
            segments.c.last_day >= day,
        )
        .order_by(segments.c.requirement)
        .add_columns(
            segments.c.requirement,
            segments.c.standing,
            segments.c.first_day,
            segments.c.last_day,
            segments.c.ends_by,
        )
    )
    for row in connection.execute(query):
        requirement, standing, first, last, ends_by = row[6:]
        yield StandingRow(Post(*row[:6]), requirement, Standing(standing), first, last, ends_by)


def _computed(connection: Connection, scope: Scope, day: date, known: int) -> Iterator[StandingRow]:
    """What the timelines would have been by the facts and policies known then."""
    rulebook = load_rulebook(connection, known)
    engine = Engine(rulebook)
    by_assignment: dict[int, list[Segment]] = {}
    ids = connection.execute(in_scope(scope, day, known)).scalars()
    for person in load_in_chunks(connection, ids, rulebook.newest.timezone, known):
        for segment in engine.segments(person):
            if segment.first <= day <= segment.last:
                by_assignment.setdefault(segment.assignment, []).append(segment)
    for post in posts_on(connection, scope, day, known):
        for segment in sorted(by_assignment.get(post.assignment_id, []), key=lambda each: each.requirement):
            yield StandingRow(post, *segment[1:])
