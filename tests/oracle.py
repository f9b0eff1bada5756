"""A second reading of RULES.md, sections 2-4, for the tests: slow, literal, day by day.

It shares nothing with the program but the page. Inside, "always" and "never ends" are the
first and the last day of the calendar, so that every comparison is one of days.
"""

from __future__ import annotations

import calendar
import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

Record = dict[str, Any]
Window = tuple[date | None, date | None, frozenset[str]]

DAY = timedelta(days=1)
ALWAYS = date.min
FOREVER = date.max


# --- calendar -------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """The same day so many months on (or back); a day the month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_end(day: date) -> date:
    return month_end(add_months(quarter_start(day), 2))


# --- issuers, roles, patterns ---------------------------------------------------------


def issuer_entry(policy: Record, card: Record) -> Record | None:
    """The listed issuer of a card; the default one if the card names none."""
    name = card["issuer"] if card["issuer"] is not None else policy.get("default_issuer")
    if name is None:
        return None
    wanted = name.strip().casefold()
    for entry in policy.get("issuers", []):
        known = [entry["id"], *entry.get("names", [])]
        if wanted in [text.strip().casefold() for text in known]:
            return dict(entry)
    return None


def issuer_id(policy: Record, card: Record) -> str | None:
    entry = issuer_entry(policy, card)
    return None if entry is None else entry["id"]


def fits(patterns: Iterable[str], *texts: str) -> bool:
    return any(fnmatchcase(text.casefold(), pattern.casefold()) for pattern in patterns for text in texts)


def role_id(policy: Record, role: str) -> str:
    for entry in policy.get("roles", []):
        if fits(entry.get("names", []), role):
            return str(entry["id"])
    return role


def matches(policy: Record, requirement: Record, assignment: Record) -> bool:
    """Units, roles and employment types; an absent list is all of them."""
    role, kind = assignment["role"], assignment["employment_type"]
    if "units" in requirement and not fits(requirement["units"], assignment["unit"]):
        return False
    if "roles" in requirement and not fits(requirement["roles"], role_id(policy, role), role):
        return False
    if "employment_types" not in requirement or kind is None:
        return True
    return fits(requirement["employment_types"], kind)


# --- section 3: the window of a card --------------------------------------------------


def governing_rule(policy: Record, card: Record) -> Record | None:
    """The most specific rule, then the latest `from`; a rule without one is the earliest."""
    issuer, issued = issuer_id(policy, card), card["issued_on"]
    best: tuple[tuple[int, date], Record] | None = None
    for rule in policy.get("validity", []):
        since = rule.get("from", ALWAYS)
        if "issuer" in rule and rule["issuer"] != issuer:
            continue
        if "type" in rule and rule["type"] != card["type"]:
            continue
        if issued is not None and since > issued:
            continue
        rank = (2 * ("issuer" in rule) + ("type" in rule), since)
        if best is None or rank > best[0]:
            best = (rank, rule)
    return None if best is None else best[1]


def stated_day(card: Record, rule: Record | None) -> date | None:
    text = card["stated"]
    if text is None:
        return None
    if len(text) == len("YYYY-MM"):
        return month_end(date.fromisoformat(text + "-01"))
    day = date.fromisoformat(text)
    return month_end(day) if rule is not None and rule["ends"] == "month_end" else day


def computed_day(card: Record, rule: Record | None, stated: date | None) -> date | None:
    if rule is None:
        return None
    if rule["ends"] == "never":
        return FOREVER
    if rule["ends"] == "printed" and stated is not None:
        return stated
    if card["issued_on"] is None or "months" not in rule:
        return None
    day = add_months(card["issued_on"], rule["months"])
    if rule["ends"] == "month_end":
        return month_end(day)
    return quarter_end(day) if rule["ends"] == "quarter_end" else day


def first_allowed(rule: Record | None, last: date) -> date:
    """Where the issue date is unknown: the last day less the months, rounded as the rule is."""
    if rule is None or "months" not in rule or last == FOREVER:
        return ALWAYS
    day = add_months(last, -rule["months"])
    if rule["ends"] == "month_end":
        return day.replace(day=1)
    return quarter_start(day) if rule["ends"] == "quarter_end" else day


