"""A second reading of RULES.md, section 6, for the tests: what one run of the reminders owes.

Slow and literal, like `oracle.py`, whose standing of one day it asks day by day, and like it from
the page alone. A world is that of `oracle.py` with a few more facts and fields (dates are dates):

- person: `email` (None where unknown); assignment: `manager_email` (or None);
- unit: `unit`, `managers` (a list of addresses), `director` (or None);
- booking: `employee_id`, `type`, `class_on`; submission: `employee_id`, `type`, `received_on`, until retracted;
- a version's policy: `reminders` and `expiring_within_days`.

What was sent before is a flat list, one record a notice and recipient (`Run.sent` of the earlier runs, less what
was not delivered): `day`, `kind`, `to`, `employee_id`, `requirements`, `cause`, `stage`, `last_day`, `first_day`.
Every run also leaves one of kind `run` with its day alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, combinations
from typing import Any

from oracle import ALWAYS, DAY, FOREVER, Held, Reading, Record, add_months, covers, held, unrevoked, verdict

OUT = frozenset({"prerequisite_gap", "unverified", "expired", "missing"})
ON_LADDER = frozenset({"current", "grace", "pending", "exempt"})
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

NEW_WITHIN_DAYS = 14  # of the start of a newcomer's time
CHECK_WAITS_DAYS = 14  # a submission keeps silence so long
BOOKING_STANDS_DAYS = 7  # after the class
REPEAT_AFTER_DAYS = 3  # between two overdue notices at least

# The page's own example, where a policy does not say.
USUAL = {"lead_days": [90, 60, 30, 14, 7, 1, 0], "weekly_on": "monday", "escalate_after_days": [14, 30]}
USUALLY_EXPIRING = 90


@dataclass(frozen=True)
class Lapse:
    """One requirement's unbroken time out of compliance, as seen on a day within it."""

    employee_id: str
    requirement: str
    first_day: date
    last_day: date | None  # the last day in compliance before it
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    employee_id: str
    requirements: tuple[str, ...]
    cause: str
    stage: int | str
    last_day: date | None
    first_day: date | None  # of the lapse; None on the ladder
    ends: date  # E, the last day before anything is overdue
    types: frozenset[str]  # a submission or booking of these answers it


@dataclass(frozen=True)
class Run:
    """What one run owes: `messages` and `not_sent` as the command line's JSON has them."""

    day: date
    refused: bool  # a later day was run before
    messages: list[Record]
    not_sent: list[Record]
    sent: list[Record]  # to be added to what was sent, once all of it is delivered


# --- facts, with a few questions more -------------------------------------------------


