"""Addresses at which nothing arrives: those from which mail comes back, and those whose last mail failed."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select, text

from tracker.db.bulk import among
from tracker.db.change import Change
from tracker.db.directory import listed_at
from tracker.db.moments import holds
from tracker.db.tables import assignments, bounces, changes, directory, identities, mails, units
from tracker.domain.names import address_key
from tracker.domain.reach import Unreached

# In the very words of the index of such mails.
HAS_FAILED = "mails.state = 'failed'"
# A mail in one of these states was never handed over.
NEVER_LEFT = ("queued", "withdrawn")


class Bounce(NamedTuple):
    """An address from which mail comes back: since which day, after which mail, and what the server said."""

    id: int
    address: str
    status: str | None
    said: str
    mail_id: int
    day: date


class Returned(NamedTuple):
    """A mail came back from an address for good: its Message-ID, the enhanced status code, the server's words."""

    message_id: str
    address: str
    status: str | None
    said: str


def bounces_that_hold(connection: Connection) -> dict[str, Bounce]:
    """The addresses from which mail comes back, as `address_key` writes them, in the order in which it was noted."""
    columns = [column for column in bounces.c if column.name not in ("recorded", "retracted")]
    rows = connection.execute(select(*columns).where(holds(bounces, None)).order_by(bounces.c.id))
    return {address_key(row.address): Bounce(*row) for row in rows}


def record_bounces(made: Change, found: Iterable[Returned], day: date) -> int:
    """Marks the addresses of mails of ours that came back from them; returns how many are newly marked.

    A mail that nobody here sent, or that was sent to another address, says nothing; nor does one from before its
    address's mark was last lifted.
    """
    wanted = {(one.message_id, address_key(one.address)): one for one in found}
    marked, lifted = set(bounces_that_hold(made.connection)), _lifted(made.connection)
    columns = (mails.c.id, mails.c.message_id, mails.c.address, mails.c.ended_at, mails.c.planned_at)
    of_ours = among(made.connection, mails.c.message_id, sorted({message_id for message_id, _ in wanted}))
    left = mails.c.state.not_in(NEVER_LEFT)
    rows = []
    for mail in made.connection.execute(select(*columns).where(of_ours, left).order_by(mails.c.id)):
        key = address_key(mail.address)
        one = wanted.get((mail.message_id, key))
        is_old = key in lifted and lifted[key] > (mail.ended_at or mail.planned_at)
        if one and key not in marked and not is_old:
            marked.add(key)
            rows.append((mail.address, one.status, one.said, mail.id, day))
    if rows:
        first = made.next_id(bounces)
        made.about(", ".join(f"bounce:{number}" for number in range(first, first + min(len(rows), 20))))
        made.record(bounces, rows)
    return len(rows)


def _lifted(connection: Connection) -> dict[str, datetime]:
    """When the mark of an address was lifted last, by those of which one was."""
    query = select(bounces.c.address, changes.c.at).join(changes, changes.c.seq == bounces.c.retracted)
    return {address_key(address): at for address, at in connection.execute(query.order_by(changes.c.seq))}


def troubled(connection: Connection) -> dict[str, Unreached]:
    """The addresses at which nothing arrives, and why: mail comes back, or the last reminder to it failed."""
    found: dict[str, Unreached] = _failing(connection)
    return found | {key: Unreached("bounced", one.day) for key, one in bounces_that_hold(connection).items()}


def _failing(connection: Connection) -> dict[str, Unreached]:
    """The addresses to which reminders failed, since the run of the first one after which none was sent."""
    sent = mails.alias()
    arrived = select(sent.c.id).where(
        sent.c.address == mails.c.address,
        sent.c.kind == "staff_reminder",
        sent.c.state == "sent",
        sent.c.ended_at >= mails.c.ended_at,
    )
    failed = select(mails.c.address, func.min(mails.c.day)).where(
        text(HAS_FAILED), mails.c.kind == "staff_reminder", ~arrived.exists()
    )
    rows = connection.execute(failed.group_by(mails.c.address))
    return {address_key(address): Unreached("failed", day) for address, day in rows}


def people_at(connection: Connection, keys: Collection[str]) -> dict[int, str]:
    """The people who have one of some addresses (as `address_key` writes them), and that key."""
    if not keys:
        return {}
    query = select(identities.c.person_id, identities.c.email).join(
        directory, directory.c.person_id == identities.c.person_id
    )
    found = connection.execute(query.where(holds(identities, None), listed_at(connection, keys)))
    by_person = {number: address_key(email) for number, email in found if email}
    return {number: key for number, key in by_person.items() if key in keys}


def concerned_since(connection: Connection, seq: int) -> set[int]:
    """Those whom it concerns that an address was marked or lifted after the change `seq`.

    Whoever has it; and those about whom it is told, if it is a manager's or a director's.
    """
    changed = select(bounces.c.address).where(or_(bounces.c.recorded > seq, bounces.c.retracted > seq))
    keys = {address_key(address) for address in connection.execute(changed).scalars()}
    if not keys:
        return set()
    own = select(assignments.c.manager_email).where(holds(assignments, None)).distinct()
    managers = [to for to in connection.execute(own).scalars() if to and address_key(to) in keys]
    named = select(units.c.name, units.c.managers, units.c.director).where(holds(units, None))
    theirs = [
        name
        for name, several, director in connection.execute(named)
        if not keys.isdisjoint(map(address_key, [*(several or "").split(";"), director or ""]))
    ]
    answered_for = or_(
        among(connection, assignments.c.manager_email, sorted(managers)),
        among(connection, assignments.c.unit, sorted(theirs)),
    )
    about = select(assignments.c.person_id).where(holds(assignments, None), answered_for)
    return {*people_at(connection, keys), *connection.execute(about).scalars()}
