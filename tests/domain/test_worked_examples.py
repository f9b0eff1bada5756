"""The worked examples of the rules, section 5, one by one."""

from datetime import UTC, date, datetime

import pytest

from tracker.domain.facts import Absence, Assignment, Card, PersonFacts, Verification
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine
from tracker.domain.validity import window
from tracker.domain.why import explain

POLICY = """
name = "us-hospital"
timezone = "America/Chicago"
records_from = 2024-01-01
default_issuer = "AHA"
[types.BLS]
[types.ACLS]
requires = ["BLS"]
[types.ALS]
[types.PALS]
[[issuers]]
id = "AHA"
names = ["American Heart Association"]
[[issuers]]
id = "RCUK"
[[issuers]]
id = "AMC"
accepted = false
[[roles]]
id = "RN"
names = ["RN*", "Registered Nurse*"]
[[validity]]
issuer = "AHA"
months = 24
ends = "month_end"
[[validity]]
issuer = "RCUK"
type = "ALS"
months = 48
ends = "same_day"
[[validity]]
issuer = "AMC"
months = 24
ends = "same_day"
[[recognitions]]
type = "ALS"
issuer = "RCUK"
counts_as = "ACLS"
[[requirements]]
id = "acute-acls"
any_of = ["ACLS"]
units = ["ICU*", "ED"]
roles = ["RN", "MD"]
issuers = ["AHA", "RCUK"]
within_days = 180
citation = "Policy HR-204 section 3"
"""
RECORDED = datetime(2024, 1, 1, 12, tzinfo=UTC)


def engine(text: str = POLICY) -> Engine:
    """The policy of the examples, or a variation of it."""
    return Engine(Rulebook([Version(read_policy(text), None)]))


def card(kind: str, issued: str | None, stated: str | None = None, issuer: str = "AHA") -> Card:
    """A card."""
    return Card(hash((kind, issued)), kind, issuer, date.fromisoformat(issued) if issued else None, stated, None)


def post(starts: str | None = "2025-01-01", ends: str | None = None, unit: str = "ICU") -> Assignment:
    """An RN's assignment."""
    days = [date.fromisoformat(day) if day else None for day in (starts, ends)]
    return Assignment(hash((unit, starts)), unit, "RN", None, None, *days)


def nurse(*facts: Card | Assignment) -> PersonFacts:
    """A nurse with these cards and assignments; in the ICU from 2025 if no assignment is given."""
    posts = tuple(fact for fact in facts if isinstance(fact, Assignment)) or (post(),)
    cards = tuple(fact for fact in facts if isinstance(fact, Card))
    return PersonFacts(1, "004512", "Ana", None, RECORDED.date(), posts, cards, (), (), ())


@pytest.mark.parametrize(
    ("rule", "issued", "stated", "first", "last", "flags"),
    [
        pytest.param("AHA", "2026-02-03", None, "2026-02-03", "2028-02-29", (), id="1"),
        pytest.param("AHA", "2026-01-31", None, "2026-01-31", "2028-01-31", (), id="2"),
        pytest.param("AMC", "2024-02-29", None, "2024-02-29", "2026-02-28", (), id="3"),
        pytest.param("AHA", None, "2028-06", "2026-06-01", "2028-06-30", ("issue-date-unknown",), id="4"),
        pytest.param("AHA", "2026-06-12", "2028-06-01", "2026-06-12", "2028-06-30", (), id="5"),
        pytest.param("AHA", "2026-06-12", "2029-06-30", "2026-06-12", "2028-06-30", ("expiry-mismatch",), id="6"),
    ],
)
def test_the_last_valid_day_of_a_card(
    rule: str, issued: str | None, stated: str | None, first: str, last: str, flags: tuple[str, ...]
) -> None:
    """Examples 1 to 6."""
    found = window(read_policy(POLICY), card("BLS", issued, stated, rule))
    assert found is not None
    assert (str(found.first), str(found.last), found.flags) == (first, last, flags)


BLS, ACLS = card("BLS", "2024-03-10"), card("ACLS", "2024-03-10")
LATER_ACLS, RENEWED_BLS = card("ACLS", "2024-08-10"), card("BLS", "2026-05-10")
MOVED = (post(ends="2025-03-31"), post("2025-04-01", unit="ED"))
MOVED_A_DAY_LATER = (post(ends="2025-03-31"), post("2025-04-02", unit="ED"))
UK = (card("ALS", "2025-03-10", issuer="RCUK"), card("BLS", "2025-03-10"))


@pytest.mark.parametrize(
    ("facts", "day", "standing"),
    [
        pytest.param((), "2025-06-30", "pending", id="7"),
        pytest.param((), "2025-07-01", "missing", id="8"),
        pytest.param((BLS, ACLS), "2026-03-31", "current", id="9"),
        pytest.param((BLS, ACLS), "2026-04-01", "expired", id="10"),
        pytest.param((BLS, LATER_ACLS), "2026-04-01", "prerequisite_gap", id="11"),
        pytest.param((BLS, LATER_ACLS, RENEWED_BLS), "2026-05-10", "current", id="12"),
        pytest.param((BLS, LATER_ACLS, RENEWED_BLS), "2026-08-31", "current", id="12, last day"),
        pytest.param((BLS, LATER_ACLS, RENEWED_BLS), "2026-09-01", "expired", id="12, day after"),
        pytest.param(MOVED, "2025-07-01", "missing", id="13"),
        pytest.param(MOVED_A_DAY_LATER, "2025-07-01", "pending", id="14"),
        pytest.param(UK, "2026-01-01", "current", id="16"),
        pytest.param((card("PALS", "2025-03-10"), card("BLS", "2025-03-10")), "2026-01-01", "missing", id="17"),
        pytest.param((post(None),), "2024-01-01", "missing", id="21, first day"),
        pytest.param((post(None),), "2030-01-01", "missing", id="21, later"),
        pytest.param((post("2020-01-01"),), "2023-12-31", "not_recorded", id="22"),
    ],
)
def test_the_standing_on_a_day(facts: tuple[Card | Assignment, ...], day: str, standing: str) -> None:
    """Examples 7 to 14, 16, 17, 21 and 22."""
    assert engine().standing(nurse(*facts), "acute-acls", date.fromisoformat(day)) == standing


