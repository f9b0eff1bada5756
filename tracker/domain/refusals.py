"""When a person is told that a card they handed in was not accepted, and why not yet.

The refusal is owed until it was sent. Whatever a reminder waits for, it waits for as well, but for a booking or an
exemption: it answers what the person did.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.days import OPEN
from tracker.domain.facts import PersonFacts, Refusal
from tracker.domain.reminders import Kind, Notice, Reason, Sent, Underway, waits
from tracker.domain.timeline import Engine

KIND: Kind = "card_rejected"


class Refused(NamedTuple):
    """A refusal, and the numbers of the cards that were recorded since."""

    refusal: Refusal
    cards_since: frozenset[int] = frozenset()


class Answer(NamedTuple):
    """The refusal that is told on a day, why one is not, and whether any is still to be told, be it on another day."""

    notice: Notice | None = None
    reason: Reason | None = None
    to_come: bool = False


def plan_answer(
    engine: Engine,
    person: PersonFacts,
    underway: Underway,
    refused: Sequence[Refused],
    sent: Sequence[Sent],
    day: date,
    barrier: Reason | None,
) -> Answer:
    """Decides which refusal a person is told of on a day: one, the oldest that is untold.

    `barrier` is why no mail reaches the person. Nothing is said to leavers, nor of what was made good since.
    """
    mails = [each for each in sent if each.kind == KIND]
    told = {each.notice.stage for each in mails}
    untold = [
        one.refusal for one in refused if one.refusal.entry not in told and not _made_good(engine, person, one, day)
    ]
    if not untold or all((one.ends_on or OPEN) < day for one in person.assignments):
        return Answer()
    due = [one for one in untold if one.refused_on <= day]
    if not due or any(each.day >= day for each in mails):
        return Answer(to_come=True)
    if barrier and barrier != "held":
        # Before the leave: after that nothing would arrive either.
        return Answer(None, barrier, True)
    if any(one.starts_on <= day <= (one.until or OPEN) for one in person.absences):
        return Answer(None, "on_leave", True)
    # Whoever has sent another already is not asked for another.
    due = [one for one in due if not any(each.type == one.type and waits(each, day) for each in underway.submissions)]
    if not due or barrier:
        return Answer(None, barrier if due else "awaiting_check", True)
    first = min(due, key=lambda one: one.entry)
    return Answer(Notice((), first.type, first.entry, None, None), None, True)


def _made_good(engine: Engine, person: PersonFacts, refused: Refused, day: date) -> bool:
    """Whether a card came since that counts as what was refused, today or later."""
    if not refused.cards_since:
        return False
    return any(
        one.card.id in refused.cards_since and refused.refusal.type in one.worth and one.span.last >= day
        for one in engine.reader_on(day).held(person)
    )
