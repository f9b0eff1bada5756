"""Stories for the reminders: the worlds of `worlds.py` with mail in them, run after run.

A story is plain data (the world as in `reminder_oracle.py`):

    {"world": ..., "enabled_on": day or None, "runs": [{"day": ..., "known_at": ..., "bounced": [...]}, ...]}

All facts are in the one world; what arrives between two runs is recorded between their instants, and what it
corrects is retracted then. The runs begin shortly before or after a day on which something ends or begins.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from oracle import DAY, Record, add_months, governing_rule, matches
from worlds import EMPLOYEES, EVENLY, MOSTLY, RARELY, REQUIREMENTS, TYPES, cards, mentioned, nudged, pick, rounds
from worlds import window_edges as card_edges
from worlds import worlds as bare_worlds

UNITS = ("ICU", "ED", "ICU-2", "Ward")
ADDRESSES: dict[str, list[str | None]] = {name: [f"{name.lower()}@staff.example", None] for name in EMPLOYEES}
CHARGE, HEAD, DEPUTY, DIRECTOR = (f"{who}@unit.example" for who in ("charge", "head", "deputy", "director"))
MANAGER_EMAILS = [CHARGE, None, HEAD, "Lead@unit.example"]
UNIT_MANAGERS: list[list[str]] = [[HEAD], [HEAD, DEPUTY], [], [CHARGE]]
DIRECTORS = [DIRECTOR, DIRECTOR, None, HEAD]  # now and then the director manages a unit himself
BOUNCED: list[list[str]] = [*[[]] * 8, [HEAD], [f"{EMPLOYEES[0]}@staff.example"], [DIRECTOR, "e-3@staff.example"]]

LEADS = [*[[90, 60, 30, 14, 7, 1, 0]] * 4, [30, 7, 0], [14], [7, 1], [2, 0]]
WEEKLY = ["monday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ESCALATIONS = [[14, 30], [14, 30], [2, 4], [1, 2], [5]]
EXPIRING = [90, 90, 30, 7, 0]

BEFORE_TARGET = [0, 1, 2, 7, 8, 14, 15, 30, 31, 60, 61, 90, 91, -1, -2, -4, -14, -30]
RUN_GAPS = [1, 1, 1, 0, 2, 3, 5, 7, 7, 14, 16, 29, 60, -1]
NEAR_RUN = [0, 1, -1, 2, -2, 6, 7, 8, -6, -7, -8, 13, 14, 15, -13, -14, -15, 30, 60]
NOON = time(12)


def noon(day: date) -> datetime:
    return datetime.combine(day, NOON, UTC)


def next_id(world: Record, kind: str) -> int:
    return 1 + max((fact["id"] for fact in world["facts"] if fact["fact"] == kind), default=0)


# --- the standing facts ---------------------------------------------------------------


def settle(world: Record, first_run: date) -> None:
    """Most facts are known before the first run; a card that is issued later arrives on its day."""
    opening, records = noon(first_run) - timedelta(hours=2), world["policies"] + world["facts"]
    issued: dict[int, datetime] = {}
    for place, record in enumerate(records):
        at = min(record["recorded_at"], opening + place * timedelta(seconds=1))
        kind = record.get("fact")
        if kind == "card" and record["issued_on"] is not None and record["issued_on"] > first_run:
            at = issued[record["id"]] = noon(record["issued_on"]) - timedelta(hours=1)
        if kind == "verification" and record["card"] in issued:
            at = max(at, issued[record["card"]])
        record["recorded_at"] = at
        retracted = record.get("retracted_at")
        if kind == "person" or (retracted is not None and retracted <= at):
            record["retracted_at"] = None


def add_reminders(draw: st.DrawFn, world: Record) -> None:
    """Usually one setting for all versions; now and then each version has its own."""
    settings: Record | None = None
    for version in world["policies"]:
        if settings is None or pick(draw, RARELY):
            settings = {
                "lead_days": pick(draw, LEADS),
                "weekly_on": pick(draw, WEEKLY),
                "escalate_after_days": pick(draw, ESCALATIONS),
            }
        version["policy"] = {
            **version["policy"],
            "expiring_within_days": pick(draw, EXPIRING),
            "reminders": dict(settings),
        }


def add_addresses(draw: st.DrawFn, world: Record) -> None:
    for fact in world["facts"]:
        if fact["fact"] == "person":
            known, missing = ADDRESSES[fact["employee_id"]]
            fact["email"] = known if pick(draw, MOSTLY) else missing
        if fact["fact"] == "assignment":
            fact["manager_email"] = pick(draw, MANAGER_EMAILS)


def in_force(world: Record, day: date) -> Record:
    effective = [date.min, *(version["effective"] for version in world["policies"][1:])]
    begun = [(since, place) for place, since in enumerate(effective) if since <= day]
    policy: Record = world["policies"][max(begun)[1]]["policy"]
    return policy


def fitting(draw: st.DrawFn, policy: Record, stint: Record) -> Record:
    """A requirement that applies to the stint, whose words are made plain where none does."""
    if not any(matches(policy, entry, stint) for entry in policy["requirements"]):
        stint.update(unit="ICU", role="RN", employment_type="employee")
    found = [entry for entry in policy["requirements"] if matches(policy, entry, stint)]
    entry: Record = pick(draw, found or policy["requirements"])
    return entry


def begin_anew(draw: st.DrawFn, world: Record, stint: Record, first_run: date) -> None:
    """A newcomer at about the first run, with time to spare."""
    stint["starts_on"] = first_run - pick(draw, [0, 1, -1, 13, 14, 15]) * DAY
    stint["ends_on"] = pick(draw, [None, None, None, first_run + 100 * DAY, first_run + 20 * DAY])
    fitting(draw, in_force(world, first_run), stint)["within_days"] = pick(draw, [30, 90, 180, 7])


def equip(draw: st.DrawFn, world: Record, stint: Record, target: date) -> None:
    """Someone at work whose cards, for one requirement and its prerequisites, end about the target: a bare
    world holds too few of them."""
    early = stint["starts_on"] or target
    stint["starts_on"] = min(early, target - pick(draw, [400, 400, 100, 20]) * DAY)
    stint["ends_on"] = pick(draw, [None, None, None, target + pick(draw, [400, 20, 0, -1]) * DAY])
    policy = in_force(world, target)
    entry = fitting(draw, policy, stint)
    accepted = [listed["id"] for listed in policy["issuers"] if listed.get("accepted", True)]
    issuer = pick(draw, [name for name in entry.get("issuers", accepted) if name in accepted] or accepted)
    ends = target
    for kind in [entry["any_of"][0], *policy["types"][entry["any_of"][0]].get("requires", [])]:
        ends += pick(draw, [0, 0, 0, 40, -40, 1, 200]) * DAY
        card: Record = {"type": kind, "issuer": issuer, "issued_on": None, "stated": ends.isoformat()}
        rule = governing_rule(policy, card)
        if rule is not None and "months" in rule and pick(draw, MOSTLY):
            card = {**card, "issued_on": add_months(ends, -rule["months"]), "stated": None}
        number = next_id(world, "card")
        ids = {"id": number, "employee_id": stint["employee_id"], "number": f"{number:012d}"}
        known = {"recorded_at": stint["recorded_at"], "retracted_at": None}
        world["facts"].append({"fact": "card", **ids, **card, **known})
        if pick(draw, MOSTLY):
            answer = {"card": number, "answer": "confirmed", "revoked_from": None, "checked_on": ends - 90 * DAY}
            world["facts"].append({"fact": "verification", **answer, **known})


def unit_fact(draw: st.DrawFn, name: str, at: datetime) -> Record:
    words = {"unit": name, "facility": "Main", "managers": pick(draw, UNIT_MANAGERS), "director": pick(draw, DIRECTORS)}
    return {"fact": "unit", **words, "recorded_at": at, "retracted_at": None}


# --- what arrives between two runs ----------------------------------------------------


class Arrivals:
    """Facts recorded, and retracted, at one instant between two runs."""

    def __init__(self, draw: st.DrawFn, world: Record, at: datetime, day: date, target: date) -> None:
        self.draw, self.world, self.at, self.day, self.target = draw, world, at, day, target
        self.employee = pick(draw, sorted({fact["employee_id"] for fact in world["facts"] if "employee_id" in fact}))

    def near(self) -> date:
        day: date = pick(self.draw, [self.day, self.day, self.target]) + pick(self.draw, NEAR_RUN) * DAY
        return day

    def type(self) -> str:
        """More often one that the person holds, or a requirement wants."""
        facts = self.world["facts"]
        own = {fact["type"] for fact in facts if fact["fact"] == "card" and fact["employee_id"] == self.employee}
        wanted = {entry["any_of"][0] for entry in in_force(self.world, self.day)["requirements"]}
        name: str = pick(self.draw, [*sorted(own & set(TYPES)), *sorted(wanted), *TYPES])
        return name

    def record(self, kind: str, fields: Record, at: datetime | None = None) -> None:
        recorded = {"recorded_at": at or self.at, "retracted_at": None}
        self.world["facts"].append({"fact": kind, "employee_id": self.employee, **fields, **recorded})

    def retract(self, kind: str) -> Record | None:
        """One of those that hold, taken back; what it said, to be recorded otherwise."""
        known = [fact for fact in self.world["facts"] if fact["fact"] == kind and fact["employee_id"] == self.employee]
        open_ = [fact for fact in known if fact["retracted_at"] is None and fact["recorded_at"] < self.at]
        if not open_:
            return None
        fact = pick(self.draw, open_)
        fact["retracted_at"] = self.at
        kept = {key: value for key, value in fact.items() if key not in ("fact", "recorded_at", "retracted_at")}
        return {**kept, "id": next_id(self.world, kind)} if "id" in kept else kept

    def renewal(self) -> None:
        number = next_id(self.world, "card")
        days = nudged([self.day, self.day, self.near()])
        fields = {**self.draw(cards(days, self.world["policies"])), "id": number, "number": f"{number:012d}"}
        issued = fields["issued_on"]
        self.record("card", fields, self.at if issued is None else max(self.at, noon(issued)))

    def corrected_card(self) -> None:
        card = self.retract("card")
        if card is None:
            return
        if card["issued_on"] is not None:
            card["issued_on"] -= pick(self.draw, [1, 31, 7, 365]) * DAY
        ruled = all(governing_rule(version["policy"], card) for version in self.world["policies"])
        if ruled or card["stated"] is not None:
            self.record("card", card)

    def corrected_start(self) -> None:
        stint = self.retract("assignment")
        if stint is None:
            return
        days = [self.near(), (stint["starts_on"] or self.day) + pick(self.draw, [1, -1, 14, -30]) * DAY]
        start = pick(self.draw, days)
        self.record("assignment", {**stint, "starts_on": min(start, stint["ends_on"] or start)})

    def leaver(self) -> None:
        """Some leave for good, some for another unit a few days later."""
        stint = self.retract("assignment")
        if stint is None:
            return
        last = max(self.near(), stint["starts_on"] or date.min)
        self.record("assignment", {**stint, "ends_on": last})
        if pick(self.draw, EVENLY):
            begin = last + pick(self.draw, [1, 2, 8, 31, 32]) * DAY
            moved = {"unit": pick(self.draw, [*UNITS]), "starts_on": begin, "ends_on": None}
            self.record("assignment", {**stint, **moved, "id": next_id(self.world, "assignment")})

    def absence(self) -> None:
        begin = self.near()
        self.record("absence", {"from": begin, "until": begin + pick(self.draw, [6, 0, 13, 30, 90]) * DAY})

    def back_early(self) -> None:
        leave = self.retract("absence")
        if leave is not None:
            self.record("absence", {**leave, "until": max(leave["from"], self.near())})

    def exemption(self) -> None:
        begin = self.near()
        until = begin + pick(self.draw, [30, 0, 6, 13, 90]) * DAY
        self.record("exemption", {"requirement": pick(self.draw, [*REQUIREMENTS]), "from": begin, "until": until})

    def booking(self) -> None:
        self.record("booking", {"type": self.type(), "class_on": self.near()})

    def submission(self) -> None:
        waited = pick(self.draw, [0, 1, 13, 14, 15]) * DAY
        self.record("submission", {"type": self.type(), "received_on": self.day - waited})

    def checked(self) -> None:
        if self.retract("submission") is not None:
            self.renewal()

    def address(self) -> None:
        mail = pick(self.draw, [f"{self.employee.lower()}@new.example", None])
        self.record("person", {"name": "A. Nurse", "email": mail})

    def new_managers(self) -> None:
        self.world["facts"].append(unit_fact(self.draw, pick(self.draw, [*UNITS]), self.at))

    def happen(self) -> None:
        kinds: list[Any] = [
            *[self.renewal] * 3, *[self.booking] * 4, *[self.submission] * 4, self.checked, self.corrected_card,
            self.corrected_start, self.leaver, self.absence, self.back_early, self.exemption, self.address,
            self.new_managers,
        ]  # fmt: skip
        pick(self.draw, kinds)()


# --- stories --------------------------------------------------------------------------


def targets(world: Record) -> list[date]:
    """Days on which something ends or begins, with the newcomers' deadlines."""
    facts = [fact for fact in world["facts"] if fact["fact"] in ("assignment", "absence", "exemption")]
    days = [{key: fact.get(key) for key in ("starts_on", "ends_on", "from", "until")} for fact in facts]
    starts = [fact["starts_on"] for fact in facts if fact.get("starts_on") is not None]
    entries = [entry for version in world["policies"] for entry in version["policy"]["requirements"]]
    due = {start + entry["within_days"] * DAY for start in starts for entry in entries if "within_days" in entry}
    effective = [version["effective"] for version in world["policies"]]
    return sorted(card_edges(world) | mentioned(days) | due | mentioned(effective)) or [date(2025, 1, 1)]


