"""What somebody has under way about a requirement: classes booked, cards handed in, exemptions granted."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tracker.domain.days import Span
from tracker.domain.facts import Booking, Exemption, Submission
from tracker.domain.policy import Policy
from tracker.domain.reminders import stands


class Begun(NamedTuple):
    """Classes (type, day), cards that wait to be checked (type, since when), days of exemption: never its reason."""

    bookings: tuple[tuple[str, date], ...] = ()
    submissions: tuple[tuple[str, date], ...] = ()
    exemptions: tuple[Span, ...] = ()


def bearing_types(policy: Policy, requirement: str) -> frozenset[str]:
    """The types of card that bear on a requirement: those that it takes, their prerequisites, what counts as either."""
    asked = policy.requirements_by_id.get(requirement)
    if asked is None:
        return frozenset()
    wanted = policy.prerequisites[requirement].union(asked.any_of)
    return wanted | {one.type for one in policy.recognitions if one.counts_as in wanted}


def begun(
    policy: Policy,
    requirement: str,
    day: date,
    bookings: Iterable[Booking],
    submissions: Iterable[Submission],
    exemptions: Iterable[Exemption],
) -> Begun:
    """What of a person's is under way on a day; a class is until a week after it, as it is for reminders."""
    types = bearing_types(policy, requirement)
    return Begun(
        tuple(sorted((one.type, one.class_on) for one in bookings if one.type in types and stands(one, day))),
        tuple(
            sorted((one.type, one.received_on) for one in submissions if one.type in types and one.received_on <= day)
        ),
        tuple(
            sorted(
                Span(one.starts_on, one.until)
                for one in exemptions
                if one.requirement == requirement and one.until >= day
            )
        ),
    )
