"""What of a person somebody sees who looks through a scope. RULES: section 8.

Cards, what shows them, leave and classes are the person's, and seen by whoever sees the person. Assignments, and what
requirements ask through them, are their unit's.
"""

from collections.abc import Iterable

from tracker.domain.facts import PersonFacts
from tracker.domain.scope import InUnits, Scope
from tracker.domain.timeline import Segment


def sees(scope: Scope, unit: str) -> bool:
    """Whether what is about a unit is seen of the people in a scope."""
    return not isinstance(scope, InUnits) or unit in scope.units


def as_seen(person: PersonFacts, scope: Scope) -> PersonFacts:
    """The person without assignments that the scope does not hold."""
    return person._replace(assignments=tuple(one for one in person.assignments if sees(scope, one.unit)))


def requirements_seen(person: PersonFacts, timeline: Iterable[Segment], scope: Scope) -> frozenset[str] | None:
    """The requirements that ever ask something through assignments in the scope; None: every one is seen."""
    if not isinstance(scope, InUnits):
        return None
    places = {one.id for one in as_seen(person, scope).assignments}
    return frozenset(one.requirement for one in timeline if one.assignment in places)