class Facts(Reading):
    """What the records say at an instant, leaving out the facts that `but` names."""

    def __init__(self, world: Record, known_at: datetime | None, but: Callable[[Record], bool]) -> None:
        super().__init__(world, known_at)
        self.facts = [fact for fact in self.facts if not but(fact)]
        self._standings: dict[tuple[str, str, date], str | None] = {}
        self._starts: dict[tuple[str, str, date], date | None] = {}
        self._of: dict[tuple[str, str], list[Record]] = {}

    # Walks ask about the same days over and over: what `oracle.py` answered is remembered.

    def of(self, kind: str, employee_id: str) -> list[Record]:
        if (kind, employee_id) not in self._of:
            self._of[kind, employee_id] = super().of(kind, employee_id)
        return self._of[kind, employee_id]

    def start(self, employee_id: str, requirement_id: str, day: date) -> date | None:
        key = employee_id, requirement_id, day
        if key not in self._starts:
            self._starts[key] = super().start(employee_id, requirement_id, day)
        return self._starts[key]

    def employees(self) -> list[str]:
        return sorted({fact["employee_id"] for fact in self.facts if fact["fact"] == "assignment"})

    def assignments(self, employee_id: str, day: date) -> list[Record]:
        held_now = self.of("assignment", employee_id)
        return [fact for fact in held_now if covers(fact["starts_on"], fact["ends_on"], day)]

    def requirements(self, day: date) -> list[str]:
        return [entry["id"] for entry in self.policy(day).get("requirements", [])]

    def stands(self, employee_id: str, requirement_id: str, day: date) -> str | None:
        """The standing through whichever assignment; None where the requirement does not apply."""
        key = employee_id, requirement_id, day
        if key not in self._standings:
            entry = self.requirement(requirement_id, day)
            serving = self.assignments(employee_id, day)
            applies = entry is not None and any(self.applies(fact, requirement_id, day) for fact in serving)
            self._standings[key] = self.standing(employee_id, entry, day) if entry is not None and applies else None
        return self._standings[key]

    def longest_break(self, day: date) -> int:
        days: int = self.policy(day).get("rejoin_within_days", 0)
        return days

    def on_leave(self, employee_id: str, day: date) -> bool:
        return any(covers(fact["from"], fact["until"], day) for fact in self.of("absence", employee_id))

    def setting(self, key: str, day: date) -> Any:
        """A day's run goes by the version in force on that day."""
        return self.policy(day).get("reminders", {}).get(key, USUAL[key])

    def expiring_within(self, day: date) -> int:
        days: int = self.policy(day).get("expiring_within_days", USUALLY_EXPIRING)
        return days

    def email(self, employee_id: str) -> str | None:
        """The latest that was recorded: a blank in a later file never erases."""
        people = sorted(self.of("person", employee_id), key=lambda fact: fact["recorded_at"])
        known = [fact["email"] for fact in people if fact["email"]]
        return known[-1] if known else None

    def unit(self, name: str, key: str) -> Any:
        units = [fact for fact in self.facts if fact["fact"] == "unit" and fact["unit"] == name and fact[key]]
        return max(units, key=lambda fact: fact["recorded_at"])[key] if units else None

    def managers(self, assignment: Record) -> set[str]:
        """The assignment's and the unit's."""
        own = [assignment["manager_email"]] if assignment["manager_email"] else []
        return {*own, *(self.unit(assignment["unit"], "managers") or [])}

    def director(self, assignment: Record) -> set[str]:
        address = self.unit(assignment["unit"], "director")
        return {address} if address else set()

    def weekly_day(self, day: date) -> date:
        """The last `weekly_on` day that has come."""
        wanted = WEEKDAYS.index(self.setting("weekly_on", day).casefold())
        return next(day - n * DAY for n in range(7) if (day - n * DAY).weekday() == wanted)


def nothing(_: Record) -> bool:
    return False


def begins_after(day: date) -> Callable[[Record], bool]:
    """Absences and exemptions that have not begun."""
    return lambda fact: fact["fact"] in ("absence", "exemption") and (fact["from"] or ALWAYS) > day


def covering(kind: str, employee_id: str, day: date) -> Callable[[Record], bool]:
    """The absences, or exemptions, of one person that cover the day."""

    def mine(fact: Record) -> bool:
        return fact["fact"] == kind and fact["employee_id"] == employee_id and covers(fact["from"], fact["until"], day)

    return mine


# --- along the days on which a requirement goes on applying ----------------------------


def onward(facts: Facts, employee_id: str, requirement_id: str, day: date) -> Iterator[tuple[date, str]]:
    """The days after `day` and their standings; the version of the day it resumes on says what is a break."""
    longest = max(version["policy"].get("rejoin_within_days", 0) for version in facts.versions)
    applied, probe = day, day + DAY
    while (probe - applied).days - 1 <= longest:
        standing = facts.stands(employee_id, requirement_id, probe)
        if standing is not None:
            if (probe - applied).days - 1 > facts.longest_break(probe):
                return
            yield probe, standing
            applied = probe
        probe += DAY


def backward(facts: Facts, employee_id: str, requirement_id: str, day: date) -> Iterator[tuple[date, str]]:
    """The days before `day`, nearest first, of the unbroken stretch that reaches it."""
    applied, probe = day, day - DAY
    while (applied - probe).days - 1 <= facts.longest_break(applied):
        standing = facts.stands(employee_id, requirement_id, probe)
        if standing is not None:
            yield probe, standing
            applied = probe
        probe -= DAY


def first_bad_day(facts: Facts, employee_id: str, requirement_id: str, day: date, within: int) -> date | None:
    """The first day out of compliance, or in grace straight after `current`, at most so many days ahead."""
    before = facts.stands(employee_id, requirement_id, day)
    for probe, standing in onward(facts, employee_id, requirement_id, day):
        if probe > day + within * DAY:
            return None
        if standing in OUT or (standing == "grace" and before == "current"):
            return probe
        before = standing
    return None


