"""Loads what is known of people, as the rules want it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, false, or_, select, true

from tracker.db.bulk import among, as_text
from tracker.db.former import MERGE, merges
from tracker.db.moments import holds
from tracker.db.tables import (
    absences,
    assignments,
    cards,
    changes,
    exemptions,
    identities,
    keepings,
    people,
    verifications,
)
from tracker.domain.days import OPEN
from tracker.domain.facts import (
    Absence,
    Assignment,
    Booking,
    Card,
    Evidence,
    Exemption,
    Keeping,
    PersonFacts,
    Plain,
    Refusal,
    Submission,
    Verification,
    named,
)
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope, SomePeople

# People whose facts are in memory at a time.
CHUNK = 2_000

Who = Select[int] | Sequence[int]
Fact = TypeVar(
    "Fact", Assignment, Card, Verification, Absence, Exemption, Booking, Submission, Evidence, Refusal, Keeping
)

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
    if isinstance(scope, OnePerson | SomePeople):
        return query.where(named_in(scope, known))
    if isinstance(scope, InUnits):
        within = select(assignments.c.person_id).where(holds(assignments, known), assignments.c.unit.in_(scope.units))
        return query.where(people.c.id.in_(within.where(covering(day)) if day else within))
    return query


def is_of(column: ColumnElement[int], scope: Scope, day: date | None) -> ColumnElement[bool]:
    """Whether a column numbers somebody in a scope; of everyone nothing is looked up."""
    return true() if scope == EVERYONE else column.in_(in_scope(scope, day))


def is_told_whole(column: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """Whether a column numbers somebody of whom a scope tells more than standings: of units, who is in them today."""
    return is_of(column, scope, scope.today) if isinstance(scope, InUnits) and scope.today else true()


def elsewhere(connection: Connection, scope: Scope, numbers: Iterable[int]) -> set[int]:
    """Those among some people of whom a scope tells nothing but standings, and why: they are not in its units today."""
    if not (isinstance(scope, InUnits) and scope.today):
        return set()
    return set(numbers) - set(connection.execute(in_scope(scope, scope.today)).scalars())


def is_within(connection: Connection, scope: Scope, person: int, day: date, known: int | None = None) -> bool:
    """Whether a scope holds a person on a day."""
    return connection.execute(in_scope(scope, day, known).where(people.c.id == person)).first() is not None


def named_in(scope: OnePerson | SomePeople, known: int | None) -> ColumnElement[bool]:
    """The people whom a scope names."""
    ids = (scope.employee_id,) if isinstance(scope, OnePerson) else scope.employee_ids
    return or_(false(), *(called(each, known) for each in ids))


def called(employee_id: str, known: int | None) -> ColumnElement[bool]:
    """The person who has an employee id; asked about a change, who had it then, or else who has it now."""
    now = people.c.employee_id == employee_id
    if known is None:
        return now
    then = select(identities.c.person_id).where(holds(identities, known), identities.c.employee_id == employee_id)
    return people.c.id.in_(then) | (now & ~then.exists())


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
    """The same as plain tuples, with the days as texts."""
    first = {person: day.isoformat() for person, day in _first_recorded(connection, who, timezone, known).items()}
    # The employee id is the one of then, too.
    columns = [identities.c.employee_id, identities.c.name, identities.c.email]
    heads = {row[0]: row[1:] for row in _rows(connection, identities, who, known, columns)}
    facts = [
        _by_person(connection, table, who, known, [as_text(column) for column in _columns(table, kind)])
        for table, kind in KINDS.items()
    ]
    kept = {person: day.isoformat() for person, day in kept_from(connection, who, known).items()}
    for person in sorted(heads):
        posts, held, answers, away, exempt = (rows.get(person, ()) for rows in facts)
        yield person, *heads[person], first[person], posts, held, answers, away, exempt, kept.get(person)


def load_in_chunks(
    connection: Connection, ids: Iterable[int], timezone: str, known: int | None = None
) -> Iterator[PersonFacts]:
    """The facts of any number of people, a chunk at a time in memory."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield from load_people(connection, ordered[start : start + CHUNK], timezone, known)


