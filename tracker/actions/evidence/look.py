"""Shows what evidence there is, and a file itself; that somebody looked at one goes to the trail."""

from tracker.actions.evidence.files import EvidenceFiles
from tracker.actions.evidence.keep import piece_of
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.evidence import EvidenceRow, evidence_in
from tracker.db.known import known_cards
from tracker.domain.errors import unknown_person
from tracker.domain.facts import Evidence
from tracker.domain.scope import OnePerson


def list_evidence(database: Database, scope: OnePerson) -> list[EvidenceRow]:
    """The evidence about a person; raises BadInput if nobody is known by that id."""
    with database.read() as connection:
        if scope.employee_id not in known_cards(connection, [scope.employee_id]):
            raise unknown_person(scope.employee_id)
        return evidence_in(connection, scope)


def get_evidence(
    database: Database, author: Author, files: EvidenceFiles, scope: OnePerson, item: int
) -> tuple[Evidence, bytes]:
    """A piece of evidence with its file; raises NotPossible if the file is gone or altered."""
    with change(database, author, "evidence-get", f"evidence:{item}") as made:
        person = known_cards(made.connection, [scope.employee_id]).get(scope.employee_id)
        if person is None:
            raise unknown_person(scope.employee_id)
        found = piece_of(made.connection, person, item)
        data = files.read(found.sha256)
        made.note_look()
    return found, data
