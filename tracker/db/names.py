"""Looks people up by what they are called: an employee id, or a name."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import identities, people
from tracker.domain.names import name_key


def called_so(connection: Connection, names: Collection[str], known: int | None = None) -> dict[str, list[str]]:
    """The employee ids of whoever has one of some names now, or had at a change; by name as it was asked.

    Names are read one after the other and none is kept: what makes two spellings one name no database can say.
    """
    wanted: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        wanted[name_words(name)].append(name)
    found: dict[str, list[str]] = {name: [] for name in names}
    query = select(identities.c.employee_id, identities.c.name).where(
        holds(identities, known), identities.c.name.is_not(None)
    )
    for employee_id, name in connection.execute(query.execution_options(yield_per=5_000)):
        for asked in wanted.get(name_words(name), ()):
            found[asked].append(employee_id)
    return {name: sorted(ids) for name, ids in found.items()}


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in no order: which is the family's differs from country to country."""
    return tuple(sorted(name_key(name).split()))


def are_ids(connection: Connection, texts: Collection[str], known: int | None = None) -> set[str]:
    """Those among some texts that are somebody's employee id now, or were at a change."""
    if known is None:
        # By people, who are found by the id that they have now without looking at everybody.
        query = select(identities.c.employee_id).join(people, people.c.id == identities.c.person_id)
        mine = among(connection, people.c.employee_id, list(texts))
    else:
        query, mine = select(identities.c.employee_id), among(connection, identities.c.employee_id, list(texts))
    return set(connection.execute(query.where(holds(identities, known), mine)).scalars())
