"""What of a person somebody sees who looks through a scope. RULES: section 8.

Cards, what shows them, leave and classes are the person's, and seen by whoever sees the person. Assignments, and what
requirements ask through them, are their unit's.

Somebody may have left the units, or come later. Of a day on which they are in them their standings are told, and why,
by no more facts than these rest on: what is recorded for other units since is not theirs to see.
"""

from collections.abc import Iterable
from datetime import date

from tracker.domain.facts import Absence, Exemption, PersonFacts, Verification
from tracker.domain.policy import Policy
from tracker.domain.scope import InUnits, Scope
from tracker.domain.standing import Standing, latest_is_not_found
from tracker.domain.timeline import Engine, Segment
from tracker.domain.validity import window
from tracker.domain.why import explain


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


def standing_alone(person: PersonFacts, scope: Scope) -> PersonFacts:
    """Somebody elsewhere, as the units see them: who they are, and their assignments there."""
    seen = as_seen(person, scope)
    return seen._replace(email=None, cards=(), verifications=(), absences=(), exemptions=())


def stood_on(policy: Policy, person: PersonFacts, day: date) -> PersonFacts:
    """The person with those facts alone on which standings of a day can rest, besides assignments.

    Cards that had begun, without their numbers; answers about them, but for revocations from a later day on; leave and
    exemptions that cover the day.
    """
    begun = (one for one in person.cards if (found := window(policy, one)) and found.first <= day)
    cards = tuple(one._replace(number=None) for one in begun)
    unknown = {one.id for one in cards if latest_is_not_found(person, one)}

    def bears(one: Verification) -> bool:
        # That it was not found no longer counts once its issuer has answered something else.
        if one.answer == "not_found":
            return one.card in unknown
        return one.answer == "confirmed" or one.revoked_from is None or one.revoked_from <= day

    def covers(one: Absence | Exemption) -> bool:
        return one.starts_on <= day and (one.until is None or day <= one.until)

    return person._replace(
        cards=cards,
        verifications=tuple(filter(bears, person.verifications)),
        absences=tuple(filter(covers, person.absences)),
        exemptions=tuple(filter(covers, person.exemptions)),
    )


def why_alone(engine: Engine, person: PersonFacts, requirement: str, standing: Standing, day: date) -> list[str]:
    """Why somebody elsewhere stood as they did, as sentences; not until when they are on leave or exempt."""
    found = explain(engine, stood_on(engine.reader_on(day).policy, person, day), requirement, standing, day).reasons
    return found[1:] if standing in (Standing.ON_LEAVE, Standing.EXEMPT) else found
