"""A small made-up hospital: its policies, rows as a reader would give them, and what holds of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.actions.apply_policy import apply_policy
from tracker.actions.imports.context import Settled
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.run import import_readings
from tracker.actions.issue_report import Handed
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.moments import holds, latest_change
from tracker.db.tables import PERSON_FACTS, cards, mappings, people, units
from tracker.domain.days import ALWAYS, OPEN, Span, merge
from tracker.domain.policy import words
from tracker.domain.scope import EVERYONE
from tracker.intake.rows import (
    AbsenceRow,
    CardRow,
    ExemptionRow,
    Kind,
    Reading,
    Rejected,
    RosterRow,
    Table,
    UnitRow,
)

AUTHOR = Author("tester", "test")
TODAY = date(2025, 6, 15)

USUAL = """
name = "usual"
timezone = "America/Chicago"
records_from = 2024-01-01
default_issuer = "AHA"
[types.BLS]
[types.ACLS]
requires = ["BLS"]
[types.ALS]
[[issuers]]
id = "AHA"
names = ["American Heart Association"]
[[issuers]]
id = "RCUK"
[[validity]]
issuer = "AHA"
months = 24
ends = "month_end"
[[validity]]
issuer = "RCUK"
months = 24
ends = "same_day"
[[requirements]]
id = "bls"
any_of = ["BLS"]
roles = ["RN", "MD"]
grace_after_expiry_days = 14
[[requirements]]
id = "acls"
any_of = ["ACLS"]
units = ["ICU*", "ED"]
roles = ["RN"]
within_days = 60
"""
# No newcomers, other places, other cards: everybody's standings change.
STRICT = """
name = "strict"
timezone = "Europe/London"
rejoin_within_days = 30
[types.BLS]
[types.ACLS]
requires = ["BLS"]
[types.ALS]
[[issuers]]
id = "AHA"
[[issuers]]
id = "RCUK"
accepted = false
[[validity]]
months = 12
ends = "same_day"
[[validity]]
issuer = "AHA"
months = 12
ends = "quarter_end"
from = 2025-01-01
[[requirements]]
id = "bls"
any_of = ["BLS"]
verified = true
[[requirements]]
id = "acute"
any_of = ["ACLS", "ALS"]
units = ["ED"]
renew_every_months = 6
"""
MILD = """
name = "mild"
timezone = "Australia/Sydney"
records_from = 2025-05-01
rejoin_within_days = 1
default_issuer = "RCUK"
[types.BLS]
[types.ACLS]
[types.ALS]
[[issuers]]
id = "AHA"
[[issuers]]
id = "RCUK"
[[validity]]
ends = "printed"
months = 36
[[validity]]
type = "BLS"
ends = "never"
[[roles]]
id = "RN"
names = ["Registered*"]
[[extensions]]
issuer = "RCUK"
ended_between = [2025-05-01, 2025-06-30]
extended_to = 2025-08-31
[[recognitions]]
type = "ALS"
counts_as = "ACLS"
[[requirements]]
id = "acls"
any_of = ["ACLS"]
roles = ["RN"]
employment_types = ["employee"]
within_days = 14
grace_after_expiry_days = 31
"""
POLICIES = {"usual": USUAL, "strict": STRICT, "mild": MILD}


def day(text: str | None) -> date | None:
    """A day as it is written: 2026-01-31."""
    return date.fromisoformat(text) if text else None


def on(text: str) -> date:
    """A day that is surely one."""
    return date.fromisoformat(text)


def post(
    employee_id: str,
    unit: str | None = "ICU",
    starts: str | None = None,
    ends: str | None = None,
    role: str = "RN",
    **more: Any,
) -> RosterRow:
    """A row of a roster; `more` are its other columns."""
    blank = RosterRow(0, employee_id, None, None, unit, role, None, day(starts), day(ends), None)
    return blank._replace(**more)


def staff(count: int, name: str = "ICU") -> list[Any]:
    """So many people of a unit, from New Year on."""
    return [post(f"E-{number}", name, "2025-01-01") for number in range(count)]


def card(
    employee_id: str,
    issued: str | None = None,
    stated: str | None = None,
    number: str | None = None,
    **more: Any,
) -> CardRow:
    """A row of a list of cards: a BLS card of the AHA, if not said otherwise."""
    return CardRow(0, employee_id, "BLS", "AHA", day(issued), stated, number, None)._replace(**more)


def away(employee_id: str, starts: str, until: str | None = None) -> AbsenceRow:
    """A row of a list of absences."""
    return AbsenceRow(0, employee_id, on(starts), day(until))


def excused(employee_id: str, starts: str, until: str, requirement: str = "bls", **more: Any) -> ExemptionRow:
    """A row of a list of exemptions."""
    return ExemptionRow(0, employee_id, requirement, on(starts), on(until), None, None)._replace(**more)


def unit(name: str, facility: str | None = None, managers: str | None = None, director: str | None = None) -> UnitRow:
    """A row of a list of units."""
    return UnitRow(0, name, facility, managers, director)


KINDS: dict[type, Kind] = {
    RosterRow: "roster",
    CardRow: "cards",
    AbsenceRow: "absences",
    ExemptionRow: "exemptions",
    UnitRow: "units",
}


def table(rows: Sequence[Any], beside: Sequence[CardRow] = (), rejected: Sequence[Rejected] = ()) -> Table:
    """A sheet with these rows from line 2 on; `beside` are cards in the columns of a roster, by the same lines."""
    numbered: list[Any] = [row._replace(row=number) for number, row in enumerate(rows, 2)]
    wide = [one._replace(row=number) for number, one in enumerate(beside, 2)]
    return Table(None, KINDS[type(rows[0])], {}, numbered, wide, list(rejected))


def file(*sheets: Table, name: str = "file.csv") -> Reading:
    """A file of these sheets, as read."""
    return Reading(name, "0" * 64, list(sheets))


def take_in(database: Database, *rows: Any, today: date = TODAY, dry_run: bool = False, **settled: Any) -> ImportResult:
    """Imports one file: of these rows, or of these sheets."""
    sheets = rows if isinstance(rows[0], Table) else (table(rows),)
    return take_files(database, file(*sheets), today=today, dry_run=dry_run, **settled)


def take_files(
    database: Database, *files: Reading, today: date = TODAY, dry_run: bool = False, **settled: Any
) -> ImportResult:
    """Imports several files at once; `settled` are the fields of `Settled`."""
    return import_readings(database, EVERYONE, AUTHOR, files, Settled(**settled), today, dry_run=dry_run)


def govern(database: Database, text: str = USUAL, effective: date | None = None) -> Database:
    """Puts a policy in force and returns the database."""
    apply_policy(database, AUTHOR, text, effective, TODAY)
    return database


Facts = dict[str, Counter[tuple[Any, ...]]]


def facts_of(database: Database, *, by_number: bool = False) -> Facts:
    """Every fact that holds, by table: whose it is and what it says, without the numbers that the program gave it.

    `by_number` names people by theirs all the same, which stays whatever their employee id becomes.
    """
    with database.read() as connection:
        whose = dict(connection.execute(select(people.c.id, people.c.id if by_number else people.c.employee_id)).all())
        said = {row.card: tuple(row)[3:-2] for row in connection.execute(select(cards).where(holds(cards, None)))}
        found: Facts = {}
        for kind in (*PERSON_FACTS, units, mappings):
            found[kind.name] = Counter()
            for row in connection.execute(select(kind).where(holds(kind, None))):
                fields = dict(row._mapping)
                person = whose.get(fields.get("person_id", 0))
                if "card" in fields:
                    fields["card"] = said.get(fields["card"], "a card that is not on record")
                content = [value for name, value in fields.items() if name not in _OURS]
                found[kind.name][(person, *content)] += 1
    return found


_OURS = {"id", "person_id", "recorded", "retracted"}


def changes_in(database: Database) -> int:
    """How many changes were made so far."""
    with database.read() as connection:
        return latest_change(connection)


def posts_of(database: Database, employee_id: str) -> list[tuple[str, str, date | None, date | None]]:
    """Somebody's assignments: unit, role, first day, last day."""
    held = facts_of(database)["assignments"].elements()
    found = [(where, role, first, last) for who, where, role, _, _, first, last in held if who == employee_id]
    return sorted(found, key=lambda each: (each[0], each[1], each[2] or ALWAYS))