def extended(policy: Record, card: Record, last: date) -> date:
    """In the order of the document: an extended day may be extended again."""
    for extension in policy.get("extensions", []):
        begin, end = extension["ended_between"]
        if extension["issuer"] == issuer_id(policy, card) and begin <= last <= end:
            last = max(last, extension["extended_to"])
    return last


def unrevoked(policy: Record, card: Record) -> tuple[date, date, frozenset[str]] | None:
    """The window before any revocation; none where nothing says when the card ends."""
    rule = governing_rule(policy, card)
    stated = stated_day(card, rule)
    known = {stated, computed_day(card, rule, stated)} - {None}
    if not known or (stated is None and card["issued_on"] is None):
        return None
    last = min(day for day in known if day is not None)
    first, flags = card["issued_on"], set()
    if len(known) == 2:
        flags.add("expiry-mismatch")
    if first is None:
        first = first_allowed(rule, last)
        flags.add("issue-date-unknown")
    return first, extended(policy, card, last), frozenset(flags)


def revoked_on(first: date, verifications: list[Record]) -> date | None:
    """The earliest revocation; one without a day counts from issue."""
    days = [v["revoked_from"] or first for v in verifications if v["answer"] == "revoked"]
    return min(days, default=None)


def bounds(policy: Record, card: Record, verifications: list[Record]) -> tuple[date, date] | None:
    span = unrevoked(policy, card)
    if span is None:
        return None
    first, last, _ = span
    revoked = revoked_on(first, verifications)
    if revoked is not None and revoked <= first:
        return None
    if revoked is not None:
        last = min(last, revoked - DAY)
    return (first, last) if first <= last else None


def window(policy: Record, card: Record, verifications: list[Record]) -> Window | None:
    """First day (None: always), last day (None: never ends), flags; None: not one day."""
    span, days = unrevoked(policy, card), bounds(policy, card, verifications)
    if span is None or days is None:
        return None
    first, last = days
    return None if first == ALWAYS else first, None if last == FOREVER else last, span[2]


# --- section 4: cards, as one version of the policy sees them ---------------------------


@dataclass(frozen=True)
class Held:
    """A card with a window, as far as requirements look at it."""

    types: frozenset[str]  # its own and those it is recognised as
    issuer: str | None
    accepted: bool
    first: date
    last: date
    cut_on: date | None  # the day of a revocation that shortened it
    not_found: bool
    confirmed: bool

    def in_date(self, day: date) -> bool:
        return self.accepted and not self.not_found and self.first <= day <= self.last


def recognised(policy: Record, card: Record) -> frozenset[str]:
    issuer = issuer_id(policy, card)
    also = [
        entry["counts_as"]
        for entry in policy.get("recognitions", [])
        if entry["type"] == card["type"] and entry["issuer"] == issuer
    ]
    return frozenset([card["type"], *also])


def held(policy: Record, card: Record, verifications: list[Record]) -> Held | None:
    span, days = unrevoked(policy, card), bounds(policy, card, verifications)
    if span is None or days is None:
        return None
    entry = issuer_entry(policy, card)
    revoked = revoked_on(span[0], verifications)
    ordered = sorted(verifications, key=lambda v: (v["checked_on"], v["recorded_at"]))
    return Held(
        types=recognised(policy, card),
        issuer=None if entry is None else entry["id"],
        accepted=entry is not None and entry.get("accepted", True),
        first=days[0],
        last=days[1],
        cut_on=revoked if revoked is not None and revoked <= span[1] else None,
        not_found=bool(ordered) and ordered[-1]["answer"] == "not_found",
        confirmed=any(v["answer"] == "confirmed" for v in verifications),
    )


def counts(requirement: Record, card: Held, day: date) -> bool:
    if not card.in_date(day) or not card.types & set(requirement["any_of"]):
        return False
    if "issuers" in requirement and card.issuer not in requirement["issuers"]:
        return False
    if "renew_every_months" not in requirement or card.first == ALWAYS:
        return True
    return day <= add_months(card.first, requirement["renew_every_months"])


