"""Takes an import back: what it recorded is retracted, what it had replaced holds again."""

from datetime import date
from typing import NamedTuple

from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.in_scope import is_about_others
from tracker.db.known import Batch, find_batches
from tracker.db.taking_back import recorded_by, refuse_if_built_upon, take_back
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE, InUnits, Scope

THEN = (
    "undo those imports first (the latest first), take renamed or merged people back with 'tracker person undo', "
    "or retract what the others recorded"
)


class Imported(NamedTuple):
    """An import as it is shown: its batch, what it recorded that holds, by kind, and why it cannot be undone, if so."""

    batch: Batch
    facts: dict[str, int]
    refusal: str


def undo_import(
    database: Database, scope: Scope, author: Author, number: int, today: date, *, dry_run: bool = False
) -> tuple[int, int]:
    """Undoes a batch; returns how many facts it retracted and how many hold again.

    Whoever has units of their own takes back what they imported themselves, if all of it is still about these.

    Raises BadInput if there is no such batch, it was undone before, or something later builds on it (which is listed).
    """
    with change(database, author, "import-undo", f"batch:{number}", dry_run=dry_run) as made:
        batch = _batch(made.connection, scope, author, number)
        if batch.undone is not None:
            raise BadInput(f"Import {number} was undone already; nothing is left to undo.")
        _refuse(made.connection, scope, batch, today)
        counts = take_back(made, batch.seq)
        made.mark_undone(number)
    return counts


def see_import(database: Database, scope: Scope, author: Author, number: int, today: date) -> Imported:
    """An import, and what undoing it would take back. Raises BadInput if there is no such batch."""
    with database.read() as connection:
        batch = _batch(connection, scope, author, number)
        if batch.undone is not None:
            return Imported(batch, {}, "")
        facts = recorded_by(connection, batch.seq)
        try:
            _refuse(connection, scope, batch, today)
        except BadInput as error:
            return Imported(batch, facts, str(error))
    return Imported(batch, facts, "")


def latest_imports(database: Database, scope: Scope, author: Author, most: int) -> list[Batch]:
    """The latest imports that somebody may see: all, or their own where they have units of their own."""
    with database.read() as connection:
        return find_batches(connection, actor=None if scope == EVERYONE else author.actor, most=most)


def _batch(connection: Connection, scope: Scope, author: Author, number: int) -> Batch:
    found = find_batches(connection, number)
    if not found or (scope != EVERYONE and found[0].actor != author.actor):
        raise BadInput(f"There is no import {number}; 'tracker imports' lists them.")
    return found[0]


def _refuse(connection: Connection, scope: Scope, batch: Batch, today: date) -> None:
    """Raises BadInput if something later builds on an import, or it is about what is not of a scope by now."""
    if isinstance(scope, InUnits) and is_about_others(connection, scope, batch.seq, today):
        raise BadInput(
            f"Import {batch.id} is about people or units that are not yours by now; ask an educator to undo it."
        )
    refuse_if_built_upon(connection, batch.seq, f"Import {batch.id}", THEN)
