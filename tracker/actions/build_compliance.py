"""Gathers a compliance report for a day, as known now or at an instant."""

from datetime import date, datetime

from tracker.db.connect import Database
from tracker.db.moments import change_at
from tracker.db.policies import load_rulebook
from tracker.db.standings import posts_on, standings_on
from tracker.domain.scope import Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.reports.compliance import Compliance, Line, requirement_tallies, tally, unit_tallies


def build_compliance(database: Database, scope: Scope, as_of: date, known_at: datetime | None) -> Compliance:
    """The report; raises BadInput if there was no policy yet."""
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        policy = load_rulebook(connection, known).on(as_of)
        posts = posts_on(connection, scope, as_of, known)
        lines = [
            Line(
                row.post.employee_id,
                row.post.name,
                row.post.unit,
                row.post.role,
                row.requirement,
                row.standing,
                row.first,
            )
            for row in standings_on(connection, scope, as_of, known)
        ]
    people = {post.employee_id for post in posts}
    return Compliance(
        as_of=as_of,
        known_at=known_at,
        policy_name=policy.name,
        policy_sha256=policy.sha256,
        target=policy.target_percent,
        total=tally(people, lines),
        units=unit_tallies([(post.employee_id, post.unit) for post in posts], lines),
        requirements=requirement_tallies(lines),
        unmatched=sorted(people - {line.employee_id for line in lines}),
        exceptions=[line for line in lines if line.standing in OUT_OF_COMPLIANCE],
    )