def prerequisites_met(policy: Record, requirement: Record, card: Held, cards: list[Held], day: date) -> bool:
    """For one at least of the wanted types that the card stands for."""
    return any(
        all(
            any(needed in other.types and other.in_date(day) for other in cards)
            for needed in policy["types"][stands_for].get("requires", [])
        )
        for stands_for in card.types & set(requirement["any_of"])
    )


def verdict(policy: Record, requirement: Record, cards: list[Held], day: date) -> str | None:
    """`current` when met, else how far the best card gets; None when none counts."""
    counting = [card for card in cards if counts(requirement, card, day)]
    if not counting:
        return None
    able = [c for c in counting if prerequisites_met(policy, requirement, c, cards, day)]
    if not able:
        return "prerequisite_gap"
    if requirement.get("verified", False) and not any(card.confirmed for card in able):
        return "unverified"
    return "current"


def in_grace(policy: Record, requirement: Record, cards: list[Held], day: date) -> bool:
    kept = [card for card in cards if card.cut_on is None or card.cut_on > day]
    ago = requirement.get("grace_after_expiry_days", 0)
    return any(verdict(policy, requirement, kept, day - n * DAY) == "current" for n in range(1, ago + 1))


# --- section 4: what the records say at an instant --------------------------------------


def covers(begin: date | None, end: date | None, day: date) -> bool:
    return (begin or ALWAYS) <= day <= (end or FOREVER)