def newcomers_end(facts: Facts, employee_id: str, requirement_id: str, day: date) -> date | None:
    """The first day out of compliance after a newcomer's time; None if a card on file is current first."""
    for probe, standing in onward(facts, employee_id, requirement_id, day):
        if standing in OUT:
            return probe
        if standing == "current":
            return None
    return None


# --- what brings a day out of compliance about ------------------------------------------


def holdings(facts: Facts, employee_id: str, version_of: date) -> dict[int, Held]:
    """The person's cards by id, as the version of a day sees them."""
    answers = [fact for fact in facts.facts if fact["fact"] == "verification"]
    seen = {
        card["id"]: held(facts.policy(version_of), card, [a for a in answers if a["card"] == card["id"]])
        for card in facts.of("card", employee_id)
    }
    return {card_id: card for card_id, card in seen.items() if card is not None}


def is_met(facts: Facts, requirement_id: str, cards: Iterable[Held], day: date, version_of: date) -> bool:
    entry = facts.requirement(requirement_id, version_of)
    return entry is not None and verdict(facts.policy(version_of), entry, list(cards), day) == "current"


def last_met(facts: Facts, employee_id: str, requirement_id: str, bad: date) -> tuple[date, date] | None:
    """The last day met before a bad one, and the day whose version says so.

    Leave and grace are looked through: neither made a card end. A newcomer's time and an exemption
    are not: where those end, it is their end that brings the bad day about.
    """
    for probe, standing in backward(facts, employee_id, requirement_id, bad):
        cards = holdings(facts, employee_id, probe).values()
        if is_met(facts, requirement_id, cards, probe, probe):
            return probe, probe
        if standing == "grace":
            entry = facts.requirement(requirement_id, probe) or {}
            ago = [probe - n * DAY for n in range(1, entry.get("grace_after_expiry_days", 0) + 1)]
            return next(((day, probe) for day in ago if is_met(facts, requirement_id, cards, day, probe)), None)
        if standing != "on_leave":
            return None
    return None


def has_ended(card: Held, months: int | None, day: date) -> bool:
    """Its last valid day has passed, or the requirement wants it renewed sooner."""
    capped = months is not None and card.first != ALWAYS and add_months(card.first, months) < day
    return card.last < day or capped


def choices(items: list[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))


def causes(facts: Facts, employee_id: str, requirement_id: str, bad: date) -> tuple[str, ...]:
    """Each type of card whose end brings the bad day about, else the requirement.

    A card's end does if, with some choice of the other ended cards going on, it decides whether
    the requirement is met: so both of two that were needed, and both of two that would each do.
    """
    base = last_met(facts, employee_id, requirement_id, bad)
    if base is None:
        return (requirement_id,)
    months = (facts.requirement(requirement_id, bad) or {}).get("renew_every_months")
    before, after = holdings(facts, employee_id, base[1]), holdings(facts, employee_id, bad)
    ended = [n for n, card in after.items() if has_ended(card, months, bad) and n in before]
    ended = [n for n in ended if before[n].in_date(base[0])]

    def met_if(going_on: tuple[int, ...]) -> bool:
        cards = [replace(c, first=ALWAYS, last=FOREVER) if n in going_on else c for n, c in after.items()]
        return is_met(facts, requirement_id, cards, bad, bad)

    decisive = [
        card
        for card in ended
        if any(met_if((*some, card)) and not met_if(some) for some in choices([n for n in ended if n != card]))
    ]
    types = {fact["type"] for fact in facts.of("card", employee_id) if fact["id"] in decisive}
    return tuple(sorted(types)) or (requirement_id,)


def answering(facts: Facts, requirement_id: str, cause: str, day: date) -> frozenset[str]:
    """The types a submission or booking may have: the card's that ended, else those the requirement takes."""
    if cause != requirement_id:
        return frozenset([cause])
    wanted = set((facts.requirement(requirement_id, day) or {}).get("any_of", []))
    recognised = facts.policy(day).get("recognitions", [])
    return frozenset(wanted | {entry["type"] for entry in recognised if entry["counts_as"] in wanted})


# --- the ladder --------------------------------------------------------------------------


