"""Gathers what ends in the months to come for those who are current on a day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from tracker.actions.gather_day import Day, gather_day
from tracker.db.connect import Connection, Database
from tracker.db.people import load_in_chunks
from tracker.db.standings import StandingRow
from tracker.domain.days import ALWAYS, day_before
from tracker.domain.outlook import Outlook, as_begun
from tracker.domain.scope import Scope
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine
from tracker.reports.expiring import Ending, Expiring, expiring, horizon
from tracker.reports.named import Place

# Of one person, by requirement: the rows of the places through which it applies.
Rows = dict[str, list[StandingRow]]


def build_expiring(database: Database, scope: Scope, as_of: date, known_at: datetime | None, months: int) -> Expiring:
    """The report; raises BadInput if there was no policy yet."""
    with database.read() as connection:
        day = gather_day(connection, scope, as_of, known_at)
        endings = list(_endings(connection, day, horizon(as_of, months)))
    return expiring(day.heading, months, endings)


def _endings(connection: Connection, day: Day, last: date) -> Iterator[Ending]:
    candidates = _candidates(day, last)
    engine = Engine(day.rulebook)
    titles = {name: one.title for name, one in day.policy.requirements_by_id.items()}
    for person in load_in_chunks(connection, candidates, day.rulebook.newest.timezone, day.known):
        outlook = Outlook(engine, as_begun(person, day.as_of))
        for requirement, rows in candidates[person.id].items():
            bad = outlook.first_bad_day(requirement, day.as_of)
            if bad is None or day_before(bad) > last:
                continue
            post = rows[0].post
            places = [Place(row.post.unit, row.post.role, None if row.first == ALWAYS else row.first) for row in rows]
            types = outlook.ended_types(requirement, bad)
            yield Ending(post.employee_id, post.name, places, requirement, titles[requirement], day_before(bad), types)


def _candidates(day: Day, last: date) -> dict[int, Rows]:
    """Those who are current and of whom a segment ends in time: nobody else's facts are read.

    Leave or an exemption to come may end a segment, but what is current up to then would be without it.
    """
    found: dict[int, Rows] = defaultdict(lambda: defaultdict(list))
    for row in day.rows:
        if row.standing is Standing.CURRENT and row.last <= last:
            found[row.post.person_id][row.requirement].append(row)
    # The places where it goes on for longer are named as well.
    for row in day.rows:
        if row.last > last and row.requirement in found.get(row.post.person_id, {}):
            found[row.post.person_id][row.requirement].append(row)
    return found
