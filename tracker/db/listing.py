"""Lists the people at work on a day, a page or all of them, by the directory and the stored timelines.

Invariant: what is asked of the database does not depend on how many people there are. A page is looked for along an
index of names or of units and stops once it is full.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal, or_, select, tuple_

from tracker.db.bulk import among
from tracker.db.directory import begins_with
from tracker.db.moments import holds
from tracker.db.people import elsewhere, in_scope, is_told_whole
from tracker.db.tables import assignments, directory, identities, people, segments, submissions
from tracker.db.timelines import live_generation
from tracker.domain.days import OPEN, later
from tracker.domain.listing import EXPIRING, NO_ADDRESS, OUT, TO_CHECK, UNMATCHED, Listed, Order, Stand, Wanted
from tracker.domain.scope import Everyone, InUnits, Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE, RUNNING_OUT, Standing

# What ends a time of being current, so that somebody has to renew.
_FALLEN = [standing.value for standing in sorted(OUT_OF_COMPLIANCE | {Standing.GRACE})]


class Asked(NamedTuple):
    """A list of people: whose, on which day, who of them. `within_days` is the policy's window of what ends soon."""

    scope: Scope
    day: date
    within_days: int
    wanted: Wanted = Wanted()


class Page(NamedTuple):
    """Some of a list in its order, and whether there are others before and after them."""

    people: list[Listed]
    has_before: bool
    has_after: bool


def page_of(
    connection: Connection, asked: Asked, order: Order, size: int, *, after: str = "", before: str = ""
) -> Page:
    """The people after somebody (by employee id), or before, or the first ones."""
    generation = live_generation(connection)
    found = _chosen(generation, asked, order).subquery()
    keys = _keys(found, order)
    start = _place(connection, generation, asked, order, after or before)
    query = select(found.c.person_id)
    back = bool(before) and start is not None
    if start is not None:
        query = query.where(tuple_(*keys) < start if back else tuple_(*keys) > start)
    query = query.order_by(*(key.desc() if back else key for key in keys)).limit(size + 1)
    numbers = list(connection.execute(query).scalars())
    if back and not numbers:
        return page_of(connection, asked, order, size)
    more, numbers = len(numbers) > size, numbers[:size]
    if back:
        return Page(listed(connection, asked, numbers[::-1]), more, True)
    return Page(listed(connection, asked, numbers), start is not None, more)


def all_of(connection: Connection, asked: Asked, order: Order) -> list[int]:
    """The numbers of all people of a list, in its order."""
    found = _chosen(live_generation(connection), asked, order).subquery()
    return list(connection.execute(select(found.c.person_id).order_by(*_keys(found, order))).scalars())


def listed(connection: Connection, asked: Asked, numbers: Sequence[int]) -> list[Listed]:
    """What is told of some people of a list, in the order of their numbers here."""
    query = (
        select(identities.c.person_id, identities.c.employee_id, identities.c.name)
        .add_columns(assignments.c.id, assignments.c.unit, assignments.c.role)
        .join(assignments, assignments.c.person_id == identities.c.person_id)
        .where(among(connection, identities.c.person_id, numbers), holds(identities, None))
        .where(*_fits(assignments, asked))
        .order_by(assignments.c.unit, assignments.c.id)
    )
    places: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        places[row.person_id].append(row)
    works = {row.id for theirs in places.values() for row in theirs}
    stands = _stands(connection, asked, numbers, works)
    return [_listed(places[number], stands.get(number, [])) for number in numbers if number in places]


def _listed(rows: Sequence[Row[Any]], stands: list[Stand]) -> Listed:
    first = rows[0]
    posts = list(dict.fromkeys((row.unit, row.role) for row in rows))
    return Listed(first.employee_id, first.name, posts, stands)


