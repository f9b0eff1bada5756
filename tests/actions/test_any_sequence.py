"""Whatever is done in whatever order: timelines and trail stay right, and what is taken back leaves no trace."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from actions.drawn import (
    AWAY,
    CARDS,
    DAYS,
    EXCUSED,
    ONE_PERSONS_CARDS,
    ONE_PERSONS_POSTS,
    PEOPLE,
    PLACES,
    POSTS,
    SETTLED,
    UNITS,
    one_of,
)
from actions.soundness import assert_all_right
from actions.ward import AUTHOR, POLICIES, TODAY, Facts, changes_in, facts_of, file, govern, post, table, take_files
from conftest import Databases
from tracker.actions.change_card import record_card, retract_card, verify_card
from tracker.actions.change_person import Told, merge_people, rename_person, undo_person_change
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.db.known import find_batches
from tracker.db.moments import holds
from tracker.db.tables import cards, people
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, Verification
from tracker.domain.scope import EVERYONE
from tracker.intake.rows import Reading

CUT = one_of(0, 0, 1, 2)


def sheets(rows: list[Any], cut: int) -> Reading:
    """A file of these rows, cut into two sheets if there are enough."""
    return file(*(table(part) for part in (rows[:cut], rows[cut:]) if part))


def told(result: ImportResult) -> tuple[Any, ...]:
    """What an import says of the rows."""
    return result.counts, result.rows, result.questions, result.refused, result.unmatched


def numbered(database: Database) -> Facts:
    """What holds, whatever people's employee ids are by then."""
    return facts_of(database, by_number=True)


class Site(RuleBasedStateMachine):
    """A site with a policy, whose imports can be taken back while days go by."""

    def __init__(self, databases: Databases, set_clock: Callable[[date], None]) -> None:
        super().__init__()
        self.databases = databases
        self.database = databases.new()
        self.set_clock = set_clock
        self.today = TODAY
        self.batches: dict[int, tuple[Facts, Facts, int]] = {}
        self.who_changes: list[tuple[int, Facts]] = []

    def teardown(self) -> None:
        """Removes the database."""
        self.databases.drop()

    @initialize(policy=one_of(*POLICIES), known=st.just({*PEOPLE}) | st.sets(one_of(*PEOPLE)))
    def begin(self, policy: str, known: set[str]) -> None:
        """A site begins with a policy, and mostly with some people."""
        self.set_clock(self.today)
        govern(self.database, POLICIES[policy])
        if known:
            rows = [post(each, "ICU", "2024-03-01") for each in sorted(known)]
            self.take([file(table(rows))], {}, False)

    @rule(days=one_of(1, 1, 14, 200))
    def time_passes(self, days: int) -> None:
        """It is another day."""
        self.today += timedelta(days=days)
        self.set_clock(self.today)

    def take(self, files: list[Reading], settled: dict[str, Any], dry_run: bool) -> None:
        """A dry run changes nothing and says what then happens; the same again changes nothing either."""
        before, last = numbered(self.database), changes_in(self.database)
        foretold = dry_run and told(self.run(files, settled, dry_run=True))
        assert (numbered(self.database), changes_in(self.database)) == (before, last)
        result = self.run(files, settled)
        assert not dry_run or foretold == told(result)
        self.note(result, before)
        after, last = facts_of(self.database), changes_in(self.database)
        again = self.run(files, settled)
        assert (again.batch, changes_in(self.database), facts_of(self.database)) == (None, last, after)
        if not result.questions and not result.refused:
            assert not again.questions
            assert not again.refused
            assert {outcome for outcome, count in again.counts.items() if count} <= {"unchanged", "rejected"}

    def run(self, files: list[Reading], settled: dict[str, Any], dry_run: bool = False) -> ImportResult:
        """One run of the program, which reads the files anew."""
        return take_files(self.database, *deepcopy(files), today=self.today, dry_run=dry_run, **settled)

    def note(self, result: ImportResult, before: Facts) -> None:
        """Keeps what held before and after a batch."""
        after = numbered(self.database)
        if result.batch is None:
            assert after == before
        else:
            self.batches[result.batch] = (before, after, changes_in(self.database))

    @rule(pick=st.integers(0, 30))
    def undo(self, pick: int) -> None:
        """An import is taken back whole, or it is said what builds on it and nothing happens."""
        if not self.batches:
            return
        number = sorted(self.batches)[-1 - pick % len(self.batches)]
        before, after, seq = self.batches[number]
        facts, last = numbered(self.database), changes_in(self.database)
        try:
            undo_import(self.database, EVERYONE, AUTHOR, number, TODAY)
        except BadInput:
            if seq == last:
                raise
            assert (numbered(self.database), changes_in(self.database)) == (facts, last)
            return
        del self.batches[number]
        now = numbered(self.database)
        for kind in now.keys() - {"verifications"}:  # which go by what the card says now
            added, replaced = after[kind] - before[kind], before[kind] - after[kind]
            assert set(now[kind]) == set(facts[kind] - added + replaced)
        if facts == after:
            assert now == before
        with self.database.read() as connection:
            assert find_batches(connection, number)[0].undone == last + 1

    def change_who(self, change: Callable[[], Told]) -> None:
        """Somebody is renamed or merged, which can be taken back at once, or it is refused and nothing happens."""
        before, last = facts_of(self.database), changes_in(self.database)
        try:
            done = change()
        except BadInput:
            assert (facts_of(self.database), changes_in(self.database)) == (before, last)
            return
        self.who_changes.append((done.seq, before))

    @rule(pick=st.integers(0, 30))
    def undo_who(self, pick: int) -> None:
        """A rename or a merge is taken back, or it is said what builds on it and nothing happens."""
        if not self.who_changes:
            return
        seq, before = self.who_changes[-1 - pick % len(self.who_changes)]
        facts, last = facts_of(self.database), changes_in(self.database)
        try:
            undo_person_change(self.database, AUTHOR, seq)
        except BadInput:
            assert seq != last
            assert (facts_of(self.database), changes_in(self.database)) == (facts, last)
            return
        self.who_changes.remove((seq, before))
        if seq == last:
            assert facts_of(self.database) == before

    def record(self, employee_id: str, wanted: Card) -> None:
        """One card is recorded, or refused; recorded again it is the same card and nothing happens."""
        last = changes_in(self.database)
        try:
            number, _ = record_card(self.database, AUTHOR, employee_id, wanted, self.today)
        except BadInput:
            assert changes_in(self.database) == last
            return
        last = changes_in(self.database)
        assert record_card(self.database, AUTHOR, employee_id, wanted, self.today)[0] == number
        assert changes_in(self.database) == last

    @invariant()
    def all_is_right(self) -> None:
        """What is stored is right, and so is the trail."""
        with self.database.read() as connection:
            assert_all_right(connection)


