"""Whatever is done in whatever order: timelines and trail stay right, and what is taken back leaves no trace."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, func, select

from actions.ward import (
    AUTHOR,
    POLICIES,
    TODAY,
    Facts,
    away,
    card,
    changes_in,
    excused,
    facts_of,
    file,
    govern,
    post,
    table,
    take_files,
    unit,
)
from conftest import Databases
from tracker.actions.change_card import record_card, retract_card, verify_card
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.undo import undo_import
from tracker.db.known import find_batches
from tracker.db.moments import holds
from tracker.db.people import load_people
from tracker.db.policies import load_rulebook
from tracker.db.tables import cards, identities, people, segments, units
from tracker.db.timelines import differing, live_generation
from tracker.db.trail import faults
from tracker.domain.days import ALWAYS, OPEN, Span, merge, overlap
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, PersonFacts, Verification
from tracker.domain.policy import words
from tracker.domain.rulebook import Rulebook
from tracker.intake.rows import Reading

PEOPLE = ("004512", "4512", "E-3", "E-4")
UNITS = ("ICU", "ED", "Ward 3")
ROLES = ("RN", "MD", "Clerk")
REQUIREMENTS = ("bls", "acls", "acute", "unheard-of")
# Ends, starts and days beside them, around the day on which the machine begins.
DAYS = sorted(
    date.fromisoformat(text) + timedelta(days=nudge)
    for text in ("2024-02-29", "2025-03-31", "2025-06-15", "2025-12-31")
    for nudge in (-1, 0, 1, 2)
)


def one_of(*choices: Any) -> st.SearchStrategy[Any]:
    """One of a few."""
    return st.sampled_from(choices)


def texts(*choices: str | None) -> dict[str, st.SearchStrategy[Any]]:
    """Days as texts, under these names; now and then none, or always some."""
    some = st.sampled_from([each.isoformat() for each in DAYS])
    return {name.rstrip("?"): st.none() | some if name.endswith("?") else some for name in choices if name}


def ordered(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Puts two days in order, as a reader refuses rows that end before they start."""

    def put(drawn: dict[str, Any]) -> dict[str, Any]:
        given = [drawn[name] for name in names]
        return drawn | dict(zip(names, sorted(given), strict=True)) if None not in given else drawn

    return put


