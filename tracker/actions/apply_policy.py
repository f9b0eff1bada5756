"""Puts a version of the policy in force, and shows beforehand whom that would change."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.people import in_scope, load_in_chunks
from tracker.db.policies import find_rulebook
from tracker.db.tables import policies
from tracker.db.timelines import Progress, beside, no_progress, swap, sweep
from tracker.domain.days import ALWAYS, day_after
from tracker.domain.facts import PersonFacts
from tracker.domain.policy import Policy
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version
from tracker.domain.scope import InUnits, Scope
from tracker.domain.timeline import Engine, Segment


class Applied(NamedTuple):
    """The policy, the day from which it is in force (None: all days), and whether anything was to do."""

    policy: Policy
    effective: date | None
    changed: bool


class Difference(NamedTuple):
    """A standing that another version of the policy changes, and the first day on which it does.

    `before` or `after` is None where the requirement does not apply.
    """

    employee_id: str
    unit: str
    requirement: str
    before: str | None
    after: str | None
    day: date


def apply_policy(
    database: Database,
    author: Author,
    text: str,
    effective: date | None,
    today: date,
    progress: Progress = no_progress,
) -> Applied:
    """Adds a version: the first is in force for all days, a later one from its effective day (today if not said).

    The timelines are built beside the live ones and swapped in at the end. Raises PolicyError if the text is refused.
    """
    policy = read_policy(text)
    with database.read() as connection:
        known = find_rulebook(connection)
    first_day = None if known is None else effective or today
    if known and _stands(known, policy, effective, today):
        return Applied(policy, known.versions[-1].effective, False)
    rulebook = _with(known, policy, first_day)
    with (
        beside(database, rulebook, progress) as (generation, began),
        change(database, author, "policy-apply", f"policy:{policy.sha256[:12]}", _described(policy, first_day)) as made,
    ):
        swap(made.connection, generation, began, known, rulebook)
        made.record(policies, [(policy.name, policy.sha256, first_day, text)])
    sweep(database)
    return Applied(policy, first_day, True)


def _described(policy: Policy, first_day: date | None) -> str:
    """What the trail says of a version."""
    return f"{policy.name} from {first_day}" if first_day else f"{policy.name} for all days"


def _stands(known: Rulebook, policy: Policy, effective: date | None, today: date) -> bool:
    """Whether the policy was the last applied and is in force on that day already, so that nothing is to do."""
    last = known.versions[-1]
    return (
        last.policy.sha256 == policy.sha256
        and known.on(effective or today).sha256 == policy.sha256
        and effective in (None, last.effective)
    )


def _with(known: Rulebook | None, policy: Policy, effective: date | None) -> Rulebook:
    return Rulebook([*(known.versions if known else ()), Version(policy, effective)])


def differences(
    database: Database,
    scope: Scope,
    text: str,
    effective: date | None,
    today: date,
    progress: Progress = no_progress,
) -> Iterator[Difference]:
    """Whose standing the version would change, from what to what, from which day on; raises PolicyError."""
    policy = read_policy(text)
    with database.read() as connection:
        known = find_rulebook(connection)
        rulebook = _with(known, policy, None if known is None else effective or today)
        before = Engine(known) if known else None
        after = Engine(rulebook)
        first = _first_change(known, rulebook, effective or today)
        ids = connection.execute(in_scope(scope, None)).scalars()
        for person in load_in_chunks(connection, ids, rulebook.newest.timezone):
            old = before.segments(person) if before else []
            for difference in _changed(person, old, after.segments(person), first):
                if not isinstance(scope, InUnits) or difference.unit in scope.units:
                    yield difference
            progress(1)


def _first_change(known: Rulebook | None, rulebook: Rulebook, effective: date) -> date:
    """The first day that may differ: where records begin, and the time zone, are the newest version's on all days."""
    if known is None:
        return ALWAYS
    before, after = known.newest, rulebook.newest
    same = (before.records_from, before.timezone) == (after.records_from, after.timezone)
    return effective if same else ALWAYS


def _changed(person: PersonFacts, old: list[Segment], new: list[Segment], first: date) -> Iterator[Difference]:
    """The first day, from `first` on, on which each assignment's standing with each requirement differs."""
    units = {assignment.id: assignment.unit for assignment in person.assignments}
    for assignment, requirement in sorted({segment[:2] for segment in (*old, *new)}):
        was = [one for one in old if one[:2] == (assignment, requirement)]
        will = [one for one in new if one[:2] == (assignment, requirement)]
        for day in sorted({max(first, edge) for one in (*was, *will) for edge in _edges(one)}):
            before, after = _on(was, day), _on(will, day)
            if before != after:
                yield Difference(person.employee_id, units[assignment], requirement, before, after, day)
                break


def _edges(segment: Segment) -> tuple[date, ...]:
    return segment.first, day_after(segment.last)


def _on(segments: list[Segment], day: date) -> str | None:
    return next((one.standing.value for one in segments if one.first <= day <= one.last), None)