def ladder(facts: Facts, employee_id: str, day: date) -> list[Notice]:
    """One notice for each cause and E that a stage has been reached for; `facts` are those of today and begun."""
    leads = facts.setting("lead_days", day)
    grouped: dict[tuple[str, date], list[str]] = {}
    types: dict[str, frozenset[str]] = {}
    for requirement in facts.requirements(day):
        if facts.stands(employee_id, requirement, day) not in ON_LADDER:
            continue
        bad = first_bad_day(facts, employee_id, requirement, day, max(leads, default=0) + 1)
        if bad is None:
            continue
        for cause in causes(facts, employee_id, requirement, bad):
            grouped.setdefault((cause, bad - DAY), []).append(requirement)
            types[cause] = answering(facts, requirement, cause, day)
    notices = []
    for (cause, ends), named in grouped.items():
        stages = [lead for lead in leads if lead >= (ends - day).days]
        if stages:
            stage = min(stages)
            notices.append(Notice(employee_id, tuple(sorted(named)), cause, stage, ends, None, ends, types[cause]))
    return notices


def newcomers(facts: Facts, employee_id: str, day: date) -> list[Notice]:
    """What a newcomer is told once, near the start of her time."""
    notices = []
    for requirement in facts.requirements(day):
        if facts.stands(employee_id, requirement, day) != "pending":
            continue
        start = facts.start(employee_id, requirement, day)
        bad = newcomers_end(facts, employee_id, requirement, day)
        if start is None or bad is None or day > start + NEW_WITHIN_DAYS * DAY:
            continue
        ends, types = bad - DAY, answering(facts, requirement, requirement, day)
        notices.append(Notice(employee_id, (requirement,), requirement, "new", ends, None, ends, types))
    return notices


# --- lapses ------------------------------------------------------------------------------


def lapse(facts: Facts, employee_id: str, requirement_id: str, day: date) -> Lapse | None:
    if facts.stands(employee_id, requirement_id, day) not in OUT:
        return None
    first, last_day = day, None
    for probe, standing in backward(facts, employee_id, requirement_id, day):
        if standing not in OUT:
            # Of days before the records begin nobody knows whether they were in compliance.
            last_day = None if standing == "not_recorded" else probe
            break
        first = probe
    return Lapse(employee_id, requirement_id, first, last_day, causes(facts, employee_id, requirement_id, first))


def lapses(facts: Facts, employee_id: str, day: date) -> list[Lapse]:
    found = [lapse(facts, employee_id, requirement, day) for requirement in facts.requirements(day)]
    return [one for one in found if one is not None]


def overdue(facts: Facts, told_of: list[Lapse], stage: int | str, day: date) -> list[Notice]:
    """One notice for each person, cause and first day."""
    grouped: dict[tuple[str, str, date], list[Lapse]] = {}
    for one in told_of:
        for cause in one.causes:
            grouped.setdefault((one.employee_id, cause, one.first_day), []).append(one)
    notices = []
    for (employee_id, cause, first), group in grouped.items():
        named = tuple(sorted(one.requirement for one in group))
        last_day = max((one.last_day for one in group if one.last_day is not None), default=None)
        types = answering(facts, named[0], cause, day)
        notices.append(Notice(employee_id, named, cause, stage, last_day, first, first - DAY, types))
    return notices


# --- what was sent -----------------------------------------------------------------------


def told_stage(sent: list[Record], notice: Notice) -> bool:
    """This notice on the ladder: the person, the cause, E, the stage."""
    return any(
        past["kind"] == "staff_reminder"
        and past["employee_id"] == notice.employee_id
        and (past["cause"], past["last_day"], past["stage"]) == (notice.cause, notice.last_day, notice.stage)
        for past in sent
    )


def told_lapse(sent: list[Record], kind: str, stage: int | str, to: str | None, one: Lapse) -> bool:
    """This lapse in a mail of a kind (to an address, where that matters): the requirement and its first day."""
    return any(
        past["kind"] == kind
        and past["stage"] == stage
        and to in (None, past["to"])
        and past["employee_id"] == one.employee_id
        and one.requirement in past["requirements"]
        and past["first_day"] == one.first_day
        for past in sent
    )


def week_has_come(facts: Facts, sent: list[Record], employee_id: str, day: date) -> bool:
    """A `weekly_on` day, at least three days after the last overdue notice to this person."""
    days = [
        past["day"]
        for past in sent
        if past["kind"] == "staff_reminder" and past["stage"] == "overdue" and past["employee_id"] == employee_id
    ]
    return bool(days) and facts.weekly_day(day) >= max(days) + REPEAT_AFTER_DAYS * DAY


