"""The second reading of section 6 of RULES.md, held to examples worked out by hand from the page.

Unless said: nurse N1 in the ICU since 2024-01-01 with a BLS card issued on 2024-03-10, so through 2026-03-31, a
Tuesday; her requirement `bls`; the page's own reminder settings, so Mondays; records since 2024-01-01.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from oracle import DAY, Record
from reminder_oracle import Run, owed
from reminder_worlds import stories

BLS: Record = {"id": "bls", "title": "BLS", "any_of": ["BLS"]}
ACLS: Record = {"id": "acls", "title": "ACLS", "any_of": ["ACLS"]}
CODE: Record = {"id": "code-team", "title": "Code team", "any_of": ["ACLS"], "units": ["ICU"]}
E = date(2026, 3, 31)
LAPSED = E + DAY
HEAD, LEAD, DIRECTOR = "head@x.org", "lead@x.org", "director@x.org"
AT = datetime(2024, 1, 2, 12, tzinfo=UTC)


# --- worlds by hand ---------------------------------------------------------------------


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def policy(*requirements: Record, **changes: Any) -> Record:
    return {
        "name": "site",
        "timezone": "America/Chicago",
        "records_from": date(2024, 1, 1),
        "expiring_within_days": 90,
        "types": {"BLS": {}, "ACLS": {"requires": ["BLS"]}, "PALS": {}, "ALS": {}},
        "issuers": [{"id": "AHA"}, {"id": "RCUK"}],
        "validity": [{"months": 24, "ends": "month_end"}],
        "recognitions": [{"type": "ALS", "issuer": "RCUK", "counts_as": "ACLS"}],
        "requirements": list(requirements) or [BLS],
        "reminders": {"lead_days": [90, 60, 30, 14, 7, 1, 0], "weekly_on": "monday", "escalate_after_days": [14, 30]},
        **changes,
    }


def person(who: str = "N1", email: str | None = "n1@x.org") -> Record:
    return {"fact": "person", "employee_id": who, "name": who, "email": email}


def stint(
    begin: str | None = "2024-01-01",
    end: str | None = None,
    who: str = "N1",
    unit: str = "ICU",
    lead: str | None = None,
) -> Record:
    days = {"starts_on": day(begin), "ends_on": day(end)}
    words = {"unit": unit, "role": "RN", "employment_type": "employee", "manager_email": lead}
    return {"fact": "assignment", "employee_id": who, **words, **days}


def card(kind: str = "BLS", issued: str = "2024-03-10", who: str = "N1", issuer: str = "AHA") -> Record:
    return {
        "fact": "card",
        "employee_id": who,
        "type": kind,
        "issuer": issuer,
        "issued_on": day(issued),
        "stated": None,
        "number": None,
    }


def leave(begin: str, end: str | None) -> Record:
    return {"fact": "absence", "employee_id": "N1", "from": day(begin), "until": day(end)}


def exemption(begin: str, end: str, requirement: str = "bls") -> Record:
    return {
        "fact": "exemption",
        "employee_id": "N1",
        "requirement": requirement,
        "from": day(begin),
        "until": day(end),
    }


def booking(class_on: str, kind: str = "BLS") -> Record:
    return {"fact": "booking", "employee_id": "N1", "type": kind, "class_on": day(class_on)}


def submission(received_on: str, kind: str = "BLS") -> Record:
    return {"fact": "submission", "employee_id": "N1", "type": kind, "received_on": day(received_on)}


def unit(managers: Iterable[str] = (HEAD,), director: str | None = DIRECTOR, name: str = "ICU") -> Record:
    return {"fact": "unit", "unit": name, "facility": "Main", "managers": list(managers), "director": director}


def site(*facts: Record, rules: Record | None = None) -> Record:
    """A world of these facts, numbered and recorded in their order."""
    numbered = [
        {"id": n, **fact, "recorded_at": AT + timedelta(seconds=n), "retracted_at": None}
        for n, fact in enumerate(facts, 1)
    ]
    versions = [{"policy": rules or policy(), "effective": None, "recorded_at": AT}]
    return {"policies": versions, "facts": numbered}


def nurse(*more: Record, rules: Record | None = None) -> Record:
    """N1 with her card, and more."""
    return site(person(), stint(), card(), *more, rules=rules)


def without_card(*more: Record, rules: Record | None = None) -> Record:
    return site(person(), stint(), *more, rules=rules)


# --- runs, and what is looked at --------------------------------------------------------


def at(offset: int) -> date:
    """So many days after the card's last."""
    return E + offset * DAY


def after(world: Record, *days: date, sent: list[Record] | None = None, **more: Any) -> Run:
    """The last of the runs for these days, all mails of the earlier ones delivered."""
    sent, run = list(sent or []), None
    for one in days:
        run = owed(world, one, sent, **more)
        sent += run.sent
    assert run is not None
    return run


def history(world: Record, *days: date, **more: Any) -> list[Record]:
    sent: list[Record] = []
    for one in days:
        sent += owed(world, one, sent, **more).sent
    return sent


def notices(run: Run, kind: str = "staff_reminder", to: str | None = None) -> list[tuple[Any, ...]]:
    """Cause, stage, last day of each notice of a kind of mail."""
    found = [mail for mail in run.messages if mail["kind"] == kind and to in (None, mail["to"][0])]
    return sorted(((n["cause"], n["stage"], n["last_day"]) for mail in found for n in mail["notices"]), key=repr)


def stages(run: Run, **which: Any) -> list[int | str]:
    return [stage for _, stage, _ in notices(run, **which)]


def reasons(run: Run) -> list[str]:
    return [entry["reason"] for entry in run.not_sent]


def recipients(run: Run, kind: str) -> list[str]:
    return [mail["to"][0] for mail in run.messages if mail["kind"] == kind]


# --- a run ------------------------------------------------------------------------------


