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
    FACTS,
    assignments,
    batches,
    cards,
    changes,
    identities,
    people,
    segments,
    units,
    verifications,
)
from tracker.db.timelines import live_generation
from tracker.domain.facts import Card, PersonFacts, Verification


class Known(NamedTuple):
    """The people among some employee ids: their numbers, and what holds of those of whom something does."""

    numbers: dict[str, int]
    facts: dict[str, PersonFacts]


class KnownCards(NamedTuple):
    """A person's number, cards, and what their issuers answered."""

    id: int
    employee_id: str
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
        select(identities.c.employee_id, identities.c.person_id)
        .join(people, people.c.id == identities.c.person_id)
        .where(holds(identities, None), among(connection, people.c.employee_id, list(employee_ids)))
    )
    numbers = connection.execute(query).all()
    ids = [number for _, number in numbers]
    held = facts_by_person(connection, cards, Card, ids)
    answers = facts_by_person(connection, verifications, Verification, ids)
    return {
        employee_id: KnownCards(number, employee_id, held.get(number, ()), answers.get(number, ()))
        for employee_id, number in numbers
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


def find_batches(connection: Connection, number: int | None = None) -> list[Batch]:
    """The imports, the latest first; or the one asked for."""
    query = (
        select(batches.c.id, batches.c.seq, changes.c.at, changes.c.actor, batches.c.files, batches.c.undone)
        .join(changes, changes.c.seq == batches.c.seq)
        .order_by(batches.c.id.desc())
    )
    if number is not None:
        query = query.where(batches.c.id == number)
    return [
        Batch(batch, seq, at, actor, json.loads(files), undone)
        for batch, seq, at, actor, files, undone in connection.execute(query)
    ]


def recorded_in(connection: Connection, table: Table, seq: int) -> list[Any]:
    """The facts that a change recorded and that still hold."""
    of = (table.c.recorded == seq) & table.c.retracted.is_(None)
    return list(connection.execute(select(table).where(of).order_by(table.c.id)))


def retracted_in(connection: Connection, table: Table, seq: int) -> list[Any]:
    """The facts that held before a change and that it retracted."""
    of = (table.c.retracted == seq) & (table.c.recorded < seq)
    return list(connection.execute(select(table).where(of).order_by(table.c.id)))


def not_holding(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those of some facts (their columns between `id` and `recorded`) of which no equal holds already."""
    if "person_id" not in table.c or not rows:
        return list(rows)
    theirs = among(connection, table.c.person_id, sorted({row[0] for row in rows}))
    held = {tuple(fact)[1:-2] for fact in connection.execute(select(table).where(holds(table, None), theirs))}
    return [row for row in rows if row not in held]


def building_on(connection: Connection, seq: int) -> list[int]:
    """The changes that rest on the facts of a change, the latest first: reasons not to undo it.

    A correction of one of its facts does, as do facts about people or cards that it brought. What an undone import
    did, and what that undo put back, does not.
    """
    undone = {
        number for pair in connection.execute(select(batches.c.seq, batches.c.undone)) for number in pair if pair.undone
    }
    found: set[int] = set()
    for table in FACTS:
        later = select(table.c.retracted).where(table.c.recorded == seq, table.c.retracted > seq)
        found.update(connection.execute(later).scalars())
        found.update(copy.retracted for copy in put_back(connection, table, seq) if copy.retracted)
    begun = select(identities.c.person_id).where(identities.c.recorded == seq)
    newcomers = begun.except_(select(identities.c.person_id).where(holds(identities, seq - 1)))
    first_cards = select(cards.c.card).where(cards.c.recorded == seq, cards.c.card == cards.c.id)
    for table in FACTS:
        for key, brought in (("person_id", newcomers), ("card", first_cards)):
            if key in table.c:
                later = select(table.c.recorded).where(
                    table.c.recorded > seq, table.c.retracted.is_(None), table.c[key].in_(brought)
                )
                found.update(connection.execute(later).scalars())
    return sorted(found - undone, reverse=True)


def put_back(connection: Connection, table: Table, seq: int) -> list[Any]:
    """Facts that a change recorded, another import corrected, and the undo of that one recorded again.

    They are the originals under a new number, whether they still hold or not: to undo the change, they go too.
    """
    undos = select(batches.c.undone).where(batches.c.undone.is_not(None), batches.c.undone > seq)
    corrected = connection.execute(
        select(table).where(table.c.recorded == seq, table.c.retracted.in_(select(batches.c.seq)))
    ).all()
    originals = {tuple(fact)[1:-2] for fact in corrected}
    again = select(table).where(table.c.recorded.in_(undos))
    return [fact for fact in connection.execute(again) if tuple(fact)[1:-2] in originals] if originals else []


def described_changes(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Changes as the trail lists them: `import batch:3`, `card-verify card:12`."""
    query = select(changes.c.action, changes.c.subject).where(among(connection, changes.c.seq, numbers))
    return [
        f"{action} {subject}".strip() for action, subject in connection.execute(query.order_by(changes.c.seq.desc()))
    ]
