"""Takes a change back: what it recorded is retracted, what it had replaced holds again, in a change of its own.

Both changes stay in the trail. What was recorded since and does not rest on the change stays as well.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from tracker.db.access_tables import grants
from tracker.db.bulk import among
from tracker.db.change import Change
from tracker.db.former import MERGE, RENAME, merges, undone_changes
from tracker.db.ids import keep_ids
from tracker.db.mappings import FORGET, settled_since
from tracker.db.moments import holds
from tracker.db.tables import FACTS, PERSON_FACTS, batches, cards, changes, identities, mappings
from tracker.domain.errors import BadInput

# Conflicts that a refusal names.
SHOWN = 20


def take_back(made: Change, seq: int) -> tuple[int, int]:
    """Takes the change `seq` back as part of another; returns how many facts it retracted and how many hold again."""
    retracted = restored = 0
    for table in FACTS:
        recorded = _recorded_in(made.connection, table, seq)
        recorded += [fact for fact in _put_back(made.connection, table, seq) if fact.retracted is None]
        replaced = _retracted_in(made.connection, table, seq)
        if table is grants:
            # Nobody is given anew what was taken from them, or made something else, since.
            still = {fact.account_id for fact in recorded}
            replaced = [fact for fact in replaced if fact.account_id in still]
        if recorded:
            made.retract(table, [fact.id for fact in recorded])
        again = _to_hold_again(made.connection, table, seq, [tuple(fact)[1:-2] for fact in replaced])
        made.record(table, again)
        if table is identities:
            keep_ids(made, [row[0] for row in again])
        retracted += len(recorded)
        restored += len(again)
    return retracted, restored


def recorded_by(connection: Connection, seq: int) -> dict[str, int]:
    """How many facts of each kind a change recorded that hold, by table."""
    counted = {
        table.name: connection.execute(
            select(func.count()).select_from(table).where(table.c.recorded == seq, table.c.retracted.is_(None))
        ).scalar_one()
        for table in FACTS
    }
    return {name: count for name, count in counted.items() if count}


def refuse_if_built_upon(connection: Connection, seq: int, what: str, then: str) -> None:
    """Raises BadInput if later changes build on a change; lists them and says what to do `then`."""
    conflicts = building_on(connection, seq)
    if conflicts:
        named = ", ".join(_described(connection, conflicts[:SHOWN]))
        more = f" and {len(conflicts) - SHOWN} more" if len(conflicts) > SHOWN else ""
        raise BadInput(f"{what} cannot be undone, because later changes build on it: {named}{more}; {then}.")


def building_on(connection: Connection, seq: int) -> list[int]:
    """The changes that rest on a change, the latest first: reasons not to take it back.

    A correction of one of its facts does, as do facts about people or cards that it brought, and whoever became another
    person since or got an employee id that would come back. What was taken back itself, and what that put back, does
    not. Nor does forgetting a mapping.
    """
    undone = undone_changes(connection)
    found: set[int] = set()
    for table in FACTS:
        # What somebody may see can be changed whatever was known of them before.
        if table is grants:
            continue
        later = select(table.c.retracted).where(table.c.recorded == seq, table.c.retracted > seq)
        found.update(connection.execute(later).scalars())
        found.update(copy.retracted for copy in _put_back(connection, table, seq) if copy.retracted)
    for table in FACTS:
        for key, brought in _brought(seq):
            if key in table.c:
                later = select(table.c.recorded).where(
                    table.c.recorded > seq, table.c.retracted.is_(None), table.c[key].in_(brought)
                )
                found.update(connection.execute(later).scalars())
    found.update(_merged_since(connection, seq))
    found.update(connection.execute(_taken_since(seq)).scalars())
    found.difference_update(connection.execute(select(changes.c.seq).where(changes.c.action == FORGET)).scalars())
    return sorted(found - undone.keys() - set(undone.values()), reverse=True)


def _brought(seq: int) -> Iterator[tuple[str, Any]]:
    """The people and cards that a change brought, and the cards that it gave to another person."""
    known = identities.alias()
    earlier = select(known.c.id).where(known.c.person_id == identities.c.person_id, holds(known, seq - 1))
    yield "person_id", select(identities.c.person_id).where(identities.c.recorded == seq, ~earlier.exists())
    yield "card", select(cards.c.card).where(cards.c.recorded == seq, cards.c.card == cards.c.id)
    before = cards.alias()
    theirs = (before.c.card == cards.c.card) & (before.c.retracted == seq) & (before.c.person_id != cards.c.person_id)
    yield "card", select(cards.c.card).join(before, theirs).where(cards.c.recorded == seq)


def _merged_since(connection: Connection, seq: int) -> set[int]:
    """The merges by which somebody of whom facts would come back is another person now."""
    later = {number: merge for number, (_, merge) in merges(connection).items() if merge > seq}
    found: set[int] = set()
    for table in PERSON_FACTS if later else ():
        theirs = among(connection, table.c.person_id, sorted(later))
        would = select(table.c.person_id).where(table.c.retracted == seq, theirs)
        found.update(later[number] for number in connection.execute(would).scalars())
    return found


def _taken_since(seq: int) -> Select[int]:
    """The changes that gave an employee id which would come back to somebody else."""
    back = identities.alias()
    return (
        select(identities.c.recorded)
        .join(back, (back.c.employee_id == identities.c.employee_id) & (back.c.person_id != identities.c.person_id))
        .where(back.c.retracted == seq, back.c.recorded < seq, holds(identities, None), identities.c.recorded > seq)
    )


def _recorded_in(connection: Connection, table: Table, seq: int) -> list[Any]:
    """The facts that a change recorded and that still hold."""
    of = (table.c.recorded == seq) & table.c.retracted.is_(None)
    return list(connection.execute(select(table).where(of).order_by(table.c.id)))


def _retracted_in(connection: Connection, table: Table, seq: int) -> list[Any]:
    """The facts that held before a change and that it retracted."""
    of = (table.c.retracted == seq) & (table.c.recorded < seq)
    return list(connection.execute(select(table).where(of).order_by(table.c.id)))


def _to_hold_again(
    connection: Connection, table: Table, seq: int, rows: Sequence[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Those of the facts that the change `seq` replaced (their columns between `id` and `recorded`) that are missing.

    Of which no equal holds already, that is; of a mapping no other for the same headers either, and nobody forgot one.
    """
    if not rows:
        return []
    if table is mappings:
        settled = settled_since(connection, seq)
        return [row for row in rows if row[0] not in settled]
    if "person_id" not in table.c or table is grants:
        return list(rows)
    theirs = among(connection, table.c.person_id, sorted({row[0] for row in rows}))
    held = {tuple(fact)[1:-2] for fact in connection.execute(select(table).where(holds(table, None), theirs))}
    return [row for row in rows if row not in held]