def test_the_shape_of_a_message() -> None:
    """A staff reminder has the keys and forms of the command line's JSON."""
    run = owed(nurse(), at(-14), [])
    notice = {"employee_id": "N1", "requirements": ["bls"], "cause": "BLS", "stage": 14, "last_day": "2026-03-31"}
    mail = {"kind": "staff_reminder", "to": ["n1@x.org"], "cc": [], "employee_id": "N1", "notices": [notice]}
    assert run.messages == [mail]
    assert run.not_sent == []


@pytest.mark.parametrize("offset", [-90, -14, 0, 1, 6, 14, 30])
def test_a_run_twice_changes_nothing(offset: int) -> None:
    """A second run for the same day owes nothing, whatever the first one sent."""
    world = nurse(unit())
    assert owed(world, at(offset), []).messages != []
    assert after(world, at(offset), at(offset)).messages == []


def test_what_failed_is_not_sent() -> None:
    """A notice that was planned but not delivered is owed by the next run."""
    assert stages(owed(nurse(), at(-13), [{"day": at(-14), "kind": "run"}])) == [14]


def test_a_late_run_loses_only_what_was_jumped_over() -> None:
    """After runs skipped for weeks the nearest stage is sent, and no other."""
    assert stages(after(nurse(), at(-90), at(-5))) == [7]


def test_a_skipped_run_loses_a_lapse_cured_meanwhile() -> None:
    """A lapse of four days without a run is told to nobody."""
    world = nurse(card(issued="2026-04-05"), unit())
    assert after(world, at(-1), at(5)).messages == []


def test_a_late_run_keeps_a_lapse_that_goes_on() -> None:
    """A lapse is told to nurse and manager on the first run after it, however late."""
    run = after(nurse(unit()), at(-1), at(9))
    assert notices(run) == [("BLS", "overdue", "2026-03-31")]
    assert notices(run, "lapse_notice") == [("BLS", "overdue", "2026-03-31")]


@pytest.mark.parametrize(("offset", "refused"), [(-15, True), (-14, False), (-13, False)])
def test_a_run_for_an_earlier_day(offset: int, refused: bool) -> None:
    """A run for a day before the latest run sends nothing and says so, even if the latest sent nothing."""
    run = owed(nurse(), at(offset), [{"day": at(-14), "kind": "run"}])
    assert run.refused is refused
    assert (run.messages == []) is refused


def test_one_mail_of_a_kind() -> None:
    """Ladder, newcomer's and overdue notices of one person go in one mail."""
    fresh = {"id": "new", "title": "New", "any_of": ["PALS"], "units": ["ED"], "within_days": 180}
    soon = {"id": "soon", "title": "Soon", "any_of": ["ALS"]}
    world = nurse(stint("2026-03-10", unit="ED"), card("ALS", "2024-02-10"), rules=policy(BLS, fresh, soon))
    run = owed(world, at(-14), [])
    assert len(run.messages) == 1
    assert notices(run) == [
        ("ALS", "overdue", "2026-02-28"),
        ("BLS", 14, "2026-03-31"),
        ("new", "new", "2026-09-06"),
    ]


# --- the ladder: stages -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "lefts"),
    [
        ([], [91]),
        ([90], [90, 89, 61]),
        ([60], [60, 31]),
        ([30], [30, 15]),
        ([14], [14, 13, 8]),
        ([7], [7, 6, 2]),
        ([1], [1]),
        ([0], [0]),
    ],
)
def test_the_stage_is_the_smallest_lead_not_yet_passed(stage: list[int], lefts: list[int]) -> None:
    """With so many days left, the stage is the smallest lead that is at least as many."""
    assert [stages(owed(nurse(), at(-left), [])) for left in lefts] == [stage for _ in lefts]


def test_each_stage_is_sent_once() -> None:
    """Daily runs send each stage on its day and nothing between."""
    days = [at(n) for n in range(-100, 1)]
    sent = [entry for entry in history(nurse(), *days) if entry["kind"] == "staff_reminder"]
    assert [((E - entry["day"]).days, entry["stage"]) for entry in sent] == [(n, n) for n in (90, 60, 30, 14, 7, 1, 0)]


def test_leads_of_the_site() -> None:
    """The leads are the policy's: with only 21 and 3, the day 20 before is of stage 21, the day 22 before of none."""
    rules = policy(reminders={"lead_days": [21, 3], "weekly_on": "monday", "escalate_after_days": [14, 30]})
    world = nurse(rules=rules)
    assert [stages(owed(world, at(-n), [])) for n in (22, 21, 20, 3, 0)] == [[], [21], [21], [3], [3]]


def test_the_day_is_judged_by_the_version_in_force() -> None:
    """New leads hold from the effective day of their version, not the day before."""
    world = nurse()
    later = policy(reminders={"lead_days": [20], "weekly_on": "monday", "escalate_after_days": [14]})
    world["policies"].append({"policy": later, "effective": at(-16), "recorded_at": AT + DAY})
    assert [stages(owed(world, at(-n), [])) for n in (17, 16)] == [[30], [20]]


def test_another_end_is_another_notice() -> None:
    """A renewal with an end of its own starts the ladder again, though the stage was sent for the old end."""
    sent = history(nurse(), at(-14))
    world = nurse(card(issued="2024-04-02"))
    assert notices(owed(world, at(16), sent)) == [("BLS", 14, "2026-04-30")]


def test_the_same_end_is_not_told_twice() -> None:
    """A card recorded anew with the same end brings no second notice of the stage."""
    sent = history(nurse(), at(-14))
    assert owed(nurse(card(issued="2024-03-20")), at(-13), sent).messages == []


# --- the ladder: who stands on it -----------------------------------------------------------


def test_a_pending_requirement_is_on_the_ladder() -> None:
    """A newcomer's deadline is an E, and the cause is the requirement."""
    rules = policy({**BLS, "within_days": 180})
    world = site(person(), stint("2025-01-01"), rules=rules)
    assert notices(owed(world, date(2025, 6, 16), [])) == [("bls", 14, "2025-06-30")]
    assert notices(owed(world, date(2025, 7, 1), [])) == [("bls", "overdue", "2025-06-30")]