def _stands(connection: Connection, asked: Asked, numbers: Sequence[int], works: set[int]) -> dict[int, list[Stand]]:
    """The standings of some people in some assignments on the day, by requirement; or with the one asked about."""
    generation, limit = live_generation(connection), later(asked.day, asked.within_days)
    query = (
        select(segments.c.person_id, segments.c.assignment_id, segments.c.requirement, segments.c.standing)
        .add_columns(segments.c.first_day, segments.c.last_day)
        .where(among(connection, segments.c.person_id, numbers))
        .where(segments.c.generation == generation)
        .where(segments.c.last_day >= asked.day, segments.c.first_day <= later(limit, 1))
        .order_by(segments.c.requirement, segments.c.last_day)
    )
    if asked.wanted.requirement:
        query = query.where(segments.c.requirement == asked.wanted.requirement)
    found: dict[int, dict[str, tuple[Standing, date]]] = defaultdict(dict)
    # How it went on after the units is for those to tell where they are today.
    away = elsewhere(connection, asked.scope, numbers)
    falls: dict[tuple[int, str], list[date]] = defaultdict(list)
    for row in connection.execute(query):
        if row.first_day > asked.day:
            if row.standing in _FALLEN and row.person_id not in away:
                falls[row.person_id, row.requirement].append(row.first_day)
        elif row.assignment_id in works:
            # In several places it is the same standing: what lasts longest there is its last day.
            found[row.person_id][row.requirement] = Standing(row.standing), row.last_day
    return {
        person: [
            Stand(requirement, standing, last, _is_expiring(standing, last, falls.get((person, requirement), [])))
            for requirement, (standing, last) in theirs.items()
        ]
        for person, theirs in found.items()
    }


def _is_expiring(standing: Standing, last: date, falls: Sequence[date]) -> bool:
    """Whether somebody is current and falls within the window; as `expires` says it to the database."""
    return standing is Standing.CURRENT and any(first > last for first in falls)


def _chosen(generation: int | None, asked: Asked, order: Order) -> Select[Any]:
    """Those who are wanted, each once, at the first of their places of work."""
    return _everybody(generation, asked, order).where(*_conditions(generation, asked))


def _everybody(generation: int | None, asked: Asked, order: Order) -> Select[Any]:
    """Those at work in the places asked about, each at the first of them, with what the list goes by."""
    work, other = assignments.alias("work"), assignments.alias("other")
    before = or_(other.c.unit < work.c.unit, and_(other.c.unit == work.c.unit, other.c.id < work.c.id))
    earlier = select(other.c.id).where(other.c.person_id == directory.c.person_id, *_fits(other, asked), before)
    query = (
        select(directory.c.person_id, directory.c.name_key, work.c.unit)
        .join(work, work.c.person_id == directory.c.person_id)
        .where(*_fits(work, asked), ~earlier.exists())
    )
    return query.add_columns(_due(generation, asked).label("due")) if order == "left" else query


def _keys(found: Any, order: Order) -> list[ColumnElement[Any]]:
    first = {"name": [], "unit": [found.c.unit], "left": [found.c.due] if order == "left" else []}[order]
    return [*first, found.c.name_key, found.c.person_id]


def _place(connection: Connection, generation: int | None, asked: Asked, order: Order, employee_id: str) -> Any:
    """Where somebody stands in the list, even if not in it; None of whom nobody knows."""
    if not employee_id:
        return None
    found = _everybody(generation, asked, order).subquery()
    number = select(people.c.id).where(people.c.employee_id == employee_id).scalar_subquery()
    row = connection.execute(select(*_keys(found, order)).where(found.c.person_id == number)).first()
    return None if row is None else tuple_(*(literal(value) for value in row))


