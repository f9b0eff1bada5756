"""Gathers who is out of compliance on a day, who was in the months before, and what is under way."""

from collections import defaultdict
from datetime import date, datetime

from tracker.actions.gather_day import Day, gather_day, gather_reasons
from tracker.db.connect import Connection, Database
from tracker.db.people import CHUNK, elsewhere, facts_by_person, in_scope, kept_from
from tracker.db.stints import out_until
from tracker.db.tables import bookings, exemptions, submissions
from tracker.domain.days import Span
from tracker.domain.facts import Booking, Exemption, Submission
from tracker.domain.scope import Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.underway import Begun, begun
from tracker.reports.exceptions import Exceptions, exceptions
from tracker.reports.look_back import Interval, LookBack, Past, first_day, intervals
from tracker.reports.named import Named, Place

# By employee id and requirement.
Times = dict[tuple[str, str], list[Interval]]


def build_exceptions(
    database: Database, scope: Scope, as_of: date, known_at: datetime | None, months: int
) -> Exceptions:
    """The report, looking so many months back; raises BadInput if there was no policy yet."""
    with database.read() as connection:
        day = gather_day(connection, scope, as_of, known_at)
        because = gather_reasons(connection, day)
        look_back = _look_back(connection, day, months)
    return exceptions(day.heading, day.posts, day.lines, day.policy.requirements_by_id, because, look_back)


def _look_back(connection: Connection, day: Day, months: int) -> LookBack:
    records_from = day.rulebook.newest.records_from
    begin = first_day(day.as_of, months, records_from)
    people = _people(day)
    times = _times(connection, day, people, begin)
    underway = _underway(connection, day, people, times)
    kept = kept_from(connection, in_scope(day.scope, day.as_of, day.known), day.known)
    removed = {people[number].employee_id: first for number, first in kept.items() if number in people}
    later = {employee_id: first for employee_id, first in removed.items() if first > begin}
    return LookBack(months, day.as_of, records_from, later, times, underway, _past(day, people, times))


def _people(day: Day) -> dict[int, Named]:
    """Everybody at work in the scope on the day, by number."""
    found: dict[int, Named] = {}
    for post in day.places:
        who = found.setdefault(post.person_id, Named(post.employee_id, post.name, []))
        who.places.append(Place(post.unit, post.role, None))
    return found


def _times(connection: Connection, day: Day, people: dict[int, Named], begin: date) -> Times:
    found: Times = {}
    for theirs in out_until(connection, day.scope, day.as_of, day.known):
        spans: dict[str, list[Span]] = defaultdict(list)
        for one in theirs:
            spans[one.requirement or ""].append(Span(one.first, one.last))
        for requirement, days in spans.items():
            if times := intervals(days, begin, day.as_of):
                found[people[theirs[0].person_id].employee_id, requirement] = times
    return found


def _underway(connection: Connection, day: Day, people: dict[int, Named], times: Times) -> dict[tuple[str, str], Begun]:
    """What is under way about everything that is or was out of compliance; some people's facts at a time.

    Of those who are elsewhere today it is not told: it is for other units.
    """
    asked: dict[str, list[str]] = defaultdict(list)
    for employee_id, requirement in times:
        asked[employee_id].append(requirement)
    concerned = sorted(number for number, who in people.items() if who.employee_id in asked)
    away = elsewhere(connection, day.scope, concerned)
    found = {(people[number].employee_id, one): Begun() for number in away for one in asked[people[number].employee_id]}
    concerned = [number for number in concerned if number not in away]
    for start in range(0, len(concerned), CHUNK):
        some = concerned[start : start + CHUNK]
        booked = facts_by_person(connection, bookings, Booking, some, day.known)
        handed_in = facts_by_person(connection, submissions, Submission, some, day.known)
        exempt = facts_by_person(connection, exemptions, Exemption, some, day.known)
        for number in some:
            mine = (booked.get(number, ()), handed_in.get(number, ()), exempt.get(number, ()))
            for requirement in asked[people[number].employee_id]:
                key = (people[number].employee_id, requirement)
                found[key] = begun(day.policy, requirement, day.as_of, *mine)
    return found


def _past(day: Day, people: dict[int, Named], times: Times) -> list[Past]:
    """Those who are at work and not out of compliance any more, by requirement and employee id."""
    titles = {one.id: one.title for _, policy in day.rulebook.reigns for one in policy.requirements}
    titles |= {name: one.title for name, one in day.policy.requirements_by_id.items()}
    now: dict[tuple[str, str], Standing] = {(row.post.employee_id, row.requirement): row.standing for row in day.rows}
    who = {one.employee_id: one for one in people.values()}
    return [
        Past(employee_id, who[employee_id].name, who[employee_id].places, requirement, titles[requirement], standing)
        for employee_id, requirement in sorted(times, key=lambda key: (key[1], key[0]))
        if (standing := now.get((employee_id, requirement))) not in OUT_OF_COMPLIANCE
    ]
