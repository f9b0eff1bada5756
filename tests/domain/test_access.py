"""Roles, their rights, and whom each sees."""

from datetime import date

import pytest

from tracker.domain.access import RIGHTS, Grant, Right, Role
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE, InUnits, OnePerson

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("grant", "scope"),
    [
        (Grant(Role.ADMINISTRATOR), EVERYONE),
        (Grant(Role.EDUCATOR), EVERYONE),
        (Grant(Role.AUDITOR, until=DAY), EVERYONE),
        (Grant(Role.MANAGER, ("ICU", "ED")), InUnits(("ICU", "ED"), DAY)),
        (Grant(Role.STAFF, employee_id="4512"), OnePerson("4512")),
    ],
)
def test_a_role_sees_no_more_than_it_should(grant: Grant, scope: object) -> None:
    """Managers see their units, staff themselves, the others everybody."""
    assert grant.scope(DAY) == scope


@pytest.mark.parametrize(
    "parts",
    [
        {"role": Role.MANAGER},
        {"role": Role.EDUCATOR, "units": ("ICU",)},
        {"role": Role.STAFF},
        {"role": Role.MANAGER, "units": ("ICU",), "employee_id": "4512"},
        {"role": Role.AUDITOR},
    ],
)
def test_a_grant_that_would_open_too_much_or_nothing_is_refused(parts: dict[str, object]) -> None:
    """A manager without units would see nobody, or everybody by a slip; so each role has exactly its parts."""
    with pytest.raises(BadInput, match=r"\.$"):
        Grant(**parts)  # type: ignore[arg-type]  # the parts are what is tried


def test_only_educators_see_why_somebody_is_exempt() -> None:
    """RULES section 1: the reason may be an illness."""
    assert [role for role in Role if Right.EXEMPT in RIGHTS[role]] == [Role.EDUCATOR]


def test_an_auditor_changes_nothing() -> None:
    """Nor do staff, but for what they hand in about themselves."""
    changing = {
        Right.RECORD,
        Right.EXEMPT,
        Right.CHECK,
        Right.IMPORT,
        Right.SEND_MAIL,
        Right.SET_POLICY,
        Right.GIVE_ACCESS,
        Right.RUN_JOBS,
    }
    assert not RIGHTS[Role.AUDITOR] & changing
    assert RIGHTS[Role.STAFF] == {Right.HAND_IN}


def test_access_ends_after_its_last_day() -> None:
    """On the last day it still opens, on the next no more."""
    grant = Grant(Role.AUDITOR, until=DAY)
    assert [grant.holds(DAY.replace(day=day)) for day in (29, 30)] == [True, True]
    assert not grant.holds(date(2026, 12, 1))
