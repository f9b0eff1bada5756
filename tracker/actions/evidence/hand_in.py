"""Takes in a card that somebody hands in themselves: a photo or PDF, and which card it is to be.

It waits to be checked by an educator or a manager. RULES: section 6, a submission.
"""

from datetime import date

from tracker.actions.evidence.keep import keep_evidence, piece_of, refused, submitted
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, Change, change
from tracker.db.connect import Connection, Database
from tracker.db.former import unknown
from tracker.db.known import KnownCards, known_cards
from tracker.db.policies import load_rulebook
from tracker.db.tables import submissions
from tracker.domain.errors import BadInput
from tracker.intake.evidence import EvidenceFile

# Cards of one person that wait at a time: whoever hands in more is asked to wait as well.
MOST_WAITING = 10


def hand_in_card(
    database: Database,
    author: Author,
    files: KeptFiles,
    employee_id: str,
    file: EvidenceFile,
    card_type: str,
    today: date,
) -> None:
    """Keeps the file and records that a card of that type waits to be checked, once however often it is sent.

    Raises BadInput if the policy has no such type, if too many wait already, or if the file shows a card on record or
    was refused before.
    """
    with database.read() as connection:
        if card_type not in load_rulebook(connection).on(today).types:
            raise BadInput("Choose which card it is.")
        waiting = submitted(connection, _person(connection, employee_id).id)
    if len(waiting) >= MOST_WAITING:
        raise BadInput(f"{len(waiting)} of your cards wait to be checked already; wait until they are.")
    kept = keep_evidence(database, author, files, employee_id, file)
    with change(database, author, "evidence-wait", f"evidence:{kept.item}") as made:
        _wait(made, _person(made.connection, employee_id), kept.item, card_type, today)


def _wait(made: Change, person: KnownCards, item: int, card_type: str, today: date) -> None:
    if piece_of(made.connection, person, item).card is not None:
        raise BadInput("This very file shows a card that is on record already; there is nothing more to do.")
    if any(one.item == item for one in refused(made.connection, person.id)):
        raise BadInput("This very file was not accepted before; take another picture, or ask your manager.")
    if all(one.item != item for one in submitted(made.connection, person.id)):
        made.record(submissions, [(person.id, card_type, today, item)])


def _person(connection: Connection, employee_id: str) -> KnownCards:
    found = known_cards(connection, [employee_id]).get(employee_id)
    if found is None:
        raise unknown(connection, employee_id)
    return found
