"""Random nasty worlds recorded event by event: what is stored and asked equals the brute-force reading."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import oracle
from as_facts import holds
from conftest import Databases
from recorder import Recorder, events
from tracker.db.moments import change_at
from tracker.db.policies import find_rulebook
from tracker.db.standings import standings_on
from tracker.db.timelines import differing
from tracker.db.trail import faults
from tracker.domain.scope import EVERYONE
from worlds import interesting_days, worlds


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds(), data=st.data())
def test_what_is_stored_and_asked_is_what_the_reading_says(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, world: dict[str, Any], data: st.DataObject
) -> None:
    """Past and future days, as known now (stored) and at any instant (computed); and the trail holds."""
    recorder = Recorder(databases.new(), monkeypatch)
    recorder.play(world)
    with recorder.database.read() as connection:
        assert differing(connection, None) == []
        assert list(faults(connection)) == []
        instants = sorted({at + timedelta(seconds=1) for at, _, _ in events(world)})
        for known_at in [None, *data.draw(st.lists(st.sampled_from(instants), max_size=2))]:
            known = change_at(connection, known_at) if known_at else None
            if find_rulebook(connection, known) is None:
                continue
            for day in data.draw(st.lists(st.sampled_from(interesting_days(world)), max_size=8)):
                found = {
                    (recorder.assignments[row.post.assignment_id], row.requirement): row.standing.value
                    for row in standings_on(connection, EVERYONE, day, known)
                }
                assert found == _expected(world, day, known_at)
    databases.drop()


def _expected(world: dict[str, Any], day: date, known_at: datetime | None) -> dict[tuple[int, str], str]:
    """Every standing of the day by the reading, of the people who are known."""
    found = {}
    people = {one["employee_id"] for one in world["facts"] if one["fact"] == "person" and holds(one, known_at)}
    for one in world["facts"]:
        if one["fact"] == "assignment" and one["employee_id"] in people:
            for requirement in ("bls", "acls", "any"):
                standing = oracle.standing(world, one["id"], requirement, day, known_at)
                if standing:
                    found[one["id"], requirement] = standing
    return found
