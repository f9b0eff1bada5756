"""Worlds in a database, to be asked for reports, and what the day-by-day reading says of them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import strategies as st

from conftest import Databases
from oracle import Reading, Record, reading
from recorder import Recorder, events
from report_oracle import EVERYBODY, Asked
from tracker.db.connect import Database
from tracker.db.moments import change_at
from tracker.db.policies import find_rulebook
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope, SomePeople
from worlds import EMPLOYEES, interesting_days

FACILITIES = {"ICU": "Main", "ED": "Main", "ICU-2": "North"}

SCOPES: list[tuple[Scope, Asked]] = [
    (EVERYONE, EVERYBODY),
    (InUnits(("ICU",)), Asked(units=frozenset(["ICU"]))),
    (InUnits(("ED", "Ward")), Asked(units=frozenset(["ED", "Ward"]))),
    (OnePerson(EMPLOYEES[0]), Asked(employees=frozenset(EMPLOYEES[:1]))),
    (SomePeople(EMPLOYEES[:2]), Asked(employees=frozenset(EMPLOYEES[:2]))),
]


class Replayed:
    """A world as recorded: its database, and the reading of it at any instant."""

    def __init__(self, databases: Databases, monkeypatch: pytest.MonkeyPatch, world: Record) -> None:
        self.world = with_units(world)
        recorder = Recorder(databases.new(), monkeypatch)
        recorder.play(self.world)
        self.database: Database = recorder.database
        self.instants: list[datetime] = sorted({at + timedelta(seconds=1) for at, _, _ in events(self.world)})

    def known(self, known_at: datetime | None) -> Reading | None:
        """What was known at an instant; None before the first policy."""
        with self.database.read() as connection:
            if find_rulebook(connection, change_at(connection, known_at) if known_at else None) is None:
                return None
        return reading(self.world, known_at)

    def draw(self, data: st.DataObject) -> tuple[date, datetime | None]:
        """A day worth asking about, and now or an instant."""
        day = data.draw(st.sampled_from(interesting_days(self.world)))
        return day, data.draw(st.sampled_from([None, *self.instants]))


def with_units(world: Record) -> Record:
    """The same with its units on record, most of them in a facility."""
    at = min(version["recorded_at"] for version in world["policies"])
    units = [
        {"fact": "unit", "unit": unit, "facility": facility, "managers": [], "director": None}
        | {"recorded_at": at, "retracted_at": None}
        for unit, facility in FACILITIES.items()
    ]
    return {**world, "facts": [*world["facts"], *units]}
