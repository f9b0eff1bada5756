"""Small, nasty worlds for property tests: rosters, cards, answers and changing policies.

A world is plain data (see `oracle.py`). A handful of days per world anchors everything, so
that ends, starts, versions and answers fall on each other or a day apart. The first choice
of every list is the plainest one: failures shrink towards it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from oracle import ALWAYS, DAY, FOREVER, Record, add_months, governing_rule, month_end, window

EMPLOYEES = ("004512", "4512", "E-3")  # two that a careless reader takes for one
TYPES = ("BLS", "ACLS", "PALS", "ALS")
REQUIREMENTS = ("bls", "acls", "any")

ANCHORS = [
    date(2023, 3, 1), date(2023, 12, 31), date(2024, 2, 29), date(2024, 12, 31),
    date(2025, 1, 1), date(2025, 3, 31), date(2025, 6, 30), date(2025, 8, 31),
    date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 1),
    date(2026, 10, 15), date(2027, 2, 28), date(2027, 6, 1), date(2028, 2, 29),
]  # fmt: skip
NUDGES = [0, 0, 0, 0, 1, -1, 2, -2, 5, 14, -14, 29, 31, -31, 90]
STINTS = [800, 365, 365, 180, 90, 31, 1, 0]
PAUSES = [30, 0, 1, 6, 14, 31, 90, 365]
GAPS = [0, 1, 2, 7, 8, 30, 31, 32, 200, -1, -20, -60]  # below nought the two overlap
TIMES = [time(12), time(0), time(5, 59, 59), time(6), time(13, 30), time(23, 59, 59)]
DELAYS = [timedelta(0), timedelta(hours=1), *(timedelta(days=n) for n in (1, 20, 90, 365, 800))]

USUAL: list[Record] = [{"id": "AHA", "names": ["American Heart Association"]}, {"id": "RCUK"}]
ISSUERS: list[list[Record]] = [
    *[USUAL] * 4,
    [{"id": "AHA", "names": ["American Heart Association"], "number_pattern": "[0-9]{12}"}],
    [{"id": "AHA"}, {"id": "RCUK", "names": ["Resus Council"]}, {"id": "ARC", "accepted": False}],
    [{"id": "AHA", "accepted": False}, {"id": "RCUK", "accepted": True}],
    [{"id": "RCUK", "names": ["AHA"]}, {"id": "ARC", "names": ["American Heart Association"]}],
]
CARD_ISSUERS = [
    *["AHA"] * 5, None, None, "RCUK", "RCUK", " american heart ASSOCIATION ", "ARC", "Acme CPR",
]  # fmt: skip
CARD_TYPES = [*["BLS"] * 5, *["ACLS"] * 4, "ALS", "ALS", "PALS", "CPR"]
ROLES: list[list[Record]] = [
    [{"id": "RN", "names": ["RN*", "Registered Nurse*"]}],
    [],
    [{"id": "LEAD", "names": ["*charge*"]}, {"id": "RN", "names": ["R?*", "Registered Nurse*"]}],
    [{"id": "MD", "names": ["*nurse*"]}, {"id": "RN", "names": ["rn"]}],
]
RULES: list[Record] = [
    {"months": 24, "ends": "month_end"}, {"months": 24, "ends": "month_end"},
    {"months": 24, "ends": "same_day"}, {"months": 36, "ends": "quarter_end"},
    {"months": 12, "ends": "quarter_end"}, {"months": 1, "ends": "same_day"},
    {"months": 12, "ends": "month_end"}, {"months": 48, "ends": "same_day"},
    {"months": 12, "ends": "printed"}, {"ends": "printed"}, {"ends": "never"},
]  # fmt: skip
RECOGNITIONS: list[Record] = [
    {"type": "ALS", "issuer": "RCUK", "counts_as": "ACLS"},
    {"type": "ACLS", "issuer": "RCUK", "counts_as": "BLS"},  # with the first: two steps
    {"type": "ALS", "issuer": "AHA", "counts_as": "BLS"},
    {"type": "ALS", "issuer": "RCUK", "counts_as": "BLS"},
    {"type": "PALS", "issuer": "AHA", "counts_as": "ACLS"},
    {"type": "ALS", "issuer": "ARC", "counts_as": "ACLS"},
]
REQUIRES: dict[str, list[list[str]]] = {
    "BLS": [[]],
    "ACLS": [["BLS"], ["BLS"], [], ["PALS"], ["BLS", "PALS"]],
    "PALS": [["BLS"], []],
    "ALS": [["BLS"], [], ["ACLS"]],
}
ABSENT = object()  # a key left out
RARELY, EVENLY, MOSTLY = [False, False, True], [False, True], [False] + [True] * 7
ANSWERS = ["confirmed", "confirmed", "revoked", "revoked", "not_found"]

Days = st.SearchStrategy[date]


# --- helpers --------------------------------------------------------------------------


def pick(draw: st.DrawFn, choices: list[Any]) -> Any:
    return draw(st.sampled_from(choices))


def optional(draw: st.DrawFn, choices: dict[str, list[Any]]) -> Record:
    """One choice for each key; the keys that drew ABSENT are left out."""
    drawn = {key: pick(draw, values) for key, values in choices.items()}
    return {key: value for key, value in drawn.items() if value is not ABSENT}


def rounds(draw: st.DrawFn, least: int, most: int, more: list[bool]) -> Iterator[int]:
    """Each further round is a draw of its own, so that a failing world shrinks by dropping it."""
    for place in range(most):
        if place >= least and not pick(draw, more):
            return
        yield place


def nudged(anchors: list[date]) -> Days:
    return st.builds(lambda day, nudge: day + nudge * DAY, st.sampled_from(anchors), st.sampled_from(NUDGES))


def instants(anchors: list[date]) -> st.SearchStrategy[datetime]:
    return st.builds(lambda day, at: datetime.combine(day, at, UTC), nudged(anchors), st.sampled_from(TIMES))


@st.composite
def stretches(draw: st.DrawFn, near: Days) -> tuple[date, date]:
    begin = draw(near)
    return begin, begin + pick(draw, PAUSES) * DAY


# --- policies -------------------------------------------------------------------------


@st.composite
def validity_rules(draw: st.DrawFn, near: Days, issuers: list[str]) -> list[Record]:
    """No two for the same issuer, type and `from`: those are refused."""

    def place(rule: Record) -> tuple[Any, ...]:
        return rule.get("issuer"), rule.get("type"), rule.get("from")

    @st.composite
    def rules(draw: st.DrawFn) -> Record:
        since = add_months(draw(near), -pick(draw, [0, 0, 12, 24]))
        keys = optional(
            draw,
            {
                "issuer": [ABSENT] * 3 + issuers,
                "type": [ABSENT] * 6 + [*TYPES],
                "from": [ABSENT, ABSENT, since],
            },
        )
        return {**keys, **pick(draw, RULES)}

    return draw(st.lists(rules(), min_size=1, max_size=4, unique_by=place))


@st.composite
def extensions(draw: st.DrawFn, near: Days, issuers: list[str]) -> list[Record]:
    """Now and then the second takes up, or lies before, what the first extended to."""
    entries: list[Record] = []
    for _ in rounds(draw, 0, 2, EVENLY):
        begin = pick(draw, [draw(near), *(entry["extended_to"] for entry in entries)])
        end = begin + pick(draw, PAUSES) * DAY
        # Some end inside the days they extend: an extension must not shorten.
        to = begin + pick(draw, [120, 31, 1, 400]) * DAY
        days = {"ended_between": [begin, end], "extended_to": to}
        entries.append({"issuer": pick(draw, [issuers[0], *issuers]), **days})
    return entries[::-1] if draw(st.booleans()) else entries


@st.composite
def requirements(draw: st.DrawFn, issuers: list[str], requirement_id: str) -> Record:
    often = [ABSENT] * 6
    own = {"acls": ["ACLS"], "bls": ["BLS"], "any": ["ACLS", "BLS"]}[requirement_id]
    entry = optional(
        draw,
        {
            "any_of": [own, own, own, own, ["BLS"], ["ACLS"], ["PALS", "BLS"], ["ALS"]],
            "units": [*often, ["ICU*"], ["icu", "ED"], ["E?"], ["[!i]*"]],
            "roles": [*often, ["RN", "MD"], ["rn*"], ["*nurse*"], ["LEAD"]],
            "employment_types": [*often, ["employee"], ["AG*", "per diem"]],
            "issuers": [*often, issuers, issuers[:1]],
            "within_days": [ABSENT, ABSENT, 30, 180, 0, 1, 90],
            "grace_after_expiry_days": [ABSENT, 31, 31, 31, 14, 1, 0],
            "renew_every_months": [*often, 12, 1, 6],
            "verified": [ABSENT, ABSENT, False, True, True],
        },
    )
    return {"id": requirement_id, "title": requirement_id.upper(), **entry}


def type_tables(draw: st.DrawFn) -> Record:
    """Prerequisites only along ALS, ACLS, PALS, BLS: no cycle can arise."""
    tables: Record = {}
    for name in TYPES:
        needed = pick(draw, REQUIRES[name])
        tables[name] = {"title": name, "requires": needed} if needed else {"title": name}
    return tables


@st.composite
def policies(draw: st.DrawFn, near: Days) -> Record:
    listed = pick(draw, ISSUERS)
    ids = [entry["id"] for entry in listed]
    usable = [entry for entry in RECOGNITIONS if entry["issuer"] in ids]
    places = st.lists(st.sampled_from(range(len(usable))), max_size=3, unique=True)
    present = draw(st.lists(st.sampled_from(REQUIREMENTS), min_size=1, max_size=3, unique=True))
    head = optional(
        draw,
        {
            "timezone": ["America/Chicago", "Europe/London", "Australia/Sydney"],
            "records_from": [date(2023, 1, 1), date(2023, 1, 1), ABSENT, draw(near)],
            "rejoin_within_days": [ABSENT, 30, 1, 7, 0],
            "default_issuer": [ids[0], ids[0], ABSENT, ids[-1]],
        },
    )
    lists = {
        "issuers": listed,
        "roles": pick(draw, ROLES),
        "validity": draw(validity_rules(near, ids)),
        "extensions": draw(extensions(near, ids)),
        "recognitions": [usable[place] for place in draw(places)],
        "requirements": [draw(requirements(ids, name)) for name in present],
    }
    kept = {key: [dict(entry) for entry in value] for key, value in lists.items() if value}
    return {"name": "site", **head, "types": type_tables(draw), **kept}


def draw_versions(draw: st.DrawFn, anchors: list[date]) -> list[Record]:
    """Recorded one after another, effective in any order, now and then on the same day."""
    near = nudged(anchors)
    at = draw(st.just(datetime(2023, 1, 2, 12, tzinfo=UTC)) | instants(anchors))
    versions: list[Record] = []
    for place in rounds(draw, 1, 3, EVENLY):
        again = [version["effective"] for version in versions[1:]]
        effective = pick(draw, [draw(near), *again]) if place else None
        policy = draw(policies(near))
        versions.append({"policy": policy, "effective": effective, "recorded_at": at})
        at += pick(draw, DELAYS)
    return versions


# --- facts ----------------------------------------------------------------------------


class Person:
    """Collects the facts of one person, none recorded before the person."""

    def __init__(self, draw: st.DrawFn, world: Record, anchors: list[date], employee: str) -> None:
        self.draw, self.world, self.anchors, self.employee = draw, world, anchors, employee
        self.near = nudged(anchors)
        early = st.just(datetime(2023, 1, 2, 12, tzinfo=UTC))
        self.first_at = draw(early | instants(anchors) | instants(anchors))

    def record(self, kind: str, after: datetime, fields: Record) -> Record:
        recorded = after + pick(self.draw, [DELAYS[0], *DELAYS])
        lasted = pick(self.draw, [None] * 40 + DELAYS[1:])
        retracted = None if lasted is None else recorded + lasted
        fact = {"fact": kind, **fields, "recorded_at": recorded, "retracted_at": retracted}
        self.world["facts"].append(fact)
        return fact

    def next_id(self, kind: str) -> int:
        return 1 + len([fact for fact in self.world["facts"] if fact["fact"] == kind])

    def names(self) -> None:
        name = {"employee_id": self.employee, "name": "A. Nurse", "email": "a@example.org"}
        fact = self.record("person", self.first_at, name)
        self.first_at = fact["recorded_at"]
        if pick(self.draw, [False, False, True]):
            self.record("person", self.first_at, {**name, "name": "A. Nurse-Smith"})

    def assignments(self) -> None:
        begin = self.draw(self.near)
        for _ in rounds(self.draw, 1, 3, EVENLY):
            end = begin + pick(self.draw, STINTS) * DAY
            words = {
                "unit": pick(self.draw, ["ICU", "ED", "ICU-2", "Ward"]),
                "role": pick(self.draw, ["RN", "Registered Nurse II", "RN Charge", "MD"]),
                "employment_type": pick(self.draw, ["employee", None, "Agency"]),
                "starts_on": pick(self.draw, [begin, begin, begin, begin, None]),
                "ends_on": pick(self.draw, [None, end, end, end]),
            }
            ids: Record = {"id": self.next_id("assignment"), "employee_id": self.employee}
            fact = self.record("assignment", self.first_at, {**ids, **words})
            if fact["retracted_at"] is not None and self.draw(st.booleans()):
                ids["id"] += 1
                later = {"starts_on": begin + DAY, "ends_on": None}
                self.record("assignment", fact["retracted_at"], {**words, **ids, **later})
            begin = max(begin, end + (1 + pick(self.draw, GAPS)) * DAY)

    def cards(self) -> None:
        for _ in rounds(self.draw, 0, 5, MOSTLY):
            fields = self.draw(cards(self.near, self.world["policies"]))
            number = self.next_id("card")
            printed = pick(self.draw, [f"{number:012d}", None, f"X{number}"])
            ids = {"id": number, "employee_id": self.employee, "number": printed}
            self.answers(self.record("card", self.first_at, {**ids, **fields}))

    def answers(self, card: Record) -> None:
        """Given on the world's days; a revocation is more often from about the card's own last one."""
        ends = last_days(card, self.world["policies"])
        about = nudged(ends) if ends else self.near
        issued = [] if card["issued_on"] is None else [card["issued_on"]]
        for _ in rounds(self.draw, 0, 3, EVENLY):
            answer = pick(self.draw, ANSWERS)
            days = [self.draw(about), self.draw(about), self.draw(self.near)]
            since = pick(self.draw, [*days, None, *issued])
            fields = {
                "card": card["id"],
                "answer": answer,
                "revoked_from": since if answer == "revoked" else None,
                "checked_on": self.draw(self.near),
            }
            self.record("verification", card["recorded_at"], fields)

    def excuses(self) -> None:
        for _ in rounds(self.draw, 0, 2, RARELY):
            begin, end = self.draw(stretches(self.near))
            until = pick(self.draw, [end, end, end, None])
            fields = {"employee_id": self.employee, "from": begin, "until": until}
            self.record("absence", self.first_at, fields)
        for _ in rounds(self.draw, 0, 2, RARELY):
            begin, end = self.draw(stretches(self.near))
            what = {"employee_id": self.employee, "requirement": pick(self.draw, [*REQUIREMENTS])}
            self.record("exemption", self.first_at, {**what, "from": begin, "until": end})


def last_days(card: Record, versions: list[Record]) -> list[date]:
    """Where each version ends a card, as far as it does."""
    windows = [window(version["policy"], card, []) for version in versions]
    return [days[1] for days in windows if days is not None and days[1] is not None]


@st.composite
def cards(draw: st.DrawFn, near: Days, versions: list[Record]) -> Record:
    """A card that the door lets in under every version.

    Issued on one of the world's days, or so long before one that it ends there, or where a
    rule begins to govern.
    """
    rules = [rule for version in versions for rule in version["policy"]["validity"]]
    turns = [rule["from"] - n * DAY for rule in rules if "from" in rule for n in (0, 0, 1)]
    usual = add_months(draw(near), -pick(draw, [0, 0, 24, 24, 12, 1, 48]))
    card: Record = {
        "type": pick(draw, CARD_TYPES),
        "issuer": pick(draw, CARD_ISSUERS),
        "issued_on": pick(draw, [usual] * 6 + turns),
        "stated": None,
    }
    unknown = pick(draw, [False, False, False, True])
    bare = any(governing_rule(version["policy"], card) is None for version in versions)
    if unknown or bare or draw(st.booleans()):
        card["stated"] = draw(stated_ends(card["issued_on"], last_days(card, versions)))
    if unknown:
        card["issued_on"] = None
    return card


@st.composite
def stated_ends(draw: st.DrawFn, issued: date, computed: list[date]) -> str:
    """What is printed: what a rule computes, or a little beside it, never before the issue."""
    end = pick(draw, [*computed, add_months(issued, pick(draw, [24, 12, 1, 48, 0]))])
    wished = pick(draw, [month_end(end), end, end + DAY, end - 31 * DAY, end.replace(day=1)])
    day = max(issued, wished)
    return day.isoformat() if draw(st.booleans()) else f"{day:%Y-%m}"


@st.composite
def worlds(draw: st.DrawFn) -> Record:
    first = draw(st.integers(0, len(ANCHORS) - 1))
    anchors = ANCHORS[first : first + pick(draw, [1, 2, 3])]  # neighbours, so that things meet
    world: Record = {"policies": draw_versions(draw, anchors), "facts": []}
    for place in rounds(draw, 1, len(EMPLOYEES), EVENLY):
        person = Person(draw, world, anchors, EMPLOYEES[place])
        person.names()
        person.assignments()
        person.cards()
        person.excuses()
    world["facts"].sort(key=lambda fact: fact["recorded_at"])
    return world


# --- questions worth asking -----------------------------------------------------------


def mentioned(value: Any) -> set[date]:
    """Every day in a world; a stated one too, and the UTC day of an instant."""
    if isinstance(value, datetime):
        return {value.date()}
    if isinstance(value, date):
        return {value}
    if isinstance(value, dict):
        return mentioned(list(value.values()))
    if isinstance(value, list):
        return set().union(*(mentioned(item) for item in value))
    return set()


def window_edges(world: Record) -> set[date]:
    """First and last days of each card under each version, with and without its answers."""
    answers = [fact for fact in world["facts"] if fact["fact"] == "verification"]
    edges: set[date | None] = set()
    for card in (fact for fact in world["facts"] if fact["fact"] == "card"):
        about = [fact for fact in answers if fact["card"] == card["id"]]
        for version in world["policies"]:
            for known in ([], about):
                edges |= set((window(version["policy"], card, known) or ())[:2])
    return {edge for edge in edges if edge is not None and ALWAYS < edge < FOREVER}


def lengths(world: Record, key: str) -> set[int]:
    """Each value that a key of a policy or of its requirements takes."""
    heads = [version["policy"] for version in world["policies"]]
    entries = heads + [entry for head in heads for entry in head["requirements"]]
    return {0} | {entry[key] for entry in entries if key in entry}


def interesting_days(world: Record) -> list[date]:
    """Every day on which something can begin or end, its neighbours, and some far away."""
    edges = window_edges(world)
    for months in lengths(world, "renew_every_months"):
        edges |= {add_months(edge, months) for edge in edges}
    edges |= {edge + n * DAY for edge in edges for n in lengths(world, "grace_after_expiry_days")}
    stints = [fact for fact in world["facts"] if fact["fact"] == "assignment"]
    turns = mentioned(stints) | mentioned([version["effective"] for version in world["policies"]])
    for key in ("within_days", "rejoin_within_days"):
        edges |= {turn + n * DAY for turn in turns for n in lengths(world, key)}
    days = edges | turns | mentioned(world)
    near = {day + n * DAY for day in days for n in (-1, 0, 1)}
    return sorted(near | {date(1990, 1, 1), date(2015, 7, 1), date(2040, 1, 1), date(2090, 1, 1)})


def interesting_instants(world: Record) -> list[datetime | None]:
    """Now (None), each instant at which the records changed, and the last one before it."""
    records = world["policies"] + world["facts"]
    changes = {record["recorded_at"] for record in records}
    changes |= {fact["retracted_at"] for fact in world["facts"]} - {None}
    before = {instant - timedelta(microseconds=1) for instant in changes}
    return [None, *sorted(changes | before)]
