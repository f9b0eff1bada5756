"""Who worked where and how they stood over a span of days: by the stored timelines, or by what was once known."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import covering, in_scope, load_in_chunks
from tracker.db.policies import load_rulebook
from tracker.db.standings import narrowed, stored_segments
from tracker.db.tables import assignments, identities, people, segments
from tracker.db.timelines import live_generation
from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.scope import InUnits, Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.timeline import Engine


class Lasting(NamedTuple):
    """A standing and its days, of one person in one unit; a place of work alone has no requirement and no standing."""

    person_id: int
    unit: str
    requirement: str | None
    standing: Standing | None
    first: date
    last: date


def stints_between(
    connection: Connection,
    scope: Scope,
    first: date,
    last: date,
    known: int | None = None,
    numbers: range | None = None,
) -> Iterator[list[Lasting]]:
    """For each person in a scope the places of work and the standings that have a day in the span.

    One query over what is stored; what was known at a change is computed. Of what is stored, some people can be had
    by their `numbers` alone. Raises BadInput if there is no policy.
    """
    load_rulebook(connection, known)
    if known is not None:
        for found in _computed(connection, scope, known, None):
            yield [one for one in found if one.first <= last and one.last >= first]
        return
    query = _stored(connection, scope, first, last)
    if numbers is not None:
        query = query.where(assignments.c.person_id.between(numbers[0], numbers[-1]))
    for _, theirs in groupby(connection.execute(query), key=lambda row: row.person_id):
        yield list(_lasting(theirs))


def out_until(connection: Connection, scope: Scope, day: date, known: int | None = None) -> Iterator[list[Lasting]]:
    """For each person at work in a scope on a day the standings out of compliance that had begun by then."""
    if known is not None:
        for found in _computed(connection, scope, known, day):
            if any(one.requirement is None and one.first <= day <= one.last for one in found):
                yield [one for one in found if one.standing in OUT_OF_COMPLIANCE and one.first <= day]
        return
    rows = connection.execute(_stored_out(connection, scope, day))
    for _, theirs in groupby(rows, key=lambda row: row.person_id):
        yield [
            Lasting(person, unit, requirement, Standing(standing), first, last)
            for person, unit, requirement, standing, first, last in theirs
        ]


def stored_until(connection: Connection, numbers: Iterable[int], day: date) -> Iterator[Lasting]:
    """The stored standings of some people, in whatever units, that had begun by a day; the first one first."""
    columns = (segments.c.person_id, assignments.c.unit, segments.c.requirement, segments.c.standing)
    query = (
        select(*columns, segments.c.first_day, segments.c.last_day)
        .join(assignments, assignments.c.id == segments.c.assignment_id)
        .where(among(connection, segments.c.person_id, sorted(numbers)))
        .where(segments.c.generation == live_generation(connection), segments.c.first_day <= day)
        .order_by(segments.c.first_day)
    )
    for person, unit, requirement, standing, first, last in connection.execute(query):
        yield Lasting(person, unit, requirement, Standing(standing), first, last)


def _stored(connection: Connection, scope: Scope, first: date, last: date) -> Select[Any]:
    """Every assignment that has a day in the span, beside each of its segments that has one, by person."""
    within = and_(
        segments.c.person_id == assignments.c.person_id,
        segments.c.generation == live_generation(connection),
        segments.c.assignment_id == assignments.c.id,
        segments.c.first_day <= last,
        segments.c.last_day >= first,
    )
    began = assignments.c.starts_on.is_(None) | (assignments.c.starts_on <= last)
    goes_on = assignments.c.ends_on.is_(None) | (assignments.c.ends_on >= first)
    query = (
        select(
            assignments.c.person_id,
            assignments.c.unit,
            assignments.c.id,
            assignments.c.starts_on,
            assignments.c.ends_on,
            segments.c.requirement,
            segments.c.standing,
            segments.c.first_day,
            segments.c.last_day,
        )
        .join(people, people.c.id == assignments.c.person_id)
        .join(identities, and_(identities.c.person_id == people.c.id, holds(identities, None)))
        .outerjoin(segments, within)
        .where(holds(assignments, None), began, goes_on)
        .order_by(assignments.c.person_id)
    )
    return narrowed(query, scope, None)


def _lasting(rows: Iterator[Any]) -> Iterator[Lasting]:
    seen: set[int] = set()
    for person, unit, number, starts_on, ends_on, requirement, standing, first, last in rows:
        if number not in seen:
            seen.add(number)
            yield Lasting(person, unit, None, None, starts_on or ALWAYS, ends_on or OPEN)
        if requirement is not None:
            yield Lasting(person, unit, requirement, Standing(standing), first, last)


def _stored_out(connection: Connection, scope: Scope, day: date) -> Select[Any]:
    at_work = select(assignments.c.person_id).where(holds(assignments, None), covering(day))
    if isinstance(scope, InUnits):
        at_work = at_work.where(assignments.c.unit.in_(scope.units))
    out = segments.c.standing.in_([standing.value for standing in OUT_OF_COMPLIANCE])
    query = stored_segments(connection, scope).where(
        out, segments.c.first_day <= day, segments.c.person_id.in_(at_work)
    )
    return query.order_by(segments.c.person_id, segments.c.requirement, segments.c.first_day)


def _computed(connection: Connection, scope: Scope, known: int, day: date | None) -> Iterator[list[Lasting]]:
    """All of it by the facts and policies known at a change; of those in the scope on a day, if one is said."""
    rulebook = load_rulebook(connection, known)
    engine = Engine(rulebook)
    ids = connection.execute(in_scope(scope, day, known)).scalars()
    for person in load_in_chunks(connection, ids, rulebook.newest.timezone, known):
        mine = [one for one in person.assignments if not isinstance(scope, InUnits) or one.unit in scope.units]
        units = {one.id: one.unit for one in mine}
        yield [
            *(Lasting(person.id, one.unit, None, None, one.starts_on or ALWAYS, one.ends_on or OPEN) for one in mine),
            *(
                Lasting(person.id, units[one.assignment], one.requirement, one.standing, one.first, one.last)
                for one in engine.segments(person)
                if one.assignment in units
            ),
        ]
