"""Loads what is known of people, as the rules want it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, func, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import (
    absences,
    assignments,
    cards,
    changes,
    exemptions,
    identities,
    people,
    verifications,
)
from tracker.domain.facts import (
    Absence,
    Assignment,
    Booking,
    Card,
    Evidence,
    Exemption,
    PersonFacts,
    Plain,
    Submission,
    Verification,
    named,
)
from tracker.domain.scope import InUnits, OnePerson, Scope

# People whose facts are in memory at a time.
CHUNK = 2_000

Who = Select[int] | Sequence[int]
Fact = TypeVar("Fact", Assignment, Card, Verification, Absence, Exemption, Booking, Submission, Evidence)

# What is known of a person besides the name, in the order of `PersonFacts`.
KINDS: dict[Table, type[Any]] = {
    assignments: Assignment,
    cards: Card,
    verifications: Verification,
    absences: Absence,
    exemptions: Exemption,
}


def in_scope(scope: Scope, day: date | None, known: int | None = None) -> Select[int]:
    """The numbers of the people in a scope, as a query. `day` is the day on which an assignment has to cover."""
    query = select(people.c.id)
    if isinstance(scope, OnePerson):
        return query.where(people.c.employee_id == scope.employee_id)
    if isinstance(scope, InUnits):
        within = select(assignments.c.person_id).where(holds(assignments, known), assignments.c.unit.in_(scope.units))
        return query.where(people.c.id.in_(within.where(covering(day)) if day else within))
    return query


def covering(day: date) -> ColumnElement[bool]:
    """The assignments that cover a day."""
    starts, ends = assignments.c.starts_on, assignments.c.ends_on
    return (starts.is_(None) | (starts <= day)) & (ends.is_(None) | (ends >= day))


def load_people(connection: Connection, who: Who, timezone: str, known: int | None = None) -> Iterator[PersonFacts]:
    """The facts of the people asked for that are known now, or were at a change; in the order of their numbers.

    A fixed number of queries, however many people; people of whom nothing was known yet are left out.
    `timezone` is the site's: it decides the day on which somebody was first recorded.
    """
    return map(named, load_plain(connection, who, timezone, known))


def load_plain(connection: Connection, who: Who, timezone: str, known: int | None = None) -> Iterator[Plain]:
    """The same as plain tuples."""
    ids = _within(connection, people.c.id, who)
    heads = connection.execute(select(people.c.id, people.c.employee_id).where(ids).order_by(people.c.id)).all()
    first = _first_recorded(connection, who, timezone, known)
    names = {row[0]: row[1:] for row in _rows(connection, identities, who, known, "name", "email")}
    facts = [_by_person(connection, table, kind, who, known) for table, kind in KINDS.items()]
    for person, employee_id in heads:
        if person in names:
            posts, held, answers, away, exempt = (rows.get(person, ()) for rows in facts)
            yield person, employee_id, *names[person], first[person], posts, held, answers, away, exempt


def load_in_chunks(
    connection: Connection, ids: Iterable[int], timezone: str, known: int | None = None
) -> Iterator[PersonFacts]:
    """The facts of any number of people, a chunk at a time in memory."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield from load_people(connection, ordered[start : start + CHUNK], timezone, known)


def _within(connection: Connection, column: Column[int], who: Who) -> ColumnElement[bool]:
    return column.in_(who) if isinstance(who, Select) else among(connection, column, who)


def _rows(connection: Connection, table: Table, who: Who, known: int | None, *columns: str) -> Iterable[Sequence[Any]]:
    query = select(table.c.person_id, *(table.c[name] for name in columns))
    theirs = _within(connection, table.c.person_id, who)
    # By its own number: a corrected card keeps its place.
    order = table.c.card if table is cards else table.c.id
    return connection.execute(query.where(holds(table, known), theirs).order_by(order)).all()


def facts_by_person(
    connection: Connection, table: Table, kind: type[Fact], who: Who, known: int | None = None
) -> dict[int, list[Fact]]:
    """The facts of one kind that hold of some people, in the order in which they were recorded."""
    plain = _by_person(connection, table, kind, who, known)
    return {person: [kind(*row) for row in rows] for person, rows in plain.items()}


def fields_of(table: Table, kind: type[Any]) -> list[str]:
    """The columns that make a fact. A card goes by its own number, which outlives corrections."""
    return [("card" if table is cards and name == "id" else name) for name in kind._fields]


def _by_person(
    connection: Connection, table: Table, kind: type[Any], who: Who, known: int | None
) -> dict[int, list[Sequence[Any]]]:
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in _rows(connection, table, who, known, *fields_of(table, kind)):
        found[row[0]].append(row[1:])
    return found


def _first_recorded(connection: Connection, who: Who, timezone: str, known: int | None) -> dict[int, date]:
    """The day, in the site's time zone, on which each person was first recorded."""
    query = select(identities.c.person_id, func.min(identities.c.recorded)).where(
        _within(connection, identities.c.person_id, who)
    )
    if known is not None:
        query = query.where(identities.c.recorded <= known)
    first = dict(connection.execute(query.group_by(identities.c.person_id)).all())
    query = select(changes.c.seq, changes.c.at).where(among(connection, changes.c.seq, sorted(set(first.values()))))
    zone = ZoneInfo(timezone)
    days = {seq: local_day(at, zone) for seq, at in connection.execute(query)}
    return {person: days[seq] for person, seq in first.items()}


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant at the site."""
    return instant.astimezone(zone).date()
