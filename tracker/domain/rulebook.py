"""The versions of a site's policy, each in force on its own days. RULES: section 2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.domain.days import ALWAYS, OPEN, Span, day_before
from tracker.domain.facts import PersonFacts
from tracker.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Version:
    """A policy and the day from which it is in force; None for the first, which is in force for all days."""

    policy: Policy
    effective: date | None


@dataclass(frozen=True)
class Rulebook:
    """Every version that is known, in the order in which they were applied; never empty."""

    versions: Sequence[Version]

    @property
    def newest(self) -> Policy:
        """The version that was applied last, whatever its effective day."""
        return self.versions[-1].policy

    @cached_property
    def reigns(self) -> list[tuple[Span, Policy]]:
        """Which policy is in force on which days, in order, without a hole."""
        # Of two versions for the same day the one applied later holds: a dict keeps the last.
        by_day = {version.effective or ALWAYS: version.policy for version in self.versions}
        firsts = sorted(by_day)
        lasts = [day_before(first) for first in firsts[1:]] + [OPEN]
        return [(Span(first, last), by_day[first]) for first, last in zip(firsts, lasts, strict=True)]

    def on(self, day: date) -> Policy:
        """The policy in force on that day."""
        return next(policy for span, policy in self.reigns if span.first <= day <= span.last)

    def records_from(self, person: PersonFacts) -> date:
        """The first day for which something that is not on record may be held against this person."""
        begins = self.newest.records_from or person.first_recorded
        return max(begins, person.kept_from) if person.kept_from else begins
