"""Plays worlds into a database, event by event."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from as_facts import policy_text
from tracker import clock
from tracker.actions.apply_policy import apply_policy
from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.tables import (
    absences,
    assignments,
    bookings,
    cards,
    exemptions,
    identities,
    submissions,
    units,
    verifications,
)

AUTHOR = Author("tester", "test")
TABLES = {
    "person": identities,
    "assignment": assignments,
    "card": cards,
    "verification": verifications,
    "absence": absences,
    "exemption": exemptions,
    "booking": bookings,
    "submission": submissions,
}


class Recorder:
    """Plays the events of a world into a database in the order in which they happened."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch, *, renames: bool = False) -> None:
        self.database = database
        self.monkeypatch = monkeypatch
        # Whether a second name of a person takes the place of the first, as an import has it.
        self.renames = renames
        self.people: dict[str, int] = {}
        self.facts: dict[int, int] = {}
        self.cards: dict[int, tuple[int, int]] = {}
        self.assignments: dict[int, int] = {}
        self.played: set[tuple[int, int]] = set()

    def play(self, world: dict[str, Any], until: datetime | None = None) -> None:
        """All of it, or what happened until an instant and was not played yet."""
        for at, event, what in sorted(events(world), key=lambda each: each[:2]):
            if (until and at > until) or (event, id(what)) in self.played:
                continue
            self.played.add((event, id(what)))
            self.monkeypatch.setattr(clock, "now", lambda at=at: at)
            if event == 0:
                text = policy_text(what["policy"])
                apply_policy(self.database, AUTHOR, text, what["effective"], date(2024, 1, 1))
            else:
                with change(self.database, AUTHOR, "test") as made:
                    (self._record if event == 1 else self._retract)(made, what)

    def _record(self, made: Change, fact: dict[str, Any]) -> None:
        if fact["fact"] == "unit":
            self._unit(made, fact)
            return
        if self.renames and fact["fact"] == "person" and fact["employee_id"] in self.people:
            self._renamed(made, fact)
            return
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
            "assignment": ("unit", "role", "employment_type", "manager_email", "starts_on", "ends_on"),
            "card": ("type", "issuer", "issued_on", "stated", "number"),
            "absence": ("from", "until"),
            "exemption": ("requirement", "from", "until", None, None),
            "booking": ("type", "class_on"),
            "submission": ("type", "received_on", None),
        }[fact["fact"]]
        values = tuple(fact.get(name) if name else None for name in names)
        return (made.next_id(cards), *values) if fact["fact"] == "card" else values

    def _unit(self, made: Change, fact: dict[str, Any]) -> None:
        """A unit is on record once; a blank never erases."""
        before = made.connection.execute(select(units).where(units.c.name == fact["unit"], units.c.retracted.is_(None)))
        old = before.one_or_none()
        if old:
            made.retract(units, [old.id])
        managers = ";".join(fact["managers"]) or (old.managers if old else None)
        made.record(
            units, [(fact["unit"], fact["facility"], managers, fact["director"] or (old.director if old else None))]
        )

    def _renamed(self, made: Change, fact: dict[str, Any]) -> None:
        """A person has one name and address; a blank never erases."""
        person = self.people[fact["employee_id"]]
        holding = (identities.c.person_id == person, identities.c.retracted.is_(None))
        old = made.connection.execute(select(identities).where(*holding)).one_or_none()
        if old:
            made.retract(identities, [old.id])
        row = (person, fact["employee_id"], fact["name"], fact.get("email") or (old.email if old else None))
        (self.facts[id(fact)],) = made.record(identities, [row])

    def _retract(self, made: Change, fact: dict[str, Any]) -> None:
        made.retract(TABLES[fact["fact"]], [self.facts[id(fact)]])


def events(world: dict[str, Any]) -> Iterator[tuple[datetime, int, Any]]:
    for policy in world["policies"]:
        yield policy["recorded_at"], 0, policy
    for fact in world["facts"]:
        yield fact["recorded_at"], 1, fact
        if fact["retracted_at"]:
            yield fact["retracted_at"], 2, fact
