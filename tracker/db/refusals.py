"""Cards that were handed in and not accepted: what is on record, and what of it was told."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import facts_by_person, in_scope
from tracker.db.tables import cards, mails, notices, refusals
from tracker.domain.facts import Refusal
from tracker.domain.refusals import KIND, Refused
from tracker.domain.scope import Scope


def refusals_in(connection: Connection, scope: Scope) -> list[Refusal]:
    """The refusals of the people in a scope that hold, in the order in which they were recorded."""
    ids = list(connection.execute(in_scope(scope, None)).scalars())
    found = facts_by_person(connection, refusals, Refusal, ids)
    return [one for number in sorted(found) for one in found[number]]


def refused_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Refused]]:
    """The refusals of some people, each with the cards of theirs that were recorded since."""
    found = facts_by_person(connection, refusals, Refusal, ids)
    if not found:
        return {}
    # A card's number is that of the row by which it came; corrections and merges bring other rows.
    first = cards.alias()
    query = (
        select(cards.c.person_id, cards.c.card, first.c.recorded)
        .join(first, first.c.id == cards.c.card)
        .where(holds(cards, None), among(connection, cards.c.person_id, sorted(found)))
    )
    came: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, card, recorded in connection.execute(query):
        came[number].append((card, recorded))
    return {
        number: [
            Refused(one, frozenset(card for card, recorded in came.get(number, ()) if recorded > one.entry))
            for one in some
        ]
        for number, some in found.items()
    }


def was_told(connection: Connection, entry: int) -> bool:
    """Whether a mail about a refusal was sent, or is being sent at this moment."""
    query = (
        select(mails.c.id)
        .join(notices, notices.c.mail_id == mails.c.id)
        .where(mails.c.kind == KIND, mails.c.state.in_(("sent", "sending")), notices.c.stage == str(entry))
    )
    return connection.execute(query.limit(1)).first() is not None
