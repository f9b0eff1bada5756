"""The versions of the policy, as known at a moment."""

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from tracker.db.moments import holds
from tracker.db.tables import changes, policies
from tracker.domain.errors import BadInput
from tracker.domain.policy import Policy
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version

NO_POLICY = (
    "There is no policy yet, so nobody can say who needs what; run 'tracker policy packs' to see those that ship, "
    "then 'tracker policy apply us-hospital' or a file of your own."
)


class Applied(NamedTuple):
    """A version as it was applied: the first day from which it holds (None: all days), by whom, when, which entry."""

    id: int
    name: str
    effective: date | None
    actor: str
    at: datetime
    entry: int


def applied_versions(connection: Connection) -> list[Applied]:
    """Every version on record, the one applied last first."""
    columns = (policies.c.id, policies.c.name, policies.c.effective)
    query = select(*columns, changes.c.actor, changes.c.at, changes.c.seq).join(
        changes, changes.c.seq == policies.c.recorded
    )
    rows = connection.execute(query.where(holds(policies, None)).order_by(policies.c.id.desc()))
    return [Applied(*row) for row in rows]


def text_of_version(connection: Connection, number: int) -> str | None:
    """The text of a version on record; None if there is none of that number."""
    return connection.execute(select(policies.c.text).where(policies.c.id == number, holds(policies, None))).scalar()


def find_rulebook(connection: Connection, known: int | None = None) -> Rulebook | None:
    """The policies known at a change (now if None), in the order in which they were applied; None if there are none."""
    rows = connection.execute(
        select(policies.c.text, policies.c.effective).where(holds(policies, known)).order_by(policies.c.id)
    )
    versions = [Version(_policy(text), effective) for text, effective in rows]
    return Rulebook(versions) if versions else None


def load_rulebook(connection: Connection, known: int | None = None) -> Rulebook:
    """The policies known at a change (now if None); raises BadInput if there are none."""
    rulebook = find_rulebook(connection, known)
    if rulebook is None:
        raise BadInput(NO_POLICY if known is None else "No policy was on record at that instant; name a later one.")
    return rulebook


def text_in_force(connection: Connection, day: date) -> str:
    """The text of the policy in force on a day; raises BadInput if there is no policy."""
    digest = load_rulebook(connection).on(day).sha256
    return connection.execute(select(policies.c.text).where(policies.c.sha256 == digest)).scalars().first() or ""


@lru_cache(maxsize=64)
def _policy(text: str) -> Policy:
    return read_policy(text)
