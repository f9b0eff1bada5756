"""Gathers whether people were compliant on a day: as known now, and as the records stood at an instant."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.actions.gather_day import head
from tracker.db.connect import Connection, Database
from tracker.db.moments import change_at
from tracker.db.people import elsewhere, in_scope, load_in_chunks
from tracker.db.policies import find_rulebook, load_rulebook
from tracker.db.trail import entry, seal_of
from tracker.db.turns import turns_since
from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.facts import PersonFacts
from tracker.domain.policy import Policy
from tracker.domain.scope import EVERYONE, OnePerson, Scope, SomePeople
from tracker.domain.seen import as_seen, why_alone
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine
from tracker.domain.why import explain
from tracker.reports.heading import Trail
from tracker.reports.history import Answer, History, Told, Turn
from tracker.reports.stood import Stood


class _Found(NamedTuple):
    """Somebody and what the records say of them."""

    person: PersonFacts
    answer: Answer


def build_history(
    database: Database,
    scope: OnePerson | SomePeople,
    as_of: date,
    known_at: datetime | None,
    within: Scope = EVERYONE,
) -> History:
    """The report; without an instant the other answer is that of the end of the day at the site.

    Of what is about units, it tells what is seen `within` a scope; not by whom and when what is known of somebody was
    changed who is elsewhere by now.
    """
    with database.read() as connection:
        rulebook = load_rulebook(connection)
        instant = known_at or end_of(as_of, rulebook.newest.timezone)
        known = change_at(connection, instant)
        numbers = sorted(connection.execute(in_scope(scope, None)).scalars())
        found, nobody = _answers(connection, numbers, as_of, None, within)
        then, nobody = _answers(connection, numbers, as_of, known, within)
        away = elsewhere(connection, within, numbers)
        people = [_told(one, then[number].answer if number in then else nobody) for number, one in found.items()]
        people = [
            told._replace(since=_since(connection, number, told.then, as_of, known, within))
            if told.differs and number not in away
            else told
            for number, told in zip(found, people, strict=True)
        ]
        heading = head(connection, scope, as_of, None, rulebook.on(as_of))
        trail = Trail(known, seal_of(connection, known) or "", None) if known else None
    return History(heading, instant, trail, sorted(people, key=lambda one: one.employee_id))


def end_of(day: date, timezone: str) -> datetime:
    """The last instant of a day at a site."""
    try:
        return datetime.combine(day, time.max, ZoneInfo(timezone)).astimezone(UTC)
    except OverflowError:
        # The first or the last day of the calendar, at a site where UTC has another.
        return datetime.combine(day, time.max, UTC)


def _answers(
    connection: Connection, numbers: Sequence[int], day: date, known: int | None, within: Scope
) -> tuple[dict[int, _Found], Answer]:
    """What was known of people, now or at a change, by their numbers; and the answer about anybody else."""
    rulebook = find_rulebook(connection, known)
    if rulebook is None:
        return {}, Answer(None, False, [], [])
    engine, policy = Engine(rulebook), rulebook.on(day)
    people = load_in_chunks(connection, numbers, rulebook.newest.timezone, known)
    away = elsewhere(connection, within, numbers)
    found = {
        person.id: _Found(person, _answer(engine, policy, person, day, within, is_away=person.id in away))
        for person in people
    }
    return found, Answer((policy.name, policy.sha256), False, [], [])


def _answer(engine: Engine, policy: Policy, person: PersonFacts, day: date, within: Scope, *, is_away: bool) -> Answer:
    def why(requirement: str, standing: Standing) -> list[str]:
        asked = (person, requirement, standing, day)
        return why_alone(engine, *asked) if is_away else explain(engine, *asked).reasons

    posts = as_seen(person, within).assignments
    at_work = [one.unit for one in posts if (one.starts_on or ALWAYS) <= day <= (one.ends_on or OPEN)]
    stood = [
        Stood(asked.id, asked.title, standing, why(asked.id, standing))
        for asked in policy.requirements
        if within == EVERYONE or any(engine.applies(post, asked.id, day) for post in posts)
        if (standing := engine.standing(person, asked.id, day))
    ]
    return Answer((policy.name, policy.sha256), True, sorted(set(at_work)), stood)


def _told(found: _Found, then: Answer) -> Told:
    person, now = found
    return Told(person.employee_id, person.name, now, then, None)


def _since(connection: Connection, number: int, then: Answer, day: date, known: int, within: Scope) -> Turn | None:
    """The entry since which the records have not said the same again, looked for from the latest backwards."""
    since: int | None = None
    for seq in reversed(turns_since(connection, number, known)):
        found, nobody = _answers(connection, [number], day, seq, within)
        answer = found[number].answer if number in found else nobody
        if answer.gist == then.gist:
            break
        since = seq
    made = entry(connection, since) if since else None
    return Turn(made.seq, made.at, made.actor, made.source, made.action) if made else None
