"""The weekly digest to a manager, unit by unit."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self

from tracker.domain.reach import Why
from tracker.notify.contexts import parts
from tracker.notify.contexts.lapse_notice import sample_lapses
from tracker.notify.contexts.parts import Course, Lapse, Person, Requirement


class Expiring(NamedTuple):
    """In compliance, but something ends within the policy's days of warning."""

    person: Person
    what: str
    last_day: date
    required_by: tuple[Requirement, ...]
    booked_on: date | None = None


class Pending(NamedTuple):
    """A newcomer who still has time."""

    person: Person
    required_by: tuple[Requirement, ...]
    due_by: date
    booked_on: date | None = None


class Waiting(NamedTuple):
    """A card was handed in and waits to be checked."""

    person: Person
    what: str
    received_on: date


class Unreachable(NamedTuple):
    """No mail reaches this person: no address is on record, or nothing arrives at it since a day."""

    person: Person
    address: str | None = None
    why: Why = "no_address"
    since: date | None = None


class Returning(NamedTuple):
    """Comes back from leave on a day, and by then something has ended; `last_day` is None if there never was any."""

    person: Person
    returns_on: date
    what: str
    last_day: date | None
    required_by: tuple[Requirement, ...]


class UnitDigest(NamedTuple):
    """One unit's week. Lists that are empty are left out of the mail."""

    unit: str
    out: tuple[Lapse, ...] = ()
    returning: tuple[Returning, ...] = ()
    expiring: tuple[Expiring, ...] = ()
    pending: tuple[Pending, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()

    @property
    def required(self) -> list[tuple[Requirement, ...]]:
        """What asks for the cards, row by row."""
        rows = [row.required_by for row in self.out] + [row.required_by for row in self.returning]
        return rows + [row.required_by for row in self.expiring] + [row.required_by for row in self.pending]


@dataclass(frozen=True)
class ManagerDigest:
    """The units of one manager; `courses` says where the cards named here are had."""

    kind: ClassVar = "manager_digest"

    day: date
    units: tuple[UnitDigest, ...]
    courses: tuple[Course, ...] = ()

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The lists that are not empty, and how many people each is about, over all units."""
        rows = {name: [row for unit in self.units for row in getattr(unit, name)] for name in UnitDigest._fields[1:]}
        return [(name, len({row.person.employee_id for row in some})) for name, some in rows.items() if some]

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What is cited, each once."""
        return parts.named(one for unit in self.units for several in unit.required for one in several)

    @classmethod
    def sample(cls) -> Self:
        """Two units, every list filled in the first."""
        out = sample_lapses()
        icu = UnitDigest(
            "ICU 3 West",
            out[:3],
            (Returning(parts.GARCIA, date(2028, 7, 10), "ACLS", date(2028, 5, 31), (parts.ACLS_RULE,)),),
            (
                Expiring(parts.YAMADA, "BLS", date(2028, 7, 31), parts.WITH_BLS[:2], date(2028, 8, 4)),
                Expiring(parts.FORMULA, "ACLS", date(2028, 9, 30), (parts.ACLS_RULE,)),
            ),
            (Pending(parts.TAGGED, (parts.BLS_RULE, parts.TRAUMA_RULE), date(2028, 12, 12), date(2028, 8, 1)),),
            (Waiting(parts.NAMELESS, "PALS", date(2028, 6, 28)),),
            (
                Unreachable(parts.NAMELESS),
                Unreachable(parts.ZANETA, "zaneta.brzeczyszczykiewicz@mail.example.org", "bounced", date(2028, 6, 19)),
                Unreachable(parts.GARCIA, "garcia@mail.example.org", "failed", date(2028, 6, 26)),
            ),
        )
        ed = UnitDigest("Emergency Department, <b>North</b>", out[3:])
        return cls(date(2028, 7, 3), (icu, ed), (parts.BLS, parts.ACLS, parts.PALS, parts.ATLS))

    @classmethod
    def sample_of_one(cls) -> Self:
        """One unit with one card that ends."""
        ending = Expiring(parts.ZANETA, "BLS", date(2028, 7, 31), parts.WITH_BLS[:2])
        return cls(date(2028, 7, 3), (UnitDigest("ICU 3 West", expiring=(ending,)),), (parts.BLS,))
