"""One entry of the trail, whole: the numbers of the facts that it recorded and retracted, and its seals."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from tracker.db.sealed_tables import blocks
from tracker.db.tables import SEALED, seals

# Of each kind so many blocks, or facts, are told; what is more is told to be more.
MOST = 100


class Recorded(NamedTuple):
    """Facts of one kind whose numbers follow on each other, and the digest that the seal is over."""

    kind: str
    first: int
    last: int
    size: int
    digest: str


class Sealed(NamedTuple):
    """What the entry is proved by: the digest of its facts, its own seal, and the seal of the one before."""

    digest: str
    seal: str
    before: str | None


class Facts(NamedTuple):
    """What an entry recorded, and retracted by kind; `more` if some of either is not told."""

    recorded: list[Recorded]
    retracted: dict[str, list[int]]
    more: bool


def facts_of(connection: Connection, seq: int) -> Facts:
    """The facts of an entry, as far as they are told."""
    columns = (blocks.c.kind, blocks.c.first, blocks.c.last, blocks.c.count, blocks.c.digest)
    query = select(*columns).where(blocks.c.seq == seq).order_by(blocks.c.kind, blocks.c.first).limit(MOST + 1)
    recorded = [Recorded(*row) for row in connection.execute(query)]
    retracted = {}
    for table in SEALED:
        gone = select(table.c.id).where(table.c.retracted == seq).order_by(table.c.id).limit(MOST + 1)
        if found := list(connection.execute(gone).scalars()):
            retracted[table.name] = found
    more = max(map(len, (recorded, *retracted.values()))) > MOST
    return Facts(recorded[:MOST], {kind: ids[:MOST] for kind, ids in retracted.items()}, more)


def seals_of(connection: Connection, seq: int) -> Sealed | None:
    """The seals of an entry; None if it has none."""
    row = connection.execute(select(seals.c.digest, seals.c.hash).where(seals.c.seq == seq)).first()
    before = connection.execute(select(seals.c.hash).where(seals.c.seq == seq - 1)).scalar()
    return Sealed(row.digest, row.hash, before) if row else None
