"""What was recorded and retracted of one person, change by change, as far as a scope shows it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, or_, select, union

from tracker.db.bulk import among
from tracker.db.meant import one_with
from tracker.db.tables import PERSON_FACTS, assignments, cards, changes, evidence, exemptions, verifications
from tracker.db.trail import Entry
from tracker.domain.scope import InUnits, Scope

# Facts that are about a card of the person.
ABOUT_CARDS = (verifications.name, evidence.name)


class Said(NamedTuple):
    """A fact that a change recorded or retracted: of which table, and its fields.

    What is about a card has beside its number in the records (`card`) what it was then: type, number, issue day
    (`of_card`).
    """

    kind: str
    is_retracted: bool
    fields: dict[str, Any]


class Turn(NamedTuple):
    """A change, and what of the person it recorded and retracted."""

    entry: Entry
    said: list[Said]


class Sight(NamedTuple):
    """Through what it is looked: assignments of the scope, exemptions from these requirements; None: from every one."""

    scope: Scope
    requirements: frozenset[str] | None


def history_of(connection: Connection, number: int, sight: Sight, before: int | None, limit: int) -> list[Turn]:
    """The latest changes about a person, and whoever became that person, the latest first; those `before` a number.

    What it costs goes by what is on record of the person.
    """
    numbers = one_with(connection, [number])
    theirs = {table: _seen(connection, table, numbers, sight) for table in PERSON_FACTS}
    by_change = union(*(select(column).where(one) for table, one in theirs.items() for column in _ends(table)))
    query = select(changes).where(changes.c.seq.in_(by_change)).order_by(changes.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(changes.c.seq < before)
    turns = {row.seq: Turn(Entry(*row), []) for row in connection.execute(query)}
    for table, one in theirs.items():
        _fill(connection, table, one, turns)
    _name_cards(connection, theirs[cards], turns)
    return list(turns.values())


def _ends(table: Table) -> tuple[Any, Any]:
    return table.c.recorded, table.c.retracted


def _seen(connection: Connection, table: Table, numbers: Sequence[int], sight: Sight) -> ColumnElement[bool]:
    """The facts of a table that are about the person and seen."""
    theirs = among(connection, table.c.person_id, numbers)
    if table is assignments and isinstance(sight.scope, InUnits):
        return theirs & among(connection, table.c.unit, list(sight.scope.units))
    if table is exemptions and sight.requirements is not None:
        return theirs & among(connection, table.c.requirement, sorted(sight.requirements))
    return theirs


def _fill(connection: Connection, table: Table, theirs: ColumnElement[bool], turns: Mapping[int, Turn]) -> None:
    """Adds what changes recorded and retracted of one kind; what is replaced comes before what takes its place."""
    some = sorted(turns)
    within = or_(*(among(connection, column, some) for column in _ends(table)))
    rows = connection.execute(select(table).where(theirs, within).order_by(table.c.id)).all()
    for is_retracted in (True, False):
        for row in rows:
            turn = turns.get(row.retracted if is_retracted else row.recorded)
            if turn:
                turn.said.append(Said(table.name, is_retracted, dict(row._mapping)))


def _name_cards(connection: Connection, theirs: ColumnElement[bool], turns: Mapping[int, Turn]) -> None:
    """Adds to what is about a card what that was when the fact was recorded: type, number, issue day."""
    about = [
        one.fields for turn in turns.values() for one in turn.said if one.kind in ABOUT_CARDS and one.fields["card"]
    ]
    numbers = sorted({fields["card"] for fields in about})
    columns = cards.c.card, cards.c.recorded, cards.c.type, cards.c.number, cards.c.issued_on
    query = select(*columns).where(theirs, among(connection, cards.c.card, numbers)).order_by(cards.c.id)
    versions: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        versions.setdefault(row.card, []).append(row)
    for fields in about:
        then = [row for row in versions.get(fields["card"], ()) if row.recorded <= fields["recorded"]]
        fields["of_card"] = tuple(then[-1][2:]) if then else None
