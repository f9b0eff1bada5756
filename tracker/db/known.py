"""What an import holds its rows against: people by employee id, the rows behind facts, units, batches."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import CHUNK, covering, facts_by_person, load_people
from tracker.db.tables import (
    assignments,
    batches,
    bookings,
    cards,
    changes,
    identities,
    people,
    segments,
    submissions,
    units,
    verifications,
)
from tracker.db.timelines import live_generation
from tracker.domain.facts import Booking, Card, PersonFacts, Submission, Verification


class Known(NamedTuple):
    """The people among some employee ids: their numbers, and what holds of those of whom something does."""

    numbers: dict[str, int]
    facts: dict[str, PersonFacts]


class KnownCards(NamedTuple):
    """A person's number, id and name, cards, and what their issuers answered."""

    id: int
    employee_id: str
    name: str | None
    cards: Sequence[Card]
    verifications: Sequence[Verification]


class Unit(NamedTuple):
    """A unit as recorded; `id` is the fact's."""

    id: int
    name: str
    facility: str | None
    managers: str | None
    director: str | None


class Batch(NamedTuple):
    """An import: when and by whom, its files, and whether it was undone."""

    id: int
    seq: int
    at: Any
    actor: str
    files: list[dict[str, Any]]
    undone: int | None


def known_people(connection: Connection, employee_ids: Iterable[str], timezone: str) -> Known:
    """Looks people up by employee id, exactly as written."""
    query = select(people.c.employee_id, people.c.id).where(among(connection, people.c.employee_id, list(employee_ids)))
    numbers = dict(connection.execute(query).all())
    if not numbers:
        return Known({}, {})
    found = load_people(connection, list(numbers.values()), timezone)
    return Known(numbers, {person.employee_id: person for person in found})


def known_cards(connection: Connection, employee_ids: Iterable[str]) -> dict[str, KnownCards]:
    """The cards of those among some employee ids who are known, by employee id."""
    query = (
        select(identities.c.employee_id, identities.c.person_id, identities.c.name)
        .join(people, people.c.id == identities.c.person_id)
        .where(holds(identities, None), among(connection, people.c.employee_id, list(employee_ids)))
    )
    numbers = connection.execute(query).all()
    ids = [number for _, number, _ in numbers]
    held = facts_by_person(connection, cards, Card, ids)
    answers = facts_by_person(connection, verifications, Verification, ids)
    return {
        employee_id: KnownCards(number, employee_id, name, held.get(number, ()), answers.get(number, ()))
        for employee_id, number, name in numbers
    }


def fact_of(connection: Connection, table: Table, person_ids: Sequence[int]) -> dict[int, int]:
    """For identities the row that holds of each person; for cards the row that holds of each card number."""
    key = cards.c.card if table is cards else table.c.person_id
    query = select(key, table.c.id).where(holds(table, None), among(connection, table.c.person_id, person_ids))
    return dict(connection.execute(query).all())


def all_units(connection: Connection) -> list[Unit]:
    """The units on record."""
    columns = (units.c.id, units.c.name, units.c.facility, units.c.managers, units.c.director)
    rows = connection.execute(select(*columns).where(holds(units, None)).order_by(units.c.name))
    return [Unit(*row) for row in rows]


def unit_names(connection: Connection, known: int | None = None) -> list[str]:
    """Every unit that is on record or that somebody is assigned to, now or as known at a change; in order."""
    named = connection.execute(select(units.c.name).where(holds(units, known))).scalars()
    used = connection.execute(select(assignments.c.unit).where(holds(assignments, known)).distinct()).scalars()
    return sorted({*named, *used})


def is_unit(connection: Connection, name: str) -> bool:
    """Whether a unit is on record, or somebody assigned to it, in this very spelling."""
    there = select(units.c.id).where(holds(units, None), units.c.name == name)
    used = select(assignments.c.id).where(holds(assignments, None), assignments.c.unit == name)
    return any(connection.execute(query.limit(1)).first() for query in (there, used))


