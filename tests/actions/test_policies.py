"""Policies come in force whole, whatever happens meanwhile, and timelines follow. RULES: sections 2 and 4."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.ward import (
    AUTHOR,
    MILD,
    POLICIES,
    STRICT,
    TODAY,
    USUAL,
    away,
    card,
    changes_in,
    excused,
    facts_of,
    govern,
    on,
    post,
    take_in,
)
from tracker.actions import apply_policy as applying
from tracker.actions.apply_policy import apply_policy, differences
from tracker.actions.imports.undo import undo_import
from tracker.db import timelines
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.policies import load_rulebook
from tracker.db.standings import standings_on
from tracker.db.tables import generations, policies, segments
from tracker.db.timelines import build_beside, differing, rebuild, swap, sweep
from tracker.db.trail import faults
from tracker.domain.errors import BadInput, NotPossible, PolicyError
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version
from tracker.domain.scope import EVERYONE, InUnits, OnePerson
from tracker.domain.timeline import ENGINE_VERSION

Key = tuple[str, str, str]


@pytest.fixture
def staffed(site: Database) -> Database:
    """A site whose people stand differently, now and later."""
    take_in(
        site,
        post("4512", "ICU", "2024-03-01", employment_type="employee"),
        post("004512", "ED", "2025-05-01"),
        post("E-3", "Ward 3", role="MD"),
        post("E-4", "ICU", "2025-01-01", "2025-08-31", employment_type="agency"),
        post("E-4", "ED", "2025-09-01"),
    )
    dated = [
        card(who, issued) for who, issued in (("4512", "2024-07-10"), ("004512", "2025-05-05"), ("E-4", "2024-02-29"))
    ]
    advanced = [card("4512", "2024-01-10", type="ACLS"), card("004512", "2025-05-05", type="ALS", issuer="RCUK")]
    take_in(site, *dated, *advanced)
    take_in(site, away("E-4", "2025-05-01", "2025-07-31"))
    take_in(site, excused("E-3", "2025-06-01", "2025-12-31"))
    return site


def assert_right(database: Database) -> None:
    """One generation is live and holds what the facts say; nothing is left of any other; the trail holds."""
    with database.read() as connection:
        assert (differing(connection, None), list(faults(connection))) == ([], [])
        kept = connection.execute(select(generations.c.id, generations.c.live)).all()
        assert [live for _, live in kept] == [True]
        assert set(connection.execute(select(segments.c.generation).distinct()).scalars()) <= {kept[0].id}


def rulebook_of(database: Database) -> Rulebook:
    """The versions on record."""
    with database.read() as connection:
        return load_rulebook(connection)


def rulebook_with(database: Database, text: str, effective: date | None) -> Rulebook:
    """The versions on record, and one more."""
    return Rulebook([*rulebook_of(database).versions, Version(read_policy(text), effective)])


def standings(database: Database, day: date) -> dict[Key, str]:
    """Who stands where on a day."""
    with database.read() as connection:
        rows = standings_on(connection, EVERYONE, day)
        return {(row.post.employee_id, row.post.unit, row.requirement): row.standing.value for row in rows}


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], *, before: bool) -> Iterator[None]:
    """Something happens once, just before or after timelines are built beside the live ones."""

    def build(*given: Any, **more: Any) -> tuple[int, int]:
        monkeypatch.setattr(timelines, "build_beside", build_beside)
        if before:
            act()
        built = build_beside(*given, **more)
        if not before:
            act()
        return built

    monkeypatch.setattr(timelines, "build_beside", build)
    yield
    assert timelines.build_beside is build_beside


# --- while a policy is being applied --------------------------------------------------------------------


def test_people_changed_while_a_policy_is_built_are_redone(staffed: Database) -> None:
    """A newcomer, a new card, somebody who was taken back: all stand by the new rules once it is in force."""
    done = take_in(staffed, post("E-9", "ICU"))
    known, rulebook = rulebook_of(staffed), rulebook_with(staffed, STRICT, TODAY)
    generation, began = build_beside(staffed, rulebook)
    take_in(staffed, post("N-1", "ICU", "2025-06-01"))
    take_in(staffed, card("E-3", "2025-06-01"), card("N-1", "2025-06-02"))
    undo_import(staffed, EVERYONE, AUTHOR, done.batch or 0, TODAY)
    with change(staffed, AUTHOR, "policy-apply") as made:
        swap(made.connection, generation, began, known, rulebook)
        made.record(policies, [("strict", read_policy(STRICT).sha256, TODAY, STRICT)])
    sweep(staffed)
    assert_right(staffed)
    assert ("N-1", "ICU", "bls") in standings(staffed, TODAY)


def test_people_changed_while_a_policy_is_applied_are_redone(
    staffed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same through the action itself."""
    with meanwhile(monkeypatch, lambda: take_in(staffed, post("N-1", "ICU", "2025-06-01")), before=False):
        govern(staffed, STRICT, TODAY)
    assert_right(staffed)