class AnySequence(Site):
    """A site to which anything may happen; each rule says what it may and may not do."""

    @rule(rows=st.lists(POSTS, min_size=1, max_size=4), cut=CUT, settled=SETTLED, dry_run=st.booleans())
    def roster(self, rows: list[Any], cut: int, settled: dict[str, Any], dry_run: bool) -> None:
        """A roster comes in, on one sheet or two."""
        self.take([sheets(rows, cut)], settled, dry_run)

    @rule(row=st.tuples(POSTS, CARDS), unit=one_of(None, *UNITS), settled=SETTLED)
    def wide_sheet(self, row: tuple[Any, Any], unit: str | None, settled: dict[str, Any]) -> None:
        """A person with a card beside, in a unit or in none, comes in."""
        who, beside = row
        beside = beside._replace(employee_id=who.employee_id)
        self.take([file(table([who._replace(unit=unit)], [beside]))], settled, False)

    @rule(
        rows=one_of(CARDS, CARDS, AWAY, EXCUSED, PLACES).flatmap(lambda kind: st.lists(kind, min_size=1, max_size=4)),
        cut=CUT,
        settled=SETTLED,
        dry_run=st.booleans(),
    )
    def list_of_one_kind(self, rows: list[Any], cut: int, settled: dict[str, Any], dry_run: bool) -> None:
        """Cards, absences, exemptions or units come in, on one sheet or two."""
        self.take([sheets(rows, cut)], settled, dry_run)

    @rule(first=POSTS, second=POSTS, cards=st.lists(CARDS, min_size=2, max_size=2), settled=SETTLED)
    def several_files(self, first: Any, second: Any, cards: list[Any], settled: dict[str, Any]) -> None:
        """Several files come in at once, which may well contradict each other."""
        rows = [[first], [cards[0]], [second], [cards[1]]]
        before = numbered(self.database)
        result = take_files(self.database, *(file(table(each)) for each in rows), today=self.today, **settled)
        self.note(result, before)

    @rule(row=CARDS)
    def one_card(self, row: Any) -> None:
        """One card is recorded."""
        self.record(row.employee_id, Card(0, row.type, row.issuer, row.issued_on, row.stated, row.number))

    @rule(employee_id=one_of(*PEOPLE), pick=st.integers(0, 5))
    def retract_card(self, employee_id: str, pick: int) -> None:
        """A card is retracted."""
        if number := self.card_of(employee_id, pick):
            retract_card(self.database, AUTHOR, employee_id, number, "recorded in error")

    @rule(
        employee_id=one_of(*PEOPLE),
        pick=st.integers(0, 5),
        answer=one_of("confirmed", "not_found", "revoked"),
        checked_on=one_of(*DAYS),
        revoked_from=one_of(None, *DAYS),
    )
    def verify_card(
        self, employee_id: str, pick: int, answer: Any, checked_on: date, revoked_from: date | None
    ) -> None:
        """An issuer answers about a card."""
        if number := self.card_of(employee_id, pick):
            since = revoked_from if answer == "revoked" else None
            said = Verification(0, number, answer, since, checked_on, AUTHOR.actor, "by mail")
            verify_card(self.database, AUTHOR, employee_id, said)

    def card_of(self, employee_id: str, pick: int) -> int | None:
        """Some card of a person, if there is one."""
        with self.database.read() as connection:
            query = select(cards.c.card).join(people, people.c.id == cards.c.person_id)
            held = query.where(holds(cards, None), people.c.employee_id == employee_id).order_by(cards.c.card)
            found = list(connection.execute(held).scalars())
        return found[pick % len(found)] if found else None

    @rule(old=one_of(*PEOPLE), new=one_of(*PEOPLE, "E-5"))
    def rename(self, old: str, new: str) -> None:
        """Somebody gets another employee id."""
        self.change_who(lambda: rename_person(self.database, AUTHOR, old, new, "new payroll"))

    @rule(gone=one_of(*PEOPLE), kept=one_of(*PEOPLE, "E-5"))
    def merge(self, gone: str, kept: str) -> None:
        """Two records become one."""
        self.change_who(lambda: merge_people(self.database, AUTHOR, gone, kept, "rehired", self.today))

    @rule(policy=one_of(*POLICIES), effective=one_of(None, *DAYS))
    def apply_policy(self, policy: str, effective: date | None) -> None:
        """Another version of the policy comes in force on some day."""
        facts = facts_of(self.database)
        govern(self.database, POLICIES[policy], effective)
        assert facts_of(self.database) == facts