@st.composite
def stories(draw: st.DrawFn, most_runs: int = 8) -> Record:
    world = draw(bare_worlds())
    soon = [day for day in targets(world) if date(2023, 6, 1) <= day <= date(2030, 1, 1)]
    target = pick(draw, soon or [date(2025, 1, 1)])
    day = target - pick(draw, BEFORE_TARGET) * DAY
    for stint in [fact for fact in world["facts"] if fact["fact"] == "assignment"]:
        what = pick(draw, ["equip", "equip", "equip", "equip", "begin anew", "as it is"])
        if what == "equip":
            equip(draw, world, stint, target)
        elif what == "begin anew":
            begin_anew(draw, world, stint, day)
    settle(world, day)
    add_reminders(draw, world)
    add_addresses(draw, world)
    opening = noon(day) - timedelta(hours=1)
    world["facts"] += [unit_fact(draw, name, opening) for name in UNITS]
    enabled_on = pick(draw, [None, None, day, day, day - 40 * DAY, day + 3 * DAY, day - 400 * DAY])
    runs: list[Record] = []
    at = opening
    for _ in rounds(draw, 1, most_runs, MOSTLY):
        for _ in rounds(draw, 0, 3, EVENLY):
            Arrivals(draw, world, at + timedelta(minutes=1), day, target).happen()
        at = max(at + timedelta(minutes=2), noon(day))
        runs.append({"day": day, "known_at": at, "bounced": pick(draw, BOUNCED)})
        day += pick(draw, RUN_GAPS) * DAY
    world["facts"].sort(key=lambda fact: fact["recorded_at"])
    return {"world": world, "enabled_on": enabled_on, "runs": runs}