def _put_back(connection: Connection, table: Table, seq: int) -> list[Any]:
    """Facts that a change recorded, another change corrected, and the undo of that one recorded again.

    They are the originals under a new number, whether they still hold or not: to undo the change, they go too.
    """
    undos = [undo for undo in undone_changes(connection).values() if undo > seq]
    may_be_undone = select(changes.c.seq).where(changes.c.action.in_((RENAME, MERGE)))
    corrected = connection.execute(
        select(table).where(
            table.c.recorded == seq,
            table.c.retracted.in_(select(batches.c.seq)) | table.c.retracted.in_(may_be_undone),
        )
    ).all()
    originals = {tuple(fact)[1:-2] for fact in corrected}
    again = select(table).where(among(connection, table.c.recorded, undos))
    return [fact for fact in connection.execute(again) if tuple(fact)[1:-2] in originals] if originals else []


def _described(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Changes as the trail lists them: `card-verify card:12`, `person-merge ... (entry 9)`; an import by its number."""
    query = select(changes.c.seq, changes.c.action, changes.c.subject).where(among(connection, changes.c.seq, numbers))
    return [
        f"{action} {subject.removeprefix('batch:')}".strip() + (f" (entry {seq})" if action in (RENAME, MERGE) else "")
        for seq, action, subject in connection.execute(query.order_by(changes.c.seq.desc()))
    ]