def test_two_policies_at_once_the_second_is_refused(staffed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence; the first is in force and of the second nothing is left."""
    with (
        meanwhile(monkeypatch, lambda: govern(staffed, MILD, TODAY), before=False),
        pytest.raises(NotPossible, match=r"Another policy was applied.*in the meantime"),
    ):
        govern(staffed, STRICT, TODAY)
    assert [version.policy.name for version in rulebook_of(staffed).versions] == ["usual", "mild"]
    assert_right(staffed)


def test_a_policy_that_comes_in_just_before_the_building_begins_is_not_forgotten(
    staffed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either the second is refused, or the timelines rest on both."""
    with (
        meanwhile(monkeypatch, lambda: govern(staffed, MILD, on("2025-01-01")), before=True),
        suppress(NotPossible),
    ):
        govern(staffed, STRICT, TODAY)
    assert_right(staffed)


@pytest.mark.parametrize("how", ["apply", "rebuild"])
def test_a_policy_applied_in_the_middle_of_a_building_leaves_no_rest_of_it(
    staffed: Database, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The slower of the two gives way, and nothing that it built stays behind."""
    monkeypatch.setattr(timelines, "CHUNK", 1)
    others = iter([MILD])

    def progress(_: int) -> None:
        for text in others:
            govern(staffed, text, TODAY)

    with suppress(NotPossible):
        if how == "apply":
            apply_policy(staffed, AUTHOR, STRICT, TODAY, TODAY, progress)
        else:
            rebuild(staffed, even_if_current=True, progress=progress)
    assert_right(staffed)


def test_a_building_that_was_broken_off_is_cleared_away(staffed: Database) -> None:
    """What a killed program had built is never read, and goes when the next policy comes in force."""
    before = standings(staffed, TODAY)
    build_beside(staffed, rulebook_with(staffed, STRICT, TODAY))
    assert standings(staffed, TODAY) == before
    govern(staffed, MILD, TODAY)
    assert_right(staffed)


def test_a_policy_that_fails_to_come_in_leaves_nothing(staffed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails in the last step: the old timelines stand, the new ones are gone."""

    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    changes = changes_in(staffed)
    monkeypatch.setattr(applying, "swap", fail)
    with pytest.raises(RuntimeError, match="unforeseen"):
        govern(staffed, STRICT, TODAY)
    assert changes_in(staffed) == changes
    assert_right(staffed)


# --- versions -------------------------------------------------------------------------------------------


def test_the_first_version_is_in_force_for_all_days_and_a_later_one_from_today(database: Database) -> None:
    """Unless another day is said; the very same again is none."""
    assert apply_policy(database, AUTHOR, USUAL, on("2025-01-01"), TODAY)[1:] == (None, True)
    assert apply_policy(database, AUTHOR, STRICT, None, TODAY)[1:] == (TODAY, True)
    assert apply_policy(database, AUTHOR, STRICT, None, TODAY)[1:] == (TODAY, False)
    assert apply_policy(database, AUTHOR, STRICT, TODAY, TODAY)[1:] == (TODAY, False)
    assert apply_policy(database, AUTHOR, STRICT, on("2026-01-01"), TODAY)[1:] == (on("2026-01-01"), True)
    assert_right(database)


def test_a_policy_that_is_refused_changes_nothing(staffed: Database) -> None:
    """It is refused whole, naming the place."""
    changes = changes_in(staffed)
    with pytest.raises(PolicyError, match="unknown key"):
        govern(staffed, STRICT + "\nunheard_of = 1\n")
    assert changes_in(staffed) == changes
    assert_right(staffed)


# --- what a policy would change -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["strict", "mild", "usual"])
@pytest.mark.parametrize("effective", [None, "2025-03-01", "2026-01-01"])
def test_differences_say_what_status_says_after_applying(staffed: Database, name: str, effective: str | None) -> None:
    """For each standing the first day on which it is another, before and after; of all others nothing changes."""
    text, first = POLICIES[name] + "# another one\n", on(effective) if effective else TODAY
    told = list(differences(staffed, EVERYONE, text, on(effective) if effective else None, TODAY))
    days = sorted({each.day for each in told} | {first + timedelta(days=step) for step in range(0, 1200, 9)})
    was = {each: standings(staffed, each) for each in days}
    govern(staffed, text, first)
    will = {each: standings(staffed, each) for each in days}
    for each in told:
        key = (each.employee_id, each.unit, each.requirement)
        assert (was[each.day].get(key), will[each.day].get(key)) == (each.before, each.after)
    begun = {(each.employee_id, each.unit, each.requirement): each.day for each in told}
    for each_day in days:
        changed = {key for key in was[each_day] | will[each_day] if was[each_day].get(key) != will[each_day].get(key)}
        assert all(begun[key] <= each_day for key in changed)


def test_differences_of_the_first_policy_name_everyone_it_applies_to(database: Database) -> None:
    """Before there was none, so nobody stood anywhere; without people there is nothing to tell."""
    assert list(differences(database, EVERYONE, USUAL, None, TODAY)) == []
    govern(database, 'name = "none"\ntimezone = "America/Chicago"\n')
    take_in(database, post("4512", "Ward 3", "2025-01-01"))
    (told,) = differences(database, EVERYONE, USUAL, None, TODAY)
    assert told == ("4512", "Ward 3", "bls", None, "missing", TODAY)


def test_differences_stay_within_the_scope(staffed: Database) -> None:
    """One person, or the assignments in some units."""
    one = differences(staffed, OnePerson("4512"), STRICT, None, TODAY)
    assert {each.employee_id for each in one} == {"4512"}
    some = differences(staffed, InUnits(("ICU",)), STRICT, None, TODAY)
    assert {each.unit for each in some} == {"ICU"}


def test_differences_name_past_days_where_the_newest_version_changes_them(staffed: Database) -> None:
    """`records_from` is the newest version's on all days: what was missing in March is then not recorded."""
    text = USUAL.replace("records_from = 2024-01-01", "records_from = 2025-05-01")
    told = list(differences(staffed, EVERYONE, text, None, TODAY))
    before = standings(staffed, on("2025-03-01"))
    govern(staffed, text)
    after = standings(staffed, on("2025-03-01"))
    changed = {key for key in before if before[key] != after[key]}
    assert changed
    assert changed <= {(each.employee_id, each.unit, each.requirement) for each in told}


# --- another engine -------------------------------------------------------------------------------------


@pytest.fixture
def upgraded(staffed: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A site whose timelines were made by the version of the engine before."""
    monkeypatch.setattr(timelines, "ENGINE_VERSION", ENGINE_VERSION + 1)
    return staffed


def test_asking_before_the_rebuild_is_refused(upgraded: Database) -> None:
    """With a sentence that names the command; nothing is recorded either, as nobody could refresh the timelines."""
    facts = facts_of(upgraded)
    with pytest.raises(NotPossible, match="tracker db upgrade"):
        standings(upgraded, TODAY)
    with pytest.raises(NotPossible, match="tracker db upgrade"):
        take_in(upgraded, post("N-1", "ICU"))
    assert facts_of(upgraded) == facts


def test_a_rebuild_after_an_upgrade_makes_all_timelines_anew(upgraded: Database) -> None:
    """Afterwards everything can be asked and done; there is nothing left to rebuild, unless one insists."""
    assert rebuild(upgraded)
    assert_right(upgraded)
    take_in(upgraded, post("N-1", "ICU"))
    assert not rebuild(upgraded)
    assert rebuild(upgraded, even_if_current=True)
    assert_right(upgraded)


def test_a_policy_applied_after_an_upgrade_rebuilds_as_well(upgraded: Database) -> None:
    """Its timelines are made by the new engine."""
    govern(upgraded, STRICT, TODAY)
    assert_right(upgraded)


def test_two_rebuilds_at_once_leave_one_set_of_timelines(upgraded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programs are upgraded at the same time: whichever is done last, everything can be asked."""
    with meanwhile(monkeypatch, lambda: rebuild(upgraded), before=False), suppress(NotPossible):
        rebuild(upgraded)
    assert standings(upgraded, TODAY)
    assert_right(upgraded)


@pytest.mark.parametrize("before", [True, False])
def test_a_policy_applied_during_a_rebuild_is_not_forgotten(
    upgraded: Database, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """The rebuild is refused or done again; the timelines rest on the policy."""
    with (
        meanwhile(monkeypatch, lambda: govern(upgraded, STRICT, on("2025-01-01")), before=before),
        suppress(NotPossible),
    ):
        rebuild(upgraded)
    assert_right(upgraded)


def test_without_a_policy_there_is_nothing_to_rebuild_and_nothing_to_ask(database: Database) -> None:
    """The sentence names the command that puts one in force."""
    assert not rebuild(database, even_if_current=True)
    with pytest.raises(BadInput, match="policy apply"):
        standings(database, TODAY)
