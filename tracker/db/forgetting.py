"""The one way to remove facts for good: noted in the trail, which can be proved before and after.

What a change recorded is digested in blocks (`tracker/db/sealing.py`). Removing reads the block once more and refuses
if it is not what was recorded, so that nobody hides an alteration behind a removal; then it says in the change that
removes what the block holds from now on, and drops the salt of the digest from before, so that nobody finds out by
trying what it was over.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, delete, select, update

from tracker.db.bulk import CHUNK, among, insert_rows
from tracker.db.change import Change
from tracker.db.proof import NOTES, Expected, expected_blocks, notes_as_sealed, sealed_rows
from tracker.db.sealed_tables import blocks, removals, resealings, salts
from tracker.db.sealing import Row, new_salt, salted, seal
from tracker.db.tables import changes, seals
from tracker.domain.errors import NotPossible


def forget(made: Change, gone: Mapping[Table, Iterable[int]], notes: Iterable[int] = ()) -> None:
    """Removes facts by their numbers, and the notes of some entries. To be called once in a change.

    What it costs goes by what is removed. Raises NotPossible where the trail does not hold.
    """
    for table, ids in gone.items():
        _forget_facts(made, table, sorted(set(ids)))
    _forget_notes(made, sorted(set(notes)))


def _forget_facts(made: Change, table: Table, ids: list[int]) -> None:
    if not ids:
        return
    connection = made.connection
    reread = [
        (block, _as_recorded(connection, table, block))
        for block in expected_blocks(connection, table.name, _firsts(connection, table.name, ids))
    ]
    known: list[Row] = []
    for start in range(0, len(ids), CHUNK):
        chosen = among(connection, table.c.id, ids[start : start + CHUNK])
        query = select(table.c.id, table.c.recorded, table.c.retracted).where(chosen).order_by(table.c.id)
        known += [tuple(row) for row in connection.execute(query)]
    made.record(removals, [(table.name, *row) for row in known])
    made.remove(table, ids)
    left_out = set(ids)
    for block, rows in reread:
        _reseal(made, table.name, block.first, [row for row in rows if row[0] not in left_out])


def _firsts(connection: Connection, kind: str, ids: list[int]) -> list[int]:
    """By what numbers the blocks begin in which some facts are."""
    found: list[int] = []
    last = 0
    for number in ids:
        if number > last:
            query = select(blocks.c.first, blocks.c.last).where(blocks.c.kind == kind, blocks.c.first <= number)
            block = connection.execute(query.order_by(blocks.c.first.desc()).limit(1)).first()
            if block is None or block.last < number:
                raise _broken()
            last = block.last
            found.append(block.first)
    return found


def _as_recorded(connection: Connection, table: Table, block: Expected) -> list[Row]:
    """The facts of a block; raises NotPossible if they are not those that were recorded."""
    rows = list(sealed_rows(connection, table, table.c.id.between(block.first, block.last)))
    if salted(block.salt, rows) != block.digest:
        raise _broken()
    return rows


def _reseal(made: Change, kind: str, first: int, rows: list[Row]) -> None:
    salt = new_salt()
    made.record(resealings, [(kind, first, len(rows), salted(salt, rows))])
    _drop_salts(made.connection, kind, first)
    insert_rows(made.connection, salts, [(kind, first, made.seq, salt)])


def _drop_salts(connection: Connection, kind: str, first: int) -> None:
    connection.execute(delete(salts).where(salts.c.kind == kind, salts.c.first == first))


def _forget_notes(made: Change, entries: list[int]) -> None:
    if not entries:
        return
    connection, sealed = made.connection, notes_as_sealed(made.connection)
    chosen = among(connection, changes.c.seq, entries)
    for row in connection.execute(select(changes).where(chosen, changes.c.note.is_not(None))).all():
        before = connection.execute(select(seals.c.hash).where(seals.c.seq == row.seq - 1)).scalar() or ""
        own = connection.execute(select(seals).where(seals.c.seq == row.seq)).one()
        noted = sealed.noted(row.seq, before, row.note)
        if seal(before, tuple(row)[:6], noted, own.digest) != own.hash:
            raise _broken()
        made.record(removals, [(NOTES, row.seq, row.seq, None)])
        made.record(resealings, [(NOTES, row.seq, 0, noted)])
        connection.execute(update(changes).where(changes.c.seq == row.seq).values(note=None))
        _drop_salts(connection, NOTES, row.seq)


def _broken() -> NotPossible:
    return NotPossible(
        "Nothing was removed, as the trail does not hold; see 'tracker audit verify' and restore a backup first."
    )
