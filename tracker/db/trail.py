"""Reads the trail, and proves that nothing in it was changed, removed or reordered."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from tracker.db.bulk import as_text
from tracker.db.change import canonical, digest_of, seal
from tracker.db.tables import FACTS, batches, changes, identities, people, seals


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


def head(connection: Connection) -> tuple[int, str] | None:
    """The number and hash of the last entry; None if there is none."""
    row = connection.execute(select(seals.c.seq, seals.c.hash).order_by(seals.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else None


def seal_of(connection: Connection, seq: int) -> str | None:
    """The hash of an entry; None if there is none."""
    return connection.execute(select(seals.c.hash).where(seals.c.seq == seq)).scalar()


def faults(connection: Connection) -> Iterator[str]:
    """Everything that does not fit, named: entries out of order, hashes that differ, facts that are not as recorded."""
    digests, nothing = _digests(connection), digest_of({}, {})
    before, expected = "", 1
    query = select(changes, seals.c.digest, seals.c.hash).outerjoin(seals, seals.c.seq == changes.c.seq)
    for row in connection.execute(query.order_by(changes.c.seq)).all():
        if row.seq != expected:
            yield f"Entry {expected} is missing."
        if row.hash is None:
            yield f"Entry {row.seq} has no seal."
        elif seal(before, tuple(row)[:7], row.digest) != row.hash:
            yield f"Entry {row.seq} was changed, or does not follow on the one before."
        elif digests.get(row.seq, nothing) != row.digest:
            yield f"Facts of entry {row.seq} were changed, added or removed."
        before, expected = row.hash or "", row.seq + 1
    yield from _renumbered(connection)
    yield from _wrongly_undone(connection)
    for table in FACTS:
        known = [column.between(1, expected - 1) for column in (table.c.recorded, table.c.retracted)]
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
    """People whose employee id is not the one that was last recorded of them."""
    latest = select(func.max(identities.c.id)).group_by(identities.c.person_id)
    last = select(identities.c.person_id, identities.c.employee_id).where(identities.c.id.in_(latest)).subquery()
    query = select(people.c.id).outerjoin(last, last.c.person_id == people.c.id)
    differs = last.c.employee_id.is_(None) | (last.c.employee_id != people.c.employee_id)
    for number in connection.execute(query.where(differs)).scalars():
        yield f"The employee id of person {number} is not the one recorded."


def _digests(connection: Connection) -> dict[int, str]:
    """For each change the digest of what it recorded and retracted, from the facts as they are stored now."""
    recorded: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
    retracted: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for table in FACTS:
        columns = [as_text(column) for column in table.c if column.name != "retracted"]
        query = select(*columns).order_by(table.c.recorded, table.c.id).execution_options(yield_per=5_000)
        for seq, rows in groupby(connection.execute(query), key=lambda row: row.recorded):
            found, count = sha256(), 0
            for row in rows:
                found.update(canonical([tuple(row)]))
                count += 1
            recorded[seq][table.name] = (count, found.hexdigest())
        gone = select(table.c.retracted, table.c.id).where(table.c.retracted.is_not(None)).order_by(table.c.id)
        for seq, number in connection.execute(gone):
            retracted[seq].setdefault(table.name, []).append(number)
    for number, seq, files in connection.execute(select(batches.c.id, batches.c.seq, batches.c.files)):
        recorded[seq][batches.name] = (1, sha256(canonical([(number, seq, files)])).hexdigest())
    return {seq: digest_of(recorded[seq], retracted[seq]) for seq in {*recorded, *retracted}}
