"""Erases a person, where the law asks: all facts, files and addresses; the trail keeps that it was done."""

from typing import NamedTuple

from tracker.actions.evidence.gone import remove_files
from tracker.actions.issued_files import FOLDER, naming, remove_issued
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.erasing import ERASE, answers_for, erase, theirs
from tracker.db.meant import called_now
from tracker.db.tables import issues
from tracker.domain.errors import NotPossible
from tracker.reports.pseudonyms import label


class Erased(NamedTuple):
    """What was, or would be, erased: facts of each kind and files by count, issued reports by number, what is left.

    `answers_for`: so many facts of others name an address of theirs as a manager's. `left`: the hashes of files that
    could not be removed. `is_overwritten`: whether the database overwrote the bytes at once.
    """

    entry: int
    facts: dict[str, int]
    files: int
    reports: list[int]
    answers_for: int
    left: list[str]
    is_overwritten: bool


def erase_person(
    database: Database,
    author: Author,
    files: KeptFiles,
    employee_id: str,
    why: str,
    *,
    secret: str = "",
    dry_run: bool = False,
) -> Erased:
    """Erases whoever has an employee id, with everybody who became that person.

    `secret` is the installation's, by which reports with labels instead of names are known to be about the person.

    Raises BadInput if nobody is meant, and NotPossible where the trail does not hold.
    """
    issued = files.beside(FOLDER)
    with change(database, author, ERASE, note=why, dry_run=dry_run) as made:
        numbers = called_now(made.connection, employee_id)
        found = theirs(made.connection, numbers, joint=True)
        made.about(f"person:{numbers[0]}")
        erase(made, found)
        labels = {label(secret, one) for one in found.employee_ids}
        reports = naming(made.connection, issued, found.employee_ids | found.names | labels)
        if reports:
            made.retract(issues, [one.number for one in reports])
        others = answers_for(made.connection, found.emails)
    counts = {table.name: len(ids) for table, ids in found.facts.items() if ids}
    done = Erased(made.seq, counts, len(found.files), [one.number for one in reports], others, [], is_overwritten=False)
    if dry_run:
        return done
    left = remove_files(database, files, found.files) + remove_issued(database, issued, reports)
    return done._replace(left=left, is_overwritten=_overwritten(database))


def _overwritten(database: Database) -> bool:
    try:
        return database.compact()
    except NotPossible:
        # The person is erased by now; only the bytes are left, as where the disk has no room for a second file.
        return False
