"""Erases a person, where the law asks: all facts, files and addresses; the trail keeps that it was done."""

from typing import NamedTuple

from tracker.actions.evidence.files import EvidenceFiles
from tracker.actions.evidence.gone import remove_files
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.erasing import answers_for, erase, theirs
from tracker.db.meant import called_now
from tracker.domain.errors import NotPossible

ACTION = "person-erase"


class Erased(NamedTuple):
    """What was, or would be, erased: facts of each kind and files by their count, and what is left.

    `answers_for`: so many facts of others name an address of theirs as a manager's. `left`: the hashes of files that
    could not be removed. `is_overwritten`: whether the database overwrote the bytes at once.
    """

    entry: int
    facts: dict[str, int]
    files: int
    answers_for: int
    left: list[str]
    is_overwritten: bool


def erase_person(
    database: Database, author: Author, files: EvidenceFiles, employee_id: str, why: str, *, dry_run: bool = False
) -> Erased:
    """Erases whoever has an employee id, with everybody who became that person.

    Raises BadInput if nobody is meant, and NotPossible where the trail does not hold.
    """
    with change(database, author, ACTION, note=why, dry_run=dry_run) as made:
        numbers = called_now(made.connection, employee_id)
        found = theirs(made.connection, numbers, joint=True)
        made.about(f"person:{numbers[0]}")
        erase(made, found)
        others = answers_for(made.connection, found.emails)
    counts = {table.name: len(ids) for table, ids in found.facts.items() if ids}
    if dry_run:
        return Erased(made.seq, counts, len(found.files), others, [], is_overwritten=False)
    left = remove_files(database, files, found.files)
    return Erased(made.seq, counts, len(found.files), others, left, _overwritten(database))


def _overwritten(database: Database) -> bool:
    try:
        return database.compact()
    except NotPossible:
        # The person is erased by now; only the bytes are left, as where the disk has no room for a second file.
        return False
