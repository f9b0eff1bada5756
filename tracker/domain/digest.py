"""What a manager's weekly digest says of the people in an assignment. RULES: section 6."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from tracker.domain.days import OPEN, day_after, day_before, later
from tracker.domain.facts import Assignment, PersonFacts
from tracker.domain.outlook import Outlook, as_begun
from tracker.domain.reach import Troubled, unreached
from tracker.domain.reminders import Underway, group_lapses, waiting
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.timeline import Engine

Heading = Literal["out", "returning", "expiring", "pending", "waiting", "unreachable"]


class Entry(NamedTuple):
    """One line of a digest.

    `cause` and `requirements` as in a notice; for `waiting` the cause is the type that was handed in, for `unreachable`
    it is why no mail arrives. `last_day` is the last day in compliance. `day` is: out - the first day of the lapse;
    returning - the first day back; pending - the deadline; waiting - when the card was handed in; unreachable - since
    when.
    """

    heading: Heading
    cause: str
    requirements: tuple[str, ...]
    last_day: date | None
    day: date | None


def entries(
    engine: Engine, person: PersonFacts, underway: Underway, assignment: Assignment, day: date, troubled: Troubled
) -> Iterator[Entry]:
    """What there is to say of a person in one assignment on a day; nothing if all is well.

    `troubled` are the addresses at which nothing arrives.
    """
    outlook = Outlook(engine, person)
    asked = [name for name in outlook.courses if engine.applies(assignment, name, day)]
    lapses = [lapse for name in asked if (lapse := outlook.lapse(name, day))]
    for notice in group_lapses(lapses, "overdue"):
        yield Entry("out", notice.cause, notice.requirements, notice.last_day, notice.first_day)
    yield from _returning(outlook, assignment, asked, day)
    yield from _expiring(engine, person, asked, day)
    for name in asked:
        if outlook.standing(name, day) is Standing.PENDING:
            situated = engine.situated(person, name, day)
            yield Entry("pending", name, (name,), None, situated.situation.due_by if situated else None)
    for submission in waiting(engine.rulebook.on(day), person, underway):
        if submission.received_on <= day:
            yield Entry("waiting", submission.type, (), None, submission.received_on)
    gap = unreached(person.email, troubled)
    if asked and gap:
        yield Entry("unreachable", gap.why, (), None, gap.since)


def _expiring(engine: Engine, person: PersonFacts, asked: list[str], day: date) -> Iterator[Entry]:
    """What is current, with its end near; one line for each cause and day."""
    begun = Outlook(engine, as_begun(person, day))
    horizon = later(day, engine.rulebook.on(day).expiring_within_days)
    grouped: dict[tuple[str, date], list[str]] = {}
    for name in asked:
        bad = begun.first_bad_day(name, day) if begun.standing(name, day) is Standing.CURRENT else None
        if bad and day_before(bad) <= horizon:
            for cause in begun.causes(name, bad):
                grouped.setdefault((cause, day_before(bad)), []).append(name)
    for (cause, end), names in grouped.items():
        yield Entry("expiring", cause, tuple(sorted(names)), end, None)


def _returning(outlook: Outlook, assignment: Assignment, asked: list[str], day: date) -> Iterator[Entry]:
    """On leave, back soon, and out of compliance on the first day back."""
    away = [name for name in asked if outlook.standing(name, day) is Standing.ON_LEAVE]
    leaves = [one for one in outlook.person.absences if one.starts_on <= day <= (one.until or OPEN)]
    until = max((one.until or OPEN for one in leaves), default=OPEN)
    if not away or until >= later(day, outlook.engine.rulebook.on(day).expiring_within_days):
        return
    back = day_after(until)
    lapses = [
        lapse
        for name in away
        if outlook.engine.applies(assignment, name, back)
        and outlook.standing(name, back) in OUT_OF_COMPLIANCE
        and (lapse := outlook.lapse(name, back))
    ]
    for notice in group_lapses(lapses, "overdue"):
        yield Entry("returning", notice.cause, notice.requirements, notice.last_day, back)
