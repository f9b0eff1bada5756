"""Holds the facts as they are stored now against the digests that the trail is sealed with.

A block is as it was sealed, or as the change that last removed something from it says. What was removed is gone and
noted; whatever else is missing, different or too much is a fault of the entry that recorded it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, literal, select

from tracker.db.bulk import among, as_text
from tracker.db.sealed_tables import blocks, removals, resealings, salts
from tracker.db.sealing import Row, digest_of, noted_of, salted
from tracker.db.tables import FACTS, SEALED, batches, changes

# How the name of what was removed stands in `removals`, if it is no fact.
NOTES = changes.name


class Expected(NamedTuple):
    """What a block should hold by now."""

    first: int
    last: int
    seq: int
    size: int
    digest: str
    salt: str


Latest = dict[tuple[str, int], tuple[int, int, str]]


def latest_resealings(connection: Connection, *conditions: ColumnElement[bool]) -> Latest:
    """By kind and first number what blocks, and notes, hold since: the change that said so, the count, the digest."""
    columns = (resealings.c.kind, resealings.c.first, resealings.c.recorded, resealings.c.count, resealings.c.digest)
    rows = connection.execute(select(*columns).where(*conditions).order_by(resealings.c.id))
    return {(kind, first): (by, count, digest) for kind, first, by, count, digest in rows}


def expected_blocks(connection: Connection, kind: str, firsts: list[int] | None = None) -> list[Expected]:
    """Blocks of one kind as they should be by now, by their numbers; all of them, or those that begin so."""

    def wanted(table: Table) -> list[ColumnElement[bool]]:
        of_kind = [table.c.kind == kind]
        return of_kind if firsts is None else [*of_kind, among(connection, table.c.first, firsts)]

    latest = latest_resealings(connection, *wanted(resealings))
    query = select(salts.c.first, salts.c.version, salts.c.salt).where(*wanted(salts))
    known = {(first, version): salt for first, version, salt in connection.execute(query)}
    columns = (blocks.c.first, blocks.c.last, blocks.c.seq, blocks.c.count, blocks.c.digest)
    rows = connection.execute(select(*columns).where(*wanted(blocks)).order_by(blocks.c.first))
    found = []
    for first, last, seq, count, digest in rows:
        by, count_now, digest_now = latest.get((kind, first), (seq, count, digest))
        found.append(Expected(first, last, seq, count_now, digest_now, known.get((first, by), "")))
    return found


def sealed_rows(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> Iterator[Row]:
    """Facts as digests take them: without what may still change, their days as texts; by number."""
    columns = [as_text(column) for column in table.c if column.name not in ("retracted", "undone")]
    query = select(*columns).where(*conditions).order_by(table.c.id).execution_options(yield_per=5_000)
    return (tuple(row) for row in connection.execute(query))


def unlike(connection: Connection) -> set[int]:
    """The changes whose facts are not as recorded: changed, removed without a word, or added."""
    wrong: set[int] = set()
    for table in (*SEALED, batches):
        wrong |= _unlike(table, expected_blocks(connection, table.name), sealed_rows(connection, table))
    return wrong


def _unlike(table: Table, expected: list[Expected], rows: Iterable[Row]) -> set[int]:
    wrong: set[int] = set()
    number = [column.name for column in table.c].index("seq" if table is batches else "recorded")
    waiting = iter(expected)
    block = next(waiting, None)
    held: list[Row] = []
    for row in rows:
        while block and row[0] > block.last:
            wrong |= _judged(block, held)
            block, held = next(waiting, None), []
        if block is None or row[0] < block.first:
            wrong.add(row[number])
        else:
            if row[number] != block.seq:
                wrong.add(row[number])
            held.append(row)
    while block:
        wrong |= _judged(block, held)
        block, held = next(waiting, None), []
    return wrong


def _judged(block: Expected, rows: list[Row]) -> set[int]:
    holds = len(rows) == block.size and salted(block.salt, rows) == block.digest
    return set() if holds else {block.seq}


def sealed_digests(connection: Connection) -> dict[int, str]:
    """For each change the digest that its seal should be over: its blocks as they were then, and what it retracted."""
    # Put in order here: databases differ in how they order texts.
    columns = (blocks.c.seq, blocks.c.kind, blocks.c.first, blocks.c.count, blocks.c.digest)
    rows = sorted(tuple(row) for row in connection.execute(select(*columns)))
    recorded = {
        seq: [(kind, count, digest) for _, kind, _, count, digest in some] for seq, some in groupby(rows, itemgetter(0))
    }
    retracted = _retracted(connection)
    return {seq: digest_of(recorded.get(seq, ()), retracted.get(seq, {})) for seq in {*recorded, *retracted}}


def _retracted(connection: Connection) -> dict[int, dict[str, list[int]]]:
    """By change and kind what it retracted, whether or not that was removed since."""
    found: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for table in SEALED:
        gone = select(table.c.retracted, table.c.id).where(table.c.retracted.is_not(None)).order_by(table.c.id)
        for seq, number in connection.execute(gone):
            found[seq].setdefault(table.name, []).append(number)
    query = select(removals.c.ended, removals.c.kind, removals.c.fact).where(removals.c.ended.is_not(None))
    for seq, kind, number in connection.execute(query):
        found[seq].setdefault(kind, []).append(number)
    return found


def notes_as_sealed(connection: Connection) -> "Notes":
    """What the seals say of notes."""
    query = select(salts.c.first, salts.c.salt).where(salts.c.kind == NOTES)
    return Notes(dict(connection.execute(query).all()), latest_resealings(connection, resealings.c.kind == NOTES))


class Notes(NamedTuple):
    """The salts of notes, by entry; and what entries are sealed with whose note was forgotten."""

    salts: dict[int, str]
    forgotten: Latest

    def noted(self, seq: int, before: str, note: str | None) -> str | None:
        """What the seal of an entry says of its note. An entry from before there were salts has the seal before."""
        forgotten = self.forgotten.get((NOTES, seq))
        if forgotten and note is None:
            return forgotten[2]
        return noted_of(self.salts.get(seq, before), note)


def still_there(connection: Connection) -> Iterator[tuple[str, int, int]]:
    """What was removed by the trail's word and is there all the same: its kind, its number, the change."""
    for table in FACTS:
        there = select(literal(table.name), removals.c.fact, removals.c.recorded).join(
            table, (removals.c.kind == table.name) & (removals.c.fact == table.c.id)
        )
        yield from (tuple(row) for row in connection.execute(there))


def miscounted(connection: Connection) -> Iterator[tuple[str, int]]:
    """Blocks that hold more or fewer facts than their numbers, or the removals, leave: their kind, and the change."""
    cut = select(blocks.c.kind, blocks.c.seq).where(blocks.c.last - blocks.c.first + 1 != blocks.c.count)
    yield from (tuple(row) for row in connection.execute(cut))
    latest = latest_resealings(connection, resealings.c.kind != NOTES)
    gone = removals.c.kind == blocks.c.kind, removals.c.fact.between(blocks.c.first, blocks.c.last)
    resealed = select(resealings.c.id).where(resealings.c.kind == blocks.c.kind, resealings.c.first == blocks.c.first)
    left = blocks.c.count - select(func.count()).select_from(removals).where(*gone).scalar_subquery()
    counted: Any = connection.execute(select(blocks.c.kind, blocks.c.first, left).where(resealed.exists())).all()
    should = {(kind, first): count for kind, first, count in counted}
    for key, (by, count, _) in latest.items():
        if should.get(key) != count:
            yield key[0], by