@pytest.mark.parametrize(("today", "stage"), [("2026-05-31", 14), ("2026-06-14", 0)])
def test_an_exemptions_end_is_on_the_ladder(today: str, stage: int) -> None:
    """The exempt are told of their exemption's end, with the requirement as the cause."""
    world = without_card(exemption("2026-01-01", "2026-06-14"))
    assert notices(owed(world, date.fromisoformat(today), [])) == [("bls", stage, "2026-06-14")]


def test_a_card_that_ends_with_the_exemption_is_the_cause() -> None:
    """Where card and exemption end on one day, the card's end brings the bad day about."""
    assert notices(owed(nurse(exemption("2026-01-01", "2026-03-31")), at(-14), [])) == [("BLS", 14, "2026-03-31")]


def test_grace_straight_after_current_is_an_end() -> None:
    """Before grace the card's last day is E; in grace the last day of grace is, for the same cause."""
    world = nurse(rules=policy({**BLS, "grace_after_expiry_days": 31}))
    assert notices(owed(world, at(-14), [])) == [("BLS", 14, "2026-03-31")]
    assert notices(owed(world, at(0), [])) == [("BLS", 0, "2026-03-31")]
    assert notices(owed(world, at(1), [])) == [("BLS", 30, "2026-05-01")]
    assert notices(owed(world, at(31), [])) == [("BLS", 0, "2026-05-01")]
    assert notices(owed(world, at(32), [])) == [("BLS", "overdue", "2026-05-01")]


def test_grace_after_an_exemption_is_no_end() -> None:
    """Grace that follows an exemption is not straight after `current`: E is the last day of grace."""
    world = nurse(exemption("2026-03-01", "2026-04-10"), rules=policy({**BLS, "grace_after_expiry_days": 31}))
    assert notices(owed(world, date(2026, 4, 10), [])) == [("BLS", 30, "2026-05-01")]


def test_before_the_records_begin_nobody_is_told() -> None:
    """A requirement not yet recorded is neither on the ladder nor overdue."""
    world = without_card(rules=policy(records_from=E))
    assert owed(world, E - DAY, []).messages == []
    assert notices(owed(world, E, [])) == [("bls", "overdue", None)]


# --- the ladder: looking forward ------------------------------------------------------------


def test_an_assignment_that_ends_first() -> None:
    """If the requirement stops applying on or before E nothing is owed; a day later it is."""
    ends = {"2026-03-30": [], "2026-03-31": [], "2026-04-01": [14]}
    found = {end: stages(owed(site(person(), stint(end=end), card()), at(-14), [])) for end in ends}
    assert found == ends


@pytest.mark.parametrize(("resumes", "stage"), [("2026-03-23", [14]), ("2026-03-24", [14]), ("2026-03-25", [])])
def test_a_transfer_goes_on(resumes: str, stage: list[int]) -> None:
    """A break of at most `rejoin_within_days` (here 3, after 20 March) is none; one of four is an end."""
    stints = (stint(end="2026-03-20"), stint(resumes, unit="ED"))
    world = site(person(), *stints, card(), rules=policy(rejoin_within_days=3))
    assert stages(owed(world, at(-14), [])) == stage


@pytest.mark.parametrize(("before", "after_it", "stage"), [(3, 2, []), (2, 3, [14])])
def test_the_break_is_judged_on_the_day_of_return(before: int, after_it: int, stage: list[int]) -> None:
    """Whether a break (here of three days) is none is up to the version in force on the day it ends."""
    stints = (stint(end="2026-03-20"), stint("2026-03-24", unit="ED"))
    world = site(person(), *stints, card(), rules=policy(rejoin_within_days=before))
    later = policy(rejoin_within_days=after_it)
    world["policies"].append({"policy": later, "effective": date(2026, 3, 24), "recorded_at": AT + DAY})
    assert stages(owed(world, at(-14), [])) == stage


def test_a_bad_day_after_a_break() -> None:
    """Where the card ends during a short break, E is the day before the return and the card the cause."""
    stints = (stint(end="2026-03-30"), stint("2026-04-03", unit="ED"))
    world = site(person(), *stints, card(), rules=policy(rejoin_within_days=3))
    assert notices(owed(world, date(2026, 3, 26), [])) == [("BLS", 7, "2026-04-02")]


def test_leave_that_has_not_begun_is_ignored() -> None:
    """A leave over the card's end does not hide it on the day before the leave begins."""
    world = nurse(leave("2026-03-18", "2026-07-01"))
    assert notices(owed(world, date(2026, 3, 17), [])) == [("BLS", 14, "2026-03-31")]


def test_an_exemption_that_has_not_begun_is_ignored() -> None:
    """An exemption hides the card's end from its first day on, not the day before."""
    world = nurse(exemption("2026-03-25", "2026-12-31"))
    assert stages(owed(world, date(2026, 3, 24), [])) == [7]
    assert stages(owed(world, date(2026, 3, 25), [])) == []


def test_a_later_version_that_drops_the_requirement() -> None:
    """A requirement that its policy retires before the card's end owes nothing."""
    world = nurse()
    world["policies"].append({"policy": policy(ACLS), "effective": at(0), "recorded_at": AT + DAY})
    assert owed(world, at(-14), []).messages == []


# --- the ladder: causes -----------------------------------------------------------------------


def test_one_card_ends_three_standings() -> None:
    """One lapsing BLS that ends three standings is one notice naming three."""
    world = nurse(card("ACLS", "2025-01-10"), rules=policy(BLS, ACLS, CODE))
    [notice] = owed(world, at(-14), []).messages[0]["notices"]
    assert (notice["cause"], notice["requirements"]) == ("BLS", ["acls", "bls", "code-team"])