def role_names(connection: Connection) -> list[str]:
    """Every role that somebody is assigned to, as rosters call it."""
    query = select(assignments.c.role).where(holds(assignments, None)).distinct()
    return sorted(connection.execute(query).scalars())


def people_count(connection: Connection) -> int:
    """How many people were ever recorded."""
    return connection.execute(select(func.count()).select_from(people)).scalar() or 0


def staff_of(connection: Connection, names: Iterable[str], day: date) -> list[str]:
    """The employee ids of those with an assignment in these units on a day."""
    query = (
        select(people.c.employee_id)
        .join(assignments, assignments.c.person_id == people.c.id)
        .where(holds(assignments, None), covering(day), among(connection, assignments.c.unit, list(names)))
        .distinct()
    )
    return sorted(connection.execute(query).scalars())


def unmatched(connection: Connection, employee_ids: Iterable[str], day: date) -> list[str]:
    """Those who work somewhere on a day but whom no requirement matches on it."""
    generation = live_generation(connection)
    working = select(assignments.c.id).where(
        assignments.c.person_id == people.c.id, holds(assignments, None), covering(day)
    )
    asked = select(segments.c.requirement).where(
        segments.c.generation == generation,
        segments.c.person_id == people.c.id,
        segments.c.first_day <= day,
        segments.c.last_day >= day,
    )
    found: list[str] = []
    ordered = sorted(employee_ids)
    for start in range(0, len(ordered), CHUNK):
        query = select(people.c.employee_id).where(
            among(connection, people.c.employee_id, ordered[start : start + CHUNK]), ~asked.exists(), working.exists()
        )
        found += connection.execute(query).scalars()
    return sorted(found)


def without_type(connection: Connection, change: int, day: date) -> dict[tuple[str, str], set[int]]:
    """Who works, by what a change recorded, on a day or later without an employment type; by unit and role."""
    query = select(assignments.c.unit, assignments.c.role, assignments.c.person_id).where(
        assignments.c.recorded == change,
        holds(assignments, None),
        func.coalesce(assignments.c.employment_type, "") == "",
        func.coalesce(assignments.c.ends_on, day) >= day,
    )
    found: dict[tuple[str, str], set[int]] = {}
    for unit, role, person in connection.execute(query):
        found.setdefault((unit, role), set()).add(person)
    return found


def find_batches(
    connection: Connection, number: int | None = None, *, actor: str | None = None, most: int | None = None
) -> list[Batch]:
    """The imports, the latest first; or the one asked for, those of somebody, so many of them at most."""
    query = (
        select(batches.c.id, batches.c.seq, changes.c.at, changes.c.actor, batches.c.files, batches.c.undone)
        .join(changes, changes.c.seq == batches.c.seq)
        .order_by(batches.c.id.desc())
    )
    if number is not None:
        query = query.where(batches.c.id == number)
    if actor is not None:
        query = query.where(changes.c.actor == actor)
    return [
        Batch(batch, seq, at, actor, json.loads(files), undone)
        for batch, seq, at, actor, files, undone in connection.execute(query.limit(most))
    ]


def underway(connection: Connection, number: int) -> tuple[list[Booking], list[Submission]]:
    """The classes that a person is booked for, and the cards that wait to be checked."""
    booked = facts_by_person(connection, bookings, Booking, [number])
    return booked.get(number, []), facts_by_person(connection, submissions, Submission, [number]).get(number, [])


def booked_classes(connection: Connection, person_ids: Sequence[int]) -> set[tuple[int, str, date | None]]:
    """The classes that some people are booked for: the person's number, the type, the day."""
    query = select(bookings.c.person_id, bookings.c.type, bookings.c.class_on)
    query = query.where(holds(bookings, None), among(connection, bookings.c.person_id, person_ids))
    return {tuple(row) for row in connection.execute(query)}


def facts_held(connection: Connection, table: Table, number: int) -> list[int]:
    """The facts of one kind that hold of a person, by their own numbers."""
    query = select(table.c.id).where(holds(table, None), table.c.person_id == number)
    return sorted(connection.execute(query).scalars())
