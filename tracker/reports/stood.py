"""Where somebody stands with a requirement, and whether that is compliance."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.standing import COUNTED, OUT_OF_COMPLIANCE, Standing


@dataclass(frozen=True, slots=True)
class Stood:
    """A requirement that applies on the day, and why somebody stands there."""

    requirement: str
    title: str
    standing: Standing
    why: list[str]


def compliant(stood: Iterable[Stood]) -> bool | None:
    """Whether no standing is out of compliance; None where none is counted. RULES: section 4."""
    standings = {one.standing for one in stood}
    return not standings & OUT_OF_COMPLIANCE if standings & COUNTED else None