# --- one person --------------------------------------------------------------------------


def waiting(facts: Facts, employee_id: str, day: date) -> list[Record]:
    """Submissions, but for those whose type is on record until later than was known when they came."""
    policy = facts.policy(day)
    mine = [fact for fact in facts.recorded if fact["fact"] == "card" and fact["employee_id"] == employee_id]

    def last(cards: list[Record], card_type: str) -> date:
        spans = [unrevoked(policy, card) for card in cards if card["type"] == card_type]
        return max((span[1] for span in spans if span is not None), default=ALWAYS)

    def still(fact: Record) -> bool:
        at = fact["recorded_at"]
        then = [card for card in mine if card["recorded_at"] <= at]
        then = [card for card in then if card["retracted_at"] is None or card["retracted_at"] > at]
        now = last(facts.of("card", employee_id), fact["type"])
        return now <= last(then, fact["type"]) or now < fact["received_on"]

    return [fact for fact in facts.of("submission", employee_id) if still(fact)]


def hushed(facts: Facts, notice: Notice, day: date) -> str | None:
    """Why this notice is not sent though it is due: the first reason, in the page's order."""
    for fact in waiting(facts, notice.employee_id, day):
        waits = fact["received_on"] <= day <= fact["received_on"] + CHECK_WAITS_DAYS * DAY
        if waits and fact["type"] in notice.types:
            return "awaiting_check"
    for fact in facts.of("booking", notice.employee_id):
        stands = fact["class_on"] <= notice.ends and day <= fact["class_on"] + BOOKING_STANDS_DAYS * DAY
        if stands and fact["type"] in notice.types:
            return "booked"
    return None


@dataclass(frozen=True)
class Question:
    """What a run looks at."""

    world: Record
    day: date
    sent: list[Record]
    enabled_on: date | None
    bounced: frozenset[str]
    known_at: datetime | None
    made: dict[tuple[int, ...], Facts] = field(default_factory=dict)

    def facts(self, but: Callable[[Record], bool] = nothing) -> Facts:
        """Made once for the same facts left out."""
        left_out = tuple(place for place, fact in enumerate(self.world["facts"]) if but(fact))
        if left_out not in self.made:
            self.made[left_out] = Facts(self.world, self.known_at, but)
        return self.made[left_out]


def overdue_to(
    ask: Question, facts: Facts, employee_id: str, found: list[Lapse]
) -> tuple[list[Notice], list[tuple[Notice, str]]]:
    """All that is overdue, if some of it is new or the week has come; and what is hushed, with its reason."""
    weekly = week_has_come(facts, ask.sent, employee_id, ask.day)
    untold = {o.requirement for o in found if not told_lapse(ask.sent, "staff_reminder", "overdue", None, o)}
    both = [(notice, hushed(facts, notice, ask.day)) for notice in overdue(facts, found, "overdue", ask.day)]
    open_ = [notice for notice, reason in both if reason is None]
    due = weekly or any(untold & set(notice.requirements) for notice in open_)
    silent = [(n, reason) for n, reason in both if reason and (due or untold & set(n.requirements))]
    return open_ if due else [], silent


def told(ask: Question, employee_id: str, but: Callable[[Record], bool] = nothing) -> tuple[list[Notice], set[str]]:
    """The notices that a person at work is to be sent, and the reasons of those that are hushed."""
    facts, unbegun = ask.facts(but), begins_after(ask.day)
    begun = ask.facts(lambda fact: but(fact) or unbegun(fact))
    steps = ladder(begun, employee_id, ask.day) + newcomers(begun, employee_id, ask.day)
    due = [notice for notice in steps if not told_stage(ask.sent, notice)]
    notices = [notice for notice in due if hushed(facts, notice, ask.day) is None]
    late, silent = overdue_to(ask, facts, employee_id, lapses(facts, employee_id, ask.day))
    reasons = {hushed(facts, notice, ask.day) for notice in due} - {None}
    return notices + late, {reason for reason in reasons if reason} | {reason for _, reason in silent}