def test_two_cards_end_on_one_day() -> None:
    """Where card and prerequisite end together, each type is a cause, with the requirements it ends."""
    world = nurse(card("ACLS", "2024-03-20"), rules=policy(BLS, ACLS))
    found = owed(world, at(-14), []).messages[0]["notices"]
    assert [(n["cause"], n["requirements"]) for n in found] == [("ACLS", ["acls"]), ("BLS", ["acls", "bls"])]


def test_either_of_two_cards_would_do() -> None:
    """Where either type would do and both end together, both are causes; if one goes on nothing ends."""
    rules = policy({**BLS, "any_of": ["BLS", "PALS"]})
    assert notices(owed(nurse(card("PALS", "2024-03-01"), rules=rules), at(0), [])) == [
        ("BLS", 0, "2026-03-31"),
        ("PALS", 0, "2026-03-31"),
    ]
    assert owed(nurse(card("PALS", "2025-03-01"), rules=rules), at(0), []).messages == []


def test_a_card_that_ends_but_decides_nothing() -> None:
    """An ACLS that ends together with the BLS it needs is no cause where the BLS alone would do."""
    world = nurse(card("ACLS", "2024-03-20"), rules=policy({**BLS, "any_of": ["BLS", "ACLS"]}))
    assert notices(owed(world, at(-14), [])) == [("BLS", 14, "2026-03-31")]


def test_the_cause_is_the_cards_own_type() -> None:
    """A card recognised as another type is named by its own."""
    als, bls = card("ALS", "2024-03-10", issuer="RCUK"), card(issued="2025-06-10")
    world = site(person(), stint(), als, bls, rules=policy(ACLS))
    assert notices(owed(world, at(-14), [])) == [("ALS", 14, "2026-03-31")]


def test_a_renewal_cap_is_a_cards_end() -> None:
    """A card that the requirement wants renewed sooner ends, for it, on the capped day."""
    world = nurse(rules=policy({**BLS, "renew_every_months": 12}))
    assert notices(owed(world, date(2025, 3, 3), [])) == [("BLS", 7, "2025-03-10")]


def test_a_new_rule_is_no_cards_end() -> None:
    """Where a later version asks for more, the cause is the requirement."""
    world = nurse()
    stricter = policy({**BLS, "verified": True})
    world["policies"].append({"policy": stricter, "effective": date(2026, 2, 1), "recorded_at": AT + DAY})
    assert notices(owed(world, date(2026, 1, 31), [])) == [("bls", 0, "2026-01-31")]


# --- newcomers --------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "new"), [("2025-01-01", True), ("2025-01-15", True), ("2025-01-16", False)])
def test_a_newcomer_is_told(today: str, new: bool) -> None:
    """A pending requirement is told from its start until 14 days after it."""
    world = site(person(), stint("2025-01-01"), rules=policy({**BLS, "within_days": 180}))
    assert notices(owed(world, date.fromisoformat(today), [])) == ([("bls", "new", "2025-06-30")] if new else [])


def test_a_newcomer_is_told_once() -> None:
    """The second day says nothing more; a transfer without a break does not begin anew."""
    rules = policy({**BLS, "within_days": 180})
    stints = (stint("2025-01-01", "2025-01-05"), stint("2025-01-06", unit="ED"))
    world = site(person(), *stints, rules=rules)
    assert after(world, date(2025, 1, 1), date(2025, 1, 2)).messages == []
    assert after(world, date(2025, 1, 1), date(2025, 1, 6)).messages == []


def test_a_newcomer_with_a_near_deadline() -> None:
    """The newcomer's notice comes beside the ladder's, in one mail."""
    world = site(person(), stint("2025-01-01"), rules=policy({**BLS, "within_days": 30}))
    assert stages(owed(world, date(2025, 1, 1), [])) == ["new", 30]


def test_a_newcomer_who_leaves_before_the_deadline() -> None:
    """Nothing is owed to one whose requirement stops applying first."""
    world = site(person(), stint("2025-01-01", "2025-03-31"), rules=policy({**BLS, "within_days": 180}))
    assert owed(world, date(2025, 1, 1), []).messages == []


def test_a_newcomer_with_a_card_on_file() -> None:
    """A card on file that begins before the deadline carries past it: nothing to tell."""
    world = site(person(), stint("2025-01-01"), card(issued="2025-01-20"), rules=policy({**BLS, "within_days": 180}))
    assert owed(world, date(2025, 1, 1), []).messages == []


# --- overdue ----------------------------------------------------------------------------------


def test_a_lapse_is_told_at_once() -> None:
    """On the last day in compliance nothing is overdue; on the first day out of it, the day before is named."""
    assert notices(after(nurse(), at(0))) == [("BLS", 0, "2026-03-31")]
    assert notices(after(nurse(), at(0), at(1))) == [("BLS", "overdue", "2026-03-31")]


def test_never_in_compliance() -> None:
    """Where there was no day in compliance before the lapse, there is no last day, and the requirement is the cause."""
    world = site(person(), stint("2026-02-02"))
    assert notices(owed(world, date(2026, 2, 2), [])) == [("bls", "overdue", None)]


@pytest.mark.parametrize(
    ("weekday", "april"),
    [("saturday", 4), ("sunday", 5), ("monday", 6), ("tuesday", 7), ("wednesday", 8), ("thursday", 9), ("friday", 10)],
)
def test_told_again_on_the_weekly_day(weekday: str, april: int) -> None:
    """Told on Wednesday 1 April: again on the first weekly day that is at least three days later."""
    rules = policy(reminders={"lead_days": [0], "weekly_on": weekday, "escalate_after_days": [14]})
    sent = history(nurse(rules=rules), *[at(n) for n in range(1, 11)])
    assert [past["day"].day for past in sent if past["kind"] == "staff_reminder"] == [1, april]


def test_three_days_after_the_last() -> None:
    """Told on a Friday: again on Monday, three days later; told on a Saturday: not that Monday but the next."""
    monday = date(2026, 4, 6)
    assert stages(after(nurse(), monday - 3 * DAY, monday)) == ["overdue"]
    assert stages(after(nurse(), monday - 2 * DAY, monday)) == []
    assert stages(after(nurse(), monday - 2 * DAY, monday + 6 * DAY)) == []
    assert stages(after(nurse(), monday - 2 * DAY, monday + 7 * DAY)) == ["overdue"]


