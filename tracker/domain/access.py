"""Who may see and do what: roles, the rights of each, and the scope that each looks through. RULES: section 8."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope


class Role(StrEnum):
    """What somebody is to the installation."""

    ADMINISTRATOR = "administrator"
    EDUCATOR = "educator"
    MANAGER = "manager"
    AUDITOR = "auditor"
    STAFF = "staff"


class Right(StrEnum):
    """What somebody may do with the people in their scope, or with the installation, beyond looking at standings."""

    BROWSE = "browse"  # look at more than one person: lists, units
    HAND_IN = "hand in"  # one's own card, to be checked
    RECORD = "record"  # cards, leave, classes
    EXEMPT = "exempt"  # give exemptions, and see why they were given
    CHECK = "check"  # say what an issuer answered, settle what staff handed in
    IMPORT = "import"
    REPORT = "report"
    SEE_EVIDENCE = "see evidence"
    SEE_MAIL = "see mail"
    SEND_MAIL = "send mail"  # enable it, try again what failed
    SEE_POLICY = "see policy"
    SET_POLICY = "set policy"
    SEE_TRAIL = "see trail"
    SEE_JOBS = "see jobs"
    RUN_JOBS = "run jobs"  # work one now
    GIVE_ACCESS = "give access"


# How the trail calls what is done with exemptions: what is noted there is for those who see why they were given.
EXEMPTING = "exemption-"

_LOOKING = frozenset({Right.BROWSE, Right.REPORT, Right.SEE_EVIDENCE, Right.SEE_POLICY})
_KEEPING = _LOOKING | {Right.RECORD, Right.CHECK, Right.IMPORT, Right.SEE_MAIL}

# An exemption's reason may be an illness: those who run the machine have no need to know it.
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right) - {Right.EXEMPT, Right.HAND_IN},
    Role.EDUCATOR: _KEEPING
    | {Right.EXEMPT, Right.SET_POLICY, Right.SEND_MAIL, Right.SEE_TRAIL, Right.SEE_JOBS, Right.RUN_JOBS},
    Role.MANAGER: _KEEPING,
    Role.AUDITOR: _LOOKING | {Right.SEE_MAIL, Right.SEE_TRAIL, Right.SEE_JOBS},
    Role.STAFF: frozenset({Right.HAND_IN}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account was given: a role, for a manager the units, for staff the person, and the last day if any.

    Raises BadInput if a part is missing, or one is there that the role has no use for.
    """

    role: Role
    units: tuple[str, ...] = ()
    employee_id: str | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Checks that the parts belong together."""
        if (self.role is Role.MANAGER) != bool(self.units):
            raise BadInput("A manager has units, and nobody else does; name the units of a manager.")
        if (self.role is Role.STAFF) != bool(self.employee_id):
            raise BadInput("Staff see one person, and nobody else is tied to one; name the employee id of staff.")
        if self.role is Role.AUDITOR and self.until is None:
            raise BadInput("An auditor has access until a day; name it.")

    def scope(self, today: date) -> Scope:
        """Whose records it opens today."""
        if self.employee_id:
            return OnePerson(self.employee_id)
        return InUnits(self.units, today) if self.role is Role.MANAGER else EVERYONE

    def holds(self, day: date) -> bool:
        """Whether it opens anything on a day."""
        return self.until is None or day <= self.until

    def allows(self, right: Right) -> bool:
        """Whether it gives a right."""
        return right in RIGHTS[self.role]
