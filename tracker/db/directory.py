"""The directory: what people on record are looked up by, kept in the change that names them. Nothing else writes it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select
from sqlalchemy.sql.elements import ColumnElement

from tracker.db.bulk import CHUNK, among, insert_rows
from tracker.db.moments import holds
from tracker.db.tables import directory, identities
from tracker.domain.names import address_key, name_parts, plain

# Characters that are kept of a name: an index takes no text of any length.
LONGEST = 200
# Words of a search that count: nobody's name needs more.
_MOST_WORDS = 8


def list_anew(connection: Connection, numbers: Sequence[int]) -> None:
    """Lists some people as the facts name them now; whoever is nobody any more is not listed."""
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        connection.execute(delete(directory).where(among(connection, directory.c.person_id, chunk)))
        query = select(identities.c.person_id, identities.c.employee_id, identities.c.name, identities.c.email)
        theirs = among(connection, identities.c.person_id, chunk)
        found = connection.execute(query.where(holds(identities, None), theirs).order_by(identities.c.id))
        # Should two facts name somebody, the later does.
        insert_rows(connection, directory, {row.person_id: listed_as(*row) for row in found}.values())


def is_anybody(connection: Connection) -> bool:
    """Whether anybody at all is on record."""
    return connection.execute(select(directory.c.person_id).limit(1)).first() is not None


def list_newcomers(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Lists people who were not listed before: number, employee id, name, address."""
    insert_rows(connection, directory, [listed_as(*row) for row in rows])


def listed_as(number: int, employee_id: str, name: str | None, email: str | None) -> tuple[int, str, str, str | None]:
    """Somebody's row of the directory."""
    parts = name_parts(name or "")
    sought = " ".join(["", *parts, plain(employee_id), plain(email or "")])
    return number, " ".join(parts)[:LONGEST], sought.rstrip(), address_key(email)[:LONGEST] if email else None


def listed_at(connection: Connection, keys: Collection[str]) -> ColumnElement[bool]:
    """Those with one of some addresses, as `address_key` writes them; of very long ones all that begin alike."""
    return among(connection, directory.c.address_key, sorted({key[:LONGEST] for key in keys}))


def begins_with(text: str) -> ColumnElement[bool]:
    """Those of whom each word of a text begins a word of the name, the employee id or the address."""
    return and_(True, *(_begins(word) for word in text.split()[:_MOST_WORDS]))


def _begins(word: str) -> ColumnElement[bool]:
    # Smith-Jones is two words of a name, one after the other, but 12-34 one employee id.
    starts = {plain(word), " ".join(name_parts(word)) or plain(word)}
    return or_(*map(_has, sorted(starts)))


def _has(start: str) -> ColumnElement[bool]:
    return directory.c.sought.contains(f" {start}", autoescape=True)
