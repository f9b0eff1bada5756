"""What somebody with units of their own may bring in: the one place that decides it (docs/decisions/0027).

1. A row about a unit that is none of theirs is taken out before anything is looked up for it.
2. A row about a person is taken out unless the person is theirs: works in one of the units on the day of the import, or
   has never worked elsewhere. Newcomers to their units are theirs; whoever has the id elsewhere is not, so that nobody
   opens a record by writing its id into a roster.
3. Of who is theirs, places of work elsewhere are neither seen, asked about nor ended.

Rows that are taken out are rejected with a sentence which says of somebody elsewhere what it says of nobody.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import date
from typing import Any

from tracker.db.connect import Connection
from tracker.db.contacts import Contact
from tracker.db.former import former_ids, given_up
from tracker.db.holders import had_by_somebody
from tracker.db.in_scope import ids_in_units
from tracker.domain.errors import BadInput
from tracker.domain.facts import Assignment
from tracker.domain.policy import words
from tracker.domain.scope import Everyone, InUnits, Scope
from tracker.intake.near_units import NearUnits
from tracker.intake.rows import Outside, Reading, Rejected, Table

_NOBODY = ("", "")
# Said of somebody elsewhere and of nobody in the same words.
_NOT_YOURS = "Nobody with the employee id {} works in your units; import the roster of your units first."
_OTHER_UNIT = "{} is none of your units; this row is for whoever looks after that unit, or after all."
# Said whether others have such a unit or not.
_NO_SUCH_UNIT = (
    "There is no unit {} among yours; did you mean {}? Put it right, or leave this row to whoever looks after {}."
)
_TAKEN = (
    "The employee id {} cannot be brought into {} from here; put it right, or ask an educator to import this row, "
    "as the id may be on record elsewhere."
)


class Reach:
    """Whom and what an import may be about.

    Raises BadInput for a scope in which nothing can be imported.
    """

    def __init__(self, scope: Scope, connection: Connection, today: date) -> None:
        if not isinstance(scope, Everyone | InUnits):
            raise BadInput("Files are imported for units, or for everybody; ask an administrator for that access.")
        self.scope = scope if isinstance(scope, InUnits) else None
        self._connection, self._today = connection, today
        self._units = {words(name) for name in self.scope.units} if self.scope else set()
        self._refused: dict[str, str] = {}

    def unit(self, name: str | None) -> bool:
        """Whether a unit may be imported about."""
        return self.scope is None or words(name or "") in self._units

    def not_mine(self, name: str) -> str:
        """Why a row about another unit stays out."""
        if name not in self._refused:
            near = NearUnits(self.scope.units if self.scope else ()).of(name)
            why = _NO_SUCH_UNIT.format(name, " or ".join(near), name) if near else _OTHER_UNIT.format(name)
            self._refused[name] = why
        return self._refused[name]

    def theirs(self, employee_ids: Collection[str]) -> set[str]:
        """Those of some employee ids that are on record whom an import may be about; for everybody's all of them."""
        if self.scope is None:
            return set(employee_ids)
        return ids_in_units(self._connection, self.scope, employee_ids, self._today)

    def contacts(self, found: Iterable[Contact]) -> Iterable[Contact]:
        """Those of some people on record who are theirs, without units of others."""
        if self.scope is None:
            return found
        known = list(found)
        theirs = self.theirs({one.employee_id for one in known})
        return [one if self.unit(one.unit) else one._replace(unit=None) for one in known if one.employee_id in theirs]

    def posts(self, held: Sequence[Assignment]) -> Sequence[Assignment]:
        """Those of a person's assignments that an import may see and change."""
        return held if self.scope is None else [one for one in held if self.unit(one.unit)]

    def taken(self, employee_ids: Collection[str]) -> set[str]:
        """Those of some employee ids that somebody has, or had, who is none of theirs."""
        found = had_by_somebody(self._connection, employee_ids)
        once = given_up(self._connection)
        now = former_ids(self._connection, once.intersection(employee_ids)) if once else {}
        today = self.theirs({*found, *(former.employee_id for former in now.values())})
        return (found - today) | {each for each, former in now.items() if former.employee_id not in today}


