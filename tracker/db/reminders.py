"""What reminders rest on: what people have under way, what was sent of whom, who answers for units, whom to look at."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, or_, select

from tracker.db.bounces import concerned_since
from tracker.db.bulk import among, insert_rows
from tracker.db.former import became, merges
from tracker.db.moments import holds, latest_change
from tracker.db.people import CHUNK, facts_by_person, fields_of, load_people
from tracker.db.refusals import refused_of
from tracker.db.tables import (
    agenda,
    assignments,
    bookings,
    cards,
    enablings,
    mails,
    notices,
    people,
    runs,
    submissions,
    units,
)
from tracker.db.timelines import live_generation
from tracker.domain.alerts import Contacts
from tracker.domain.facts import Booking, Card, PersonFacts, Submission
from tracker.domain.refusals import Refused
from tracker.domain.reminders import Kind, Notice, Sent, Stage, Underway

# The stages that are no number.
WORDS: dict[str, Stage] = {"new": "new", "overdue": "overdue"}


class Case(NamedTuple):
    """A person, what is under way, what was sent about them, and the cards of theirs that were refused."""

    person: PersonFacts
    underway: Underway
    sent: Sequence[Sent]
    refused: Sequence[Refused] = ()


class LastRun(NamedTuple):
    """The latest run day, and what the run looked at: every change up to `seq`, by the timelines of a generation.

    `at` is when it was made.
    """

    day: date
    seq: int
    generation: int
    at: datetime


def load_cases(connection: Connection, ids: Iterable[int], timezone: str) -> Iterator[Case]:
    """The cases of any number of people, some in memory at a time."""
    ordered = sorted(ids)
    absorbed = _absorbed(connection)
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        booked = facts_by_person(connection, bookings, Booking, some)
        submitted = facts_by_person(connection, submissions, Submission, some)
        held = _held(connection, submitted)
        sent = _sent(connection, some, absorbed)
        refused = refused_of(connection, some)
        for person in load_people(connection, some, timezone):
            handed_in = submitted.get(person.id, ())
            then = {one.id: held[one.id] for one in handed_in}
            underway = Underway(booked.get(person.id, ()), handed_in, then)
            yield Case(person, underway, sent.get(person.id, ()), refused.get(person.id, ()))


def _held(connection: Connection, submitted: Mapping[int, Sequence[Submission]]) -> dict[int, list[Card]]:
    """The cards of a person that were known when each of those that wait was handed in, by its number."""
    found: dict[int, list[Card]] = {one.id: [] for some in submitted.values() for one in some}
    if not found:
        return found
    known = and_(cards.c.person_id == submissions.c.person_id, holds(cards, submissions.c.recorded))
    query = select(submissions.c.id, *(cards.c[name] for name in fields_of(cards, Card))).join(cards, known)
    waiting = and_(holds(submissions, None), among(connection, submissions.c.person_id, sorted(submitted)))
    for one, *card in connection.execute(query.where(waiting).order_by(cards.c.card)):
        found[one].append(Card(*card))
    return found


def _absorbed(connection: Connection) -> dict[int, list[int]]:
    """Those who became another person, by whom they are now: what they were told, that person was told."""
    merged = merges(connection)
    found: dict[int, list[int]] = defaultdict(list)
    for gone in merged:
        found[became(merged, gone)].append(gone)
    return found


def _sent(connection: Connection, ids: Sequence[int], absorbed: Mapping[int, list[int]]) -> dict[int, list[Sent]]:
    now = {gone: number for number in ids for gone in absorbed.get(number, ())} if absorbed else {}
    query = (
        select(notices, mails.c.day, mails.c.kind, mails.c.address)
        .join(mails, mails.c.id == notices.c.mail_id)
        .where(among(connection, notices.c.person_id, [*ids, *now]), mails.c.state == "sent")
        .order_by(mails.c.id, notices.c.place)
    )
    found: dict[int, list[Sent]] = defaultdict(list)
    for row in connection.execute(query):
        notice = Notice(
            tuple(json.loads(row.requirements)), row.cause, read_stage(row.stage), row.last_day, row.first_day
        )
        found[now.get(row.person_id, row.person_id)].append(Sent(row.day, row.kind, row.address, notice))
    return found


def read_stage(text: str) -> Stage:
    """A stage as stored."""
    return WORDS[text] if text in WORDS else int(text)


def unit_contacts(connection: Connection) -> dict[str, Contacts]:
    """Who answers for each unit, by its name."""
    query = select(units.c.name, units.c.managers, units.c.director).where(holds(units, None))
    return {
        name: Contacts(tuple(managers.split(";")) if managers else (), director)
        for name, managers, director in connection.execute(query)
    }


def last_run(connection: Connection) -> LastRun | None:
    """The latest day that was run, and how far the latest run of it looked; None before the first."""
    latest = select(runs.c.day, runs.c.seq, runs.c.generation, runs.c.at).order_by(runs.c.day.desc(), runs.c.id.desc())
    row = connection.execute(latest.limit(1)).first()
    return LastRun(*row) if row else None


def record_run(connection: Connection, run: LastRun) -> None:
    """Notes that a run was made."""
    number = (connection.execute(select(func.max(runs.c.id))).scalar() or 0) + 1
    connection.execute(runs.insert().values({"id": number, **run._asdict()}))


def enabled_on(connection: Connection, bound_to: str) -> date | None:
    """The day on which mail was let go for what it is bound to; None if it was not, or for something else."""
    query = select(enablings.c.day).where(holds(enablings, None), enablings.c.bound_to == bound_to)
    return connection.execute(query.order_by(enablings.c.id.desc())).scalars().first()


def enablings_that_hold(connection: Connection) -> list[int]:
    """The facts by which mail is let go."""
    return list(connection.execute(select(enablings.c.id).where(holds(enablings, None))).scalars())


def runs_so_far(connection: Connection) -> int:
    """How many runs this database has seen."""
    return connection.execute(select(func.max(runs.c.id))).scalar() or 0


def looking_at(connection: Connection, day: date, at: datetime) -> LastRun:
    """How far a run that begins now looks."""
    return LastRun(day, latest_change(connection), live_generation(connection) or 0, at)


def whom_to_look_at(connection: Connection, day: date) -> list[int]:
    """The numbers of those about whom something may be owed on a day.

    Those whose day in the agenda has come, those of whom a fact changed since the last run, those of units whose
    managers did, and those whose address, or whose manager's, was marked or lifted; everybody if the timelines are
    others than then.
    """
    before = last_run(connection)
    if before is None or before.generation != live_generation(connection):
        return sorted(connection.execute(select(people.c.id)).scalars())
    due = set(connection.execute(select(agenda.c.person_id).where(agenda.c.next_on <= day)).scalars())
    due.update(connection.execute(select(people.c.id).where(people.c.touched > before.seq)).scalars())
    changed = select(units.c.name).where(or_(units.c.recorded > before.seq, units.c.retracted > before.seq))
    names = sorted(set(connection.execute(changed).scalars()))
    if names:
        theirs = select(assignments.c.person_id).where(
            holds(assignments, None), among(connection, assignments.c.unit, names)
        )
        due.update(connection.execute(theirs).scalars())
    return sorted(due | concerned_since(connection, before.seq))


def set_agenda(connection: Connection, next_looks: Mapping[int, date | None]) -> None:
    """Says when to look at people again; None: not before a fact of theirs changes."""
    ordered = sorted(next_looks)
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        connection.execute(delete(agenda).where(among(connection, agenda.c.person_id, some)))
        insert_rows(connection, agenda, [(number, day) for number in some if (day := next_looks[number])])


def number_of(connection: Connection, employee_id: str) -> int | None:
    """The number of a person; None if nobody is known by that id."""
    return connection.execute(select(people.c.id).where(people.c.employee_id == employee_id)).scalar()


def digests_since(connection: Connection, day: date) -> dict[str, bool]:
    """The addresses for which a digest was planned by a run for that day or a later one, and whether one was sent."""
    kind: Kind = "manager_digest"
    query = select(mails.c.address, mails.c.state).where(mails.c.kind == kind, mails.c.day >= day)
    found: dict[str, bool] = {}
    for address, state in connection.execute(query):
        found[address] = found.get(address, False) or state == "sent"
    return found