class OnePersonsCards(Site):
    """A site where all that happens is about the cards of one person, which are much alike."""

    @rule(rows=st.lists(ONE_PERSONS_CARDS, min_size=1, max_size=3), cut=CUT, settled=SETTLED)
    def some_cards(self, rows: list[Any], cut: int, settled: dict[str, Any]) -> None:
        """Cards come in, on one sheet or two."""
        self.take([sheets(rows, cut)], settled, False)

    @rule(row=ONE_PERSONS_CARDS)
    def one_card(self, row: Any) -> None:
        """One card is recorded."""
        self.record(row.employee_id, Card(0, row.type, row.issuer, row.issued_on, row.stated, row.number))


class OnePersonsPosts(Site):
    """A site where all that happens is about the assignments of one person, which meet or nearly do."""

    @rule(rows=st.lists(ONE_PERSONS_POSTS, min_size=1, max_size=3), cut=CUT, settled=SETTLED)
    def some_posts(self, rows: list[Any], cut: int, settled: dict[str, Any]) -> None:
        """A roster comes in, on one sheet or two."""
        self.take([sheets(rows, cut)], settled, False)


@pytest.mark.parametrize("kind", [AnySequence, OnePersonsCards, OnePersonsPosts])
def test_any_sequence(databases: Databases, monkeypatch: pytest.MonkeyPatch, kind: type[Site]) -> None:
    """Imports, undos, cards and policies in any order keep every promise above."""

    def set_clock(today: date) -> None:
        instant = datetime.combine(today, time(12), UTC)
        monkeypatch.setattr("tracker.clock.now", lambda: instant)

    class Machine(kind):  # type: ignore[valid-type,misc] # a class as a value
        def __init__(self) -> None:
            super().__init__(databases, set_clock)

    Machine.TestCase.settings = settings(
        max_examples=settings().max_examples // 4, stateful_step_count=15, deadline=None, report_multiple_bugs=False
    )
    run_state_machine_as_test(Machine)