class Reading:
    """The facts and versions that hold at an instant, with what was worked out from them."""

    def __init__(self, world: Record, known_at: datetime | None) -> None:
        def recorded(record: Record) -> bool:
            return known_at is None or record["recorded_at"] <= known_at

        def retracted(fact: Record) -> bool:
            at = fact["retracted_at"]
            return at is not None and (known_at is None or at <= known_at)

        self.recorded = [fact for fact in world["facts"] if recorded(fact)]
        self.facts = [fact for fact in self.recorded if not retracted(fact)]
        self.versions = [version for version in world["policies"] if recorded(version)]
        self._version: dict[date, int] = {}
        self._cards: dict[tuple[int, str], list[Held]] = {}
        self._matches: dict[tuple[int, str, int], bool] = {}

    def of(self, kind: str, employee_id: str) -> list[Record]:
        mine = [fact for fact in self.facts if fact["fact"] == kind]
        return [fact for fact in mine if fact["employee_id"] == employee_id]

    def version(self, day: date) -> int:
        """The place of the version in force: the latest effective day, then the later recorded."""
        if day not in self._version:
            effective = [ALWAYS, *(version["effective"] for version in self.versions[1:])]
            begun = [(since, place) for place, since in enumerate(effective) if since <= day]
            self._version[day] = max(begun)[1]
        return self._version[day]

    def policy(self, day: date) -> Record:
        policy: Record = self.versions[self.version(day)]["policy"]
        return policy

    def requirement(self, requirement_id: str, day: date) -> Record | None:
        if not self.versions:
            return None
        entries = self.policy(day).get("requirements", [])
        return next((entry for entry in entries if entry["id"] == requirement_id), None)

    def applies(self, assignment: Record, requirement_id: str, day: date) -> bool:
        if not covers(assignment["starts_on"], assignment["ends_on"], day) or not self.versions:
            return False
        key = (self.version(day), requirement_id, assignment["id"])
        if key not in self._matches:
            entry = self.requirement(requirement_id, day)
            fit = entry is not None and matches(self.policy(day), entry, assignment)
            self._matches[key] = fit
        return self._matches[key]

    def cards(self, employee_id: str, day: date) -> list[Held]:
        key = (self.version(day), employee_id)
        if key not in self._cards:
            answers = [fact for fact in self.facts if fact["fact"] == "verification"]
            seen = [
                held(self.policy(day), card, [v for v in answers if v["card"] == card["id"]])
                for card in self.of("card", employee_id)
            ]
            self._cards[key] = [card for card in seen if card is not None]
        return self._cards[key]

    def records_from(self, employee_id: str) -> date:
        newest: Record = self.versions[-1]["policy"]
        if "records_from" in newest:
            day: date = newest["records_from"]
            return day
        people = [fact for fact in self.recorded if fact["fact"] == "person"]
        instants = [f["recorded_at"] for f in people if f["employee_id"] == employee_id]
        zone = ZoneInfo(newest["timezone"])
        return min((at.astimezone(zone).date() for at in instants), default=FOREVER)

    def start(self, employee_id: str, requirement_id: str, day: date) -> date | None:
        """The first day of the unbroken stretch that reaches `day`; None: it always applied."""
        assignments = self.of("assignment", employee_id)
        edges = [fact[end] for fact in assignments for end in ("starts_on", "ends_on")]
        edges += [version["effective"] for version in self.versions]
        # Before every edge nothing changes, so one day there stands for all of them.
        before_all = min((edge for edge in edges if edge is not None), default=day) - DAY
        longest_break = self.policy(day).get("rejoin_within_days", 0)
        first, probe = day, day - DAY
        while probe >= before_all and (first - probe).days - 1 <= longest_break:
            if any(self.applies(fact, requirement_id, probe) for fact in assignments):
                first = probe
            probe -= DAY
        return first if first > before_all else None

    def due_by(self, employee_id: str, requirement_id: str, day: date) -> date | None:
        assignments = self.of("assignment", employee_id)
        if not any(self.applies(fact, requirement_id, day) for fact in assignments):
            return None
        entry = self.requirement(requirement_id, day)
        within = 0 if entry is None else entry.get("within_days", 0)
        start = self.start(employee_id, requirement_id, day) if within else None
        return None if start is None else start + within * DAY

    def excused(self, employee_id: str, requirement_id: str, day: date) -> str | None:
        for fact in self.of("exemption", employee_id):
            if fact["requirement"] == requirement_id and covers(fact["from"], fact["until"], day):
                return "exempt"
        for fact in self.of("absence", employee_id):
            if covers(fact["from"], fact["until"], day):
                return "on_leave"
        return None

    def standing(self, employee_id: str, requirement: Record, day: date) -> str:
        """First match wins, for a requirement known to apply."""
        excuse = self.excused(employee_id, requirement["id"], day)
        if excuse is not None:
            return excuse
        policy, cards = self.policy(day), self.cards(employee_id, day)
        today = verdict(policy, requirement, cards, day)
        if today == "current":
            return today
        if day < self.records_from(employee_id):
            return "not_recorded"
        due = self.due_by(employee_id, requirement["id"], day)
        if due is not None and day <= due:
            return "pending"
        if in_grace(policy, requirement, cards, day):
            return "grace"
        if today is not None:
            return today
        # A card that ever counts does so on its first day.
        before = [card for card in cards if card.first < day]
        return "expired" if any(counts(requirement, c, c.first) for c in before) else "missing"


_remembered: list[tuple[Record, dict[datetime | None, Reading]]] = []


def reading(world: Record, known_at: datetime | None) -> Reading:
    """Kept for the last world asked about, compared by value: a changed world is read anew."""
    if not _remembered or _remembered[0][0] != world:
        _remembered[:] = [(copy.deepcopy(world), {})]
    kept_world, readings = _remembered[0]
    if known_at not in readings:
        readings[known_at] = Reading(kept_world, known_at)
    return readings[known_at]


def standing(
    world: Record, assignment_id: int, requirement_id: str, day: date, known_at: datetime | None
) -> str | None:
    """None when the requirement does not apply to that assignment on that day."""
    known = reading(world, known_at)
    for fact in known.facts:
        if fact["fact"] != "assignment" or fact["id"] != assignment_id:
            continue
        requirement = known.requirement(requirement_id, day)
        if requirement is None or not known.applies(fact, requirement_id, day):
            return None
        return known.standing(fact["employee_id"], requirement, day)
    return None


def due_by(world: Record, employee_id: str, requirement_id: str, day: date, known_at: datetime | None) -> date | None:
    """The newcomer's deadline on a day on which the requirement applies to the person."""
    return reading(world, known_at).due_by(employee_id, requirement_id, day)
