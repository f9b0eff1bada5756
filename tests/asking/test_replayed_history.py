"""Was she compliant on that day? Both answers of random nasty worlds are what the day-by-day reading says."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import report_oracle
from asking.replayed import Replayed
from asking.staffed import AUTHOR, POLICY, TODAY, staffed
from conftest import Databases
from oracle import Record
from recorder import events
from tracker import clock
from tracker.actions.apply_policy import apply_policy
from tracker.actions.build_history import build_history, end_of
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.tables import cards, exemptions
from tracker.domain.scope import OnePerson, SomePeople
from tracker.reports.forms import to_json
from tracker.reports.history import Answer, History, Told
from tracker.reports.history_forms import history_csv, history_json
from worlds import EMPLOYEES, worlds


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds(), data=st.data())
def test_both_answers_and_since_when_they_differ_are_what_the_reading_says(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, world: Record, data: st.DataObject
) -> None:
    """Of everybody on record now, on days past and to come, beside any instant."""
    replayed = Replayed(databases, monkeypatch, world)
    if replayed.known(None) is None:
        return
    for _ in range(4):
        as_of, known_at = replayed.draw(data)
        report = build_history(replayed.database, SomePeople(EMPLOYEES), as_of, known_at)
        if known_at is None:
            zone = replayed.world["policies"][-1]["policy"]["timezone"]
            assert report.instant == report_oracle.end_of_day(zone, as_of)
        for one in report.people:
            now = report_oracle.answer(replayed.world, one.employee_id, as_of, None)
            then = report_oracle.answer(replayed.world, one.employee_id, as_of, report.instant)
            assert read(one.now) == now
            assert read(one.then) == then
            assert one.differs == (now.standings != then.standings)
            same_turn(replayed, one, as_of, report.instant)
        same_in_every_form(report)
    databases.drop()


def read(answer: Answer) -> report_oracle.Answer:
    """What the program says, in the words of the reading."""
    return report_oracle.Answer({name: standing.value for name, standing in answer.gist.items()}, answer.compliant)


def same_turn(replayed: Replayed, one: Told, as_of: date, instant: datetime) -> None:
    """The entry is of the instant that the reading finds; where several entries share one, it may be a later one."""
    since = report_oracle.differs_since(replayed.world, one.employee_id, as_of, instant)
    assert (since is None) == (one.since is None)
    if since and one.since and one.since.at != since:
        assert one.since.at > since
        assert [at for at, _, _ in events(replayed.world)].count(one.since.at) > 1


def same_in_every_form(report: History) -> None:
    """JSON and CSV carry the same answers."""
    shown = history_json(report)
    assert to_json(shown)
    rows = list(csv.DictReader(history_csv(report).splitlines()))
    table = Counter(
        (row["employee_id"], row["known"], row["requirement"], row["standing"])
        for row in rows
        if row["row"] == "standing"
    )
    assert table == Counter(
        (one["employee_id"], known, each["requirement"], each["standing"])
        for one in shown["people"]
        for known in ("now", "then")
        for each in one[known]["standings"]
    )
    words = {True: "yes", False: "no", None: ""}
    answers = {(row["employee_id"], row["known"]): row["compliant"] for row in rows if row["row"] == "answer"}
    assert answers == {
        (one["employee_id"], known): words[one[known]["compliant"]]
        for one in shown["people"]
        for known in ("now", "then")
    }


def test_a_card_that_came_late_changes_the_answer_and_the_entry_is_named(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Expired in the eyes of that evening; current by what is known today."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 2, 12, tzinfo=UTC))
    staffed(database)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 20, 12, tzinfo=UTC))
    with change(database, AUTHOR, "card-record") as made:
        made.record(cards, [(2, 99, "BLS", "AHA", date(2026, 4, 5), None, None)])
    report = build_history(database, OnePerson("02"), TODAY, None)
    (bo,) = report.people
    assert report.instant == datetime(2026, 6, 16, 4, 59, 59, 999999, tzinfo=UTC)
    assert (bo.now.compliant, bo.then.compliant, bo.differs) == (True, False, True)
    assert bo.since
    assert (bo.since.entry, bo.since.action, bo.since.actor) == (made.seq, "card-record", "tester")
    assert "ended on 31 Mar 2026" in " ".join(bo.then.stood[0].why)
    assert "valid through 30 Apr 2028" in " ".join(bo.now.stood[0].why)


def test_before_anything_was_on_record_there_is_no_answer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No policy, or nobody by that id: not compliant and not out of compliance."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 2, 12, tzinfo=UTC))
    apply_policy(database, AUTHOR, POLICY, None, TODAY)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 4, 12, tzinfo=UTC))
    staffed(database, policy=False)
    for days, policy in ((-2, False), (1, True)):
        at = datetime(2026, 1, 2, 12, tzinfo=UTC) + timedelta(days=days)
        report = build_history(database, OnePerson("01"), TODAY, at)
        (one,) = report.people
        assert (one.then.on_record, one.then.compliant, one.then.policy is not None) == (False, None, policy)
        assert (one.now.compliant, one.differs) == (True, True)
        assert (report.trail is not None) is policy


def test_the_reason_of_an_exemption_is_nowhere(database: Database) -> None:
    """It is for educators only."""
    with change(staffed(database), AUTHOR, "test") as made:
        made.record(exemptions, [(1, "bls", TODAY, TODAY, "Dr. No", "a secret")])
    report = build_history(database, SomePeople(("01", "05")), TODAY, None)
    assert {one.now.gist["bls"].value for one in report.people} == {"exempt"}
    assert "secret" not in to_json(history_json(report)) + history_csv(report)


def test_the_end_of_a_day_is_the_sites() -> None:
    """Also on the night on which the clocks change, and on the last day of the calendar."""
    assert end_of(date(2026, 3, 8), "America/Chicago") == datetime(2026, 3, 9, 4, 59, 59, 999999, tzinfo=UTC)
    assert end_of(date(2026, 1, 1), "Pacific/Auckland") == datetime(2026, 1, 1, 10, 59, 59, 999999, tzinfo=UTC)
    assert end_of(date.max, "America/Chicago") == datetime.max.replace(tzinfo=UTC)
