"""Settles a card that staff handed in: read once more, taken as a card, or refused. RULES: section 8."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from tracker.actions.change_card import put_on_record
from tracker.actions.evidence.keep import attach
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, Change, change
from tracker.db.connect import Connection, Database
from tracker.db.tables import verifications
from tracker.db.uploads import Upload, upload
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card
from tracker.domain.scope import Scope
from tracker.intake.evidence import PDF
from tracker.intake.guard import text_of_pdf


class Checked(NamedTuple):
    """That the issuer confirmed a card: on which day, and how it was asked."""

    on: date
    how: str


class Accepted(NamedTuple):
    """The card as somebody read it, the issuer's answer if there is one, and whether what is odd about it is right."""

    card: Card
    checked: Checked | None = None
    sure: bool = False


def text_in(files: KeptFiles, one: Upload, data: bytes) -> str:
    """The text of a file that was handed in, empty if it has none or cannot be read."""
    if one.media_type != PDF:
        return ""
    # A typed form does without.
    with suppress(BadInput), files.draft(data) as draft:
        return text_of_pdf(draft, one.file or "the file")
    return ""


def accept_upload(
    database: Database, author: Author, scope: Scope, number: int, accepted: Accepted, today: date
) -> tuple[str, int]:
    """Records the card that an upload shows, with its file, and the issuer's answer if there is one, in one change.

    Returns the employee id and the card's number. What is odd about the card is refused unless somebody is sure of it.
    Raises BadInput if it waits no more, or is of somebody outside the scope.
    """
    with change(database, author, "evidence-accept") as made:
        one = still_waiting(made.connection, scope, today, number)
        made.about(f"evidence:{one.item}")
        card, doubts = put_on_record(made, one.employee_id, accepted.card, today, accept_future=True)
        if not accepted.sure:
            _refuse_if_odd(accepted.card, doubts, today)
        attach(made, one.employee_id, one.item, card)
        if accepted.checked is not None:
            _confirm(made, one.person_id, card, accepted.checked, author)
    return one.employee_id, card


def still_waiting(connection: Connection, scope: Scope, today: date, number: int) -> Upload:
    """An upload that waits; raises BadInput if it does not, in the same words if it is of somebody else."""
    found = upload(connection, scope, today, number)
    if found is None:
        raise BadInput("This upload waits no more: somebody has settled it. Go on with the next one.")
    return found


def _refuse_if_odd(card: Card, doubts: Sequence[str], today: date) -> None:
    """Raises BadInput, which takes the change back, if something about a card has to be said to be right."""
    ahead = card.issued_on is not None and card.issued_on > today
    odd = [*doubts, *(["The day of issue is still to come."] if ahead else [])]
    if odd:
        raise BadInput(f"{' '.join(odd)} If it is right all the same, say so below.")


def _confirm(made: Change, person: int, card: int, checked: Checked, author: Author) -> None:
    made.record(verifications, [(person, card, "confirmed", None, checked.on, author.actor, checked.how)])
