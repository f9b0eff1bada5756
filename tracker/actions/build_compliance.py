"""Gathers a compliance report for a day, as known now or at an instant: counts, how they went and will go, names."""

from datetime import date, datetime

from tracker.actions.gather_day import Day, gather_day, gather_reasons
from tracker.db.connect import Connection, Database
from tracker.db.known import all_units
from tracker.db.stints import stints_between
from tracker.domain.scope import Scope
from tracker.reports.compliance import Compliance, compliance
from tracker.reports.months import Months, days_ahead, days_before, month, standpoints_on


def build_compliance(database: Database, scope: Scope, as_of: date, known_at: datetime | None) -> Compliance:
    """The report; raises BadInput if there was no policy yet."""
    with database.read() as connection:
        day = gather_day(connection, scope, as_of, known_at)
        because = gather_reasons(connection, day)
        months = _months(connection, day)
        # Which facility a unit belonged to is asked of today's records only.
        facilities = {} if known_at else {unit.name: unit.facility for unit in all_units(connection)}
    by_id = day.policy.requirements_by_id
    return compliance(day.heading, day.posts, day.lines, facilities, by_id, because, months)


def _months(connection: Connection, day: Day) -> Months:
    """The counts of the months around the day, all from one pass over what lasts through them."""
    before, ahead = days_before(day.as_of), days_ahead(day.as_of)
    people = stints_between(connection, day.scope, before[0], ahead[-1], day.known)
    found = standpoints_on({*before, *ahead}, ([one[1:] for one in theirs] for theirs in people))
    counts = {each: month(each, day.rulebook.on(each).target_percent, shared) for each, shared in found.items()}
    return Months([counts[each] for each in before], [counts[each] for each in ahead])
