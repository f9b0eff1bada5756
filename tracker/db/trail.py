"""Reads the trail, and proves that nothing in it was changed, removed or reordered."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.ids import is_erased, is_retired
from tracker.db.moments import holds
from tracker.db.proof import miscounted, notes_as_sealed, sealed_digests, still_there, unlike
from tracker.db.sealing import digest_of, seal
from tracker.db.tables import SEALED, batches, changes, identities, people, seals

# A database takes no larger numbers in a column, and some refuse to be asked for one.
LARGEST = 2**31 - 1


class Entry(NamedTuple):
    """Who did what, when, from where and why."""

    seq: int
    at: datetime
    actor: str
    source: str
    action: str
    subject: str
    note: str | None


def entries(connection: Connection, limit: int | None = None) -> list[Entry]:
    """The latest entries, the latest first."""
    query = select(changes).order_by(changes.c.seq.desc()).limit(limit)
    return [Entry(*row) for row in connection.execute(query)]


def entry(connection: Connection, seq: int) -> Entry | None:
    """One entry; None if there is none of that number."""
    row = connection.execute(select(changes).where(changes.c.seq == seq)).first()
    return Entry(*row) if row else None


def head(connection: Connection) -> tuple[int, str] | None:
    """The number and hash of the last entry; None if there is none."""
    row = connection.execute(select(seals.c.seq, seals.c.hash).order_by(seals.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else None


def seal_of(connection: Connection, seq: int) -> str | None:
    """The hash of an entry; None if there is none, however large or small the number."""
    if not 0 < seq <= LARGEST:
        return None
    return connection.execute(select(seals.c.hash).where(seals.c.seq == seq)).scalar()


def faults(connection: Connection) -> Iterator[str]:
    """Everything that does not fit, named: entries out of order, hashes that differ, facts that are not as recorded."""
    digests, nothing = sealed_digests(connection), digest_of([], {})
    notes, wrong = notes_as_sealed(connection), unlike(connection)
    before, expected = "", 1
    query = select(changes, seals.c.digest, seals.c.hash).outerjoin(seals, seals.c.seq == changes.c.seq)
    for row in connection.execute(query.order_by(changes.c.seq)).all():
        if row.seq != expected:
            yield f"Entry {expected} is missing."
        if row.hash is None:
            yield f"Entry {row.seq} has no seal."
        elif seal(before, tuple(row)[:6], notes.noted(row.seq, before, row.note), row.digest) != row.hash:
            yield f"Entry {row.seq} was changed, or does not follow on the one before."
        elif digests.get(row.seq, nothing) != row.digest or row.seq in wrong:
            yield f"Facts of entry {row.seq} were changed, added or removed."
        before, expected = row.hash or "", row.seq + 1
    yield from _renumbered(connection)
    yield from _wrongly_undone(connection)
    yield from _strays(connection, expected)
    for kind, number, by in still_there(connection):
        yield f"The entry {by} removed {kind} {number}, which is there."
    for kind, by in miscounted(connection):
        yield f"Of {kind} the entry {by} recorded or removed other facts than it says."


def _strays(connection: Connection, end: int) -> Iterator[str]:
    """Facts of changes that have no entry."""
    for table in SEALED:
        known = [column.between(1, end - 1) for column in (table.c.recorded, table.c.retracted)]
        stray = select(table.c.id).where(~known[0] | (table.c.retracted.is_not(None) & ~known[1]))
        for number in connection.execute(stray).scalars():
            yield f"The change of {table.name} {number} has no entry."


def _wrongly_undone(connection: Connection) -> Iterator[str]:
    """Imports marked as undone by a change that did not undo them, or not marked though one did."""
    undos = select(changes.c.seq, changes.c.subject).where(changes.c.action == "import-undo")
    by_subject = {subject: seq for seq, subject in connection.execute(undos)}
    for number, undone in connection.execute(select(batches.c.id, batches.c.undone)):
        if by_subject.get(f"batch:{number}") != undone:
            yield f"Import {number} is marked as undone, or not, against the trail."


def _renumbered(connection: Connection) -> Iterator[str]:
    """People whose employee id is not the one recorded of them, or of whom nothing was ever recorded."""
    query = (
        select(people.c.id, people.c.employee_id)
        .outerjoin(identities, (identities.c.person_id == people.c.id) & holds(identities, None))
        .where(identities.c.employee_id.is_(None) | (identities.c.employee_id != people.c.employee_id))
        .order_by(people.c.id)
    )
    left = connection.execute(query.add_columns(identities.c.employee_id.label("recorded"))).all()
    # Who is nobody now holds an id that somebody had, so that it is not taken for a new one.
    theirs = among(connection, identities.c.employee_id, [row.employee_id for row in left])
    had = set(connection.execute(select(identities.c.employee_id).where(theirs)).scalars()) if left else set()
    for number, employee_id, recorded in left:
        gone = employee_id in had or is_retired(number, employee_id) or is_erased(number, employee_id)
        if recorded is not None or not gone:
            yield f"The employee id of person {number} is not the one recorded."
