"""Answers who stands where, and why, as plain data."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from tracker.actions.find_people import find_people
from tracker.db.connect import Database
from tracker.db.evidence import EvidenceRow, evidence_in
from tracker.db.former import unknown
from tracker.db.moments import change_at
from tracker.db.people import CHUNK, elsewhere, in_scope, is_within, load_people
from tracker.db.policies import load_rulebook
from tracker.db.standings import StandingRow, posts_on, segments_between, standings_on, timeline_of
from tracker.domain.days import ALWAYS, OPEN, Span, add_months, month_end, overlap
from tracker.domain.errors import unknown_person
from tracker.domain.facts import Assignment, PersonFacts
from tracker.domain.outlook import last_day
from tracker.domain.scope import EVERYONE, OnePerson, Scope
from tracker.domain.seen import as_seen, standing_alone, stood_on, why_alone
from tracker.domain.standing import RUNNING_OUT, Standing
from tracker.domain.timeline import Engine, Segment
from tracker.domain.why import CardView, Explanation, explain


class Answer(NamedTuple):
    """A standing on a day with its why. `since` and `until` are None where it always held or never ends."""

    row: StandingRow
    since: date | None
    until: date | None
    days_left: int | None
    expiring: bool
    flags: list[str]
    why: Explanation


class PersonAnswer(NamedTuple):
    """One person: who, where, where they stand on the day, their whole timeline, and what shows their cards.

    `whys` are the reasons at the beginning of those segments for which they were asked. `is_whole` is false of somebody
    who is not in the units of the scope today: then there is nothing else, though more may be on record.
    """

    person: PersonFacts
    answers: list[Answer]
    timeline: list[Segment]
    evidence: list[EvidenceRow]
    whys: dict[Segment, list[str]]
    is_whole: bool


class MonthCount(NamedTuple):
    """How many have a standing on a month's last day, were nobody to renew."""

    month: str
    unit: str
    requirement: str
    standing: str
    people: int


def ask_rows(
    database: Database, scope: Scope, as_of: date, known_at: datetime | None, requirement: str | None = None
) -> list[StandingRow]:
    """The standings of a scope on a day."""
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        rows = standings_on(connection, scope, as_of, known)
        return [row for row in rows if requirement is None or row.requirement == requirement]


def ask_unmatched(database: Database, scope: Scope, as_of: date, known_at: datetime | None) -> list[str]:
    """The employee ids of those who work in a scope on a day but whom no requirement matches."""
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        people = {post.employee_id for post in posts_on(connection, scope, as_of, known)}
        return sorted(people - {row.post.employee_id for row in standings_on(connection, scope, as_of, known)})


def ask_status(
    database: Database, scope: Scope, as_of: date, known_at: datetime | None, requirement: str | None = None
) -> Iterator[Answer]:
    """The standings of a scope on a day, each with its why."""
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        rulebook = load_rulebook(connection, known)
        engine = Engine(rulebook)
        found = standings_on(connection, scope, as_of, known)
        rows = [row for row in found if requirement is None or row.requirement == requirement]
        # Some people's facts at a time: a hospital's would not fit.
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            ids = sorted({row.post.person_id for row in some})
            loaded = load_people(connection, ids, rulebook.newest.timezone, known)
            people = {person.id: person for person in loaded}
            for row in some:
                yield _answer(engine, people[row.post.person_id], row, as_of)


def ask_person(
    database: Database, scope: Scope, whom: str, as_of: date, known_at: datetime | None, drawn: Span | None = None
) -> PersonAnswer:
    """One person's standings, why, and timeline, by employee id or name; raises BadInput if that is not one person.

    Of the timeline the why is told as far as it lies within the days that are `drawn`.

    Of somebody in a scope of units only what is about these units is told, but for the cards; of somebody who is not in
    them today, as `domain.seen` has it. In such a scope people go by employee id: what names are near would tell of
    others.
    """
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        rulebook = load_rulebook(connection, known)
        (employee_id,) = find_people(connection, [whom], known) if scope == EVERYONE else (whom,)
        of = OnePerson(employee_id)
        person = next(load_people(connection, in_scope(of, None, known), rulebook.newest.timezone, known), None)
        if person is None or not is_within(connection, scope, person.id, as_of, known):
            raise unknown(connection, employee_id) if scope == EVERYONE else unknown_person(employee_id)
        engine = Engine(rulebook)
        whole = not elsewhere(connection, scope, [person.id])
        seen = as_seen(person, scope) if whole else standing_alone(person, scope)
        places = {one.id for one in seen.assignments}
        rows = [row for row in standings_on(connection, of, as_of, known) if row.post.assignment_id in places]
        timeline = [one for one in timeline_of(connection, person, known) if one.assignment in places]
        answers = [_answer(engine, person, row, as_of) for row in rows]
        whys = _whys(engine, person, timeline, drawn, whole=whole) if drawn else {}
        if not whole:
            answers = [_alone(engine, person, scope, one, as_of) for one in answers]
        return PersonAnswer(
            seen, answers, timeline, evidence_in(connection, of, known) if whole else [], whys, is_whole=whole
        )


