"""When what is known of somebody changed: the entries of the trail that may have turned an answer about them."""

from sqlalchemy import Connection, select

from tracker.db.people import KINDS
from tracker.db.tables import identities, policies


def turns_since(connection: Connection, number: int, known: int) -> list[int]:
    """The changes after the change `known` by which a fact of a person, or a policy, came or went; in order."""
    queries = [
        select(table.c.recorded, table.c.retracted).where(table.c.person_id == number) for table in (identities, *KINDS)
    ]
    queries.append(select(policies.c.recorded, policies.c.retracted))
    seqs = {seq for query in queries for row in connection.execute(query) for seq in row}
    return sorted(seq for seq in seqs if seq is not None and seq > known)
