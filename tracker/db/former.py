"""Who is who now: records that became one, employee ids that somebody had before, changes that were taken back."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.moments import holds
from tracker.db.tables import batches, changes, identities
from tracker.domain.errors import BadInput, renamed_person, unknown_person

# What the trail calls these changes. The subject of a merge is "person:17 into person:12", that of an undo "change:9".
RENAME, MERGE, UNDO = "person-rename", "person-merge", "person-undo"


class Former(NamedTuple):
    """An employee id that a person does not have any more: the id that they have now, and the change that took it."""

    employee_id: str
    seq: int


def undone_changes(connection: Connection, known: int | None = None) -> dict[int, int]:
    """The changes that were taken back (by the change `known`), each with the one that did it."""
    undone = connection.execute(select(batches.c.seq, batches.c.undone).where(batches.c.undone.is_not(None)))
    pairs: dict[int, int] = dict(undone.all())
    undos = connection.execute(select(changes.c.seq, changes.c.subject).where(changes.c.action == UNDO))
    pairs |= {numbers_in(subject)[0]: seq for seq, subject in undos}
    return {seq: undo for seq, undo in pairs.items() if known is None or undo <= known}


def merges(connection: Connection, known: int | None = None) -> dict[int, tuple[int, int]]:
    """The people who became another one (as of the change `known`): whom, and by which change."""
    query = select(changes.c.seq, changes.c.subject).where(changes.c.action == MERGE)
    found = connection.execute(query if known is None else query.where(changes.c.seq <= known)).all()
    undone = undone_changes(connection, known) if found else {}
    pairs = [(seq, numbers_in(subject)) for seq, subject in found if seq not in undone]
    return {gone: (kept, seq) for seq, (gone, kept) in pairs}


def became(merged: Mapping[int, tuple[int, int]], number: int) -> int:
    """The person that somebody is by now."""
    while number in merged:
        number = merged[number][0]
    return number


def given_up(connection: Connection) -> set[str]:
    """The employee ids that some rename or merge took from somebody; whoever has one by now is not looked up."""
    took = connection.execute(select(changes.c.seq).where(changes.c.action.in_((RENAME, MERGE)))).scalars().all()
    if not took:
        return set()
    query = select(identities.c.employee_id).where(among(connection, identities.c.retracted, took))
    return set(connection.execute(query).scalars())


def former_ids(connection: Connection, employee_ids: Iterable[str]) -> dict[str, Former]:
    """Those among some employee ids that nobody has and that somebody had, with who that is now.

    An id that was only ever given by mistake, in a change that was taken back, is nobody's.
    """
    query = (
        select(identities.c.employee_id, identities.c.person_id, identities.c.recorded, identities.c.retracted)
        .where(among(connection, identities.c.employee_id, sorted(employee_ids)))
        .order_by(identities.c.id)
    )
    undone = undone_changes(connection)
    # Of several who had it in turn, the last.
    last = {row.employee_id: row for row in connection.execute(query) if row.recorded not in undone}
    left = {employee_id: row for employee_id, row in last.items() if row.retracted is not None}
    now = ids_now(connection, {row.person_id for row in left.values()})
    return {
        employee_id: Former(now[row.person_id], row.retracted)
        for employee_id, row in left.items()
        if now.get(row.person_id, employee_id) != employee_id
    }


def ids_now(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """The employee ids of those whom some people became; without those who are nobody any more."""
    if not numbers:
        return {}
    merged = merges(connection)
    now = {number: became(merged, number) for number in numbers}
    ids = _ids_of(connection, now.values())
    return {number: ids[one] for number, one in now.items() if one in ids}


def unknown(connection: Connection, employee_id: str) -> BadInput:
    """The error about an employee id by which nobody is known; it says if somebody was, and who that is now."""
    former = former_ids(connection, [employee_id]).get(employee_id)
    return renamed_person(employee_id, former.employee_id) if former else unknown_person(employee_id)


def _ids_of(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    theirs = among(connection, identities.c.person_id, sorted(set(numbers)))
    query = select(identities.c.person_id, identities.c.employee_id).where(holds(identities, None), theirs)
    return dict(connection.execute(query).all())


def numbers_in(subject: Any) -> list[int]:
    """The numbers that the subject of an entry names, in order."""
    return [int(number) for number in re.findall(r"\d+", subject)]
