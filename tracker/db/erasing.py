"""All that is on record of one person, wherever it stands: to be handed out, or erased."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, or_, select, update

from tracker.db.accounts import end_staff
from tracker.db.bulk import among
from tracker.db.change import Change
from tracker.db.forgetting import forget
from tracker.db.former import MERGE, numbers_in
from tracker.db.ids import erase_ids
from tracker.db.moments import holds
from tracker.db.tables import (
    PERSON_FACTS,
    agenda,
    assignments,
    bounces,
    changes,
    evidence,
    identities,
    mails,
    notices,
    units,
)
from tracker.domain.names import address_key

# What the trail calls it.
ERASE = "person-erase"
# Stands where an address or an addressee stood.
ERASED = "erased"


class Theirs(NamedTuple):
    """What is on record of a person: facts of each kind by number, entries with a note about them, ids, addresses.

    `names` are what they were called, `emails` as `address_key` writes them; `files` the hashes of their evidence.
    """

    numbers: list[int]
    facts: dict[Table, list[int]]
    noted: list[int]
    employee_ids: set[str]
    names: set[str]
    emails: set[str]
    files: set[str]


def theirs(connection: Connection, numbers: list[int], *, joint: bool) -> Theirs:
    """What is on record of a person, whether it holds or was retracted.

    `joint`: with what was recorded while somebody else was taken for the same one, by mistake: it is of both, so it
    goes with either, and is handed out to neither.
    """
    apart = _taken_apart(connection, numbers)
    rows = {table: _rows(connection, table, numbers, apart, joint=joint) for table in PERSON_FACTS}
    facts = {table: [row.id for row in some] for table, some in rows.items()}
    entries = {
        seq for some in rows.values() for row in some for seq in (row.recorded, row.retracted) if seq is not None
    }
    # By what they are called in facts of their own: an address of both may be the other's.
    own = [row.id for row in _rows(connection, identities, numbers, apart, joint=False)]
    of_them = among(connection, identities.c.id, own)
    columns = (identities.c.employee_id, identities.c.name, identities.c.email)
    called = connection.execute(select(*columns).where(of_them)).all()
    emails = {address_key(row.email) for row in called if row.email}
    marks = connection.execute(select(bounces.c.id, bounces.c.address)).all()
    facts[bounces] = [number for number, address in marks if address_key(address) in emails]
    files = select(evidence.c.sha256).where(among(connection, evidence.c.id, facts[evidence]))
    return Theirs(
        numbers,
        facts,
        _noted(connection, entries),
        {row.employee_id for row in called},
        {row.name for row in called if row.name},
        emails,
        set(connection.execute(files).scalars()),
    )


def _rows(
    connection: Connection, table: Table, numbers: list[int], apart: list[tuple[int, int]], *, joint: bool
) -> list[Any]:
    wanted = among(connection, table.c.person_id, numbers)
    if joint:
        wanted = or_(wanted, *((table.c.person_id == other) & (table.c.recorded == merge) for other, merge in apart))
    elif apart:
        wanted &= table.c.recorded.not_in({merge for _, merge in apart})
    query = select(table.c.id, table.c.recorded, table.c.retracted).where(wanted)
    return list(connection.execute(query.order_by(table.c.id)))


def _taken_apart(connection: Connection, numbers: list[int]) -> list[tuple[int, int]]:
    """Others with whom these people were one once, and the merge by which: what it recorded is of both."""
    query = select(changes.c.seq, changes.c.subject).where(changes.c.action == MERGE)
    pairs = [(seq, numbers_in(subject)) for seq, subject in connection.execute(query)]
    return [
        (other, seq)
        for seq, pair in pairs
        for other in pair
        if other not in numbers and not set(pair).isdisjoint(numbers)
    ]


def _noted(connection: Connection, entries: Collection[int]) -> list[int]:
    """The entries with a note, but for those about many: an import's or a policy's is about none of them."""
    of_many = changes.c.action.in_(("import", "policy-apply"))
    chosen = among(connection, changes.c.seq, sorted(entries))
    return sorted(
        connection.execute(select(changes.c.seq).where(chosen, changes.c.note.is_not(None), ~of_many)).scalars()
    )


def erase(made: Change, found: Theirs) -> None:
    """Removes all of it. Timelines go with the facts; the trail says that it was done, and goes on being proved."""
    connection = made.connection
    forget(made, found.facts, found.noted)
    end_staff(made, found.numbers)
    _erase_mails(made, found)
    connection.execute(delete(notices).where(among(connection, notices.c.person_id, found.numbers)))
    connection.execute(delete(agenda).where(among(connection, agenda.c.person_id, found.numbers)))
    erase_ids(connection, found.numbers, found.employee_ids)


def _erase_mails(made: Change, found: Theirs) -> None:
    """Takes the addresses out of mails to the person, with what servers said; what waits is not sent any more."""
    own = among(made.connection, mails.c.addressee, [str(number) for number in found.numbers])
    # An address may be another person's as well, as that of a shared mailbox is; what was sent to that one stays.
    written = among(made.connection, mails.c.address, _written(made.connection, found.emails))
    query = select(mails.c.id).where(or_(own, written & (mails.c.addressee == mails.c.address)))
    ids = sorted(made.connection.execute(query).scalars())
    chosen = among(made.connection, mails.c.id, ids)
    waiting = mails.c.state.in_(("queued", "sending"))
    made.connection.execute(update(mails).where(chosen, waiting).values(state="withdrawn", ended_at=made.at))
    made.connection.execute(update(mails).where(chosen).values(address="", addressee=ERASED, reason=None))


def _written(connection: Connection, emails: set[str]) -> list[str]:
    """As what mails have some addresses."""
    rows = connection.execute(select(mails.c.address).distinct()).scalars()
    return sorted(address for address in rows if address_key(address) in emails)


def erased_since(connection: Connection, seq: int) -> bool:
    """Whether somebody was erased after an entry of the trail."""
    query = select(changes.c.seq).where(changes.c.seq > seq, changes.c.action == ERASE).limit(1)
    return connection.execute(query).first() is not None


def answers_for(connection: Connection, emails: set[str]) -> int:
    """How many facts of others that hold name one of these addresses as a manager's or director's."""
    told = select(assignments.c.manager_email).where(holds(assignments, None), assignments.c.manager_email.is_not(None))
    named = list(connection.execute(told).scalars())
    for row in connection.execute(select(units.c.managers, units.c.director).where(holds(units, None))):
        named += [*(row.managers or "").split(";"), row.director or ""]
    return sum(address_key(one) in emails for one in named if one)
