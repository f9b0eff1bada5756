"""What is asked of a small site: scopes, counts of queries, E, forecast, and the compliance report."""

import csv
from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from tracker.actions.apply_policy import apply_policy
from tracker.actions.ask_standings import ask_forecast, ask_person, ask_rows, ask_status
from tracker.actions.build_compliance import build_compliance
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.tables import absences, assignments, cards, exemptions, identities
from tracker.domain.days import month_end
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE, InUnits, OnePerson
from tracker.domain.standing import Standing
from tracker.reports.as_csv import compliance_csv
from tracker.reports.as_json import compliance_json
from tracker.reports.forms import to_csv

AUTHOR = Author("tester", "test")
TODAY = date(2026, 6, 15)
POLICY = """
name = "site"
timezone = "America/Chicago"
records_from = 2024-01-01
default_issuer = "AHA"
expiring_within_days = 90
[types.BLS]
[[issuers]]
id = "AHA"
[[validity]]
months = 24
ends = "month_end"
[[requirements]]
id = "bls"
any_of = ["BLS"]
roles = ["RN"]
grace_after_expiry_days = 10
"""


def staffed(database: Database, people: int = 6) -> Database:
    """A site whose n-th nurse has a BLS card issued n months after January 2024; every third works in two units."""
    apply_policy(database, AUTHOR, POLICY, None, TODAY)
    names = [f"{number:04}" for number in range(people)]
    with change(database, AUTHOR, "test") as made:
        numbers = made.add_people(names)
        made.record(identities, [(numbers[name], name, f"Nurse {name}", None) for name in names])
        posts = [(numbers[name], "ICU", "RN", "employee", None, date(2024, 1, 1), None) for name in names]
        posts += [(numbers[name], "ED", "RN", "employee", None, date(2024, 1, 1), None) for name in names[::3]]
        made.record(assignments, posts)
        held = [
            (numbers[name], made.next_id(cards) + number, "BLS", "AHA", date(2024, number % 12 + 1, 5), None, None)
            for number, name in enumerate(names)
        ]
        made.record(cards, held)
    return database


def statements(database: Database, question: Any) -> int:
    """How many statements a question sends."""
    sent: list[object] = []

    def note(*arguments: object) -> None:
        sent.append(arguments)

    event.listen(database.engine, "before_cursor_execute", note)
    question()
    event.remove(database.engine, "before_cursor_execute", note)
    return len(sent)


def test_a_scope_of_units_shows_nobody_else(database: Database) -> None:
    """Only the assignments in the unit, on the day asked."""
    staffed(database)
    rows = ask_rows(database, InUnits(("ED",)), TODAY, None)
    assert [(row.post.employee_id, row.post.unit) for row in rows] == [("0000", "ED"), ("0003", "ED")]


def test_a_scope_of_one_person_shows_nobody_else(database: Database) -> None:
    """In whatever units."""
    staffed(database)
    rows = ask_rows(database, OnePerson("0003"), TODAY, None)
    assert {(row.post.employee_id, row.post.unit) for row in rows} == {("0003", "ED"), ("0003", "ICU")}


def test_an_id_is_compared_exactly(database: Database) -> None:
    """3 is not 0003."""
    staffed(database)
    with pytest.raises(BadInput, match="exactly"):
        ask_person(database, EVERYONE, "3", TODAY, None)


def test_a_question_sends_as_many_statements_for_many_people_as_for_few(databases: Any) -> None:
    """Status of a unit with its why, one person's page, and the report."""
    few, many = staffed(databases.new(), 4), staffed(databases.new(), 400)
    for ask in (
        lambda database: list(ask_status(database, InUnits(("ICU",)), TODAY, None)),
        lambda database: ask_person(database, EVERYONE, "0003", TODAY, None),
        lambda database: build_compliance(database, EVERYONE, TODAY, None),
        lambda database: ask_forecast(database, EVERYONE, TODAY, 12),
    ):
        assert statements(few, lambda ask=ask: ask(few)) == statements(many, lambda ask=ask: ask(many))


