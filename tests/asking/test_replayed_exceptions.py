"""Times out of compliance of random nasty worlds are what the day-by-day reading says; what is under way is shown."""

import csv
from collections import Counter
from datetime import UTC, date, datetime

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
from tracker.actions.build_exceptions import build_exceptions
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.tables import assignments, bookings, cards, exemptions, keepings, submissions
from tracker.db.trail import entry
from tracker.domain.days import add_months
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope
from tracker.reports.as_csv import exceptions_csv
from tracker.reports.as_html import page
from tracker.reports.as_json import exceptions_json
from tracker.reports.exceptions import Exceptions
from tracker.reports.exceptions_pages import exceptions_pages
from tracker.reports.forms import to_json
from tracker.reports.look_back import Interval, LookBack
from worlds import worlds

FEBRUARY = date(2024, 2, 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds(), data=st.data())
def test_times_out_of_compliance_are_what_the_reading_says(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, world: Record, data: st.DataObject
) -> None:
    """Of everybody at work in the scope, out now or not, as known now and at any instant, on days past and to come."""
    replayed = Replayed(databases, monkeypatch, world)
    for _ in range(3):
        as_of, known_at = replayed.draw(data)
        scope, asked = data.draw(st.sampled_from(SCOPES))
        months = data.draw(st.sampled_from([0, 1, 3, 12, 36]))
        known = replayed.known(known_at)
        if known is None:
            continue
        report = build_exceptions(replayed.database, scope, as_of, known_at, months)
        same_times(report, known, asked, as_of, months)
        same_in_every_form(report)
    databases.drop()


def same_times(report: Exceptions, known: Reading, asked: Asked, as_of: date, months: int) -> None:
    """The times, and who is named: whoever is out on the day, and whoever was and is not."""
    looked = look_back(report)
    found = {pair: [(one.first_day, one.last_day) for one in times] for pair, times in looked.intervals.items()}
    times = report_oracle.intervals(known, asked, as_of, months)
    assert found == {pair: [(one.first, one.last) for one in each] for pair, each in times.items()}
    now = report_oracle.standings(known, asked, as_of)
    out = report_oracle.exceptions(known, asked, as_of)
    assert {(one.employee_id, each.requirement.id) for each in report.findings for one in each.people} == set(out)
    past = {(one.employee_id, one.requirement): one.standing for one in looked.past}
    assert past == {pair: now.get(pair) for pair in found.keys() - out.keys()}
    assert looked.first_day >= add_months(as_of, -months)
    # Only what began before the look-back begins before its first day.
    assert all(last is None or last >= looked.first_day for each in found.values() for _, last in each)


def same_in_every_form(report: Exceptions) -> None:
    """JSON and CSV carry the same times."""
    shown = exceptions_json(report)
    assert to_json(shown)
    people = [person | {"requirement": each["requirement"]} for each in shown["findings"] for person in each["people"]]
    told = Counter(
        (one["employee_id"], one["requirement"], str(time["first_day"]), str(time["last_day"] or ""), str(time["days"]))
        for one in people + shown["past"]
        for time in one["intervals"]
    )
    table = csv.DictReader(exceptions_csv(report).splitlines())
    columns = ("employee_id", "requirement", "first_day", "last_day", "days")
    assert told == Counter(tuple(row[one] for one in columns) for row in table if row["row"] == "interval")


def look_back(report: Exceptions) -> LookBack:
    """What is said of the months before."""
    assert report.look_back is not None
    return report.look_back


def test_who_is_in_compliance_again_is_named_with_the_time_out(database: Database) -> None:
    """And with the standing of the day; before the first card nobody had one."""
    with change(staffed(database), AUTHOR, "test") as made:
        made.record(cards, [(2, 99, "BLS", "AHA", date(2026, 4, 20), None, None)])
    report = build_exceptions(database, OnePerson("02"), TODAY, None, 3)
    (past,) = [one for one in look_back(report).past if one.requirement == "bls"]
    assert (past.name, past.unit, past.standing) == ("Lapsed, Bo", "ED; ICU", "current")
    assert look_back(report).intervals["02", "bls"] == [Interval(date(2026, 4, 11), date(2026, 4, 19))]


def test_who_left_and_came_back_was_out_twice(database: Database) -> None:
    """Days on which nobody worked here are held against nobody."""
    with change(staffed(database), AUTHOR, "test") as made:
        (post,) = [4]
        held = made.connection.execute(assignments.select().where(assignments.c.person_id == post)).all()
        made.retract(assignments, [row.id for row in held])
        stints = [(date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 4, 1), None)]
        made.record(assignments, [(post, "ED", "RN", "employee", None, *days) for days in stints])
    report = build_exceptions(database, OnePerson("04"), TODAY, None, 36)
    times = look_back(report).intervals["04", "bls"]
    assert times == [Interval(date(2026, 1, 1), date(2026, 2, 28)), Interval(date(2026, 4, 1), None)]
    assert [time.days(TODAY) for time in times] == [59, 76]


def test_the_look_back_ends_where_the_records_begin_and_says_so(database: Database) -> None:
    """Nothing before that day is known."""
    staffed(database)
    looked = look_back(build_exceptions(database, EVERYONE, TODAY, None, 36))
    assert looked.first_day == date(2024, 1, 1)
    assert looked.note.startswith("Records begin on 1 Jan 2024, so nothing before that day is known")
    looked = look_back(build_exceptions(database, EVERYONE, TODAY, None, 12))
    assert (looked.first_day, looked.note) == (
        date(2025, 6, 15),
        "Records begin on 1 Jan 2024, before the first day looked at.",
    )


