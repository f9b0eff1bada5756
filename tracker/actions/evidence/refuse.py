"""Refuses a card that waits to be checked, and takes that back.

The file stays on record, as whoever asks why is answered by looking at it. Nothing is queued here: the refusal itself
is what is owed, and runs tell it until it was sent.
"""

from datetime import date
from typing import NamedTuple

from tracker.actions.evidence.keep import kept_items, piece_of, refused, submitted
from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.former import unknown
from tracker.db.known import KnownCards, known_cards
from tracker.db.refusals import was_told
from tracker.db.tables import refusals, submissions
from tracker.domain.errors import BadInput
from tracker.domain.facts import Refusal, Submission


def refuse_card(
    database: Database, author: Author, employee_id: str, item: int, why: str, instead: str | None, today: date
) -> str:
    """Ends the wait of a card that was handed in and records why it is not accepted; returns its type.

    Raises BadInput if that piece of evidence does not wait to be checked.
    """
    with change(database, author, "evidence-refuse", f"evidence:{item}", why) as made:
        person = _person(made.connection, employee_id)
        waiting = _waiting(made.connection, person, item)
        made.retract(submissions, [waiting.id])
        row = (made.seq, item, waiting.type, waiting.received_on, today, author.actor, why, instead)
        made.record(refusals, [(person.id, *row)])
    return waiting.type


class Undone(NamedTuple):
    """A refusal that was taken back: whether its card waits to be checked again, and whether the person was told."""

    refusal: Refusal
    waits: bool
    told: bool


def undo_refusal(database: Database, author: Author, employee_id: str, item: int, why: str) -> Undone:
    """Takes a refusal back: the card waits to be checked as before, unless its file was taken back meanwhile.

    Raises BadInput if that piece of evidence was not refused.
    """
    with change(database, author, "evidence-refuse-undo", f"evidence:{item}", why) as made:
        person = _person(made.connection, employee_id)
        found = [one for one in refused(made.connection, person.id) if one.item == item]
        if not found:
            raise BadInput(f"Evidence {item} was not refused; 'tracker evidence list {employee_id}' lists what was.")
        made.retract(refusals, [one.id for one in found])
        one = found[-1]
        waits = item in kept_items(made.connection, person.id)
        if waits:
            made.record(submissions, [(person.id, one.type, one.received_on, item)])
        return Undone(one, waits, was_told(made.connection, one.entry))


def _waiting(connection: Connection, person: KnownCards, item: int) -> Submission:
    shown = piece_of(connection, person, item).card
    if shown is not None:
        raise BadInput(f"Evidence {item} shows card {shown}, which is on record; see 'tracker card retract'.")
    for one in refused(connection, person.id):
        if one.item == item:
            raise BadInput(
                f"Evidence {item} was refused already, on {one.refused_on}; to say something else, take that back "
                f"first with 'tracker evidence refuse-undo {person.employee_id} {item}'."
            )
    for waiting in submitted(connection, person.id):
        if waiting.item == item:
            return waiting
    raise BadInput(
        f"Evidence {item} does not wait to be checked, so there is nothing to refuse; "
        f"'tracker evidence retract {person.employee_id} {item}' takes a file back that is on record by mistake."
    )


def _person(connection: Connection, employee_id: str) -> KnownCards:
    found = known_cards(connection, [employee_id]).get(employee_id)
    if found is None:
        raise unknown(connection, employee_id)
    return found
