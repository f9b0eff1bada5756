"""What every report says of itself: which day, by which records and policy, about whom."""

from datetime import date, datetime
from typing import NamedTuple

from tracker.domain.scope import Scope


class Trail(NamedTuple):
    """The last entry of the trail that a report rests on. `at` is None where the report names an instant itself."""

    entry: int
    seal: str
    at: datetime | None


class Heading(NamedTuple):
    """The head of a report. `known_at` is None for what is known now; `target` is in per cent.

    `newest` is the last entry of the trail when the report was made, later than `trail` if that is about an instant.
    """

    as_of: date
    known_at: datetime | None
    scope: Scope
    policy_name: str
    policy_sha256: str
    timezone: str
    target: float
    trail: Trail
    newest: int