def take_out_units(reach: Reach, readings: Sequence[Reading]) -> None:
    """Takes out the rows that are about other units."""
    if reach.scope is None:
        return
    for table in _tables(readings):
        named: dict[int, str] = {row.row: row.unit for row in _rows(table.rows) if getattr(row, "unit", None)}
        named |= {row: who.unit for row, who in (table.who or {}).items() if who.unit}
        others = {row: unit for row, unit in named.items() if not reach.unit(unit)}
        _take_out(table, "unit", {row: reach.not_mine(unit) for row, unit in others.items()})


def take_out_people(reach: Reach, readings: Sequence[Reading], given_anew: Collection[str]) -> None:
    """Takes out the rows that are about people who are not theirs; to be asked once it is known whose each row is.

    Ids in `given_anew` were somebody's of theirs before, and are a newcomer's now.
    """
    if reach.scope is None:
        return
    tables = [table for table in _tables(readings) if table.kind != "units"]
    named = {row.employee_id for table in tables for rows in _about(table) for row in rows if row.employee_id}
    theirs, taken = reach.theirs(named), reach.taken(named) - set(given_anew)
    coming = {
        row.employee_id for table in tables if table.kind == "roster" for row in _rows(table.rows) if row.unit
    } - taken
    for table in tables:
        _take_out(table, "employee_id", _refusals(table, theirs | coming, taken))


def _refusals(table: Table, welcome: set[str], taken: set[str]) -> dict[int, str]:
    """Why each row about somebody else stays out: what the row itself says goes before what stands beside it."""
    found: dict[int, str] = {}
    for row in (row for rows in _about(table) for row in rows if row.employee_id and row.employee_id not in welcome):
        unit = getattr(row, "unit", None)
        brings = unit and row.employee_id in taken
        why = _TAKEN.format(row.employee_id, unit) if brings else _NOT_YOURS.format(row.employee_id)
        found.setdefault(row.row, why)
    return found


def _take_out(table: Table, field: str, reasons: dict[int, str]) -> None:
    """Takes rows, and what stands beside them, out of a sheet."""
    if not reasons:
        return
    whom = _named_in(table)
    header = next((header for header, meant in table.columns.items() if meant == field), None)
    table.outside += [
        Outside(*whom.get(row, _NOBODY), Rejected(row, header, field, reason, whole=True))
        for row, reason in sorted(reasons.items())
    ]
    table.rows = _without(table.rows, reasons)
    table.cards, table.booked = _without(table.cards, reasons), _without(table.booked, reasons)
    # What else was wrong with them is nobody's concern here.
    table.rejected = _without(table.rejected, reasons)
    if table.who is not None:
        table.who = {row: who for row, who in table.who.items() if row not in reasons}


def _without(rows: Sequence[Any], out: Container[int]) -> list[Any]:
    return [row for row in rows if row.row not in out]


def _tables(readings: Sequence[Reading]) -> Iterable[Table]:
    return (table for reading in readings for table in reading.tables)


def _named_in(table: Table) -> dict[int, tuple[str, str]]:
    """Whom each row names, by id and name, as far as it does."""
    found: dict[int, tuple[str, str]] = {}
    for row in (row for rows in _about(table) for row in rows):
        name = getattr(row, "name", None) or table.names.get(row.row) or ""
        found.setdefault(row.row, (getattr(row, "employee_id", ""), name))
    return found


def _about(table: Table) -> Iterable[Sequence[Any]]:
    yield table.rows
    yield table.cards
    yield table.booked


def _rows(rows: Sequence[Any]) -> Sequence[Any]:
    return rows