def made(make: Callable[..., Any], days: tuple[str, str], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Rows of one kind that hold from one day to another."""
    drawn = st.fixed_dictionaries({"employee_id": one_of(*PEOPLE), **fields, **texts(*days)})
    names = [name.rstrip("?") for name in days]
    return drawn.map(ordered(*names)).map(lambda values: make(**values))


POSTS = made(
    post,
    ("starts?", "ends?"),
    unit=one_of(*UNITS, "icu "),
    role=one_of(*ROLES),
    employment_type=one_of(None, None, "employee", "agency"),
    name=one_of(None, "Ann Lee", "Ann M. Lee"),
    email=one_of(None, "ann@example.org"),
    manager_email=one_of(None, "boss@example.org", "chief@example.org"),
)
AWAY = made(away, ("starts", "until?"))
EXCUSED = made(
    excused, ("starts", "until"), requirement=one_of(*REQUIREMENTS), approver=one_of(None, "Dr. Who", "Dr. No")
)
# Few enough that cards of one person are alike, or nearly: the same number, the same last valid day by some rule.
CARDS = st.builds(
    card,
    employee_id=one_of("004512", "004512", "4512"),
    type=one_of("BLS", "BLS", "BLS", "ACLS", "ALS", "TNCC"),
    issuer=one_of(None, "AHA", "AHA", "RCUK", "Acme CPR"),
    issued=one_of(None, "2024-06-15", "2024-06-15", "2024-06-16", "2025-06-30"),
    stated=one_of(None, None, "2026-06", "2026-06-30", "2026-06-15", "2027-06"),
    number=one_of(None, None, "77", "78"),
    verified_on=one_of(None, None, TODAY, TODAY + timedelta(days=1)),
)
PLACES = st.builds(
    unit,
    name=one_of(*UNITS, "icu "),
    facility=one_of(None, "North", "South"),
    managers=one_of(None, "boss@example.org"),
    director=one_of(None, "dean@example.org"),
)


class Answers(dict[str, str]):
    """Answers to every question of a kind."""

    def get(self, question: str, default: Any = None) -> Any:
        """The answer to the kind, which the question's id begins with."""
        return super().get(question.partition(":")[0], default)


SETTLED = st.fixed_dictionaries(
    {
        "other_unit": one_of(None, "moved", "also"),
        "answers": st.fixed_dictionaries({"ended": one_of("ended", "open"), "future": one_of("accept", "reject")}).map(
            Answers
        )
        | st.just(Answers()),
        "whole_roster": one_of(False, False, True),
        "allow_leavers": one_of(99, 99, None),
    }
)


CUT = one_of(0, 0, 1, 2)


def sheets(rows: list[Any], cut: int) -> Reading:
    """A file of these rows, cut into two sheets if there are enough."""
    return file(*(table(part) for part in (rows[:cut], rows[cut:]) if part))


class AnySequence(RuleBasedStateMachine):
    """A site to which anything may happen; each rule says what it may and may not do."""

    def __init__(self, databases: Databases, set_clock: Callable[[date], None]) -> None:
        super().__init__()
        self.databases = databases
        self.database = databases.new()
        self.set_clock = set_clock
        self.today = TODAY
        self.batches: dict[int, tuple[Facts, Facts, int]] = {}

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
        before = facts_of(self.database)
        result = take_files(self.database, *(file(table(each)) for each in rows), today=self.today, **settled)
        self.note(result, before)

    def take(self, files: list[Reading], settled: dict[str, Any], dry_run: bool) -> None:
        """A dry run changes nothing and says what then happens; the same again changes nothing either."""
        before, last = facts_of(self.database), changes_in(self.database)
        foretold = dry_run and told(take_files(self.database, *files, today=self.today, dry_run=True, **settled))
        assert (facts_of(self.database), changes_in(self.database)) == (before, last)
        result = take_files(self.database, *files, today=self.today, **settled)
        assert not dry_run or foretold == told(result)
        self.note(result, before)
        after, last = facts_of(self.database), changes_in(self.database)
        again = take_files(self.database, *files, today=self.today, **settled)
        assert (again.batch, changes_in(self.database), facts_of(self.database)) == (None, last, after)
        if not result.questions and not result.refused:
            assert not again.questions
            assert not again.refused
            assert {outcome for outcome, count in again.counts.items() if count} <= {"unchanged", "rejected"}

    def note(self, result: ImportResult, before: Facts) -> None:
        """Keeps what held before and after a batch."""
        after = facts_of(self.database)
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
        facts, last = facts_of(self.database), changes_in(self.database)
        try:
            undo_import(self.database, AUTHOR, number)
        except BadInput:
            if seq == last:
                raise
            assert (facts_of(self.database), changes_in(self.database)) == (facts, last)
            return
        del self.batches[number]
        if facts == after:
            assert facts_of(self.database) == before
        with self.database.read() as connection:
            assert find_batches(connection, number)[0].undone == last + 1

    @rule(row=CARDS, accept_future=st.booleans())
    def record_card(self, row: Any, accept_future: bool) -> None:
        """One card is recorded, or refused; recorded again it is the same card and nothing happens."""
        wanted = Card(0, row.type, row.issuer, row.issued_on, row.stated, row.number)
        last = changes_in(self.database)
        try:
            number, _ = self.enter(row.employee_id, wanted, accept_future)
        except BadInput:
            assert changes_in(self.database) == last
            return
        last = changes_in(self.database)
        assert self.enter(row.employee_id, wanted, accept_future)[0] == number
        assert changes_in(self.database) == last

    def enter(self, employee_id: str, wanted: Card, accept_future: bool) -> tuple[int, list[str]]:
        """Records a card."""
        return record_card(self.database, AUTHOR, employee_id, wanted, self.today, accept_future=accept_future)

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

    @rule(policy=one_of(*POLICIES), effective=one_of(None, *DAYS))
    def apply_policy(self, policy: str, effective: date | None) -> None:
        """Another version of the policy comes in force on some day."""
        facts = facts_of(self.database)
        govern(self.database, POLICIES[policy], effective)
        assert facts_of(self.database) == facts

    @invariant()
    def what_is_stored_is_right(self) -> None:
        """Timelines are what the facts say, without overlap or hole; the trail holds; no fact is nonsense."""
        with self.database.read() as connection, suppress(BadInput):
            rulebook = load_rulebook(connection)
            assert differing(connection, None) == []
            assert list(faults(connection)) == []
            assert_once(connection)
            everyone = list(load_people(connection, select(people.c.id), rulebook.newest.timezone))
            for person in everyone:
                assert_sound(person)
            assert stored(connection) == expected(rulebook, everyone)


def told(result: ImportResult) -> tuple[Any, ...]:
    """What an import says of the rows."""
    return result.counts, result.rows, result.questions, result.refused, result.unmatched


def assert_once(connection: Connection) -> None:
    """A person has one name, a unit is on record once."""
    query = select(func.count()).where(holds(identities, None)).group_by(identities.c.person_id)
    assert set(connection.execute(query).scalars()) <= {1}
    names = [words(name) for name in connection.execute(select(units.c.name).where(holds(units, None))).scalars()]
    assert len(names) == len(set(names))


def assert_sound(person: PersonFacts) -> None:
    """No assignment ends before it starts; no two cards of a type have one number; answers are about cards."""
    for each in person.assignments:
        assert (each.starts_on or ALWAYS) <= (each.ends_on or OPEN), each
    numbered = [(one.type, one.number) for one in person.cards if one.number]
    assert len(numbered) == len(set(numbered))
    assert {answer.card for answer in person.verifications} <= {one.id for one in person.cards}


Days = dict[tuple[int, str], list[Span]]


def stored(connection: Connection) -> Days:
    """The days of the stored segments by assignment and requirement, which must not overlap."""
    columns = (segments.c.assignment_id, segments.c.requirement, segments.c.first_day, segments.c.last_day)
    live = select(*columns).where(segments.c.generation == live_generation(connection))
    found: Days = {}
    for assignment, requirement, first, last in connection.execute(live.order_by(*columns)):
        before = found.setdefault((assignment, requirement), [])
        assert first <= last
        assert not before or before[-1].last < first
        before.append(Span(first, last))
    return {key: merge(spans) for key, spans in found.items()}


def expected(rulebook: Rulebook, everyone: list[PersonFacts]) -> Days:
    """The days on which each requirement applies to each assignment, each day by its own version."""
    found: Days = {}
    for one in (each for person in everyone for each in person.assignments):
        held = Span(one.starts_on or ALWAYS, one.ends_on or OPEN)
        for reign, policy in rulebook.reigns:
            days = overlap(reign, held)
            for requirement in policy.requirements_for(one.unit, one.role, one.employment_type):
                if days:
                    found.setdefault((one.id, requirement.id), []).append(days)
    return {key: merge(spans) for key, spans in found.items()}


def test_any_sequence(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports, undos, cards and policies in any order keep every promise above."""

    def set_clock(today: date) -> None:
        instant = datetime.combine(today, time(12), UTC)
        monkeypatch.setattr("tracker.clock.now", lambda: instant)

    class Machine(AnySequence):
        def __init__(self) -> None:
            super().__init__(databases, set_clock)

    Machine.TestCase.settings = settings(
        max_examples=settings().max_examples // 4,
        stateful_step_count=20,
        deadline=None,
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(Machine)
