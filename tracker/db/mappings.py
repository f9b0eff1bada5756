"""What is remembered of files: by their headers, which field each column is; and which type a text stands for."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import changes, mappings

# What the trail calls it when somebody takes a mapping back. No import rests on one, so that it can be undone still.
FORGET = "mapping-forget"

# The kind of a mapping that is about a type in other words. It has one field, the text, and a key of its own.
TYPE = "type"


class KnownMapping(NamedTuple):
    """A mapping that holds; `id` is the fact's, `headers` the digest over a file's headers."""

    id: int
    headers: str
    kind: str
    fields: dict[str, str]
    confirmed_on: date


def known_mappings(connection: Connection, headers: Sequence[str] | None = None) -> list[KnownMapping]:
    """The mappings that hold, the first first; or those for some headers."""
    columns = (mappings.c.id, mappings.c.headers, mappings.c.kind, mappings.c.fields, mappings.c.confirmed_on)
    query = select(*columns).where(holds(mappings, None)).order_by(mappings.c.id)
    if headers is not None:
        query = query.where(among(connection, mappings.c.headers, headers))
    return [
        KnownMapping(number, key, kind, json.loads(fields), day)
        for number, key, kind, fields, day in connection.execute(query)
    ]


def type_key(text: str) -> str:
    """The digest by which a type in other words is known; no header is like it, as headers are letters and digits."""
    return sha256(f"type:{text}".encode()).hexdigest()


def settled_since(connection: Connection, seq: int) -> set[str]:
    """The headers of which a mapping holds, or that somebody said to forget after the change `seq`."""
    forgotten = select(changes.c.seq).where(changes.c.action == FORGET, changes.c.seq > seq)
    either = holds(mappings, None) | mappings.c.retracted.in_(forgotten)
    return set(connection.execute(select(mappings.c.headers).where(either)).scalars())


def mapping_row(headers: str, kind: str, fields: Mapping[str, str], day: date) -> tuple[Any, ...]:
    """A mapping as it is recorded."""
    return headers, kind, json.dumps(fields, ensure_ascii=False), day