def test_a_weekly_day_without_a_run() -> None:
    """A weekly day that came without a run is made up on the next, and the week counts from there."""
    assert stages(after(nurse(), at(1), at(8))) == ["overdue"]
    assert stages(after(nurse(), at(1), at(8), at(12))) == []
    assert stages(after(nurse(), at(1), at(8), at(13))) == ["overdue"]


def test_a_new_lapse_brings_the_others_along() -> None:
    """A new lapse is told with everything else of that person that is overdue."""
    rules = policy(BLS, {"id": "pals", "title": "PALS", "any_of": ["PALS"]})
    pals = {**card("PALS", "2024-03-10"), "stated": "2026-04-02", "issuer": "Acme"}
    rules["issuers"] = [{"id": "AHA"}, {"id": "Acme"}]
    rules["validity"] = [{"months": 24, "ends": "month_end"}, {"issuer": "Acme", "ends": "printed"}]
    world = nurse(pals, rules=rules)
    assert notices(after(world, at(1), at(2))) == [("PALS", 0, "2026-04-02")]
    assert notices(after(world, at(1), at(2), at(3))) == [
        ("BLS", "overdue", "2026-03-31"),
        ("PALS", "overdue", "2026-04-02"),
    ]


def test_a_lapse_is_one_through_different_standings() -> None:
    """From prerequisite gap to expired the lapse is the same: not told again, and not a new one."""
    rules = policy(ACLS)
    world = nurse(card("ACLS", "2024-04-10"), rules=rules)
    sent = history(world, at(1), at(30))
    assert owed(world, at(31), sent).messages == []
    assert notices(owed(world, at(34), sent)) == [("BLS", "overdue", "2026-03-31")]


@pytest.mark.parametrize(
    "ended_by",
    [leave("2026-04-09", "2026-04-09"), exemption("2026-04-09", "2026-04-09")],
    ids=["leave", "exemption"],
)
def test_a_lapse_is_ended_by_leave_or_exemption(ended_by: Record) -> None:
    """A lapse that leave or exemption interrupts for a day is a new one after it, told at once."""
    world = nurse(ended_by)
    sent = history(world, at(1), at(6), at(8))
    assert stages(owed(world, at(8), sent)) == []
    assert stages(owed(world, at(9), sent)) == ([] if ended_by["fact"] == "absence" else [0])
    assert [(stage, last) for _, stage, last in notices(owed(world, at(10), sent))] == [("overdue", "2026-04-09")]


def test_a_lapse_is_ended_by_a_cure() -> None:
    """A card that counts ends the lapse; when it ends too, a new lapse is told at once."""
    cure = {**card(issued="2026-04-07"), "stated": "2026-04-09"}
    world = nurse(cure, rules=policy(validity=[{"months": 24, "ends": "same_day"}]))
    sent = history(world, date(2026, 3, 11), date(2026, 4, 6))
    assert stages(owed(world, date(2026, 4, 7), sent)) == [7]
    assert notices(owed(world, date(2026, 4, 10), sent)) == [("BLS", "overdue", "2026-04-09")]


def test_a_lapse_is_ended_by_leaving() -> None:
    """One who left and came back later than a break allows has a new lapse, with no compliant day before it."""
    stints = (stint(end="2026-04-08"), stint("2026-04-12", unit="ED"))
    world = site(person(), *stints, card(), rules=policy(rejoin_within_days=2))
    sent = history(world, at(1), at(7))
    assert owed(world, at(9), sent).messages == []
    assert notices(owed(world, at(12), sent)) == [("bls", "overdue", None)]


def test_a_short_break_does_not_end_a_lapse() -> None:
    """A transfer within `rejoin_within_days` leaves the lapse what it was: nothing new to tell."""
    stints = (stint(end="2026-04-08"), stint("2026-04-12", unit="ED"))
    world = site(person(), *stints, card(), rules=policy(rejoin_within_days=3))
    assert owed(world, at(12), history(world, at(1), at(7))).messages == []


def test_a_corrected_first_day_is_a_new_lapse() -> None:
    """A lapse is keyed by its first day: a card found to have ended sooner is told anew."""
    sent = history(nurse(), at(1))
    world = without_card(card(issued="2024-02-10"))
    assert notices(owed(world, at(2), sent)) == [("BLS", "overdue", "2026-02-28")]


def test_a_card_that_ended_on_leave() -> None:
    """On return the lapse begins; the card that ended meanwhile is the cause."""
    world = nurse(leave("2026-03-01", "2026-04-30"))
    assert owed(world, date(2026, 4, 30), []).messages == []
    assert notices(owed(world, date(2026, 5, 1), [])) == [("BLS", "overdue", "2026-04-30")]


# --- silence ----------------------------------------------------------------------------------


def test_a_card_that_nothing_needs() -> None:
    """The end of a card that no current requirement needs is told to nobody."""
    world = without_card(card(issued="2025-06-10"), card("PALS", "2024-02-10"))
    assert owed(world, date(2026, 2, 15), []).messages == []


@pytest.mark.parametrize(("today", "silent"), [("2026-04-03", False), ("2026-04-04", True)])
def test_leavers(today: str, silent: bool) -> None:
    """On the last day of the assignment the overdue are told; on the day after nobody is, nor any reason given."""
    world = site(person(), stint(end="2026-04-03"), card(), unit())
    run = owed(world, date.fromisoformat(today), [])
    assert (run.messages == []) is silent
    assert run.not_sent == []


@pytest.mark.parametrize(("today", "why"), [(16, []), (17, ["on_leave"]), (19, ["on_leave"]), (20, [])])
def test_no_one_on_leave(today: int, why: list[str]) -> None:
    """From the first to the last day of leave nothing is sent, and the reason is given where something was due."""
    run = owed(nurse(leave("2026-03-17", "2026-03-19")), date(2026, 3, today), [])
    assert reasons(run) == why
    assert (run.messages == []) is bool(why)


