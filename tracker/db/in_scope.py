"""Who of some people an import of somebody with units of their own may be about, and what a change was about."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import covering
from tracker.db.tables import PERSON_FACTS, assignments, identities, people, units
from tracker.domain.scope import InUnits


def ids_in_units(connection: Connection, scope: InUnits, employee_ids: Collection[str], day: date) -> set[str]:
    """Those among some employee ids who work in the units on a day, or have never worked elsewhere."""
    if not employee_ids:
        return set()
    query = (
        select(people.c.employee_id)
        .join(identities, (identities.c.person_id == people.c.id) & holds(identities, None))
        .where(among(connection, people.c.employee_id, sorted(employee_ids)), _in_units(connection, scope, day))
    )
    return set(connection.execute(query).scalars())


def is_about_others(connection: Connection, scope: InUnits, seq: int, day: date) -> bool:
    """Whether a change was about another unit, or about somebody who is none of the units' by now.

    Whose work in the units it began or ended is theirs all the same: that may be back once it is undone.
    """
    if connection.execute(_names(units, units.c.name, seq, scope)).first():
        return True
    if connection.execute(_names(assignments, assignments.c.unit, seq, scope)).first():
        return True
    touched = _touched(connection, PERSON_FACTS, seq) - _touched(connection, (assignments,), seq)
    theirs = among(connection, people.c.id, sorted(touched))
    query = select(people.c.id).where(theirs, _in_units(connection, scope, day))
    return len(touched) > len(connection.execute(query).all()) if touched else False


def _in_units(connection: Connection, scope: InUnits, day: date) -> ColumnElement[bool]:
    works = select(assignments.c.id).where(assignments.c.person_id == people.c.id, holds(assignments, None))
    here = among(connection, assignments.c.unit, list(scope.units))
    return or_(
        works.where(here, covering(day)).exists(),
        works.where(here).exists() & ~works.where(assignments.c.unit.not_in(scope.units)).exists(),
    )


def _of_change(table: Table, seq: int) -> ColumnElement[bool]:
    return (table.c.recorded == seq) | (table.c.retracted == seq)


def _names(table: Table, name: Any, seq: int, scope: InUnits) -> Any:
    return select(table.c.id).where(_of_change(table, seq), name.not_in(scope.units)).limit(1)


def _touched(connection: Connection, tables: Sequence[Table], seq: int) -> set[int]:
    found: set[int] = set()
    for table in tables:
        found.update(connection.execute(select(table.c.person_id).where(_of_change(table, seq))).scalars())
    return found
