"""Units: which there are in a scope, who answers for each, and how many of their people stand where on a day."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, distinct, func, select

from tracker.db.bulk import among
from tracker.db.known import Unit
from tracker.db.listing import expires, waits
from tracker.db.moments import holds
from tracker.db.people import covering, is_told_whole
from tracker.db.tables import assignments, segments, submissions, units
from tracker.db.timelines import live_generation
from tracker.domain.scope import InUnits, Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing


class Count(NamedTuple):
    """The people at work in a unit on a day, and those of them who are out of compliance there."""

    people: int = 0
    out: int = 0


class Figures(NamedTuple):
    """How many people of a unit stand where on a day; one person may be in several of them."""

    people: int
    out: int
    expiring: int
    pending: int
    on_leave: int
    unverified: int
    to_check: int


def names_in(connection: Connection, scope: Scope) -> list[str]:
    """Every unit of a scope that is on record or that somebody is assigned to; in order.

    Those with people are found by steps along their index: there are few units for many people.
    """
    if isinstance(scope, InUnits):
        return sorted(scope.units)
    first = select(_next_unit(None)).cte("used", recursive=True)
    used = first.union_all(select(_next_unit(first.c.name)).where(first.c.name.is_not(None)))
    found = connection.execute(select(used.c.name).where(used.c.name.is_not(None))).scalars()
    named = connection.execute(select(units.c.name).where(holds(units, None))).scalars()
    return sorted({*found, *named})


def _next_unit(last: ColumnElement[Any] | None) -> ColumnElement[Any]:
    """The first unit with an assignment after another one."""
    query = select(assignments.c.unit).where(holds(assignments, None)).order_by(assignments.c.unit).limit(1)
    return (query if last is None else query.where(assignments.c.unit > last)).scalar_subquery().label("name")


def unit_in(connection: Connection, scope: Scope, name: str) -> Unit | None:
    """A unit as recorded, or without anything if only people name it; None if it is not in the scope."""
    if isinstance(scope, InUnits) and name not in scope.units:
        return None
    recorded = units_in(connection, InUnits((name,))).get(name)
    is_used = select(assignments.c.id).where(assignments.c.unit == name, holds(assignments, None)).limit(1)
    if recorded or isinstance(scope, InUnits) or connection.execute(is_used).first():
        return recorded or Unit(0, name, None, None, None)
    return None


def units_in(connection: Connection, scope: InUnits) -> dict[str, Unit]:
    """What is recorded of some units, by name."""
    query = select(units.c.id, units.c.name, units.c.facility, units.c.managers, units.c.director)
    rows = connection.execute(query.where(holds(units, None), among(connection, units.c.name, scope.units)))
    return {row.name: Unit(*row) for row in rows}


def counts_in(connection: Connection, scope: InUnits, day: date) -> dict[str, Count]:
    """How many people work in each of some units on a day, and how many of those are out of compliance."""
    out = segments.c.standing.in_(sorted(OUT_OF_COMPLIANCE))
    query = _standing_there(connection, scope, day).group_by(assignments.c.unit)
    rows = connection.execute(query.with_only_columns(assignments.c.unit, _people(), _people(out)))
    return {unit: Count(people, lapsed) for unit, people, lapsed in rows}


def figures_in(connection: Connection, scope: InUnits, day: date, within_days: int) -> Figures:
    """How many people of some units stand where on a day; `within_days` is the policy's window of what ends soon.

    Of those who are elsewhere today neither what ends soon nor what waits is counted.
    """
    query, told = _standing_there(connection, scope, day), is_told_whole(assignments.c.person_id, scope)
    stands = (Standing.PENDING, Standing.ON_LEAVE, Standing.UNVERIFIED)
    columns = [
        _people(),
        _people(segments.c.standing.in_(sorted(OUT_OF_COMPLIANCE))),
        _people(and_(expires(live_generation(connection), day, within_days), told)),
        *(_people(segments.c.standing == one.value) for one in stands),
    ]
    handed_in = (
        _at_work(connection, scope, day)
        .join(submissions, submissions.c.person_id == assignments.c.person_id)
        .where(waits(day), told)
        .with_only_columns(_people())
    )
    to_check = connection.execute(handed_in).scalar()
    return Figures._make([*connection.execute(query.with_only_columns(*columns)).one(), to_check])


def asked_in(connection: Connection, scope: InUnits, day: date) -> list[str]:
    """The requirements that ask something of somebody in some units on a day; in order."""
    query = _standing_there(connection, scope, day).where(segments.c.requirement.is_not(None))
    return sorted(connection.execute(query.with_only_columns(segments.c.requirement).distinct()).scalars())


def _standing_there(connection: Connection, scope: InUnits, day: date) -> Select[Any]:
    """The assignments in some units that cover a day, each beside its standings on it."""
    on_day = and_(
        segments.c.person_id == assignments.c.person_id,
        segments.c.generation == live_generation(connection),
        segments.c.assignment_id == assignments.c.id,
        segments.c.first_day <= day,
        segments.c.last_day >= day,
    )
    return _at_work(connection, scope, day).outerjoin(segments, on_day)


def _at_work(connection: Connection, scope: InUnits, day: date) -> Select[Any]:
    here = among(connection, assignments.c.unit, scope.units)
    return select(assignments.c.id).where(here, holds(assignments, None), covering(day))


def _people(who: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    """How many people, or of how many something is so."""
    number = assignments.c.person_id
    return func.count(distinct(number if who is None else case((who, number))))
