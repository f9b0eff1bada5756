"""The answer to a card that was handed in and could not be accepted."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from tracker.domain.days import OPEN
from tracker.notify.contexts import parts
from tracker.notify.contexts.parts import Course, OwnPage


@dataclass(frozen=True)
class CardRejected:
    """To the person alone: what was refused and why, what to send instead, and to whom.

    `reason` is what the educator wrote, and `instead` what they ask for; without it the words ask for a readable
    photo or PDF. `covered_through` is the last valid day of a card of that type that counts today, None if there is
    none. `courses` says where a class is had by whoever holds no better card. `page` is as in a reminder.
    """

    kind: ClassVar = "card_rejected"

    day: date
    name: str | None
    what: str
    received_on: date
    reason: str
    instead: str | None = None
    covered_through: date | None = None
    courses: tuple[Course, ...] = ()
    proof_to: tuple[str, ...] = ()
    page: OwnPage | None = None

    @property
    def covered_for_good(self) -> bool:
        """Whether a card counts that never ends."""
        return self.covered_through == OPEN

    @classmethod
    def sample(cls) -> Self:
        """A long reason, with hostile text in it; nothing else counts."""
        reason = (
            "The picture shows the front of the wallet only. <b>ACLS</b> cards have the dates on the back & the number "
            "below them, and we could read neither: see https://learn.example.org/help?page=cards&lang=en=2."
        )
        instead = "Please send both sides, flat and in daylight; a PDF from the issuer's page is best."
        return cls(
            date(2028, 6, 16),
            parts.GARCIA.name,
            parts.ACLS.type,
            date(2028, 6, 12),
            reason,
            instead,
            courses=(parts.ACLS, parts.ATLS),
            proof_to=parts.PROOF_TO,
        )

    @classmethod
    def sample_of_one(cls) -> Self:
        """The usual case: a photo that nobody can read, while the old card still counts."""
        return cls(
            date(2028, 6, 16),
            parts.YAMADA.name,
            parts.BLS.type,
            date(2028, 6, 14),
            "The dates on the photo cannot be read.",
            covered_through=date(2028, 6, 30),
            courses=(parts.BLS,),
            proof_to=parts.PROOF_TO[:1],
            page=parts.OWN_PAGE,
        )