def _whys(
    engine: Engine, person: PersonFacts, timeline: list[Segment], drawn: Span, *, whole: bool
) -> dict[Segment, list[str]]:
    """The reasons on the first day, among those drawn, of each standing that has one."""
    shown = {one: overlap(drawn, Span(one.first, one.last)) for one in timeline}

    def why(one: Segment, day: date) -> list[str]:
        asked = (person, one.requirement, one.standing, day)
        return explain(engine, *asked).reasons if whole else why_alone(engine, *asked)

    return {one: why(one, days.first) for one, days in shown.items() if days}


def _alone(engine: Engine, person: PersonFacts, scope: Scope, answer: Answer, as_of: date) -> Answer:
    """An answer about somebody elsewhere, by no more than the standing of the day rests on."""
    row, known = answer.row, stood_on(engine.reader_on(as_of).policy, as_seen(person, scope), as_of)
    reasons = why_alone(engine, person, row.requirement, row.standing, as_of)
    due_by = answer.why.due_by
    return answer._replace(expiring=_expiring(engine, known, row, as_of), why=Explanation([], due_by, reasons))


def ask_forecast(database: Database, scope: Scope, first: date, months: int) -> list[MonthCount]:
    """Standings to come if nobody renews, on the last day of each month; each person once a unit and requirement."""
    days = [month_end(add_months(first.replace(day=1), number)) for number in range(months)]
    seen: Counter[tuple[date, str, str, str]] = Counter()
    with database.read() as connection:
        load_rulebook(connection)
        of_person: set[tuple[date, str, str, str]] = set()
        current: int | None = None
        for person, unit, requirement, standing, begins, ends in segments_between(connection, scope, days[0], days[-1]):
            if person != current:
                seen.update(of_person)
                of_person, current = set(), person
            of_person |= {(day, unit, requirement, standing) for day in days if begins <= day <= ends}
        seen.update(of_person)
    return [
        MonthCount(f"{day:%Y-%m}", unit, requirement, standing, count)
        for (day, unit, requirement, standing), count in sorted(seen.items())
    ]


def _answer(engine: Engine, person: PersonFacts, row: StandingRow, as_of: date) -> Answer:
    until = None if row.last == OPEN else row.last
    days_left = (until - as_of).days if until and row.standing in RUNNING_OUT else None
    assignment = next(one for one in person.assignments if one.id == row.post.assignment_id)
    return Answer(
        row=row,
        since=None if row.first == ALWAYS else row.first,
        until=until,
        days_left=days_left,
        expiring=_expiring(engine, person, row, as_of),
        flags=_flags(assignment),
        why=explain(engine, person, row.requirement, row.standing, as_of),
    )


def _expiring(engine: Engine, person: PersonFacts, row: StandingRow, as_of: date) -> bool:
    """Current, with the last day in compliance near. RULES: section 4."""
    if row.standing is not Standing.CURRENT:
        return False
    last = last_day(engine, person, row.requirement, as_of)
    return last is not None and (last - as_of).days <= engine.rulebook.on(as_of).expiring_within_days


def _flags(assignment: Assignment) -> list[str]:
    """What the roster did not say."""
    return [
        flag
        for flag, missing in (
            ("start-unknown", assignment.starts_on is None),
            ("type-unknown", not assignment.employment_type),
        )
        if missing
    ]


def card_view(view: CardView) -> dict[str, Any]:
    """A card, for a program."""
    card = view.card
    return {
        "id": card.id,
        "type": card.type,
        "issuer": card.issuer,
        "number": card.number,
        "issued_on": card.issued_on,
        "expires_on": card.stated,
        "valid_from": view.first,
        "valid_through": view.last,
        "confirmed": view.confirmed,
        "flags": list(view.flags),
    }