def test_a_shorter_renewal_interval_of_the_requirement_ends_a_card_sooner() -> None:
    """Example 12, with renew_every_months = 12."""
    shorter = engine(POLICY.replace("within_days = 180", "within_days = 180\nrenew_every_months = 12"))
    found = shorter.standing(nurse(BLS, LATER_ACLS, RENEWED_BLS), "acute-acls", date(2026, 5, 10))
    assert found is Standing.EXPIRED


def test_a_short_break_does_not_restart_the_newcomers_clock() -> None:
    """Example 14, with rejoin_within_days = 30."""
    rejoining = engine("rejoin_within_days = 30\n" + POLICY)
    assert rejoining.standing(nurse(*MOVED_A_DAY_LATER), "acute-acls", date(2025, 7, 1)) is Standing.MISSING


def test_leave_comes_before_a_missing_card() -> None:
    """Example 15."""
    away = nurse()._replace(absences=(Absence(1, date(2025, 8, 1), None),))
    assert engine().standing(away, "acute-acls", date(2025, 9, 1)) is Standing.ON_LEAVE


def test_a_renewal_in_time_goes_on_as_one_segment_and_the_why_names_each_card() -> None:
    """Example 18."""
    cards = (card("ACLS", "2024-03-10"), card("ACLS", "2026-01-15"), card("BLS", "2025-03-01"), BLS)
    person = nurse(*(one._replace(number=f"{number}00000000000") for number, one in enumerate(cards, 1)))
    segments = [one for one in engine().segments(person) if one.standing is Standing.CURRENT]
    assert [(one.first, one.last) for one in segments] == [(date(2025, 1, 1), date(2027, 3, 31))]
    with_bls = nurse(*person.cards, card("BLS", "2026-12-01"))
    assert max(one.last for one in engine().segments(with_bls) if one.standing is Standing.CURRENT) == date(2028, 1, 31)
    before = explain(engine(), person, "acute-acls", Standing.CURRENT, date(2026, 1, 1)).reasons
    after = explain(engine(), person, "acute-acls", Standing.CURRENT, date(2026, 5, 1)).reasons
    assert any("1000…" in reason and "valid through 31 Mar 2026" in reason for reason in before)
    assert any("2000…" in reason and "valid through 31 Jan 2028" in reason for reason in after)


def test_a_card_from_an_issuer_that_is_not_accepted_is_named_in_the_why() -> None:
    """Example 19."""
    person = nurse(card("ACLS", "2025-06-01", issuer="AMC"), card("BLS", "2025-06-01"))
    day = date(2026, 1, 1)
    assert engine().standing(person, "acute-acls", day) is Standing.MISSING
    why = " ".join(explain(engine(), person, "acute-acls", Standing.MISSING, day).reasons)
    assert "ACLS (AMC" in why
    assert "does not accept cards from AMC" in why


def test_a_confirmed_card_without_its_prerequisite_does_not_meet_a_requirement_that_asks_for_confirmation() -> None:
    """Confirmed ACLS without BLS, and an unconfirmed one with it, are not one good card."""
    asking = engine(POLICY.replace("within_days = 180", "verified = true"))
    acls, bls = card("ACLS", "2025-06-01")._replace(id=1), card("BLS", "2025-06-01")._replace(id=2)
    confirmed = Verification(1, 1, "confirmed", None, date(2025, 7, 1), "ana", "issuer's page")
    person = nurse(acls)._replace(verifications=(confirmed,))
    day = date(2026, 1, 1)
    assert asking.standing(person, "acute-acls", day) is Standing.PREREQUISITE_GAP
    assert asking.standing(nurse(acls, bls), "acute-acls", day) is Standing.UNVERIFIED
    both = nurse(acls, bls)._replace(verifications=(confirmed,))
    assert asking.standing(both, "acute-acls", day) is Standing.CURRENT


def test_a_card_that_always_counted_and_is_revoked_without_a_day_never_counted() -> None:
    """It has no day of issue and no rule, so there is no day before its first on which it could have ended."""
    unknown = card("ACLS", None, "2025-12", issuer="RCUK")._replace(id=1)
    day = date(2026, 1, 1)
    assert engine().standing(nurse(unknown), "acute-acls", day) is Standing.EXPIRED
    revoked = Verification(1, 1, "revoked", None, date(2025, 7, 1), "ana", "issuer's page")
    person = nurse(unknown)._replace(verifications=(revoked,))
    assert engine().standing(person, "acute-acls", day) is Standing.MISSING
    why = " ".join(explain(engine(), person, "acute-acls", Standing.MISSING, day).reasons)
    assert "revoked it from the start" in why
