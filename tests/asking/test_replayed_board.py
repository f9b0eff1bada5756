"""What the first page counts and lists in random nasty worlds is what the day-by-day reading says."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import report_oracle
from actions.ward import card, govern, on, post, take_in
from asking.replayed import SCOPES, Replayed
from asking.test_questions import staffed as crowd
from asking.test_questions import statements
from asking.test_replayed_compliance import read, told
from conftest import Databases
from oracle import Reading, Record
from report_oracle import EVERYBODY, Asked
from tracker.actions.build_exceptions import build_exceptions
from tracker.actions.build_expiring import build_expiring
from tracker.actions.count_board import Board, count_board
from tracker.db.board import Among, last_number, named
from tracker.db.connect import Database
from tracker.db.policies import load_rulebook
from tracker.domain.board import Heading
from tracker.domain.scope import EVERYONE, InUnits, Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.reports.months import month
from worlds import worlds

TODAY = date(2026, 6, 15)
Pairs = dict[tuple[str, str], date]


def counted(database: Database, scope: Scope, day: date, numbers: range | None = None) -> Board:
    """The board of a scope, or of some of its people."""
    with database.read() as connection:
        return count_board(connection, load_rulebook(connection), Among(scope, day, numbers))


def pairs(database: Database, board: Board, heading: Heading, day: date) -> Pairs:
    """Who is listed with what, and the day."""
    lines = board.lines[heading]
    with database.read() as connection:
        people = named(connection, EVERYONE, {line.person_id for line in lines}, day)
    return {(people[line.person_id][0].employee_id, line.requirement): line.day for line in lines}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds(), data=st.data())
def test_counts_and_lists_are_what_the_reading_says(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, world: Record, data: st.DataObject
) -> None:
    """Of everybody and of some units, on days past and to come; and some people at a time are all people in the end."""
    replayed = Replayed(databases, monkeypatch, world)
    known = replayed.known(None)
    for _ in range(3 if known else 0):
        day, _ = replayed.draw(data)
        # Now and then after whatever happened, when a time out of compliance began long before the months looked at.
        day += timedelta(days=data.draw(st.sampled_from([0, 0, 400, 800])))
        scope, asked = data.draw(
            st.sampled_from([each for each in SCOPES if isinstance(each[0], InUnits)] + SCOPES[:1])
        )
        board = counted(replayed.database, scope, day)
        assert known is not None
        same_counts(board, known, asked)
        same_lists(replayed.database, board, known, scope, asked, day)
        same_in_parts(replayed.database, board, scope, day)
    databases.drop()


def same_counts(board: Board, known: Reading, asked: Asked) -> None:
    """The figures of every month."""
    for day, shared in board.months.items():
        found = month(day, 90, shared)
        assert told(found.total) == read(report_oracle.total(known, asked, day))
        assert {name: told(tally) for name, tally in found.requirements.items()} == {
            name: read(figures) for name, figures in report_oracle.by_requirement(known, asked, day).items()
        }


def same_lists(database: Database, board: Board, known: Reading, scope: Scope, asked: Asked, day: date) -> None:
    """Who is on which list, and since or until when."""
    standings = report_oracle.standings(known, asked, day)
    assert set(pairs(database, board, Heading.OUT, day)) == set(report_oracle.exceptions(known, asked, day))
    out = build_exceptions(database, scope, day, None, 24)
    since = {(one.employee_id, each.requirement.id): one.out_since for each in out.findings for one in each.people}
    assert pairs(database, board, Heading.OUT, day) == since
    unmatched = {employee_id for employee_id, _ in pairs(database, board, Heading.UNMATCHED, day)}
    assert unmatched == report_oracle.unmatched(known, asked, day)
    pending = {pair for pair, standing in standings.items() if standing == "pending"}
    assert set(pairs(database, board, Heading.NEWCOMERS, day)) == pending
    with database.read() as connection:
        within = load_rulebook(connection).on(day).expiring_within_days
    assert pairs(database, board, Heading.RETURNING, day) == returning(known, standings, day, within)
    months = build_expiring(database, scope, day, None, 14).months
    ends = {
        (one.employee_id, one.requirement): one.last_day
        for each in months
        for some in each.units.values()
        for one in some
    }
    near = {pair: last for pair, last in ends.items() if (last - day).days <= within}
    assert pairs(database, board, Heading.EXPIRING, day) == near


def returning(known: Reading, standings: dict[tuple[str, str], str], day: date, within: int) -> Pairs:
    """Day by day, until they are back."""
    found: Pairs = {}
    for pair in [pair for pair, standing in standings.items() if standing == "on_leave"]:
        for days in range(1, within + 1):
            back = day + timedelta(days=days)
            there = report_oracle.standings(known, EVERYBODY, back).get(pair)
            if there in OUT_OF_COMPLIANCE:
                found[pair] = back
            if there != "on_leave":
                break
    return found


def same_in_parts(database: Database, board: Board, scope: Scope, day: date) -> None:
    """Counted by their numbers, two at a time."""
    if scope != EVERYONE:
        return
    whole = Board.empty(day)
    with database.read() as connection:
        last = last_number(connection)
    for first in range(0, last + 1, 2):
        whole.add(counted(database, scope, day, range(first, first + 2)))
    assert (whole.months, whole.asked, whole.units) == (board.months, board.asked, board.units)
    assert {name: sorted(lines) for name, lines in whole.lines.items()} == {
        name: sorted(lines) for name, lines in board.lines.items()
    }


GAP = """
name = "site"
timezone = "America/Chicago"
records_from = 2024-01-01
rejoin_within_days = 30
[types.BLS]
[types.ACLS]
requires = ["BLS"]
[[issuers]]
id = "AHA"
[[validity]]
months = 24
ends = "month_end"
[[requirements]]
id = "acls"
any_of = ["ACLS"]
"""


@pytest.mark.parametrize(
    ("posts", "since"),
    [
        # The gap, then the expired card: the first of both ended before the months that are counted.
        ([("ICU", "2025-01-01", None)], "2025-01-01"),
        ([("ICU", "2025-01-01", "2026-01-31"), ("ED", "2026-02-11", None)], "2025-01-01"),
        ([("ICU", "2025-01-01", "2027-06-20"), ("ED", "2027-07-10", None)], "2025-01-01"),
        ([("ICU", "2025-01-01", "2026-01-31"), ("ED", "2026-03-11", None)], "2026-03-11"),
    ],
)
def test_a_time_out_is_told_from_its_first_day(
    database: Database, posts: list[tuple[str, str, str | None]], since: str
) -> None:
    """However long ago, through whichever standings and units, breaks that are none included; as reports tell it."""
    govern(database, GAP)
    for unit, starts, ends in posts:
        take_in(database, post("01", unit, starts, ends), other_unit="also")
    take_in(database, card("01", "2025-02-20", type="ACLS"))
    day = date(2028, 6, 15)
    for scope in (EVERYONE, InUnits((posts[-1][0],)), InUnits((posts[-1][0],), day)):
        assert pairs(database, counted(database, scope, day), Heading.OUT, day) == {("01", "acls"): on(since)}
        [[one]] = [each.people for each in build_exceptions(database, scope, day, None, 24).findings]
        assert one.out_since == on(since)


def test_many_people_are_counted_with_as_many_statements_as_few(databases: Databases) -> None:
    """Of a unit and of all."""
    few, many = crowd(databases.new(), 24), crowd(databases.new(), 400)
    for scope in (EVERYONE, InUnits(("ED",))):

        def count(database: Database, scope: Scope = scope) -> int:
            return statements(database, lambda: counted(database, scope, TODAY))

        assert count(few) == count(many)
