"""A small site with something of everything that a report shows."""

from datetime import date

from tracker.actions.apply_policy import apply_policy
from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.tables import assignments, cards, exemptions, identities, units

AUTHOR = Author("tester", "test")
TODAY = date(2026, 6, 15)
HOSTILE = "<script>alert('&')</script>\x07\u202e\"=1+1"
POLICY = """
name = "site <b>"
timezone = "America/Chicago"
records_from = 2024-01-01
default_issuer = "AHA"
[types.BLS]
[types.ACLS]
requires = ["BLS"]
[[issuers]]
id = "AHA"
[[validity]]
months = 24
ends = "month_end"
[[requirements]]
id = "bls"
title = "BLS for all"
any_of = ["BLS"]
roles = ["RN"]
grace_after_expiry_days = 10
citation = "HR-204, section 1"
[[requirements]]
id = "acls"
title = "ACLS in intensive care"
any_of = ["ACLS"]
units = ["ICU"]
roles = ["RN"]
[[requirements]]
id = "nrp"
title = "For a unit that is spelt otherwise"
any_of = ["BLS"]
units = ["NICU"]
"""

# Employee id, name, units, the months of 2024 in which BLS and ACLS were issued. 24 months on they end.
STAFF: list[tuple[str, str, list[str], int | None, int | None]] = [
    ("01", "Current, Ann", ["ICU"], 6, 7),
    ("02", "Lapsed, Bo", ["ICU", "ED"], 3, 8),
    ("03", "陳大文", ["ED"], 4, None),
    ("04", HOSTILE, ["ED"], None, None),
    ("05", "Exempt, Eve", ["Cafe"], None, None),
    ("06", "=Formula", ["ICU"], 5, 6),
]


def staffed(database: Database, *, policy: bool = True) -> Database:
    """The staff above, one of them exempt, and a clerk of two units whom no requirement matches."""
    if policy:
        apply_policy(database, AUTHOR, POLICY, None, TODAY)
    with change(database, AUTHOR, "test") as made:
        numbers = made.add_people([*(row[0] for row in STAFF), "09"])
        for employee_id, name, places, bls, acls in STAFF:
            _hire(made, numbers[employee_id], employee_id, name, "RN", places)
            issued = {"BLS": bls, "ACLS": acls}
            first = made.next_id(cards)
            held = [(kind, month) for kind, month in issued.items() if month]
            made.record(
                cards,
                [
                    (numbers[employee_id], first + at, kind, "AHA", date(2024, month, 5), None, None)
                    for at, (kind, month) in enumerate(held)
                ],
            )
        _hire(made, numbers["09"], "09", "Clerk, Kim", "Clark", ["ICU", "ED"])
        made.record(exemptions, [(numbers["05"], "bls", date(2026, 1, 1), date(2026, 12, 31), None, "secret")])
        made.record(units, [("ICU", "Main", None, None), ("ED", "Main", None, None)])
    return database


def _hire(made: Change, number: int, employee_id: str, name: str, role: str, places: list[str]) -> None:
    made.record(identities, [(number, employee_id, name, None)])
    made.record(assignments, [(number, unit, role, "employee", None, date(2024, 1, 1), None) for unit in places])