def test_on_leave_with_nothing_due() -> None:
    """Leave is no reason where nothing would have been sent."""
    assert reasons(owed(nurse(leave("2025-06-01", "2025-06-30")), date(2025, 6, 10), [])) == []


def test_exempt_and_on_leave() -> None:
    """Leave silences the end of an exemption too."""
    run = owed(without_card(exemption("2026-01-01", "2026-03-31"), leave("2026-03-01", None)), at(-7), [])
    assert (run.messages, reasons(run)) == ([], ["on_leave"])


@pytest.mark.parametrize(("offset", "why"), [(1, []), (2, ["exempt"]), (5, ["exempt"]), (6, [])])
def test_nothing_overdue_for_the_exempt(offset: int, why: list[str]) -> None:
    """While an exemption covers the day nothing is overdue, and the reason is given."""
    run = owed(nurse(exemption("2026-04-02", "2026-04-05")), at(offset), [])
    assert reasons(run) == why
    assert ("overdue" in stages(run)) is not bool(why)


def test_a_renewal_on_file() -> None:
    """A renewal that carries past the card's end silences it; one that leaves a day's hole does not."""
    assert owed(nurse(card(issued="2026-03-10")), at(-14), []).messages == []
    assert owed(nurse(card(issued="2026-04-01")), at(-14), []).messages == []
    assert stages(owed(nurse(card(issued="2026-04-02")), at(-14), [])) == [14]


@pytest.mark.parametrize(("waited", "silent"), [(-1, False), (0, True), (14, True), (15, False)])
def test_a_submission_waits(waited: int, silent: bool) -> None:
    """A submission of that type silences its notice from the day received until 14 days after."""
    run = owed(nurse(submission("2026-03-10")), date(2026, 3, 10) + waited * DAY, [])
    assert reasons(run) == (["awaiting_check"] if silent else [])
    assert (run.messages == []) is silent


def test_a_submission_of_another_type() -> None:
    """A submission of a type that the notice does not ask for silences nothing."""
    assert stages(owed(nurse(submission("2026-03-10", "PALS")), at(-14), [])) == [14]


def test_a_submission_for_a_newcomer() -> None:
    """Where the cause is the requirement, a submission of a type it takes, or recognises, silences it."""
    world = site(person(), stint("2025-01-01"), rules=policy({**ACLS, "within_days": 180}))
    for kind in ("ACLS", "ALS"):
        waiting = site(*[{**fact} for fact in world["facts"]], submission("2025-01-02", kind), rules=policy(ACLS))
        waiting["policies"] = world["policies"]
        assert reasons(owed(waiting, date(2025, 1, 2), [])) == ["awaiting_check"]


def test_a_submission_silences_the_overdue_too() -> None:
    """While a submission waits its lapse is not told; afterwards it is told at once."""
    world = nurse(submission("2026-03-31"))
    assert reasons(owed(world, at(14), [])) == ["awaiting_check"]
    assert stages(owed(world, at(15), [])) == ["overdue"]


@pytest.mark.parametrize(
    ("class_on", "today", "silent"),
    [
        ("2026-03-31", "2026-03-24", True),  # on E
        ("2026-04-01", "2026-03-24", False),  # after E: pointed out, not silenced
        ("2026-03-20", "2026-03-27", True),  # seven days after the class
        ("2026-03-20", "2026-03-28", False),  # eight
        ("2026-03-31", "2026-04-07", True),  # overdue, but the class was in time
        ("2026-03-31", "2026-04-08", False),
    ],
)
def test_a_booking_stands(class_on: str, today: str, silent: bool) -> None:
    """A booking on or before E silences until seven days after the class; one after E does not."""
    run = owed(nurse(booking(class_on)), date.fromisoformat(today), [])
    assert reasons(run) == (["booked"] if silent else [])
    assert (run.messages == []) is silent


def test_silence_of_one_notice_only() -> None:
    """A booking silences its own type; the rest of the mail goes, and the reason is still given."""
    rules = policy(BLS, {"id": "pals", "title": "PALS", "any_of": ["PALS"]})
    run = owed(nurse(card("PALS", "2024-03-10"), booking("2026-03-20"), rules=rules), at(-14), [])
    assert notices(run) == [("PALS", 14, "2026-03-31")]
    assert reasons(run) == ["booked"]


def test_what_was_silenced_is_not_sent() -> None:
    """A stage silenced by a booking is owed when the booking stands no more."""
    world = nurse(booking("2026-03-18"))
    assert stages(after(world, at(-14), at(-7), at(-5))) == [7]


def test_no_address() -> None:
    """Without an address nothing is sent, the reason is given, and an address recorded later gets it."""
    run = owed(site(person(email=None), stint(), card()), at(-14), [])
    assert (run.messages, reasons(run)) == ([], ["no_address"])
    known = site(person(email=None), stint(), card(), person())
    assert stages(owed(known, at(-13), run.sent)) == [14]


def test_a_blank_address_never_erases() -> None:
    """A later record of the person without an address leaves the one known."""
    assert recipients(owed(nurse(person(email=None)), at(-14), []), "staff_reminder") == ["n1@x.org"]


def test_a_bounced_address() -> None:
    """Nothing goes to an address that bounced."""
    run = owed(nurse(), at(-14), [], bounced={"n1@x.org"})
    assert (run.messages, reasons(run)) == ([], ["bounced"])


@pytest.mark.parametrize(("offset", "held"), [(-15, True), (-14, False), (-13, False)])
def test_mail_not_enabled(offset: int, held: bool) -> None:
    """Before the day of `mail enable` all is held, with the reason; from that day on it goes."""
    run = owed(nurse(unit()), at(offset), [], enabled_on=at(-14))
    assert reasons(run) == (["held"] if held else [])
    assert (run.messages == []) is held


