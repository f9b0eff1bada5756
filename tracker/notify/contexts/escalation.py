"""The escalation of lapses that last: to managers, later to their director as well."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self

from tracker.notify.contexts import parts
from tracker.notify.contexts.lapse_notice import sample_lapses
from tracker.notify.contexts.parts import Course, Lapse, Requirement


class Level(NamedTuple):
    """Lapses that have reached a day of theirs (`from_day`), and whether the director is told as well."""

    from_day: int
    with_director: bool
    lapses: tuple[Lapse, ...]


@dataclass(frozen=True)
class Escalation:
    """The levels reached, the most serious first; `courses` says where the cards are had."""

    kind: ClassVar = "escalation"

    day: date
    levels: tuple[Level, ...]
    courses: tuple[Course, ...] = ()

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What is cited, each once."""
        return parts.named(one for level in self.levels for lapse in level.lapses for one in lapse.required_by)

    @classmethod
    def sample(cls) -> Self:
        """Two levels."""
        told = sample_lapses()
        old = tuple(lapse._replace(since=date(2028, 6, 14), last_day=date(2028, 6, 13)) for lapse in told[:2])
        levels = (Level(30, True, old), Level(14, False, told[2:]))
        return cls(date(2028, 7, 16), levels, (parts.BLS, parts.ACLS, parts.PALS, parts.ATLS))

    @classmethod
    def sample_of_one(cls) -> Self:
        """One nurse, for a fortnight."""
        return cls(date(2028, 7, 14), (Level(14, False, sample_lapses()[:1]),), (parts.BLS,))