def exempt_from_overdue(ask: Question, facts: Facts, employee_id: str) -> bool:
    """Would anything be overdue, and told today, were it not for an exemption?"""
    excused = [r for r in facts.requirements(ask.day) if facts.stands(employee_id, r, ask.day) == "exempt"]
    if not excused:
        return False
    without = ask.facts(covering("exemption", employee_id, ask.day))
    found = [one for one in lapses(without, employee_id, ask.day) if one.requirement in excused]
    late, silent = overdue_to(ask, without, employee_id, found)
    return bool(late or silent)


def staff(ask: Question, facts: Facts, employee_id: str) -> tuple[list[Notice], set[str]]:
    """What one person is sent, and why the rest is not."""
    if facts.on_leave(employee_id, ask.day):
        notices, reasons = told(ask, employee_id, covering("absence", employee_id, ask.day))
        return [], {"on_leave"} if notices or reasons else set()
    notices, reasons = told(ask, employee_id)
    if exempt_from_overdue(ask, facts, employee_id):
        reasons.add("exempt")
    address = facts.email(employee_id)
    if notices and address is None:
        return [], reasons | {"no_address"}
    if notices and address in ask.bounced:
        return [], reasons | {"bounced"}
    if notices and held_back(ask):
        return [], reasons | {"held"}
    return notices, reasons


def held_back(ask: Question) -> bool:
    return ask.enabled_on is not None and ask.day < ask.enabled_on


# --- managers ----------------------------------------------------------------------------


Post = dict[tuple[str, str], list[Notice]]  # by kind and recipient


def concerned(facts: Facts, one: Lapse, day: date) -> list[Record]:
    """The assignments through which a lapsed requirement applies."""
    serving = facts.assignments(one.employee_id, day)
    return [fact for fact in serving if facts.applies(fact, one.requirement, day)]


def step_reached(facts: Facts, one: Lapse, day: date) -> tuple[int, bool] | None:
    """The last day of escalation that the lapse has come to, and whether the director is told."""
    days = sorted(facts.setting("escalate_after_days", day))
    reached = [n for n in days if (day - one.first_day).days + 1 >= n]
    return (reached[-1], len(reached) > 1) if reached else None


def lapse_mails(ask: Question, facts: Facts, found: list[Lapse]) -> Post:
    untold: dict[tuple[str, str, int | str], list[Lapse]] = {}
    for one in found:
        if ask.enabled_on is not None and one.first_day < ask.enabled_on:
            continue
        at = concerned(facts, one, ask.day)
        managers = set().union(*(facts.managers(fact) for fact in at))
        directors = set().union(*(facts.director(fact) for fact in at))
        owed_to: list[tuple[str, str, int | str]] = [("lapse_notice", to, "overdue") for to in managers]
        step = step_reached(facts, one, ask.day)
        if step is not None:
            receivers = managers | directors if step[1] else managers
            owed_to += [("escalation", to, step[0]) for to in receivers]
        for kind, to, stage in owed_to:
            if not told_lapse(ask.sent, kind, stage, to, one):
                untold.setdefault((kind, to, stage), []).append(one)
    post: Post = {}
    for (kind, to, stage), some in untold.items():
        post.setdefault((kind, to), []).extend(overdue(facts, some, stage, ask.day))
    return post


def unreachable(ask: Question, facts: Facts, employee_id: str) -> bool:
    address = facts.email(employee_id)
    return address is None or address in ask.bounced


def returns_lapsed(facts: Facts, assignment: Record, requirement_id: str, day: date) -> bool:
    """On leave, back as soon as an expiring card would be shown, and out of compliance on the first day back."""
    employee_id, horizon = assignment["employee_id"], day + facts.expiring_within(day) * DAY
    leaves = [fact for fact in facts.of("absence", employee_id) if covers(fact["from"], fact["until"], day)]
    back = max((fact["until"] or FOREVER for fact in leaves), default=FOREVER)
    if back >= horizon or not facts.applies(assignment, requirement_id, back + DAY):
        return False
    return facts.stands(employee_id, requirement_id, back + DAY) in OUT


