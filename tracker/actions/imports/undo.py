"""Takes an import back: what it recorded is retracted, what it had replaced holds again."""

from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.known import find_batches
from tracker.db.taking_back import refuse_if_built_upon, take_back
from tracker.domain.errors import BadInput

THEN = (
    "undo those imports first (the latest first), take renamed or merged people back with 'tracker person undo', "
    "or retract what the others recorded"
)


def undo_import(database: Database, author: Author, number: int, *, dry_run: bool = False) -> tuple[int, int]:
    """Undoes a batch; returns how many facts it retracted and how many hold again.

    Raises BadInput if there is no such batch, it was undone before, or something later builds on it (which is listed).
    """
    with change(database, author, "import-undo", f"batch:{number}", dry_run=dry_run) as made:
        found = find_batches(made.connection, number)
        if not found:
            raise BadInput(f"There is no import {number}; 'tracker imports' lists them.")
        batch = found[0]
        if batch.undone is not None:
            raise BadInput(f"Import {number} was undone already; nothing is left to undo.")
        refuse_if_built_upon(made.connection, batch.seq, f"Import {number}", THEN)
        counts = take_back(made, batch.seq)
        made.mark_undone(number)
    return counts
