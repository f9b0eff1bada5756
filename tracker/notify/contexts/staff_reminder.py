"""The reminder to a member of staff: one mail a run, with everything that is to be told."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self

from tracker.notify.contexts import parts
from tracker.notify.contexts.parts import Course, How, OwnPage, Requirement, Trouble


class Need(NamedTuple):
    """One thing that a person has to bring.

    `what` is the type of card whose end brings it about, or the requirement's title; `title` spells the type out.
    `last_day` is the last day on which all is well: the card's, the grace's or exemption's end, the deadline. For
    what is overdue it is the last day in compliance, None if there was none. Any one of `any_of` will do, and of
    `together_with` all are needed beside it; both are empty where there is no class to take. `booked_on` is the day
    of a class on file. `cause` is what brings it about, as the records name it: the same in later mails about it.
    """

    what: str
    title: str | None
    how: How | Trouble
    last_day: date | None
    required_by: tuple[Requirement, ...]
    any_of: tuple[Course, ...]
    together_with: tuple[Course, ...] = ()
    booked_on: date | None = None
    cause: str = ""


@dataclass(frozen=True)
class StaffReminder:
    """To the person alone: what is overdue, what ends, what a newcomer has to bring; the most urgent first.

    `proof_to` holds the addresses (the managers') to which a new card is sent; the words do without if it is empty.
    `page` is the person's own, None where there is no web app or the address is not theirs alone.
    """

    kind: ClassVar = "staff_reminder"

    day: date
    name: str | None
    overdue: tuple[Need, ...] = ()
    ahead: tuple[Need, ...] = ()
    new: tuple[Need, ...] = ()
    proof_to: tuple[str, ...] = ()
    page: OwnPage | None = None

    @property
    def needs(self) -> tuple[Need, ...]:
        """All of it, the most urgent first."""
        return self.overdue + self.ahead + self.new

    @property
    def for_calendar(self) -> tuple[Need, ...]:
        """The needs whose last day is still to come: each goes into a calendar file."""
        return tuple(one for one in self.ahead + self.new if one.last_day and one.last_day > self.day)

    @classmethod
    def sample(cls) -> Self:
        """A long mail: every list filled, a booking too late, hostile text."""
        overdue = (
            Need("PALS", parts.PALS.title, "ended", date(2028, 5, 31), (parts.PALS_RULE,), (parts.PALS,)),
            Need("<b>Safe</b> & =sound", None, "missing", None, (Requirement("<b>Safe</b> & =sound"),), ()),
        )
        airway = Requirement("Advanced airway, code team", "Policy HR-204 section 7")
        either, beside = (parts.ACLS, parts.ATLS), (parts.BLS._replace(beside=("ACLS",)),)
        newcomer = Need(airway.title, None, "newcomer", date(2028, 12, 12), (airway,), either, beside, cause="airway")
        too_late = _bls(date(2028, 6, 30))._replace(booked_on=date(2028, 7, 5))
        return cls(
            date(2028, 6, 16), parts.ZANETA.name, overdue, (too_late,), (newcomer,), parts.PROOF_TO, parts.OWN_PAGE
        )

    @classmethod
    def sample_of_one(cls) -> Self:
        """The usual mail: one card that ends and takes two others with it."""
        ahead, proof_to = (_bls(date(2028, 6, 30)),), parts.PROOF_TO[:1]
        return cls(date(2028, 6, 16), parts.YAMADA.name, ahead=ahead, proof_to=proof_to, page=parts.OWN_PAGE)


def _bls(last_day: date) -> Need:
    return Need("BLS", parts.BLS.title, "card", last_day, parts.WITH_BLS, (parts.BLS,), cause="BLS")