def test_what_was_held_is_owed() -> None:
    """A stage that was held is sent on the first run after `mail enable`."""
    assert stages(after(nurse(), at(-14), at(-12), enabled_on=at(-12))) == [14]


# --- managers: lapse notices --------------------------------------------------------------------


def test_a_lapse_notice_to_each_manager() -> None:
    """The assignment's manager and the unit's are told of a lapse once, each in a mail of his own."""
    world = site(person(), stint(lead=LEAD), card(), unit([HEAD, LEAD]))
    assert recipients(owed(world, at(0), []), "lapse_notice") == []
    run = owed(world, at(1), [])
    assert recipients(run, "lapse_notice") == [HEAD, LEAD]
    assert all(mail["employee_id"] is None for mail in run.messages if mail["kind"] == "lapse_notice")
    assert recipients(after(world, at(1), at(2)), "lapse_notice") == []


def test_a_lapse_notice_names_all_the_people() -> None:
    """Two nurses' lapses go to their manager in one mail."""
    second = (person("N2", "n2@x.org"), stint(who="N2"), card(who="N2"))
    run = owed(nurse(*second, unit()), at(1), [])
    [mail] = [mail for mail in run.messages if mail["kind"] == "lapse_notice"]
    assert [notice["employee_id"] for notice in mail["notices"]] == ["N1", "N2"]


def test_a_lapse_is_told_to_managers_in_spite_of_silence() -> None:
    """No address, a booking or a submission silences the nurse's mail, not her manager's."""
    world = site(person(email=None), stint(), card(), submission("2026-03-31"), booking("2026-03-31"), unit())
    assert recipients(owed(world, at(1), []), "lapse_notice") == [HEAD]


def test_a_lapse_notice_only_where_the_requirement_applies() -> None:
    """The managers are those of the assignments through which the requirement applies."""
    world = site(
        person(),
        stint(),
        stint(unit="ED", lead=LEAD),
        card(),
        unit(),
        unit(["ed@x.org"], name="ED"),
        rules=policy({**BLS, "units": ["ICU"]}),
    )
    assert recipients(owed(world, at(1), []), "lapse_notice") == [HEAD]


def test_a_new_lapse_is_a_new_notice() -> None:
    """Managers hear of the lapse after a cure, not of the first one again."""
    cure = {**card(issued="2026-04-07"), "stated": "2026-04-09"}
    world = nurse(cure, unit(), rules=policy(validity=[{"months": 24, "ends": "same_day"}]))
    run = owed(world, date(2026, 4, 10), history(world, date(2026, 3, 11), date(2026, 4, 6)))
    assert notices(run, "lapse_notice") == [("BLS", "overdue", "2026-04-09")]


def test_a_bounced_manager() -> None:
    """Nothing goes to a manager's address that bounced; the others are told."""
    run = owed(nurse(unit([HEAD, LEAD])), at(1), [], bounced=[HEAD])
    assert recipients(run, "lapse_notice") == [LEAD]


@pytest.mark.parametrize(("enabled", "told"), [(0, True), (1, True), (2, False), (None, True)])
def test_lapses_older_than_mail_enable(enabled: int | None, told: bool) -> None:
    """A lapse that began before the day of `mail enable` gets no lapse notice and no escalation; the nurse is told."""
    enabled_on = None if enabled is None else at(enabled)
    run = owed(nurse(unit()), at(20), [], enabled_on=enabled_on)
    assert recipients(run, "lapse_notice") == ([HEAD] if told else [])
    assert recipients(run, "escalation") == ([HEAD] if told else [])
    assert stages(run) == ["overdue"]
    assert recipients(run, "manager_digest") == [HEAD]


# --- managers: escalations ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nth_day", "stage", "to"),
    [
        (13, [], []),
        (14, [14], [HEAD]),
        (29, [14], [HEAD]),
        (30, [30, 30], [DIRECTOR, HEAD]),
        (31, [30, 30], [DIRECTOR, HEAD]),
    ],
)
def test_escalations(nth_day: int, stage: list[int], to: list[str]) -> None:
    """From day 14 of the lapse, its first being day 1, the managers; from day 30 the managers and the director."""
    run = owed(nurse(unit()), at(nth_day), [])
    assert stages(run, kind="escalation") == stage
    assert recipients(run, "escalation") == to


def test_each_escalation_once() -> None:
    """Daily runs escalate on days 14 and 30 and on no other."""
    sent = history(nurse(unit()), *[at(n) for n in range(1, 45)])
    found = [((e["day"] - E).days, e["stage"], e["to"]) for e in sent if e["kind"] == "escalation"]
    assert found == [(14, 14, HEAD), (30, 30, DIRECTOR), (30, 30, HEAD)]


def test_an_escalation_has_its_own_form() -> None:
    """The recipient alone in `to`, nobody in `cc`, the nurse in the notice with the day number as its stage."""
    [mail] = [mail for mail in owed(nurse(unit()), at(14), []).messages if mail["kind"] == "escalation"]
    notice = {"employee_id": "N1", "requirements": ["bls"], "cause": "BLS", "stage": 14, "last_day": "2026-03-31"}
    assert mail == {"kind": "escalation", "to": [HEAD], "cc": [], "employee_id": None, "notices": [notice]}


def test_a_director_who_manages() -> None:
    """A director who is also a manager of the unit gets one escalation."""
    assert recipients(owed(nurse(unit([HEAD], HEAD)), at(30), []), "escalation") == [HEAD]


def test_a_lapse_ended_by_leave_escalates_from_its_new_first_day() -> None:
    """The days of a lapse are counted from its own first day."""
    world = nurse(leave("2026-04-09", "2026-04-09"), unit())
    assert recipients(owed(world, at(22), []), "escalation") == []
    assert recipients(owed(world, at(23), []), "escalation") == [HEAD]


# --- managers: the digest ---------------------------------------------------------------------------