def days_in(database: Database, employee_id: str, name: str = "ICU") -> list[tuple[date, date]]:
    """The days on which somebody works in a unit, however many assignments say so."""
    spans = [
        Span(first or ALWAYS, last or OPEN)
        for where, _, first, last in posts_of(database, employee_id)
        if words(where) == words(name)
    ]
    return [(first, last) for first, last in merge(spans)]


def cards_of(database: Database, employee_id: str = "4512") -> list[tuple[Any, ...]]:
    """Somebody's cards: type, issuer, issued on, stated, number."""
    return [tuple(fact[0]) for fact in said_of(database, "cards", employee_id)]


def outcomes(result: ImportResult) -> dict[str, int]:
    """The outcomes that some row had."""
    return {outcome: count for outcome, count in result.counts.items() if count}


def asked(result: ImportResult) -> list[str]:
    """The questions that stay open, by their id."""
    return [question.id for _, question in result.questions]


Days = tuple[str | None, str | None]


def spans(*days: Days) -> list[tuple[date, date]]:
    """Days from and to, as they are written; None is always, or open."""
    return [(on(first) if first else ALWAYS, on(last) if last else OPEN) for first, last in days]


def said_of(database: Database, kind: str, employee_id: str | None) -> list[tuple[Any, ...]]:
    """What holds of somebody in one table of facts, in order."""
    found: Iterable[tuple[Any, ...]] = facts_of(database)[kind].elements()
    return sorted((fact[1:] for fact in found if fact[0] == employee_id), key=str)


def unnumbered(handed: Handed) -> Callable[[int], Handed]:
    """What makes a report that says nothing of its number."""
    return lambda _: handed
