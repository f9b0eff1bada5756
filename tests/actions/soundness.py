"""What holds of a database whatever was done to it."""

from sqlalchemy import Connection, func, select

from tracker.db.directory import listed_as
from tracker.db.moments import holds
from tracker.db.people import load_people
from tracker.db.policies import load_rulebook
from tracker.db.tables import directory, identities, people, segments, units
from tracker.db.timelines import differing, live_generation
from tracker.db.trail import faults
from tracker.domain.days import ALWAYS, OPEN, Span, merge, overlap
from tracker.domain.facts import PersonFacts
from tracker.domain.policy import words
from tracker.domain.rulebook import Rulebook


def assert_all_right(connection: Connection) -> None:
    """Timelines are what the facts say, without overlap or hole; directory and trail hold; no fact is nonsense."""
    rulebook = load_rulebook(connection)
    assert differing(connection, None) == []
    assert list(faults(connection)) == []
    assert_once(connection)
    assert_listed(connection)
    everyone = list(load_people(connection, select(people.c.id), rulebook.newest.timezone))
    for person in everyone:
        assert_sound(person)
    assert stored(connection) == expected(rulebook, everyone)


def assert_once(connection: Connection) -> None:
    """A person has one name, a unit is on record once."""
    query = select(func.count()).where(holds(identities, None)).group_by(identities.c.person_id)
    assert set(connection.execute(query).scalars()) <= {1}
    names = [words(name) for name in connection.execute(select(units.c.name).where(holds(units, None))).scalars()]
    assert len(names) == len(set(names))


def assert_listed(connection: Connection) -> None:
    """The directory has everybody who is on record, as they are called now, and nobody else."""
    named = select(identities.c.person_id, identities.c.employee_id, identities.c.name, identities.c.email)
    wanted = {listed_as(*row) for row in connection.execute(named.where(holds(identities, None)))}
    assert {tuple(row) for row in connection.execute(select(directory))} == wanted


def assert_sound(person: PersonFacts) -> None:
    """No assignment ends before it starts; no two cards of a type have one number; answers are about cards."""
    for each in person.assignments:
        assert (each.starts_on or ALWAYS) <= (each.ends_on or OPEN), each
    numbered = [(one.type, one.number) for one in person.cards if one.number]
    assert len(numbered) == len(set(numbered))
    assert {answer.card for answer in person.verifications} <= {one.id for one in person.cards}


Days = dict[tuple[int, str], list[Span]]


def stored(connection: Connection) -> Days:
    """The days of the stored segments by assignment and requirement, which must not overlap."""
    columns = (segments.c.assignment_id, segments.c.requirement, segments.c.first_day, segments.c.last_day)
    live = select(*columns).where(segments.c.generation == live_generation(connection))
    found: Days = {}
    for assignment, requirement, first, last in connection.execute(live.order_by(*columns)):
        before = found.setdefault((assignment, requirement), [])
        assert first <= last
        assert not before or before[-1].last < first
        before.append(Span(first, last))
    return {key: merge(spans) for key, spans in found.items()}


def expected(rulebook: Rulebook, everyone: list[PersonFacts]) -> Days:
    """The days on which each requirement applies to each assignment, each day by its own version."""
    found: Days = {}
    for one in (each for person in everyone for each in person.assignments):
        held = Span(one.starts_on or ALWAYS, one.ends_on or OPEN)
        for reign, policy in rulebook.reigns:
            days = overlap(reign, held)
            for requirement in policy.requirements_for(one.unit, one.role, one.employment_type):
                if days:
                    found.setdefault((one.id, requirement.id), []).append(days)
    return {key: merge(spans) for key, spans in found.items()}