def test_records_that_begin_on_the_first_day_looked_at_are_looked_at_whole(database: Database) -> None:
    """The day before it is a day too few."""
    staffed(database)
    looked = look_back(build_exceptions(database, EVERYONE, date(2025, 1, 1), None, 12))
    assert looked.note == "Records begin on 1 Jan 2024, the first day looked at."
    looked = look_back(build_exceptions(database, EVERYONE, date(2024, 12, 31), None, 12))
    assert looked.note.endswith("the 12 months are not looked at whole.")


def test_where_the_records_begin_after_the_day_no_day_is_looked_at(database: Database) -> None:
    """And it is not said that days were looked at from a later one to an earlier one."""
    with change(staffed(database), AUTHOR, "test") as made:
        made.record(assignments, [(4, "ED", "RN", "employee", None, date(2023, 1, 1), date(2023, 12, 31))])
    report = build_exceptions(database, EVERYONE, date(2023, 12, 31), None, 12)
    looked = look_back(report)
    assert looked.reach == "Looked at: no day."
    assert looked.note.startswith("Records begin on 1 Jan 2024, after the day of this report, so nothing is known")
    assert "Looked at: no day. Records begin" in page(exceptions_pages(report))


def test_of_whom_records_were_removed_it_is_said_from_when_on_they_are_known(database: Database) -> None:
    """On the page for all, and in the row of each; whoever is known since before the look-back is not among them."""
    with change(staffed(database), AUTHOR, "test") as made:
        made.record(keepings, [(4, date(2026, 5, 1), 1), (2, date(2025, 6, 15), 1)])
        begun = made.seq
    report = build_exceptions(database, EVERYONE, TODAY, None, 12)
    looked = look_back(report)
    assert looked.kept_from == {"04": date(2026, 5, 1)}
    assert looked.note.endswith(
        "Of 1 person at work on this day records that were past keeping have been removed: this person is not looked "
        "at whole."
    )
    assert exceptions_json(report)["look_back"]["kept_from"] == [{"employee_id": "04", "first_day": date(2026, 5, 1)}]
    assert page(exceptions_pages(report)).count("Records of this person begin on 1 May 2026") == 1
    # Of the people of another unit nothing is said.
    assert look_back(build_exceptions(database, InUnits(("ICU",)), TODAY, None, 12)).kept_from == {}
    with change(database, AUTHOR, "test") as made:
        made.retract(keepings, [1])
        made.record(keepings, [(4, date(2026, 5, 1), made.seq)])
        first = entry(made.connection, begun)
        assert first is not None
    # As known at an instant of which something is gone, nobody can tell on which days this person was out.
    then = build_exceptions(database, EVERYONE, TODAY, first.at, 12)
    assert exceptions_json(then)["look_back"]["kept_from"] == [{"employee_id": "04", "first_day": None}]
    assert ("04", "bls") not in look_back(then).intervals


def test_what_is_under_way_is_named_and_no_reason(database: Database) -> None:
    """Classes and cards of the types that bear on the requirement; an exemption's days, never why."""
    with change(staffed(database), AUTHOR, "test") as made:
        classes = [("BLS", date(2026, 6, 20)), ("BLS", date(2026, 6, 8)), ("BLS", date(2026, 6, 7)), ("PALS", TODAY)]
        made.record(bookings, [(4, *one) for one in classes])
        made.record(submissions, [(4, "BLS", date(2026, 6, 3), None)])
        made.record(exemptions, [(4, "bls", date(2026, 7, 1), date(2026, 7, 31), "Dr. No", "a secret")])
    report = build_exceptions(database, EVERYONE, TODAY, None, 36)
    begun = look_back(report).underway["04", "bls"]
    # A class stands until a week after it.
    assert begun.bookings == (("BLS", date(2026, 6, 8)), ("BLS", date(2026, 6, 20)))
    assert begun.submissions == (("BLS", date(2026, 6, 3)),)
    assert begun.exemptions == ((date(2026, 7, 1), date(2026, 7, 31)),)
    shown = to_json(exceptions_json(report)) + exceptions_csv(report)
    assert "secret" not in shown
    assert "Dr. No" not in shown
    assert "BLS 2026-06-08; BLS 2026-06-20" in shown


def test_what_was_under_way_at_an_instant_is_what_was_known_then(database: Database) -> None:
    """A class booked later was not known."""
    before = datetime.now(UTC)
    with change(staffed(database), AUTHOR, "test") as made:
        made.record(bookings, [(4, "BLS", date(2026, 6, 20))])
        at = made.at
    assert before <= at
    booked = look_back(build_exceptions(database, EVERYONE, TODAY, at, 1))
    assert booked.underway["04", "bls"].bookings
    with change(database, AUTHOR, "test") as made:
        made.retract(bookings, [1])
    gone = look_back(build_exceptions(database, EVERYONE, TODAY, None, 1))
    assert not gone.underway["04", "bls"].bookings
    assert look_back(build_exceptions(database, EVERYONE, TODAY, at, 1)).underway == booked.underway


def test_a_unit_is_asked_with_as_many_statements_for_many_people_as_for_few(databases: Databases) -> None:
    """As are all."""
    few, many = crowd(databases.new(), 4), crowd(databases.new(), 400)
    for scope in (EVERYONE, InUnits(("ED",))):

        def count(database: Database, scope: Scope = scope) -> int:
            return statements(database, lambda: build_exceptions(database, scope, TODAY, None, 36))

        assert count(few) == count(many)
