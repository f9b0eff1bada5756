"""What ends in random nasty worlds is what the day-by-day reading says, and its seats add up."""

import csv
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import report_oracle
from asking.replayed import SCOPES, Replayed
from asking.staffed import AUTHOR, TODAY, staffed
from asking.test_questions import staffed as crowd
from asking.test_questions import statements
from conftest import Databases
from oracle import Reading, Record
from report_oracle import Asked
from tracker.actions.build_expiring import build_expiring
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.tables import absences
from tracker.domain.scope import EVERYONE, InUnits, Scope
from tracker.reports.expiring import Ending, Expiring, Seats
from tracker.reports.expiring_forms import expiring_csv, expiring_json
from tracker.reports.forms import to_json
from worlds import worlds


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds(), data=st.data())
def test_what_ends_and_why_is_what_the_reading_says(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, world: Record, data: st.DataObject
) -> None:
    """Of everybody current in the scope, as known now and at any instant, on days past and to come."""
    replayed = Replayed(databases, monkeypatch, world)
    for _ in range(4):
        as_of, known_at = replayed.draw(data)
        scope, asked = data.draw(st.sampled_from(SCOPES))
        months = data.draw(st.sampled_from([0, 1, 6, 14]))
        known = replayed.known(known_at)
        if known is None:
            continue
        report = build_expiring(replayed.database, scope, as_of, known_at, months)
        expected = report_oracle.expiring(replayed.world, known_at, asked, as_of, months)
        found = {(one.employee_id, one.requirement): one for one in endings(report)}
        told = {pair: (one.last_day, set(one.types)) for pair, one in found.items()}
        assert told == {pair: (one.last_day, set(one.types)) for pair, one in expected.items()}
        same_units(found, known, asked, as_of)
        seats_add_up(report)
        same_in_every_form(report)
    databases.drop()


def endings(report: Expiring) -> list[Ending]:
    """All endings, once for each unit in which they are shown."""
    return [one for month in report.months for each in month.units.values() for one in each]


def same_units(found: dict[tuple[str, str], Ending], known: Reading, asked: Asked, as_of: date) -> None:
    """Each ending stands under the units through which the requirement applies."""
    for pair, one in found.items():
        assert set(one.units) == report_oracle.units_of(known, asked, pair, as_of)


def seats_add_up(report: Expiring) -> None:
    """Each person needs a type once; units hold no fewer than are counted above; months are those of the last days."""
    needed = {(one.employee_id, kind) for one in endings(report) for kind in one.types}
    assert Counter(kind for _, kind in needed) == {each.type: each.people for each in report.seats}
    by_month: Counter[str] = Counter()
    for month in report.months:
        by_month.update({each.type: each.people for each in month.seats})
        theirs = [one for each in month.units.values() for one in each]
        assert all((one.last_day.year, one.last_day.month) == month.first_day.timetuple()[:2] for one in theirs)
        assert month.people == len({one.employee_id for one in theirs})
    assert by_month == {each.type: each.people for each in report.seats}
    assert report.people == len({one.employee_id for one in endings(report)})
    for each in report.seats:
        assert max(each.units.values()) <= each.people <= sum(each.units.values())


def same_in_every_form(report: Expiring) -> None:
    """JSON and CSV carry the same figures and names."""
    shown = expiring_json(report)
    assert to_json(shown)
    table = list(csv.DictReader(expiring_csv(report).splitlines()))
    seats = {(row["month"], row["type"]): int(row["seats"]) for row in table if row["row"] == "seats"}
    assert seats == {
        (month["month"], one["type"]): one["people"] for month in shown["months"] for one in month["seats"]
    }
    named = Counter(
        (row["month"], row["unit"], row["employee_id"], row["last_day"]) for row in table if row["row"] == "ending"
    )
    assert named == Counter(
        (month["month"], unit["unit"], one["employee_id"], str(one["last_day"]))
        for month in shown["months"]
        for unit in month["units"]
        for one in unit["endings"]
    )


def test_one_class_for_everything_that_it_renews(database: Database) -> None:
    """Ann's BLS ends both requirements in June: one seat, though her ACLS goes on until July."""
    report = build_expiring(staffed(database), EVERYONE, TODAY, None, 2)
    june, july, august = report.months
    assert [(one.employee_id, one.requirement, one.types) for one in june.units["ICU"]] == [
        ("01", "acls", ("BLS",)),
        ("01", "bls", ("BLS",)),
    ]
    assert (june.people, june.seats) == (1, [Seats("BLS", 1, {"ICU": 1})])
    assert (july.people, august.people) == (0, 0)


def test_the_last_day_looked_at_is_included(database: Database) -> None:
    """A card that ends with the month is of that month."""
    report = build_expiring(staffed(database), EVERYONE, TODAY, None, 0)
    assert (report.last_day, report.people) == (date(2026, 6, 30), 1)


def test_leave_to_come_hides_no_end(database: Database) -> None:
    """The card lets her down all the same."""
    with change(staffed(database), AUTHOR, "test") as made:
        made.record(absences, [(1, date(2026, 6, 20), date(2026, 12, 31))])
    report = build_expiring(database, InUnits(("ICU",)), TODAY, None, 0)
    assert {one.last_day for one in endings(report)} == {date(2026, 6, 30)}


def test_what_ends_is_asked_with_as_many_statements_for_many_people_as_for_few(databases: Databases) -> None:
    """Of a unit and of all."""
    few, many = crowd(databases.new(), 24), crowd(databases.new(), 400)
    for scope in (EVERYONE, InUnits(("ED",))):

        def count(database: Database, scope: Scope = scope) -> int:
            return statements(database, lambda: build_expiring(database, scope, TODAY, None, 6))

        assert count(few) == count(many)
