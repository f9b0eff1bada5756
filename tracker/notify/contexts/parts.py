"""What several kinds of mail speak of: people, requirements, courses, lapses."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

# Why somebody is out of compliance: what they had ended, there never was any, or its issuer has not confirmed it.
Trouble = Literal["ended", "missing", "unconfirmed"]
# How an end ahead comes about: the card's last day; the requirement's own renewal interval; the days of grace;
# an exemption's last day; a newcomer's deadline; or anything else, such as a policy that changes.
How = Literal["card", "renewal", "grace", "exemption", "newcomer", "change"]


class OwnPage(NamedTuple):
    """A person's own page, where a card can be handed in: a link that is theirs alone, and its last day."""

    url: str
    last_day: date


class Requirement(NamedTuple):
    """A requirement as people know it.

    `takes_along` names a card that is in date itself, but counts only beside the one that ends (ACLS beside BLS).
    """

    title: str
    citation: str | None = None
    takes_along: str | None = None


class Course(NamedTuple):
    """A type of card and where to book a class for it: a web address, a mail address, or words.

    `beside`: of several types that would do, those that count only with this one, if that are not all of them.
    """

    type: str
    title: str | None = None
    renew_at: str | None = None
    beside: tuple[str, ...] = ()


class Person(NamedTuple):
    """Somebody on the staff, for those who manage them."""

    employee_id: str
    name: str | None
    role: str | None = None


class Lapse(NamedTuple):
    """One cause that put a person out of compliance, with every requirement that it touches.

    `what` is the type of card that ended, or the requirement's title. `last_day` is the last day on which they had
    what was needed (None if there was none), `since` the first day out of compliance: the two lie apart after a leave.
    """

    person: Person
    unit: str
    what: str
    trouble: Trouble
    last_day: date | None
    since: date
    required_by: tuple[Requirement, ...]
    booked_on: date | None = None

    def nth_day(self, day: date) -> int:
        """Which day of the lapse a day is; its first is day 1."""
        return (day - self.since).days + 1


def named(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """Each requirement once, in the order in which they are first named, for a list of what is cited."""
    return tuple(dict.fromkeys(one._replace(takes_along=None) for one in requirements))


# --- made-up people and rules, for the samples -----------------------------------------------------------

BLS_RULE = Requirement("BLS for clinical staff", "Policy HR-204 section 2")
ACLS_RULE = Requirement("ACLS for acute care", "Policy HR-204 section 3")
PALS_RULE = Requirement("PALS for the code team", "Policy HR-204 section 5")
TRAUMA_RULE = Requirement("ATLS for trauma physicians")
# What hangs on one BLS card.
WITH_BLS = (BLS_RULE, ACLS_RULE._replace(takes_along="ACLS"), PALS_RULE._replace(takes_along="PALS"))

BLS = Course("BLS", "Basic Life Support", "https://learn.example.org/courses/bls")
ACLS = Course(
    "ACLS",
    "Advanced Cardiovascular Life Support",
    "https://learn.example.org/catalog/resuscitation/advanced-cardiovascular-life-support?site=main&view=sessions",
)
PALS = Course("PALS", "Pediatric Advanced Life Support", "education@hospital.example.org")
ATLS = Course("ATLS", "Advanced Trauma Life Support")

# To whom staff send their cards.
PROOF_TO = ("icu.manager@hospital.example.org", "deputy.nurse-manager.intensive-care@hospital.example.org")

ZANETA = Person("004512", "Żaneta Brzęczyszczykiewicz", "RN")
YAMADA = Person("4512", "山田 花子", "Registered Nurse, Charge")
GARCIA = Person("E-20931", "María del Carmen García-Fernández y Ruiz de la Prada", "Respiratory Therapist")
NAMELESS = Person("77120", None, "MD")
# Names as no name should be: mails must show these as they are, and let them do nothing.
TAGGED = Person("<i>9</i>", "<b>Bold</b> & Sons <img src=x onerror=alert(1)>", "PA")
FORMULA = Person("10277", "=cmd|' /C calc'!A0", "CNA")

OWN_PAGE = OwnPage("https://cards.example.org/own/12.20280716.t0X9pQm3rVb7Kd2sWf6HyA", date(2028, 7, 16))
