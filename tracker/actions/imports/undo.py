"""Takes an import back: what it recorded is retracted, what it had replaced holds again."""

from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.known import (
    building_on,
    described_changes,
    find_batches,
    not_holding,
    put_back,
    recorded_in,
    retracted_in,
)
from tracker.db.tables import FACTS
from tracker.domain.errors import BadInput


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
        conflicts = building_on(made.connection, batch.seq)
        if conflicts:
            named = ", ".join(described_changes(made.connection, conflicts[:20]))
            more = f" and {len(conflicts) - 20} more" if len(conflicts) > 20 else ""
            raise BadInput(
                f"Import {number} cannot be undone, because later changes build on it: {named}{more}; "
                "undo those imports first (the latest first), or retract what the others recorded."
            )
        retracted = restored = 0
        for table in FACTS:
            recorded = recorded_in(made.connection, table, batch.seq)
            recorded += [fact for fact in put_back(made.connection, table, batch.seq) if fact.retracted is None]
            replaced = retracted_in(made.connection, table, batch.seq)
            if recorded:
                made.retract(table, [fact.id for fact in recorded])
            again = not_holding(made.connection, table, [tuple(fact)[1:-2] for fact in replaced])
            made.record(table, again)
            retracted += len(recorded)
            restored += len(again)
        made.mark_undone(number)
    return retracted, restored
