"""The second reading of the reports, held to examples worked out by hand from the rules.

Unless said: nurse N1 in the ICU since 2024-01-01 with a BLS card issued on 2024-03-10, so through
2026-03-31; her requirement `bls`; records since 2024-01-01, all of it recorded on 2024-01-02.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from oracle import Record, reading
from report_oracle import (
    EVERYBODY,
    Answer,
    Asked,
    Ending,
    Interval,
    answer,
    by_facility,
    by_requirement,
    by_unit,
    differs_since,
    end_of_day,
    expiring,
    forecast_days,
    intervals,
    total,
    trend_days,
    units_of,
)

BLS: Record = {"id": "bls", "title": "BLS", "any_of": ["BLS"]}
ACLS: Record = {"id": "acls", "title": "ACLS", "any_of": ["ACLS"], "units": ["ICU"]}
AT = datetime(2024, 1, 2, 12, tzinfo=UTC)
AS_OF = date(2026, 8, 15)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def fact(kind: str, at: datetime = AT, **fields: Any) -> Record:
    return {"fact": kind, "recorded_at": at, "retracted_at": None, **fields}


def leave(begin: date) -> Record:
    return {**fact("absence", employee_id="N1", until=None), "from": begin}


def person(who: str = "N1") -> Record:
    return fact("person", employee_id=who, name=who, email=None)


def stint(number: int, begin: str, end: str | None = None, who: str = "N1", unit: str = "ICU") -> Record:
    days = fact("assignment", id=number, employee_id=who, starts_on=day(begin), ends_on=day(end))
    return {**days, "unit": unit, "role": "RN", "employment_type": "employee"}


def card(number: int, issued: str, kind: str = "BLS", who: str = "N1", at: datetime = AT) -> Record:
    words = {"type": kind, "issuer": "AHA", "stated": None, "number": None}
    return {**fact("card", at, id=number, employee_id=who, issued_on=day(issued)), **words}


def world(*facts: Record, requirements: tuple[Record, ...] = (BLS,), **changes: Any) -> Record:
    policy = {
        "name": "site",
        "timezone": "America/Chicago",
        "records_from": date(2024, 1, 1),
        "types": {"BLS": {}, "ACLS": {"requires": ["BLS"]}},
        "issuers": [{"id": "AHA"}],
        "validity": [{"months": 24, "ends": "month_end"}],
        "requirements": list(requirements),
        **changes,
    }
    version = {"policy": policy, "effective": None, "recorded_at": AT - timedelta(hours=1)}
    return {"policies": [version], "facts": list(facts)}


def one(*more: Record, **changes: Any) -> Record:
    return world(person(), stint(1, "2024-01-01"), card(1, "2024-03-10"), *more, **changes)


def through(first: str, last: str | None) -> Interval:
    return Interval(date.fromisoformat(first), day(last))


# --- compliance -------------------------------------------------------------------------


def test_each_person_and_requirement_counts_once_in_a_scope() -> None:
    known = reading(one(stint(2, "2024-01-01", unit="ED"), requirements=(BLS, ACLS)), None)
    of = total(known, EVERYBODY, date(2026, 3, 31))
    assert (of.people, of.counted, of.compliant) == (frozenset(["N1"]), 1, 0)
    assert (of.standings, of.rate) == ({"current": 1, "missing": 1}, Fraction(1, 2))
    units = by_unit(known, EVERYBODY, date(2026, 3, 31))
    assert units["ED"].standings == {"current": 1}
    assert units["ICU"].standings == {"current": 1, "missing": 1}
    facilities = by_facility(known, EVERYBODY, date(2026, 3, 31), {"ED": "Main", "ICU": "Main"})
    assert facilities == {"Main": of}
    assert by_requirement(known, EVERYBODY, date(2026, 3, 31))["acls"].rate == 0


def test_a_scope_where_nobody_counts_has_no_rate() -> None:
    known = reading(world(person(), stint(1, "2024-01-01", unit="Ward"), requirements=(ACLS,)), None)
    of = total(known, EVERYBODY, AS_OF)
    assert (of.people, of.counted, of.standings, of.rate) == (frozenset(["N1"]), 0, {}, None)


def test_the_days_of_trend_and_forecast() -> None:
    assert trend_days(AS_OF)[0] == date(2025, 9, 30)
    assert trend_days(AS_OF)[-2:] == [date(2026, 7, 31), AS_OF]
    assert len(trend_days(AS_OF)) == 12
    assert forecast_days(AS_OF)[0] == date(2026, 9, 30)
    assert forecast_days(AS_OF)[-1] == date(2027, 2, 28)


# --- exceptions -------------------------------------------------------------------------


def times(of: Record, asked: Asked = EVERYBODY, look_back: int = 36) -> list[Interval]:
    return intervals(reading(of, None), asked, AS_OF, look_back).get(("N1", "bls"), [])


def test_a_time_out_of_compliance_that_goes_on_has_no_last_day() -> None:
    before_the_card = through("2024-01-01", "2024-03-09")
    assert times(one()) == [before_the_card, through("2026-04-01", None)]


def test_a_time_that_began_before_the_look_back_keeps_its_first_day() -> None:
    assert times(one(), look_back=1) == [through("2026-04-01", None)]
    assert times(one(card(2, "2026-07-01")), look_back=1) == []
    assert times(one(card(2, "2026-07-20")), look_back=1) == [through("2026-04-01", "2026-07-19")]


def test_somebody_who_left_and_came_back_has_two_times() -> None:
    came_back = world(person(), card(1, "2024-03-10"), stint(1, "2025-01-01", "2026-04-20"), stint(2, "2026-05-01"))
    assert times(came_back) == [through("2026-04-01", "2026-04-20"), through("2026-05-01", None)]


def test_a_unit_knows_nothing_of_another_units_days() -> None:
    moved = world(
        person(),
        card(1, "2024-03-10"),
        stint(1, "2025-01-01", "2026-04-20", unit="ED"),
        stint(2, "2026-04-21", unit="ICU"),
    )
    assert times(moved) == [through("2026-04-01", None)]
    assert times(moved, Asked(frozenset(["ICU"]))) == [through("2026-04-21", None)]
    assert times(moved, Asked(frozenset(["ED"]))) == []


# --- expiring ---------------------------------------------------------------------------


def ends(of: Record, as_of: str, months: int = 6) -> dict[tuple[str, str], Ending]:
    return expiring(of, None, EVERYBODY, date.fromisoformat(as_of), months)


def test_the_card_whose_end_is_the_cause_is_named() -> None:
    both = one(card(2, "2024-08-10", "ACLS"), requirements=(BLS, ACLS))
    march = Ending(date(2026, 3, 31), frozenset(["BLS"]))
    assert ends(both, "2026-01-15") == {("N1", "bls"): march, ("N1", "acls"): march}
    together = one(card(2, "2024-03-20", "ACLS"), requirements=(ACLS,))
    assert ends(together, "2026-01-15") == {("N1", "acls"): Ending(date(2026, 3, 31), frozenset(["ACLS", "BLS"]))}


def test_the_months_asked_about_are_whole_ones() -> None:
    assert ends(one(), "2025-12-01", 3) != {}
    assert ends(one(), "2025-12-01", 2) == {}
    assert ends(one(), "2026-03-31", 0) != {}


def test_an_absence_to_come_hides_no_end_and_a_leaver_owes_none() -> None:
    assert ends(one(leave(date(2026, 3, 1))), "2026-02-28") == ends(one(), "2026-02-28") != {}
    leaver = world(person(), stint(1, "2024-01-01", "2026-03-31"), card(1, "2024-03-10"))
    assert ends(leaver, "2026-02-28") == {}


def test_grace_straight_after_ends_it_and_the_requirement_may_be_the_cause() -> None:
    assert ends(one(requirements=({**BLS, "grace_after_expiry_days": 30},)), "2026-02-01") == ends(one(), "2026-02-01")
    stricter = one()
    policy = {**stricter["policies"][0]["policy"], "requirements": [{**BLS, "verified": True}]}
    stricter["policies"].append({"policy": policy, "effective": date(2026, 3, 1), "recorded_at": AT})
    assert ends(stricter, "2026-02-01") == {("N1", "bls"): Ending(date(2026, 2, 28), frozenset())}


def test_the_units_of_an_end() -> None:
    known = reading(one(stint(2, "2024-01-01", unit="ED"), requirements=(BLS, ACLS)), None)
    assert units_of(known, EVERYBODY, ("N1", "bls"), AS_OF) == {"ICU", "ED"}
    assert units_of(known, EVERYBODY, ("N1", "acls"), AS_OF) == {"ICU"}


# --- history ----------------------------------------------------------------------------


def test_a_card_recorded_late_changes_the_answer_from_that_instant() -> None:
    late = datetime(2026, 5, 5, 15, tzinfo=UTC)
    of = one(card(2, "2026-03-20", at=late), card(3, "2026-03-21", at=late + timedelta(days=1)))
    asked = date(2026, 5, 1)
    then = end_of_day("America/Chicago", asked)
    assert then == datetime(2026, 5, 2, 4, 59, 59, 999999, tzinfo=UTC)
    assert answer(of, "N1", asked, then) == Answer({"bls": "expired"}, False)
    assert answer(of, "N1", asked, None) == Answer({"bls": "current"}, True)
    assert differs_since(of, "N1", asked, then) == late
    assert differs_since(of, "N1", asked, late) is None


def test_one_who_is_on_leave_is_not_counted() -> None:
    assert answer(one(leave(date(2026, 5, 1))), "N1", date(2026, 5, 1), None) == Answer({"bls": "on_leave"}, None)
    assert answer(one(), "nobody", date(2026, 5, 1), None) == Answer({}, None)
