"""Random nasty worlds recorded event by event: what is stored and asked equals the brute-force reading."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import oracle
from as_facts import holds, policy_text
from conftest import Databases
from tracker import clock
from tracker.actions.apply_policy import apply_policy
from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.moments import change_at
from tracker.db.policies import find_rulebook
from tracker.db.standings import standings_on
from tracker.db.tables import absences, assignments, cards, exemptions, identities, verifications
from tracker.db.timelines import differing
from tracker.db.trail import faults
from tracker.domain.scope import EVERYONE
from worlds import interesting_days, worlds

AUTHOR = Author("tester", "test")
TABLES = {
    "person": identities,
    "assignment": assignments,
    "card": cards,
    "verification": verifications,
    "absence": absences,
    "exemption": exemptions,
}


class Recorder:
    """Plays the events of a world into a database in the order in which they happened."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database = database
        self.monkeypatch = monkeypatch
        self.people: dict[str, int] = {}
        self.facts: dict[int, int] = {}
        self.cards: dict[int, tuple[int, int]] = {}
        self.assignments: dict[int, int] = {}

    def play(self, world: dict[str, Any]) -> None:
        """All of it."""
        for at, event, what in sorted(_events(world), key=lambda each: each[:2]):
            self.monkeypatch.setattr(clock, "now", lambda at=at: at)
            if event == 0:
                text = policy_text(what["policy"])
                apply_policy(self.database, AUTHOR, text, what["effective"], date(2024, 1, 1))
            else:
                with change(self.database, AUTHOR, "test") as made:
                    (self._record if event == 1 else self._retract)(made, what)

    def _record(self, made: Change, fact: dict[str, Any]) -> None:
        if fact["fact"] == "verification":
            person, number = self.cards[fact["card"]]
            row = (person, number, fact["answer"], fact["revoked_from"], fact["checked_on"], "", "")
        else:
            employee_id = fact["employee_id"]
            if employee_id not in self.people:
                self.people |= made.add_people([employee_id])
            person = self.people[employee_id]
            row = (person, *self._fields(made, fact))
        (number,) = made.record(TABLES[fact["fact"]], [row])
        self.facts[id(fact)] = number
        if fact["fact"] == "card":
            self.cards[fact["id"]] = (person, number)
        if fact["fact"] == "assignment":
            self.assignments[number] = fact["id"]

    def _fields(self, made: Change, fact: dict[str, Any]) -> tuple[Any, ...]:
        names = {
            "person": ("employee_id", "name", "email"),
            "assignment": ("unit", "role", "employment_type", None, "starts_on", "ends_on"),
            "card": ("type", "issuer", "issued_on", "stated", "number"),
            "absence": ("from", "until"),
            "exemption": ("requirement", "from", "until", None, None),
        }[fact["fact"]]
        values = tuple(fact[name] if name else None for name in names)
        return (made.next_id(cards), *values) if fact["fact"] == "card" else values

    def _retract(self, made: Change, fact: dict[str, Any]) -> None:
        made.retract(TABLES[fact["fact"]], [self.facts[id(fact)]])


def _events(world: dict[str, Any]) -> Iterator[tuple[datetime, int, Any]]:
    for policy in world["policies"]:
        yield policy["recorded_at"], 0, policy
    for fact in world["facts"]:
        yield fact["recorded_at"], 1, fact
        if fact["retracted_at"]:
            yield fact["retracted_at"], 2, fact


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
        instants = sorted({at + timedelta(seconds=1) for at, _, _ in _events(world)})
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
