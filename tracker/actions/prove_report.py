"""Proves that a report is what was issued, or that all issued is still what it was; hands one out once more."""

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.erasing import ERASE
from tracker.db.issues import Issue, issue, issues_of, kept
from tracker.db.trail import faults
from tracker.domain.errors import BadInput, NotPossible

# What the trail calls it.
FETCH = "report-fetch"


class Proof(NamedTuple):
    """Which reports a file is, and what of the trail, by which that is known, does not hold."""

    issues: list[Issue]
    faults: list[str]


def prove_report(database: Database, content: bytes) -> Proof:
    """Which issued report a file is, to the last byte; none if it was never issued, or altered since."""
    with database.read() as connection:
        found = issues_of(connection, sha256(content).hexdigest())
        return Proof(found, list(faults(connection)))


def prove_all(database: Database, files: KeptFiles) -> Iterator[str]:
    """Everything wrong with what was issued: in the trail, or among the files kept."""
    with database.read() as connection:
        yield from faults(connection)
        for one in kept(connection):
            for what, digest in (("file", one.sha256), ("figures", one.data_sha256)):
                try:
                    files.read(digest)
                except NotPossible as error:
                    yield f"Report {one.number} ({one.kind} as {one.form}): its {what} cannot be proved. {error}"


def fetch_report(database: Database, author: Author, files: KeptFiles, number: int) -> tuple[Issue, bytes]:
    """A report as it was issued; raises BadInput if there is none of that number, NotPossible if the file is gone.

    It may show evidence, so the trail says who had it.
    """
    with change(database, author, FETCH, f"report:{number}") as made:
        found = issue(made.connection, number)
        if found is None:
            raise BadInput(f"No report {number} was issued; 'tracker report issued' lists those that were.")
        if found.removed is not None:
            why = "erased somebody whom it named" if found.removed_as == ERASE else "removed it, as it was past keeping"
            raise NotPossible(
                f"Report {number} is kept no more: entry {found.removed} of the trail {why}. A copy at hand can still "
                "be proved."
            )
        content = files.read(found.sha256)
        made.note_look()
    return found, content
