"""The notice to a manager that people of theirs fell out of compliance."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from tracker.notify.contexts import parts
from tracker.notify.contexts.parts import Course, Lapse, Requirement


@dataclass(frozen=True)
class LapseNotice:
    """The lapses that are new, in the order in which they are to be read; `courses` says where their cards are had."""

    kind: ClassVar = "lapse_notice"

    day: date
    lapses: tuple[Lapse, ...]
    courses: tuple[Course, ...] = ()

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What is cited, each once."""
        return parts.named(one for lapse in self.lapses for one in lapse.required_by)

    @classmethod
    def sample(cls) -> Self:
        """Several people in two units, one back from leave, one with a class on file, hostile text."""
        return cls(date(2028, 7, 3), sample_lapses(), (parts.BLS, parts.ACLS, parts.PALS, parts.ATLS))

    @classmethod
    def sample_of_one(cls) -> Self:
        """One nurse."""
        return cls(date(2028, 7, 1), sample_lapses()[:1], (parts.BLS,))


def sample_lapses() -> tuple[Lapse, ...]:
    """Made-up lapses of every sort."""
    icu, ed = "ICU 3 West", "Emergency Department"
    june, july = date(2028, 6, 30), date(2028, 7, 1)
    acls, pals, trauma = (parts.ACLS_RULE,), (parts.PALS_RULE,), (parts.TRAUMA_RULE,)
    safe = Requirement("<b>Safe</b> & =sound", "House rule 9 <script>")
    return (
        Lapse(parts.ZANETA, icu, "BLS", "ended", june, july, parts.WITH_BLS),
        Lapse(parts.YAMADA, icu, "PALS", "ended", date(2028, 3, 31), july, pals, date(2028, 7, 20)),
        Lapse(parts.GARCIA, icu, "ACLS for acute care", "missing", june, july, acls),
        Lapse(parts.NAMELESS, ed, "ATLS for trauma physicians", "missing", None, date(2028, 7, 3), trauma),
        Lapse(parts.TAGGED, ed, "ACLS", "unconfirmed", None, date(2028, 7, 2), acls),
        Lapse(parts.FORMULA, ed, safe.title, "missing", None, date(2028, 7, 2), (safe,)),
    )
