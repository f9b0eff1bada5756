"""What is known of the files that show cards. RULES: section 8: every question about people takes a scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.people import in_scope
from tracker.db.sealed_tables import removals
from tracker.db.tables import changes, evidence
from tracker.domain.scope import Scope


class EvidenceRow(NamedTuple):
    """A piece of evidence, and when and by whom it was recorded as it is."""

    person_id: int
    item: int
    card: int | None
    media_type: str
    size: int
    sha256: str
    name: str | None
    at: datetime
    actor: str


def evidence_in(connection: Connection, scope: Scope, known: int | None = None) -> list[EvidenceRow]:
    """The evidence of the people in a scope that holds now, or held at a change; by person and number."""
    of_changes = (changes.c.at, changes.c.actor)
    query = (
        select(*(evidence.c[name] for name in EvidenceRow._fields[: -len(of_changes)]), *of_changes)
        .join(changes, changes.c.seq == evidence.c.recorded)
        .where(holds(evidence, known), evidence.c.person_id.in_(in_scope(scope, None, known)))
        .order_by(evidence.c.person_id, evidence.c.item)
    )
    return [EvidenceRow._make(row) for row in connection.execute(query)]


def files_named(connection: Connection, start: str) -> set[str]:
    """The hashes that begin so and that some fact names or ever named."""
    found = connection.execute(select(evidence.c.sha256).where(evidence.c.sha256.startswith(start)).distinct())
    return set(found.scalars())


def still_named(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Those among some hashes that a fact names, or ever named."""
    return set(
        connection.execute(select(evidence.c.sha256).where(among(connection, evidence.c.sha256, digests))).scalars()
    )


def next_item(connection: Connection) -> int:
    """The number that the next piece of evidence gets; never one that was somebody's who is removed by now."""
    numbers = select(func.max(evidence.c.item))
    # Each piece came with a fact of its own, so its number is no greater than that of the fact.
    gone = select(func.max(removals.c.fact)).where(removals.c.kind == evidence.name)
    return max(connection.execute(query).scalar() or 0 for query in (numbers, gone)) + 1
