"""Finds entries of the trail: about somebody, by somebody, of some days, of one import. The latest come first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, or_, select, union

from tracker.db.meant import ever_called
from tracker.db.moments import change_at, change_before
from tracker.db.tables import PERSON_FACTS, batches, changes, evidence
from tracker.db.trail import Entry
from tracker.domain.errors import BadInput

# The looks at several people at once, and how their subjects begin: the people's numbers follow, with commas between.
LOOK_AT_SEVERAL = "survey"
SEVERAL = "people:"


class Asked(NamedTuple):
    """Which entries are wanted; what is None is not asked about. `since` and `until` are both included, `before` is
    the number of an entry that is not."""

    employee_id: str | None = None
    actor: str | None = None
    source: str | None = None
    action: str | None = None
    batch: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def log(connection: Connection, asked: Asked, limit: int | None) -> list[Entry]:
    """The latest entries that fit. Raises BadInput if nobody was ever known by that id, or there is no such import.

    What it costs goes by what is shown, or by what is on record of the one person: no table is read whole.
    """
    query = select(changes).where(*_conditions(connection, asked)).order_by(changes.c.seq.desc()).limit(limit)
    return [Entry(*row) for row in connection.execute(query)]


def named(connection: Connection, of: Literal["action", "actor", "source"], most: int) -> list[str]:
    """What the entries have in one of their columns, each once, in order.

    From one name to the next by the index: the entries are not read.
    """
    column = changes.c[of]
    steps = select(func.min(column).label("name")).cte("steps", recursive=True)
    next_one = select(func.min(column)).where(column > steps.c.name).scalar_subquery()
    steps = steps.union_all(select(next_one).where(steps.c.name.is_not(None)))
    return list(connection.execute(select(steps.c.name).where(steps.c.name.is_not(None)).limit(most)).scalars())


def entries_about(connection: Connection, numbers: list[int]) -> list[Entry]:
    """Every entry that recorded or retracted something of some people, or names one of them; the first first."""
    return [Entry(*row) for row in connection.execute(select(changes).where(_about(numbers)).order_by(changes.c.seq))]


def _conditions(connection: Connection, asked: Asked) -> Iterable[ColumnElement[bool]]:
    for column in (changes.c.actor, changes.c.source, changes.c.action):
        if (wanted := getattr(asked, column.name)) is not None:
            yield column == wanted
    # Instants never run backwards, so days are numbers of changes.
    if asked.since is not None:
        yield changes.c.seq > change_before(connection, asked.since)
    if asked.until is not None:
        yield changes.c.seq <= change_at(connection, asked.until)
    if asked.before is not None:
        yield changes.c.seq < asked.before
    if asked.batch is not None:
        yield changes.c.seq.in_(_of_batch(connection, asked.batch))
    if asked.employee_id is not None:
        yield _about(ever_called(connection, asked.employee_id))


def _of_batch(connection: Connection, number: int) -> list[int]:
    found = connection.execute(select(batches.c.seq, batches.c.undone).where(batches.c.id == number)).first()
    if found is None:
        raise BadInput(f"There is no import {number}; 'tracker imports' lists them.")
    return [seq for seq in found if seq is not None]


def _about(numbers: list[int]) -> ColumnElement[bool]:
    """The entries that recorded or retracted something of these people, or name one of them, or a file of theirs."""
    touching: list[Select[Any]] = []
    for table in PERSON_FACTS:
        theirs = table.c.person_id.in_(numbers)
        touching += [
            select(table.c.recorded).where(theirs),
            select(table.c.retracted).where(theirs, table.c.retracted.is_not(None)),
        ]
    subjects = union(
        *(select(literal(f"person:{number}")) for number in numbers),
        select(literal("evidence:") + cast(evidence.c.item, Text)).where(evidence.c.person_id.in_(numbers)),
    )
    return or_(changes.c.seq.in_(union(*touching)), changes.c.subject.in_(subjects), _among_several(numbers))


def _among_several(numbers: list[int]) -> ColumnElement[bool]:
    """The entries about several people at once, such as `people:1,15`, that name one of these."""
    listed = literal(",") + func.substr(changes.c.subject, len(SEVERAL) + 1) + literal(",")
    named = select(changes.c.seq).where(
        changes.c.action == LOOK_AT_SEVERAL,
        changes.c.subject.startswith(SEVERAL, autoescape=True),
        or_(*(listed.contains(f",{number},") for number in numbers)),
    )
    return changes.c.seq.in_(named)
