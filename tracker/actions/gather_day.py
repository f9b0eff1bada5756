"""Gathers what the reports about a day begin with: the heading, who is at work, where they stand, why some are out."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from tracker.db.connect import Connection
from tracker.db.moments import change_at
from tracker.db.people import elsewhere, load_in_chunks
from tracker.db.policies import load_rulebook
from tracker.db.standings import Post as DbPost
from tracker.db.standings import StandingRow, posts_on, standings_on
from tracker.db.trail import entries, seal_of
from tracker.domain.facts import PersonFacts
from tracker.domain.outlook import Outlook
from tracker.domain.policy import Policy
from tracker.domain.rulebook import Rulebook
from tracker.domain.scope import Scope
from tracker.domain.seen import why_alone
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.domain.timeline import Engine
from tracker.domain.why import explain
from tracker.reports.compliance import Post
from tracker.reports.exceptions import Because
from tracker.reports.heading import Heading, Trail
from tracker.reports.tally import Line

# By employee id and requirement.
Reasons = dict[tuple[str, str], Because]


class Day(NamedTuple):
    """A scope on a day. `known` is the change as of which everything is said, None for what is known now."""

    scope: Scope
    as_of: date
    known: int | None
    rulebook: Rulebook
    heading: Heading
    places: list[DbPost]
    rows: list[StandingRow]

    @property
    def policy(self) -> Policy:
        """The version in force on the day."""
        return self.rulebook.on(self.as_of)

    @property
    def posts(self) -> list[Post]:
        """Everyone's places of work, as a report names them."""
        return [Post(place.employee_id, place.name, place.unit, place.role) for place in self.places]

    @property
    def lines(self) -> list[Line]:
        """Everyone's standings, as a report counts them."""
        return [_line(row) for row in self.rows]


def gather_day(connection: Connection, scope: Scope, as_of: date, known_at: datetime | None) -> Day:
    """The day as known now or at an instant; raises BadInput if there was no policy yet."""
    known = change_at(connection, known_at) if known_at else None
    rulebook = load_rulebook(connection, known)
    heading = head(connection, scope, as_of, known_at, rulebook.on(as_of))
    places = posts_on(connection, scope, as_of, known)
    return Day(scope, as_of, known, rulebook, heading, places, list(standings_on(connection, scope, as_of, known)))


def head(connection: Connection, scope: Scope, as_of: date, known_at: datetime | None, policy: Policy) -> Heading:
    """The head of a report, with the last entry of the trail that it rests on."""
    newest = entries(connection, 1)[0]
    if known_at is None:
        trail = Trail(newest.seq, seal_of(connection, newest.seq) or "", newest.at)
    else:
        known = change_at(connection, known_at)
        trail = Trail(known, seal_of(connection, known) or "", None)
    named = (policy.name, policy.sha256, policy.timezone)
    return Heading(as_of, known_at, scope, *named, policy.target_percent, trail, newest.seq)


def gather_reasons(connection: Connection, day: Day) -> Reasons:
    """Why those who are out of compliance are, from their facts, some people at a time in memory."""
    out = _out(day.rows)
    people = load_in_chunks(connection, out, day.rulebook.newest.timezone, day.known)
    return _because(Engine(day.rulebook), people, out, day.as_of, elsewhere(connection, day.scope, out))


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
    engine: Engine, people: Iterable[PersonFacts], out: dict[int, list[StandingRow]], day: date, away: Collection[int]
) -> Reasons:
    """What is known of each lapse; of those who are `away`, in other units today, no more than it rests on."""
    found: Reasons = {}
    for person in people:
        outlook = Outlook(engine, person)
        for row in out[person.id]:
            lapse = outlook.lapse(row.requirement, day)
            asked = (person, row.requirement, row.standing, day)
            found[row.post.employee_id, row.requirement] = Because(
                _last_met(engine, person, row.requirement, day),
                lapse.first_day if lapse else None,
                why_alone(engine, *asked) if person.id in away else explain(engine, *asked).reasons,
            )
    return found


def _last_met(engine: Engine, person: PersonFacts, requirement: str, day: date) -> date | None:
    """The last day on which cards met the requirement, as the policy of the day reads them."""
    situated = engine.situated(person, requirement, day)
    met = situated.reading.met if situated else []
    return max((last for _, last in met if last < day), default=None)
