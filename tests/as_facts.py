"""Turns the plain worlds of `worlds.py` into what the program works with."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import tomli_w

from tracker.domain.facts import Absence, Assignment, Card, Exemption, PersonFacts, Verification
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version

World = dict[str, Any]


def policy_text(document: dict[str, Any]) -> str:
    """The TOML text of a policy that is given as data."""
    return tomli_w.dumps(document)


def rulebook_of(world: World, known_at: datetime | None = None) -> Rulebook | None:
    """The policies known at an instant; None if there were none yet."""
    versions = [
        Version(read_policy(policy_text(each["policy"])), each["effective"])
        for each in world["policies"]
        if known_at is None or each["recorded_at"] <= known_at
    ]
    return Rulebook(versions) if versions else None


def holds(fact: dict[str, Any], known_at: datetime | None) -> bool:
    """Whether a fact holds at an instant, or now."""
    retracted = fact["retracted_at"]
    if known_at is None:
        return retracted is None
    return bool(fact["recorded_at"] <= known_at and (retracted is None or known_at < retracted))


def people_of(world: World, rulebook: Rulebook, known_at: datetime | None = None) -> list[PersonFacts]:
    """What is known of each person at an instant; those of whom nothing is known are left out."""
    facts = [fact for fact in world["facts"] if holds(fact, known_at)]
    names = [fact["employee_id"] for fact in facts if fact["fact"] == "person"]
    return [
        _person(world, facts, number, employee_id, rulebook, known_at)
        for number, employee_id in enumerate(dict.fromkeys(names), 1)
    ]


def _person(
    world: World,
    facts: list[dict[str, Any]],
    number: int,
    employee_id: str,
    rulebook: Rulebook,
    known_at: datetime | None,
) -> PersonFacts:
    theirs = [fact for fact in facts if fact.get("employee_id") == employee_id]
    cards = tuple(
        Card(one["id"], one["type"], one["issuer"], one["issued_on"], one["stated"], one["number"])
        for one in theirs
        if one["fact"] == "card"
    )
    return PersonFacts(
        id=number,
        employee_id=employee_id,
        name=None,
        email=next((one["email"] for one in reversed(theirs) if one["fact"] == "person" and one.get("email")), None),
        first_recorded=first_recorded(world, employee_id, rulebook, known_at),
        assignments=tuple(assignment_of(one) for one in theirs if one["fact"] == "assignment"),
        cards=cards,
        verifications=_answers(facts, {card.id for card in cards}),
        absences=tuple(Absence(0, one["from"], one["until"]) for one in theirs if one["fact"] == "absence"),
        exemptions=tuple(
            Exemption(0, one["requirement"], one["from"], one["until"], None, None)
            for one in theirs
            if one["fact"] == "exemption"
        ),
    )


def _answers(facts: list[dict[str, Any]], cards: set[int]) -> tuple[Verification, ...]:
    found = [one for one in facts if one["fact"] == "verification" and one["card"] in cards]
    found.sort(key=lambda one: one["recorded_at"])
    return tuple(
        Verification(0, one["card"], one["answer"], one["revoked_from"], one["checked_on"], "", "") for one in found
    )


def assignment_of(one: dict[str, Any]) -> Assignment:
    """An assignment of a world."""
    return Assignment(
        one["id"],
        one["unit"],
        one["role"],
        one["employment_type"],
        one.get("manager_email"),
        one["starts_on"],
        one["ends_on"],
    )


def first_recorded(world: World, employee_id: str, rulebook: Rulebook, known_at: datetime | None) -> date:
    """The day at the site on which somebody was first recorded, whether or not that still holds."""
    instants = [
        fact["recorded_at"]
        for fact in world["facts"]
        if fact["fact"] == "person"
        and fact["employee_id"] == employee_id
        and (known_at is None or fact["recorded_at"] <= known_at)
    ]
    first: datetime = min(instants, default=datetime(1970, 1, 1, tzinfo=UTC))
    return first.astimezone(ZoneInfo(rulebook.newest.timezone)).date()
