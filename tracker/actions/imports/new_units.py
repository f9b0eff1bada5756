"""Units of rosters that are not on record: a name that looks like a slip of another unit's is asked about.

IUC would be a unit of its own, of which no requirement asks anything, and nobody would notice.

1. The units of the rosters that are not on record are collected, with whom they would get.
2. Those with few people, and in no list of units, are held against the units on record, and against the new ones that
   get more people: a ward is mostly spelt right in the roster that brings it.
3. What is answered is put into the rows; as long as it is open, the nearest unit stands there, so that nothing else is
   asked because of a slip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from tracker.actions.imports.context import Context, asked
from tracker.actions.imports.naming import Settling
from tracker.domain.errors import BadInput
from tracker.domain.policy import words
from tracker.intake.near_units import NearUnits
from tracker.intake.rows import Question, Reading, RosterRow, Table

NEW, SKIP = "new", "skip"
FEW = 5
"""People of the files in a unit up to whom its name may be a slip: nobody slips in the same way for a whole ward."""


@dataclass(slots=True)
class _Unit:
    """A unit not on record: as it is spelt first, whether a list names it, who would work in it, and in which files."""

    name: str
    listed: bool
    people: set[str | int] = field(default_factory=set)
    readings: list[Reading] = field(default_factory=list)


def settle_units(context: Context, readings: Sequence[Reading], known: Sequence[str], settling: Settling) -> None:
    """Puts the units that are meant into the rows, as far as that is settled; says what is open.

    Args:
        known: the units on record.
    """
    if context.reach.scope:
        return  # of others' units no row is left
    unknown = _unknown(readings, known)
    if not unknown:
        return
    near = _Near(known, unknown)
    meant = {
        key: answer
        for key, unit in unknown.items()
        if not unit.listed and (answer := _settle(context, unit, near, settling))
    }
    for table in _rosters(readings) if meant else ():
        _put(table, {key: _in_the_end(key, meant) for key in meant}, settling)


def _in_the_end(key: str, meant: Mapping[str, str]) -> str:
    """What is meant by a slip of a slip."""
    answer = meant[key]
    while answer != SKIP and words(answer) in meant:
        # Ends, as each new unit that is meant gets more people than the one before.
        answer = meant[words(answer)]
    return answer


class _Near:
    """Finds the units of which a new one may be a slip."""

    def __init__(self, known: Sequence[str], unknown: Mapping[str, _Unit]) -> None:
        names = (*known, *(unit.name for unit in unknown.values()))
        self._units = NearUnits(one for one in names if words(one) not in (NEW, SKIP))
        self._people = {unit.name: len(unit.people) for unit in unknown.values()}

    def of(self, unit: _Unit) -> list[str]:
        """The nearest on record, and of the new ones those that get more people."""
        here = len(unit.people)
        return self._units.of(unit.name, lambda one: self._people.get(one, here + 1) > here)


def _unknown(readings: Sequence[Reading], known: Sequence[str]) -> dict[str, _Unit]:
    """The units that the rosters name and that are not on record, by `words`."""
    tables = [table for each in readings for table in each.tables]
    listed = {words(row.unit) for table in tables if table.kind == "units" for row in _rows(table)}
    there = {words(name) for name in known}
    keys: dict[str, str] = {}
    found: dict[str, _Unit] = {}
    for reading in readings:
        for row in (row for table in _rosters([reading]) for row in _rows(table) if row.unit):
            key = keys.get(row.unit) or keys.setdefault(row.unit, words(row.unit))
            if key in there:
                continue
            unit = found.setdefault(key, _Unit(" ".join(row.unit.split()), key in listed))
            unit.people.add(row.employee_id or row.row)
            if not any(each is reading for each in unit.readings):
                unit.readings.append(reading)
    return found


def _settle(context: Context, unit: _Unit, near: _Near, settling: Settling) -> str | None:
    """What is meant by a unit, another or `skip`; None if it is a new one."""
    question = f"unit:{unit.name}"
    if len(unit.people) > FEW and question not in context.settled.answers:
        return None
    meant = near.of(unit)
    if not meant:
        return None
    choices = (*meant, NEW, SKIP)
    try:
        answer = context.settled.answer(question, choices)
    except BadInput as error:
        settling.refused += [(reading, str(error)) for reading in unit.readings]
        return None
    if answer is None:
        settling.questions += [(reading, _question(unit, meant, choices)) for reading in unit.readings]
        return meant[0]
    return None if answer == NEW else answer


def _question(unit: _Unit, meant: Sequence[str], choices: tuple[str, ...]) -> Question:
    count = len(unit.people)
    who = "1 person of the file" if count == 1 else f"{count} people of the files"
    text = (
        f"There is no unit {unit.name} on record; {who} would work there. Is it {' or '.join(meant)}, a new unit "
        "(new), or shall its rows be left out (skip)?"
    )
    return asked("unit", unit.name, text, choices, "--answers")


def _put(table: Table, meant: Mapping[str, str], settling: Settling) -> None:
    """Puts units into the rows of a roster; rows to be left out lose their ids, and with them what stands beside."""
    now = {row.row: meant[key] for row in _rows(table) if row.unit and (key := words(row.unit)) in meant}
    out = {row for row, unit in now.items() if unit == SKIP}
    placed = {row: unit for row, unit in now.items() if unit != SKIP}
    table.rows = [row._replace(unit=placed[row.row]) if row.row in placed else row for row in _rows(table)]
    who = table.who
    if who is not None:
        moved = {row: one._replace(unit=placed.get(row, one.unit)) for row, one in who.items() if row not in out}
        table.who = moved
    if out:
        settling.skipped[id(table)] += sorted(out)
        table.rows, table.cards, table.booked = (
            _without_id(rows, out) for rows in (table.rows, table.cards, table.booked)
        )


def _without_id(rows: Sequence[Any], out: set[int]) -> Any:
    return [row._replace(employee_id="") if row.row in out else row for row in rows]


def _rosters(readings: Sequence[Reading]) -> list[Table]:
    return [table for reading in readings for table in reading.tables if table.kind == "roster"]


def _rows(table: Table) -> Sequence[Any]:
    return cast("list[RosterRow]", table.rows)