def worth_telling(ask: Question, facts: Facts, begun: Facts, assignment: Record) -> bool:
    """Has the digest anything to say about this assignment?"""
    employee_id, day = assignment["employee_id"], ask.day
    required = [r for r in facts.requirements(day) if facts.applies(assignment, r, day)]
    for requirement in required:
        standing = facts.stands(employee_id, requirement, day)
        if standing in OUT or standing == "pending":
            return True
        within = facts.expiring_within(day) + 1
        if standing == "current" and first_bad_day(begun, employee_id, requirement, day, within) is not None:
            return True
        if standing == "on_leave" and returns_lapsed(facts, assignment, requirement, day):
            return True
    if any(fact["received_on"] <= day for fact in waiting(facts, employee_id, day)):
        return True
    return bool(required) and unreachable(ask, facts, employee_id)


def digests(ask: Question, facts: Facts) -> Post:
    """Owed from a `weekly_on` day on, until one was sent in that week; never an empty one."""
    week = facts.weekly_day(ask.day)
    if ask.enabled_on is not None and week < ask.enabled_on:
        return {}
    begun = ask.facts(begins_after(ask.day))
    had = {past["to"] for past in ask.sent if past["kind"] == "manager_digest" and past["day"] >= week}
    serving = [fact for employee_id in facts.employees() for fact in facts.assignments(employee_id, ask.day)]
    told_of = [fact for fact in serving if worth_telling(ask, facts, begun, fact)]
    managers: set[str] = set().union(*(facts.managers(fact) for fact in told_of))
    return {("manager_digest", to): [] for to in managers - had}


# --- one run -----------------------------------------------------------------------------


def as_json(notice: Notice) -> Record:
    return {
        "employee_id": notice.employee_id,
        "requirements": list(notice.requirements),
        "cause": notice.cause,
        "stage": notice.stage,
        "last_day": None if notice.last_day is None else notice.last_day.isoformat(),
    }


def message(kind: str, to: str, employee_id: str | None, notices: list[Notice]) -> Record:
    ordered = sorted(
        notices, key=lambda n: (n.employee_id, n.cause, str(n.stage), n.last_day or ALWAYS, n.requirements)
    )
    shown = [as_json(notice) for notice in ordered]
    return {"kind": kind, "to": [to], "cc": [], "employee_id": employee_id, "notices": shown}


def entries(day: date, kind: str, to: str, notices: list[Notice]) -> list[Record]:
    """What is remembered of a mail that was sent; a digest is remembered without its contents."""
    head = {"day": day, "kind": kind, "to": to}
    names = ("employee_id", "requirements", "cause", "stage", "last_day", "first_day")
    if kind == "manager_digest":
        return [{**head, **dict.fromkeys(names), "requirements": ()}]
    return [{**head, **{name: getattr(notice, name) for name in names}} for notice in notices]


def owed(
    world: Record,
    day: date,
    sent: list[Record],
    *,
    enabled_on: date | None = None,
    bounced: Iterable[str] = (),
    known_at: datetime | None = None,
) -> Run:
    """What the run for a day owes, by the facts known at an instant and what was sent.

    `enabled_on` is the day of `mail enable`: before it everything is held; None is a maildir, which needs none.
    """
    if any(past["day"] > day for past in sent):
        return Run(day, refused=True, messages=[], not_sent=[], sent=[])
    ask = Question(world, day, sent, enabled_on, frozenset(bounced), known_at)
    facts = ask.facts()
    mails: list[tuple[str, str, str | None, list[Notice]]] = []
    reasons: set[tuple[str, str]] = set()
    found: list[Lapse] = []
    for employee_id in facts.employees() if facts.versions else []:
        notices, why_not = staff(ask, facts, employee_id)
        reasons |= {(employee_id, reason) for reason in why_not}
        found += lapses(facts, employee_id, day)
        if notices:
            mails.append(("staff_reminder", facts.email(employee_id) or "", employee_id, notices))
    if facts.versions and not held_back(ask):
        post = {**lapse_mails(ask, facts, found), **digests(ask, facts)}
        mails += [(kind, to, None, post[kind, to]) for kind, to in sorted(post) if to not in ask.bounced]
    return Run(
        day,
        refused=False,
        messages=[message(*mail) for mail in mails],
        not_sent=[{"employee_id": employee_id, "reason": reason} for employee_id, reason in sorted(reasons)],
        sent=[
            {"day": day, "kind": "run"},
            *(entry for kind, to, _, notices in mails for entry in entries(day, kind, to, notices)),
        ],
    )
