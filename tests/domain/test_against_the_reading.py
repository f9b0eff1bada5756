"""The engine against the brute-force reading of the rules, on random nasty worlds."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import oracle
from as_facts import people_of, policy_text, rulebook_of
from tracker.domain.days import ALWAYS, OPEN, day_after
from tracker.domain.facts import Card
from tracker.domain.policy_text import read_policy
from tracker.domain.seen import stood_on
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.domain.timeline import Engine, Segment
from tracker.domain.validity import window
from worlds import interesting_days, worlds

REQUIREMENTS = ("bls", "acls", "any")


def instants(world: dict[str, Any]) -> list[Any]:
    """Now, and just at every instant at which something was recorded or retracted."""
    found = {each["recorded_at"] for each in (*world["facts"], *world["policies"])}
    found |= {fact["retracted_at"] for fact in world["facts"] if fact["retracted_at"]}
    return [None, *sorted(found)]


def on(segments: list[Segment], assignment: int, requirement: str, day: date) -> str | None:
    """What the segments say of a day."""
    found = [
        one.standing.value
        for one in segments
        if one.assignment == assignment and one.requirement == requirement and one.first <= day <= one.last
    ]
    assert len(found) <= 1, "segments overlap"
    return found[0] if found else None


@given(worlds(), st.data())
def test_a_timeline_says_of_every_day_what_the_reading_says(world: dict[str, Any], data: st.DataObject) -> None:
    """For any person, assignment, requirement, day, and instant."""
    known_at = data.draw(st.sampled_from(instants(world)))
    rulebook = rulebook_of(world, known_at)
    if rulebook is None:
        return
    engine = Engine(rulebook)
    days = interesting_days(world)
    for person in people_of(world, rulebook, known_at):
        segments = engine.segments(person)
        for assignment in person.assignments:
            for requirement in REQUIREMENTS:
                for day in days:
                    expected = oracle.standing(world, assignment.id, requirement, day, known_at)
                    assert on(segments, assignment.id, requirement, day) == expected, (requirement, day, known_at)


@given(worlds())
def test_whom_it_was_asked_about_before_makes_no_difference(world: dict[str, Any]) -> None:
    """What an engine keeps of the last person it says of nobody else, and not of the same with other facts."""
    rulebook = rulebook_of(world, None)
    if rulebook is None:
        return
    engine, people = Engine(rulebook), people_of(world, rulebook, None)
    bare = [person._replace(cards=(), absences=(), exemptions=()) for person in people]
    for person in (*people, *(one for pair in zip(people, bare, strict=True) for one in (*pair, *pair))):
        assert engine.courses(person) == engine.courses(person) == Engine(rulebook).courses(person)


@given(worlds())
def test_a_day_judged_alone_is_what_its_timeline_says(world: dict[str, Any]) -> None:
    """The pure function for a day and the look-up in the segments are one."""
    rulebook = rulebook_of(world)
    assert rulebook is not None
    engine = Engine(rulebook)
    for person in people_of(world, rulebook):
        for segment in engine.segments(person):
            for day in {segment.first, min(segment.last, segment.first + timedelta(days=40)), segment.last}:
                assert engine.standing(person, segment.requirement, day) is segment.standing


@given(worlds())
def test_segments_leave_no_hole_and_equal_neighbours_are_one(world: dict[str, Any]) -> None:
    """Within each assignment and requirement the segments come one after the other."""
    rulebook = rulebook_of(world)
    assert rulebook is not None
    engine = Engine(rulebook)
    for person in people_of(world, rulebook):
        segments = sorted(engine.segments(person), key=lambda one: (one.assignment, one.requirement, one.first))
        for before, after in pairwise(segments):
            assert before.first <= before.last
            assert bool(before.ends_by) == (before.last < OPEN)
            if before[:2] == after[:2]:
                assert before.last < after.first
                if day_after(before.last) == after.first:
                    assert before.standing is not after.standing


@given(worlds(), st.data())
def test_a_card_added_never_puts_anyone_out_of_compliance(world: dict[str, Any], data: st.DataObject) -> None:
    """Taking a card away only ever makes things worse."""
    rulebook = rulebook_of(world)
    assert rulebook is not None
    engine = Engine(rulebook)
    for person in people_of(world, rulebook):
        if not person.cards:
            continue
        gone = data.draw(st.sampled_from(person.cards))
        fewer = engine.segments(person._replace(cards=tuple(card for card in person.cards if card != gone)))
        more = engine.segments(person)
        for day in interesting_days(world):
            for assignment in person.assignments:
                for requirement in REQUIREMENTS:
                    if on(more, assignment.id, requirement, day) in OUT_OF_COMPLIANCE:
                        assert on(fewer, assignment.id, requirement, day) in OUT_OF_COMPLIANCE


@given(worlds())
def test_a_card_is_good_on_the_days_that_the_reading_says(world: dict[str, Any]) -> None:
    """First day, last day and flags, by every version of the policy."""
    for version in world["policies"]:
        policy = read_policy(policy_text(version["policy"]))
        for one in world["facts"]:
            if one["fact"] == "card":
                expected = oracle.window(version["policy"], one, [])
                card = Card(one["id"], one["type"], one["issuer"], one["issued_on"], one["stated"], one["number"])
                found = window(policy, card)
                if expected is None or found is None:
                    assert expected is None
                    assert found is None
                    continue
                first = None if found.first == ALWAYS else found.first
                last = None if found.last == OPEN else found.last
                assert (first, last, frozenset(found.flags)) == tuple(expected)


@given(world=worlds(), data=st.data())
def test_a_standing_rests_on_what_had_begun_by_its_day(world: dict[str, Any], data: st.DataObject) -> None:
    """Whoever is told no more than that is told of nothing which contradicts the standing."""
    rulebook = rulebook_of(world)
    day = data.draw(st.sampled_from(interesting_days(world)))
    if rulebook is None:
        return
    engine = Engine(rulebook)
    for person in people_of(world, rulebook):
        known = stood_on(rulebook.on(day), person, day)
        for requirement in REQUIREMENTS:
            assert engine.standing(known, requirement, day) == engine.standing(person, requirement, day)
