"""Gathers what ends in the months to come for those who are current on a day."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from tracker.actions.gather_day import head
from tracker.db.connect import Connection, Database
from tracker.db.moments import change_at
from tracker.db.people import elsewhere, load_in_chunks
from tracker.db.policies import load_rulebook
from tracker.db.standings import StandingRow, standings_on
from tracker.domain.days import ALWAYS, day_before
from tracker.domain.facts import PersonFacts
from tracker.domain.outlook import Outlook, as_begun
from tracker.domain.rulebook import Rulebook
from tracker.domain.scope import Scope
from tracker.domain.seen import as_seen, stood_on
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine
from tracker.reports.expiring import Ending, Expiring, expiring, horizon
from tracker.reports.named import Named, Place

Rows = Callable[[], Iterable[StandingRow]]
# Those of whom a segment ends in time, by number: for each requirement the places through which it applies.
Candidates = dict[int, dict[str, Named]]


def build_expiring(database: Database, scope: Scope, as_of: date, known_at: datetime | None, months: int) -> Expiring:
    """The report; raises BadInput if there was no policy yet."""
    with database.read() as connection:
        known = change_at(connection, known_at) if known_at else None
        rulebook = load_rulebook(connection, known)
        heading = head(connection, scope, as_of, known_at, rulebook.on(as_of))
        candidates = _candidates(_rows(connection, scope, as_of, known), horizon(as_of, months))
        away = elsewhere(connection, scope, candidates)

        def as_told(person: PersonFacts) -> PersonFacts:
            """Somebody who is elsewhere today by no more than the standings of the day rest on."""
            if person.id not in away:
                return as_begun(person, as_of)
            return stood_on(rulebook.on(as_of), as_seen(person, scope), as_of)

        endings = list(_endings(connection, rulebook, known, candidates, as_told, as_of, horizon(as_of, months)))
    return expiring(heading, months, endings)


def _rows(connection: Connection, scope: Scope, as_of: date, known: int | None) -> Rows:
    """The standings of the day, to be gone through twice: what is stored is read again rather than kept."""
    if known is None:
        return lambda: standings_on(connection, scope, as_of)
    computed = list(standings_on(connection, scope, as_of, known))
    return lambda: computed


def _endings(
    connection: Connection,
    rulebook: Rulebook,
    known: int | None,
    candidates: Candidates,
    as_told: Callable[[PersonFacts], PersonFacts],
    as_of: date,
    last: date,
) -> Iterator[Ending]:
    engine = Engine(rulebook)
    titles = {name: one.title for name, one in rulebook.on(as_of).requirements_by_id.items()}
    for person in load_in_chunks(connection, candidates, rulebook.newest.timezone, known):
        outlook = Outlook(engine, as_told(person))
        for requirement, who in candidates.pop(person.id).items():
            bad = outlook.first_bad_day(requirement, as_of)
            if bad is None or day_before(bad) > last:
                continue
            types = outlook.ended_types(requirement, bad)
            yield Ending(
                who.employee_id, who.name, who.places, requirement, titles[requirement], day_before(bad), types
            )


def _candidates(rows: Rows, last: date) -> Candidates:
    """Those who are current and of whom a segment ends in time: nobody else's facts are read.

    Leave or an exemption to come may end a segment, but what is current up to then would be without it.
    """
    found: Candidates = {}
    # The same few words come with every row, each time anew.
    words: dict[str, str] = {}
    for row in rows():
        if row.standing is Standing.CURRENT and row.last <= last:
            theirs = found.setdefault(row.post.person_id, {})
            name = words.setdefault(row.requirement, row.requirement)
            who = theirs.setdefault(name, Named(row.post.employee_id, row.post.name, []))
            who.places.append(_place(row, words))
    # The places where it goes on for longer are named as well.
    for row in rows():
        if row.last > last and row.post.person_id in found:
            also = found[row.post.person_id].get(row.requirement)
            if also is not None:
                also.places.append(_place(row, words))
    return found


def _place(row: StandingRow, words: dict[str, str]) -> Place:
    unit, role = (words.setdefault(each, each) for each in (row.post.unit, row.post.role))
    return Place(unit, role, None if row.first == ALWAYS else row.first)
