"""What a surveyor asks for: everything that stands behind some people's standings on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.reports.heading import Heading
from tracker.reports.stood import Stood, compliant


class Work(NamedTuple):
    """An assignment; `now` if it covers the day."""

    unit: str
    role: str
    employment_type: str | None
    starts_on: date | None
    ends_on: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class Lasting(Stood):
    """A standing with its first and last day, None where it has none."""

    citation: str | None
    since: date | None
    until: date | None


class Check(NamedTuple):
    """What the issuer answered, on which day, to whom, and how it was asked; None where a report hides that."""

    answer: str
    checked_on: date
    checked_by: str | None
    how: str | None
    revoked_from: date | None


class File(NamedTuple):
    """A piece of evidence; `content` is None where it is not shown, and `why_not` then says why."""

    item: int
    name: str | None
    media_type: str
    size: int
    sha256: str
    content: bytes | None
    why_not: str = ""


class Held(NamedTuple):
    """A card on record: as printed, the last day on which the policy counts it, None where it counts for nothing."""

    type: str
    issuer: str | None
    number: str | None
    issued_on: date | None
    stated: str | None
    last_valid_day: date | None
    checks: Sequence[Check]
    files: Sequence[File]


class Exempt(NamedTuple):
    """An exemption; neither why nor by whom, as a pack goes to those who may not see that."""

    requirement: str
    title: str
    starts_on: date
    until: date


class Surveyed(NamedTuple):
    """One person of the pack. `label` is the employee id, or what stands for it.

    `is_whole` is false of somebody who is in none of the units today whose pack it is: cards, exemptions and files are
    then left out, whether there are any or not.
    """

    label: str
    name: str | None
    work: Sequence[Work]
    stood: Sequence[Lasting]
    cards: Sequence[Held]
    exemptions: Sequence[Exempt]
    files: Sequence[File]
    is_whole: bool = True

    @property
    def compliant(self) -> bool | None:
        """Whether no standing is out of compliance; None where none is counted."""
        return compliant(self.stood)


class Survey(NamedTuple):
    """The pack. `how` says how its people were chosen, `how_unseeded` without what would let somebody choose the same;
    `hidden` that labels stand for people."""

    heading: Heading
    how: str
    how_unseeded: str
    hidden: bool
    people: Sequence[Surveyed]
