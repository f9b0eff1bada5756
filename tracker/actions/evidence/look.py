"""Shows what evidence there is, and a file itself; that somebody looked at one goes to the trail."""

from collections.abc import Iterator

from tracker.actions.evidence.keep import piece_of
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.evidence import EvidenceRow, evidence_in
from tracker.db.former import unknown
from tracker.db.known import known_cards
from tracker.db.refusals import refusals_in
from tracker.domain.errors import NotPossible
from tracker.domain.facts import Evidence, Refusal
from tracker.domain.scope import OnePerson, Scope


def list_evidence(database: Database, scope: OnePerson) -> list[EvidenceRow]:
    """The evidence about a person; raises BadInput if nobody is known by that id."""
    with database.read() as connection:
        if scope.employee_id not in known_cards(connection, [scope.employee_id]):
            raise unknown(connection, scope.employee_id)
        return evidence_in(connection, scope)


def list_refusals(database: Database, scope: OnePerson) -> dict[int, Refusal]:
    """What of a person's evidence was refused, by its number."""
    with database.read() as connection:
        return {one.item: one for one in refusals_in(connection, scope)}


def get_evidence(
    database: Database, author: Author, files: KeptFiles, scope: OnePerson, item: int
) -> tuple[Evidence, bytes]:
    """A piece of evidence with its file; raises NotPossible if the file is gone or altered."""
    with change(database, author, "evidence-get", f"evidence:{item}") as made:
        person = known_cards(made.connection, [scope.employee_id]).get(scope.employee_id)
        if person is None:
            raise unknown(made.connection, scope.employee_id)
        found = piece_of(made.connection, person, item)
        data = files.read(found.sha256)
        made.note_look()
    return found, data


def check_evidence(database: Database, files: KeptFiles, scope: Scope) -> Iterator[int]:
    """The numbers of the pieces of evidence in a scope whose file is gone, or not what was kept."""
    with database.read() as connection:
        rows = evidence_in(connection, scope)
    sound: dict[str, bool] = {}
    for row in rows:
        if row.sha256 not in sound:
            sound[row.sha256] = _is_sound(files, row.sha256)
        if not sound[row.sha256]:
            yield row.item


def _is_sound(files: KeptFiles, digest: str) -> bool:
    try:
        files.read(digest)
    except NotPossible:
        return False
    return True
