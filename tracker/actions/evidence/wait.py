"""A card that was handed in and that nobody has confirmed yet waits to be checked: a submission, as RULES call it.

It silences the person's own reminders for that type of card for a while, and stands in the managers' digest. So it has
to be a card that a confirmation would bring: not one on record, over, or of somebody else by its name.
"""

from datetime import date

from tracker.actions.evidence.keep import piece_of, refused, submitted
from tracker.actions.evidence.propose import Proposal
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.former import unknown
from tracker.db.known import known_cards
from tracker.db.policies import load_rulebook
from tracker.db.tables import submissions
from tracker.domain.door import Door
from tracker.domain.policy import Policy
from tracker.domain.same_card import find_same
from tracker.domain.validity import window


def wait_to_be_checked(
    database: Database, author: Author, employee_id: str, item: int, proposal: Proposal, today: date
) -> str | None:
    """Records that the card that a file seems to show waits to be checked; returns its type, None if it does not.

    Once for a file, however often it is handed in: the day on which it came stays. One that was refused waits no more.
    """
    with change(database, author, "evidence-wait", f"evidence:{item}") as made:
        person = known_cards(made.connection, [employee_id]).get(employee_id)
        if person is None:
            raise unknown(made.connection, employee_id)
        policy = load_rulebook(made.connection).on(today)
        shown = piece_of(made.connection, person, item).card
        was_refused = any(one.item == item for one in refused(made.connection, person.id))
        if shown is not None or was_refused or not _is_to_be_checked(policy, proposal, today):
            return None
        if all(one.item != item for one in submitted(made.connection, person.id)):
            made.record(submissions, [(person.id, proposal.card.type, today, item)])
        return proposal.card.type


def _is_to_be_checked(policy: Policy, proposal: Proposal, today: date) -> bool:
    card = proposal.card
    if not (proposal.complete and proposal.same_name) or Door(policy, today).refusal(card):
        return False
    good = window(policy, card)
    return good is not None and good.last >= today and find_same(policy, proposal.known, card) is None