MONDAY = date(2026, 4, 6)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ([0], True),
        ([3], True),  # the first run of that week
        ([0, 0], False),
        ([0, 6], False),
        ([0, 7], True),
        ([-1, 0], True),  # Sunday's belonged to the week before
        ([2, 6], False),
        ([2, 7], True),
    ],
)
def test_one_digest_a_week(days: list[int], due: bool) -> None:
    """A digest is owed on the first run on or after a Monday on which none was sent since it."""
    run = after(nurse(unit()), *[MONDAY + n * DAY for n in days])
    assert recipients(run, "manager_digest") == ([HEAD] if due else [])


@pytest.mark.parametrize(
    ("enabled", "today", "due"),
    [(0, 0, True), (1, 1, False), (1, 6, False), (1, 7, True), (-1, 0, True), (-1, -1, False)],
)
def test_no_digest_for_a_week_before_mail_enable(enabled: int, today: int, due: bool) -> None:
    """The first digest is that of the first Monday on or after the day of `mail enable`."""
    run = owed(nurse(unit()), MONDAY + today * DAY, [], enabled_on=MONDAY + enabled * DAY)
    assert recipients(run, "manager_digest") == ([HEAD] if due else [])


def test_no_empty_digest() -> None:
    """A unit where all are current for long gets none."""
    assert owed(nurse(unit()), date(2025, 6, 2), []).messages == []


@pytest.mark.parametrize(("left", "due"), [(91, False), (90, True), (0, True)])
def test_the_digest_of_the_expiring(left: int, due: bool) -> None:
    """A standing that ends within `expiring_within_days` is worth a digest, a day earlier it is not."""
    assert recipients(owed(nurse(unit()), at(-left), []), "manager_digest") == ([HEAD] if due else [])


def test_the_digest_of_the_pending() -> None:
    """A newcomer with time left is in the digest."""
    world = site(person(), stint("2026-04-01"), unit(), rules=policy({**BLS, "within_days": 365}))
    assert recipients(owed(world, MONDAY, []), "manager_digest") == [HEAD]


@pytest.mark.parametrize(("received", "due"), [("2025-05-01", True), ("2025-06-02", True), ("2025-06-03", False)])
def test_the_digest_of_what_waits_to_be_checked(received: str, due: bool) -> None:
    """A submission is in the digest as long as it waits, beyond its 14 days too."""
    run = owed(nurse(submission(received, "PALS"), unit()), date(2025, 6, 2), [])
    assert recipients(run, "manager_digest") == ([HEAD] if due else [])


@pytest.mark.parametrize(("issued", "due"), [("2025-05-01", False), ("2024-01-10", True), ("2024-03-10", True)])
def test_a_card_that_may_be_the_one_handed_in_ends_the_waiting(issued: str, due: bool) -> None:
    """If its type is on record until later by it, whatever way it came; one that ends no later does not."""
    run = owed(nurse(submission("2025-05-20"), card(issued=issued), unit()), date(2025, 6, 2), [])
    assert recipients(run, "manager_digest") == ([HEAD] if due else [])


def test_a_card_that_was_known_when_another_was_handed_in_does_not_end_the_waiting() -> None:
    """The other may be its renewal."""
    run = owed(nurse(card(issued="2025-05-01"), submission("2025-05-20"), unit()), date(2025, 6, 2), [])
    assert recipients(run, "manager_digest") == [HEAD]


def test_the_digest_of_the_unreachable() -> None:
    """People without an address, or whose address bounced, are in the digest though all their cards are in order."""
    monday = date(2025, 6, 2)
    nameless = site(person(email=None), stint(), card(), unit())
    assert recipients(owed(nameless, monday, []), "manager_digest") == [HEAD]
    assert recipients(owed(nurse(unit()), monday, [], bounced=["n1@x.org"]), "manager_digest") == [HEAD]


def test_nobody_needs_to_reach_them() -> None:
    """One without an address to whom no requirement applies is not worth a digest."""
    nameless = site(person(email=None), stint(), unit(), rules=policy({**BLS, "units": ["ED"]}))
    assert owed(nameless, date(2025, 6, 2), []).messages == []


@pytest.mark.parametrize(
    ("until", "issued", "due"),
    [
        ("2026-07-04", "2024-03-10", True),  # back on the 90th day, the card ended in March
        ("2026-07-05", "2024-03-10", False),  # too far away
        ("2026-07-04", "2025-03-10", False),  # nothing ended
        (None, "2024-03-10", False),  # nobody knows when
    ],
)
def test_the_digest_of_those_who_return(until: str | None, issued: str, due: bool) -> None:
    """One who returns from leave with something ended is in the digest, as early as an expiring card would be."""
    world = without_card(card(issued=issued), leave("2026-02-01", until), unit())
    assert recipients(owed(world, MONDAY, []), "manager_digest") == ([HEAD] if due else [])


def test_the_digest_of_their_units() -> None:
    """Each manager hears of his own: the unit's of the unit, the assignment's of his people."""
    well = (
        person("N2", "n2@x.org"),
        stint(who="N2", unit="ED", lead="other@x.org"),
        card(issued="2025-12-01", who="N2"),
    )
    world = site(person(), stint(lead=LEAD), card(), unit(), *well, unit(["ed@x.org"], name="ED"))
    assert recipients(owed(world, MONDAY, []), "manager_digest") == [HEAD, LEAD]


# --- any story --------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(stories())
def test_any_story(story: Record) -> None:
    """In any story no run sends anybody two mails of a kind, and no run repeated owes anything."""
    sent: list[Record] = []
    for one in story["runs"]:
        more = {"enabled_on": story["enabled_on"], "bounced": one["bounced"], "known_at": one["known_at"]}
        run = owed(story["world"], one["day"], sent, **more)
        keys = [(mail["kind"], mail["to"][0], mail["employee_id"]) for mail in run.messages]
        assert len(keys) == len(set(keys))
        sent += run.sent
        assert owed(story["world"], one["day"], sent, **more).messages == []