def test_a_forecast_month_counts_what_status_says_on_its_last_day(database: Database) -> None:
    """Each person once a unit, requirement and standing."""
    staffed(database, 12)
    for month in ask_forecast(database, EVERYONE, TODAY, 8):
        rows = ask_rows(database, InUnits((month.unit,)), month_end(date.fromisoformat(f"{month.month}-01")), None)
        assert month.people == sum(row.standing == month.standing for row in rows)


def test_expiring_looks_through_an_end_that_leave_hides(database: Database) -> None:
    """Planned leave ends the segment, but what counts is the day on which the card lets her down."""
    staffed(database, 8)
    with change(database, AUTHOR, "test") as made:
        made.record(absences, [(8, date(2026, 6, 20), date(2026, 12, 31))])
    (answer,) = ask_status(database, OnePerson("0007"), TODAY, None)
    assert (answer.row.standing, answer.until, answer.days_left) == (Standing.CURRENT, date(2026, 6, 19), 4)
    assert answer.expiring


def test_what_ends_by_leaving_is_not_expiring(database: Database) -> None:
    """Nothing is owed where the requirement stops applying first."""
    staffed(database, 8)
    with change(database, AUTHOR, "test") as made:
        made.retract(assignments, [8])
        made.record(assignments, [(8, "ICU", "RN", "employee", None, date(2024, 1, 1), date(2026, 7, 1))])
    (answer,) = ask_status(database, OnePerson("0007"), TODAY, None)
    assert (answer.until, answer.expiring) == (date(2026, 7, 1), False)


def test_the_compliance_report_counts_each_person_and_requirement_once(database: Database) -> None:
    """Two units are one person; rates are current among the counted; exceptions are the ones out of compliance."""
    staffed(database, 12)
    with change(database, AUTHOR, "test") as made:
        made.record(exemptions, [(1, "bls", date(2026, 1, 1), date(2026, 12, 31), "Dr. Who", "secret reason")])
    report = build_compliance(database, EVERYONE, TODAY, None)
    by_person = {row.post.employee_id: row.standing for row in ask_rows(database, EVERYONE, TODAY, None)}
    counts = Counter(by_person.values())
    assert report.total.standings == counts
    assert (report.total.people, report.total.counted) == (12, 11)
    assert report.total.rate == counts[Standing.CURRENT] / 11
    assert report.requirements["bls"].standings == counts
    assert {row["employee_id"] for row in compliance_json(report)["exceptions"]} == {
        name for name, standing in by_person.items() if standing is Standing.EXPIRED
    }
    assert "secret reason" not in str(compliance_json(report)) + compliance_csv(report)


def test_people_whom_nothing_matches_are_listed_wherever_rates_are_shown(database: Database) -> None:
    """A role spelt another way must not look like perfection."""
    staffed(database, 2)
    with change(database, AUTHOR, "test") as made:
        made.record(assignments, [(made.add_people(["9"])["9"], "ICU", "Nurze", None, None, None, None)])
        made.record(identities, [(3, "9", "Typo", None)])
    report = build_compliance(database, EVERYONE, TODAY, None)
    table = list(csv.DictReader(compliance_csv(report).splitlines()))
    assert compliance_json(report)["unmatched"] == ["9"]
    assert [row["employee_id"] for row in table if row["row"] == "unmatched"] == ["9"]


def test_a_rate_of_nobody_is_null(database: Database) -> None:
    """Not 0, and not 100 per cent."""
    apply_policy(database, AUTHOR, POLICY, None, TODAY)
    report = compliance_json(build_compliance(database, EVERYONE, TODAY, None))
    assert report["total"]["rate"] is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_that_looks_like_a_formula_leaves_as_text(start: str) -> None:
    """A name must not run in somebody's spreadsheet."""
    assert to_csv(["name"], [[start + "cmd|' /C calc'!A0"]]).splitlines()[1].lstrip('"').startswith("'" + start)