def _fits(work: Any, asked: Asked) -> list[ColumnElement[bool]]:
    """The assignments that cover the day, are within the scope and in the unit and role asked about."""
    day, wanted = asked.day, asked.wanted
    found = [
        work.c.retracted.is_(None),
        or_(work.c.starts_on.is_(None), work.c.starts_on <= day),
        or_(work.c.ends_on.is_(None), work.c.ends_on >= day),
    ]
    if isinstance(asked.scope, InUnits):
        found.append(work.c.unit.in_(asked.scope.units))
    elif not isinstance(asked.scope, Everyone):
        found.append(work.c.person_id.in_(in_scope(asked.scope, None)))
    if wanted.unit:
        found.append(work.c.unit == wanted.unit)
    if wanted.role:
        found.append(func.lower(work.c.role).startswith(wanted.role.lower(), autoescape=True))
    return found


def _conditions(generation: int | None, asked: Asked) -> list[ColumnElement[bool]]:
    """What else is asked of a person."""
    wanted = asked.wanted
    found = [begins_with(wanted.text)] if wanted.text.strip() else []
    if wanted.group == NO_ADDRESS:
        theirs = select(identities.c.id).where(identities.c.person_id == directory.c.person_id, holds(identities, None))
        found.append(
            theirs.where(identities.c.email.is_(None), is_told_whole(directory.c.person_id, asked.scope)).exists()
        )
    if wanted.group == TO_CHECK:
        theirs = select(submissions.c.id).where(submissions.c.person_id == directory.c.person_id)
        found.append(theirs.where(waits(asked.day), is_told_whole(directory.c.person_id, asked.scope)).exists())
    asks = _asks(generation, asked)
    if wanted.group == UNMATCHED:
        return [*found, ~asks.exists()]
    if wanted.group == OUT:
        asks = asks.where(segments.c.standing.in_(sorted(OUT_OF_COMPLIANCE)))
    elif wanted.group == EXPIRING:
        soon = expires(generation, asked.day, asked.within_days)
        asks = asks.where(soon, is_told_whole(directory.c.person_id, asked.scope))
    elif wanted.group not in ("", NO_ADDRESS, TO_CHECK):
        asks = asks.where(segments.c.standing == wanted.group)
    elif not wanted.requirement:
        return found
    return [*found, asks.exists()]


def _asks(generation: int | None, asked: Asked) -> Select[Any]:
    """The standings of a person of the directory on the day, in the places asked about."""
    place = assignments.alias("place")
    query = (
        select(segments.c.person_id)
        .join(place, place.c.id == segments.c.assignment_id)
        .where(segments.c.person_id == directory.c.person_id, segments.c.generation == generation)
        .where(segments.c.first_day <= asked.day, segments.c.last_day >= asked.day, *_fits(place, asked))
        .correlate(directory)
    )
    wanted = asked.wanted.requirement
    return query.where(segments.c.requirement == wanted) if wanted else query


def waits(day: date) -> ColumnElement[bool]:
    """The cards that were handed in by a day and wait to be checked."""
    return and_(holds(submissions, None), submissions.c.received_on <= day)


def expires(generation: int | None, day: date, within_days: int) -> ColumnElement[bool]:
    """The segments of those who are current on a day and by their timelines out of compliance, or in grace, soon.

    Whoever goes on leave before that is not among them.
    """
    limit, after = later(day, within_days), segments.alias("after")
    falls = (
        select(after.c.person_id)
        .where(after.c.person_id == segments.c.person_id, after.c.generation == generation)
        .where(after.c.requirement == segments.c.requirement, after.c.standing.in_(_FALLEN))
        .where(after.c.first_day > segments.c.last_day, after.c.first_day <= later(limit, 1))
        .correlate(segments)
    )
    return and_(segments.c.standing == Standing.CURRENT.value, segments.c.last_day <= limit, falls.exists())


def _due(generation: int | None, asked: Asked) -> ColumnElement[Any]:
    """The nearest last day of what still holds; the end of the calendar if there is none."""
    asks = _asks(generation, asked).where(segments.c.standing.in_(sorted(RUNNING_OUT)))
    nearest = asks.with_only_columns(func.min(segments.c.last_day))
    return func.coalesce(nearest.scalar_subquery(), literal(OPEN))
