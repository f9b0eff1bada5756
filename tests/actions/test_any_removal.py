"""Whatever is recorded, removed by the policy or erased, in whatever order: timelines and trail stay right."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import rule as step
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Connection, select

from actions.drawn import PEOPLE, one_of
from actions.test_any_sequence import AnySequence, OnePersonsCards, Site, numbered
from actions.ward import AUTHOR, USUAL, changes_in, govern, take_files
from conftest import Databases
from tracker.actions.erase_person import erase_person
from tracker.actions.kept_files import KeptFiles
from tracker.actions.remove_old_records import remove_old_records
from tracker.db.meant import called_now
from tracker.db.people import load_people
from tracker.db.policies import load_rulebook
from tracker.db.tables import PERSON_FACTS, people
from tracker.domain.days import add_months
from tracker.domain.errors import BadInput
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.domain.timeline import Engine
from tracker.intake.rows import Reading

NOWHERE = Path("/nonexistent")
RETENTION = """
[retention]
cards_months = {0}
absences_months = {0}
exemptions_months = {0}
bookings_months = {0}
evidence_months = {0}
mails_months = 12
"""
# The change by whose knowledge, the assignment, the requirement, the day; and the standing.
Standings = dict[tuple[int | None, int, str, date], str]


def stood(connection: Connection, days: list[date], known: list[int | None]) -> Standings:
    """Where everybody stands on some days, as known now and at some changes, by the newest rules."""
    engine, found = Engine(load_rulebook(connection)), Standings()
    for seq in known:
        for person in load_people(connection, select(people.c.id), engine.rulebook.newest.timezone, seq):
            for one in engine.segments(person):
                for day in days:
                    if one.first <= day <= one.last:
                        found[seq, one.assignment, one.requirement, day] = one.standing
    return found


class Removing(Site):
    """A site at which records are kept no longer than so many months, and people are erased."""

    def take(self, files: list[Reading], settled: dict[str, Any], dry_run: bool) -> None:
        """Files come in; what they may and may not do is for other tests to say."""
        before = numbered(self.database)
        self.note(take_files(self.database, *files, today=self.today, **settled), before)

    @step(months=one_of(1, 1, 6, 24))
    def remove(self, months: int) -> None:
        """What is past keeping goes: days that are kept are as before, and no other day accuses anybody newly.

        Neither as known now, nor as known at the changes before.
        """
        govern(self.database, USUAL + RETENTION.format(months), date(2000, 1, 1))
        last = changes_in(self.database)
        dry = remove_old_records(self.database, AUTHOR, NOWHERE, self.today, dry_run=True)
        assert changes_in(self.database) == last
        if not dry:
            return
        days = [self.today + timedelta(days=each) for each in range(-800, 400, 40)]
        known = [None, *range(max(last - 4, 1), last + 1)]
        with self.database.read() as connection:
            before = stood(connection, days, known)
        assert remove_old_records(self.database, AUTHOR, NOWHERE, self.today) == dry
        assert changes_in(self.database) > last
        with self.database.read() as connection:
            after = stood(connection, days, known)
        kept = add_months(self.today, -months)
        for key, standing in after.items():
            if key[0] is None and key[-1] >= kept:
                assert standing == before[key], key
            if standing in OUT_OF_COMPLIANCE:
                assert before[key] is standing, key
        self.forget_what_could_be_undone()

    @step(employee_id=one_of(*PEOPLE))
    def erase(self, employee_id: str) -> None:
        """Nothing is on record of whoever is erased; whoever else is stands where they stood."""
        with self.database.read() as connection:
            before = {person.id: person for person in load_people(connection, select(people.c.id), "UTC")}
        last = changes_in(self.database)
        try:
            with self.database.read() as connection:
                numbers = called_now(connection, employee_id)
            erase_person(self.database, AUTHOR, KeptFiles(NOWHERE), employee_id, "request 17")
        except BadInput:
            assert changes_in(self.database) == last
            return
        with self.database.read() as connection:
            after = {person.id: person for person in load_people(connection, select(people.c.id), "UTC")}
            assert after == {number: one for number, one in before.items() if number not in numbers}
            for table in PERSON_FACTS:
                assert not connection.execute(select(table.c.id).where(table.c.person_id.in_(numbers))).all()
        self.forget_what_could_be_undone()

    def forget_what_could_be_undone(self) -> None:
        """An undo after a removal does not bring back what was removed, as the other tests expect of it."""
        self.batches.clear()
        self.who_changes.clear()


class AnythingRemoved(Removing, AnySequence):
    """Anything may be recorded."""


class OnePersonsCardsRemoved(Removing, OnePersonsCards):
    """All that is recorded are the cards of one person, which are much alike."""


@pytest.mark.parametrize("kind", [AnythingRemoved, OnePersonsCardsRemoved])
def test_any_removal(databases: Databases, monkeypatch: pytest.MonkeyPatch, kind: type[Site]) -> None:
    """Imports, undos, cards, policies, removals and erasures in any order keep every promise above."""

    def set_clock(today: date) -> None:
        instant = datetime.combine(today, time(12), UTC)
        monkeypatch.setattr("tracker.clock.now", lambda: instant)

    class Machine(kind):  # type: ignore[valid-type,misc] # a class as a value
        def __init__(self) -> None:
            super().__init__(databases, set_clock)

    Machine.TestCase.settings = settings(
        max_examples=settings().max_examples // 20, stateful_step_count=10, deadline=None, report_multiple_bugs=False
    )
    run_state_machine_as_test(Machine)