def _within(connection: Connection, column: Column[int], who: Who) -> ColumnElement[bool]:
    return column.in_(who) if isinstance(who, Select) else among(connection, column, who)


def _rows(
    connection: Connection, table: Table, who: Who, known: int | None, columns: Sequence[ColumnElement[Any]]
) -> Iterable[Sequence[Any]]:
    query = select(table.c.person_id, *columns)
    theirs = _within(connection, table.c.person_id, who)
    # By its own number: a corrected card keeps its place.
    order = table.c.card if table is cards else table.c.id
    return connection.execute(query.where(holds(table, known), theirs).order_by(order)).all()


def facts_by_person(
    connection: Connection, table: Table, kind: type[Fact], who: Who, known: int | None = None
) -> dict[int, list[Fact]]:
    """The facts of one kind that hold of some people, in the order in which they were recorded."""
    plain = _by_person(connection, table, who, known, _columns(table, kind))
    return {person: [kind(*row) for row in rows] for person, rows in plain.items()}


def fields_of(table: Table, kind: type[Any]) -> list[str]:
    """The columns that make a fact. A card goes by its own number, which outlives corrections."""
    return [("card" if table is cards and name == "id" else name) for name in kind._fields]


def _columns(table: Table, kind: type[Any]) -> list[Column[Any]]:
    return [table.c[name] for name in fields_of(table, kind)]


def _by_person(
    connection: Connection, table: Table, who: Who, known: int | None, columns: Sequence[ColumnElement[Any]]
) -> dict[int, list[Sequence[Any]]]:
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in _rows(connection, table, who, known, columns):
        found[row[0]].append(row[1:])
    return found


def kept_from(connection: Connection, who: Who, known: int | None) -> dict[int, date]:
    """From which day on some people are on record, of those of whom something was removed, whatever was known then.

    As known at a change of which too much is gone, no day is.
    """
    query = select(keepings.c.person_id, keepings.c.kept_from, keepings.c.known_from)
    rows = connection.execute(query.where(holds(keepings, None), _within(connection, keepings.c.person_id, who)))
    return {person: OPEN if known is not None and known < known_from else first for person, first, known_from in rows}


def _first_recorded(connection: Connection, who: Who, timezone: str, known: int | None) -> dict[int, date]:
    """The day, in the site's time zone, on which each person was first recorded."""
    theirs = _within(connection, identities.c.person_id, who)
    query = select(identities.c.person_id, identities.c.recorded).where(theirs).order_by(identities.c.id.desc())
    if known is not None:
        query = query.where(identities.c.recorded <= known)
    recorded = connection.execute(query).all()
    seqs = among(connection, changes.c.seq, sorted({seq for _, seq in recorded}))
    made = connection.execute(select(changes.c.seq, changes.c.at, changes.c.action).where(seqs)).all()
    zone = ZoneInfo(timezone)
    days = {seq: local_day(at, zone) for seq, at, _ in made}
    # The first of each, as it comes last.
    first = {person: days[seq] for person, seq in dict(recorded).items()}
    # A merge records anew who the one is that stays, so whoever became another is found without a look at everybody.
    if any(action == MERGE for *_, action in made):
        _count_merged(connection, first, timezone, known)
    return first


def _count_merged(connection: Connection, first: dict[int, date], timezone: str, known: int | None) -> None:
    """Lets the days on which those were first recorded who became one of these people count for these."""
    gone = [(number, kept) for number, (kept, _) in merges(connection, known).items() if kept in first]
    before = _first_recorded(connection, [number for number, _ in gone], timezone, known) if gone else {}
    for number, kept in gone:
        first[kept] = min(first[kept], before.get(number, first[kept]))


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant at the site."""
    return instant.astimezone(zone).date()
