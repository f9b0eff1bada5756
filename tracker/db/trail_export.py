"""The trail for others to check: its head to be kept elsewhere, and the whole chain.

Neither holds a name: people stand in entries by their numbers, and a note by its digest.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from tracker.db.proof import notes_as_sealed
from tracker.db.tables import changes, seals
from tracker.db.trail import seal_of
from tracker.domain.errors import BadInput

# Characters of a seal that tell it from others: as many as a report has at the foot of a page.
SHORTEST = 12
KEYS = ("database", "entry", "seal", "at")


def head_of(connection: Connection) -> dict[str, Any] | None:
    """The last entry, its seal and instant, and what makes this database itself; None before the first entry."""
    query = select(changes.c.seq, changes.c.at, seals.c.hash).join(seals, seals.c.seq == changes.c.seq)
    row = connection.execute(query.order_by(changes.c.seq.desc()).limit(1)).first()
    if row is None:
        return None
    return {"database": _database(connection), "entry": row.seq, "seal": row.hash, "at": row.at}


def against_head(connection: Connection, noted: Any) -> str | None:
    """What does not fit a head that was kept elsewhere, as a sentence; None if all does.

    Raises BadInput if it is no head.
    """
    if not isinstance(noted, dict) or not set(KEYS) <= noted.keys() or not isinstance(noted["entry"], int):
        raise BadInput("The file is no head of a trail; name one that 'tracker audit head' wrote.")
    if _database(connection) != noted["database"]:
        return "The head is that of another database, or this trail was written anew from its first entry."
    if seal_of(connection, noted["entry"]) != noted["seal"]:
        return f"Entry {noted['entry']} does not have the seal that was noted."
    return None


def against_noted(connection: Connection, noted: str) -> str | None:
    """What does not fit an entry and its seal that were noted elsewhere, as a sentence; None if all does.

    Raises BadInput if they are none.
    """
    number, _, seal = noted.strip().partition(":")
    if not re.fullmatch("[0-9]{1,99}", number) or not seal:
        raise BadInput(f"'{noted}' is no entry and seal; write them as 'tracker audit verify' prints them, 12:9f3a...")
    # A page of a report has the beginning of a seal at its foot, and the whole of it at its end.
    found = seal_of(connection, int(number)) or ""
    if found == seal or (len(seal) >= SHORTEST and found.startswith(seal)):
        return None
    return f"Entry {number} does not have the seal that was noted."


def chain(connection: Connection) -> Iterator[dict[str, Any]]:
    """All that the seals rest on, entry by entry from the first: `json.dumps` of it and SHA-256 prove the chain."""
    query = select(changes, seals.c.digest, seals.c.hash).join(seals, seals.c.seq == changes.c.seq)
    before, notes = "", notes_as_sealed(connection)
    for row in connection.execute(query.order_by(changes.c.seq).execution_options(yield_per=5_000)):
        yield {
            "entry": row.seq,
            "at": row.at.isoformat(),
            "actor": row.actor,
            "source": row.source,
            "action": row.action,
            "subject": row.subject,
            "noted": notes.noted(row.seq, before, row.note),
            "digest": row.digest,
            "seal": row.hash,
        }
        before = row.hash


def _database(connection: Connection) -> str | None:
    """The seal of the first entry: it holds an instant, so no two databases that grew apart have the same."""
    return seal_of(connection, 1)
