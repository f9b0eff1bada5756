"""Gathers a compliance report, and with it its exceptions, for a day, as known now or at an instant."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from tracker.db.connect import Database
from tracker.db.known import all_units
from tracker.db.moments import change_at
from tracker.db.people import load_in_chunks
from tracker.db.policies import load_rulebook
from tracker.db.standings import StandingRow, posts_on, standings_on
from tracker.db.trail import entries, seal_of
from tracker.domain.facts import PersonFacts
from tracker.domain.outlook import Outlook
from tracker.domain.policy import Policy
from tracker.domain.scope import Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.domain.timeline import Engine
from tracker.domain.why import explain
from tracker.reports.compliance import Compliance, Post, compliance
from tracker.reports.exceptions import Because
from tracker.reports.heading import Heading, Trail
from tracker.reports.tally import Line


def build_compliance(database: Database, scope: Scope, as_of: date, known_at: datetime | None) -> Compliance:
    """The report; raises BadInput if there was no policy yet."""
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        rulebook = load_rulebook(connection, known)
        policy = rulebook.on(as_of)
        posts = [Post(*post[1:3], *post[4:]) for post in posts_on(connection, scope, as_of, known)]
        rows = list(standings_on(connection, scope, as_of, known))
        out = _out(rows)
        people = load_in_chunks(connection, out, rulebook.newest.timezone, known)
        because = _because(Engine(rulebook), people, out, as_of)
        # Which facility a unit belonged to is asked of today's records only.
        facilities = {} if known_at else {unit.name: unit.facility for unit in all_units(connection)}
        if known is None:
            newest = entries(connection, 1)[0]
            trail = Trail(newest.seq, seal_of(connection, newest.seq) or "", newest.at)
        else:
            trail = Trail(known, seal_of(connection, known) or "", None)
    heading = _heading(policy, scope, as_of, known_at, trail)
    return compliance(heading, posts, [_line(row) for row in rows], facilities, policy.requirements_by_id, because)


def _heading(policy: Policy, scope: Scope, as_of: date, known_at: datetime | None, trail: Trail) -> Heading:
    named = (policy.name, policy.sha256, policy.timezone)
    return Heading(as_of, known_at, scope, *named, policy.target_percent, trail)


def _line(row: StandingRow) -> Line:
    post = row.post
    return Line(post.employee_id, post.name, post.unit, post.role, row.requirement, row.standing, row.first)


def _out(rows: Iterable[StandingRow]) -> dict[int, list[StandingRow]]:
    """Those out of compliance, by person; one row for each requirement, in however many places."""
    found: dict[int, dict[str, StandingRow]] = defaultdict(dict)
    for row in rows:
        if row.standing in OUT_OF_COMPLIANCE:
            found[row.post.person_id].setdefault(row.requirement, row)
    return {person: list(theirs.values()) for person, theirs in found.items()}


def _because(
    engine: Engine, people: Iterable[PersonFacts], out: dict[int, list[StandingRow]], day: date
) -> dict[tuple[str, str], Because]:
    """What is known of each lapse, by employee id and requirement."""
    found: dict[tuple[str, str], Because] = {}
    for person in people:
        outlook = Outlook(engine, person)
        for row in out[person.id]:
            lapse = outlook.lapse(row.requirement, day)
            found[row.post.employee_id, row.requirement] = Because(
                _last_met(engine, person, row.requirement, day),
                lapse.first_day if lapse else None,
                explain(engine, person, row.requirement, row.standing, day).reasons,
            )
    return found


def _last_met(engine: Engine, person: PersonFacts, requirement: str, day: date) -> date | None:
    """The last day on which cards met the requirement, as the policy of the day reads them."""
    situated = engine.situated(person, requirement, day)
    met = situated.reading.met if situated else []
    return max((last for _, last in met if last < day), default=None)
