"""The outbox: mails that are owed, and what became of them.

A mail is `queued`, then `sending` while a worker has it, then `sent`, `failed` or `withdrawn`; or `queued` again, to
be tried later. Whoever changes a state says from which: of two workers one gets the mail.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select, text, update

from tracker.db.bulk import among, insert_rows
from tracker.db.former import ids_now
from tracker.db.moments import holds
from tracker.db.prepared import Prepared
from tracker.db.reminders import read_stage
from tracker.db.tables import changes, identities, mails, notices, people
from tracker.domain.reminders import Kind, Notice

# A worker that has had a mail for so long is gone; another may take it, under the same Message-ID.
LEASE = timedelta(minutes=10)
# In the very words of the index of what is still to do, or SQLite would read all mails that ever were.
STILL_TO_DO = "mails.state IN ('queued', 'sending')"


# Said once, as they are needed for every mail. Mine is what no other worker claimed since.
_IS_MINE = (
    (mails.c.id == bindparam("mine", type_=mails.c.id.type))
    & (mails.c.state == "sending")
    & (mails.c.tries == bindparam("my_try", type_=mails.c.tries.type))
)
_LOOK_AGAIN = Prepared(
    select(func.coalesce(select(func.max(changes.c.seq)).scalar_subquery(), 0)).where(
        select(mails.c.id).where(_IS_MINE).exists()
    )
)
_RENEW = update(mails).where(_IS_MINE).values(day=bindparam("to_day"), claimed_at=bindparam("to_at"))
_PUT_BACK = update(mails).where(_IS_MINE).values(state="queued", claimed_at=None, tries=mails.c.tries - 1)
_SETTLE = {
    column: Prepared(
        update(mails)
        .where(_IS_MINE)
        .values(
            {
                "state": bindparam("to_state"),
                "reason": bindparam("to_reason"),
                "claimed_at": None,
                column: bindparam("to_at"),
            }
        )
    )
    for column in ("try_after", "ended_at")
}


class Told(NamedTuple):
    """One notice and whom it is about: the number of whoever that was then, and the employee id of today."""

    person_id: int
    employee_id: str
    notice: Notice


class Planned(NamedTuple):
    """A mail that is owed. `addressee` is the person's number, or the address where that is all that is known."""

    kind: Kind
    address: str
    addressee: str
    told: tuple[Told, ...]


class Mail(NamedTuple):
    """A mail in the outbox."""

    id: int
    day: date
    message_id: str
    state: str
    tries: int
    reason: str | None
    planned_at: datetime
    ended_at: datetime | None
    planned: Planned


def waiting(connection: Connection) -> list[Mail]:
    """The mails that were not sent yet."""
    still = select(mails.c.id).where(mails.c.state.in_(("queued", "sending")))
    return mails_by_id(connection, list(connection.execute(still).scalars()))


def outbox(connection: Connection, limit: int | None = None) -> list[Mail]:
    """The latest mails, in the order in which they were planned."""
    latest = select(mails.c.id).order_by(mails.c.id.desc()).limit(limit)
    return mails_by_id(connection, list(connection.execute(latest).scalars()))


def mails_by_id(connection: Connection, ids: Sequence[int]) -> list[Mail]:
    """Some mails, in the order in which they were planned."""
    told = told_in(connection, ids)
    rows = connection.execute(select(mails).where(among(connection, mails.c.id, sorted(ids))).order_by(mails.c.id))
    return [
        Mail(
            row.id,
            row.day,
            row.message_id,
            row.state,
            row.tries,
            row.reason,
            row.planned_at,
            row.ended_at,
            Planned(row.kind, row.address, row.addressee, tuple(told.get(row.id, ()))),
        )
        for row in rows
    ]


def newest(connection: Connection) -> int:
    """The number of the mail that was planned last; 0 if there is none."""
    return connection.execute(select(func.max(mails.c.id))).scalar() or 0


def planned_after(connection: Connection, number: int) -> set[tuple[str, str]]:
    """Which mails, by kind and addressee, were planned after a number was the newest."""
    query = select(mails.c.kind, mails.c.addressee).where(mails.c.id > number)
    return {(kind, addressee) for kind, addressee in connection.execute(query)}


def enqueue(connection: Connection, day: date, at: datetime, planned: Sequence[Planned], domain: str) -> list[int]:
    """Puts mails into the outbox and returns their numbers. The Message-ID stays whatever happens to a mail.

    A fixed number of statements, however many mails.
    """
    if not planned:
        return []
    first = newest(connection) + 1
    numbered = list(enumerate(planned, first))
    same = {"day": day, "state": "queued", "tries": 0, "planned_at": at, "try_after": at}
    rows = [
        {
            "id": number,
            "kind": one.kind,
            "address": one.address,
            "addressee": one.addressee,
            "message_id": message_id(number, day, one, domain),
            **same,
        }
        for number, one in numbered
    ]
    connection.execute(insert(mails), rows)
    told = (_row(number, place, each) for number, one in numbered for place, each in enumerate(one.told))
    insert_rows(connection, notices, told)
    return [number for number, _ in numbered]


def _row(mail: int, place: int, told: Told) -> tuple[object, ...]:
    requirements, cause, stage, last_day, first_day = told.notice
    return mail, place, told.person_id, json.dumps(requirements), cause, str(stage), last_day, first_day


def message_id(number: int, day: date, planned: Planned, domain: str) -> str:
    """The mail's own name, which says nothing about anybody."""
    return f"<{planned.kind.replace('_', '-')}.{day:%Y%m%d}.{number}@{domain}>"


def withdraw(connection: Connection, ids: Sequence[int], reason: str, at: datetime) -> None:
    """Takes queued mails back; one that a worker has by now is left to it."""
    connection.execute(
        update(mails)
        .where(among(connection, mails.c.id, ids), mails.c.state == "queued")
        .values(state="withdrawn", reason=reason, ended_at=at)
    )


def carry_over(connection: Connection, ids: Sequence[int], day: date) -> None:
    """Says that queued mails are those of a later run now: what they say is owed on that day as well."""
    mine = among(connection, mails.c.id, ids) & (mails.c.state == "queued")
    connection.execute(update(mails).where(mine).values(day=day))


def renew(connection: Connection, mail: Mail, day: date, at: datetime, told: Sequence[Told]) -> None:
    """Holds on to a mail that is about to be sent, saying no more than `told`, unless another worker has it now.

    It is a mail of the day as of which it was looked at: one whose worker was killed may have been planned weeks ago.
    """
    if connection.execute(_RENEW, {**_mine(mail), "to_day": day, "to_at": at}).rowcount and len(told) < len(
        mail.planned.told
    ):
        connection.execute(delete(notices).where(notices.c.mail_id == mail.id))
        insert_rows(connection, notices, [_row(mail.id, place, one) for place, one in enumerate(told)])


def is_wearing_off(claimed_at: datetime, at: datetime) -> bool:
    """Whether so much of the time is over for which a mail was claimed that it has to be renewed before it is sent."""
    return at > claimed_at + LEASE / 2


def look_again(connection: Connection, mail: Mail) -> int | None:
    """The number of the latest change, by which the facts are as they were or not; None if another worker has the
    mail."""
    row = _LOOK_AGAIN.run(connection, _mine(mail)).fetchone()
    return row[0] if row else None


def anything_due(connection: Connection, at: datetime) -> bool:
    """Whether there is a mail for a worker to take."""
    return connection.execute(select(mails.c.id).where(_due(at)).limit(1)).first() is not None


def try_again(connection: Connection, at: datetime) -> int:
    """Makes every mail that waits for its next try due now; returns how many there are."""
    again = update(mails).where(mails.c.state == "queued", mails.c.try_after > at).values(try_after=at)
    return connection.execute(again).rowcount


class Lag(NamedTuple):
    """How many mails wait although they are due, and since when the one does that waits longest."""

    waiting: int
    since: datetime | None


def lag(connection: Connection, at: datetime) -> Lag:
    """What is due and not sent yet; what waits for its next try is not due."""
    due = text(STILL_TO_DO), mails.c.try_after <= at
    return Lag._make(connection.execute(select(func.count(), func.min(mails.c.try_after)).where(*due)).one())


def put_off(connection: Connection) -> list[tuple[int, str]]:
    """How often each waiting mail was tried in vain, and what was said the last time; the most often tried first."""
    query = select(mails.c.tries, mails.c.reason).where(text(STILL_TO_DO), mails.c.reason != "")
    return [tuple(row) for row in connection.execute(query.order_by(mails.c.tries.desc(), mails.c.id).limit(1000))]


def latest_ends(connection: Connection, most: int, since: datetime) -> list[tuple[str, datetime]]:
    """What became of the mails that were sent or failed last, and when, the latest first; none before an instant."""
    query = select(mails.c.state, mails.c.ended_at).where(
        mails.c.ended_at >= since, mails.c.state.in_(("sent", "failed"))
    )
    return [tuple(row) for row in connection.execute(query.order_by(mails.c.ended_at.desc()).limit(most))]


def room(connection: Connection, at: datetime, per_minute: int) -> int:
    """How many mails may still leave in this minute; those count that somebody took in hand in it."""
    minute = timedelta(minutes=1)
    left = select(func.count()).where(mails.c.ended_at > at - minute, mails.c.state.in_(("sent", "failed")))
    in_hand = select(func.count()).where(
        text(STILL_TO_DO), mails.c.state == "sending", mails.c.claimed_at > at - minute
    )
    return max(per_minute - sum(connection.execute(each).scalar() or 0 for each in (left, in_hand)), 0)


def put_back(connection: Connection, some: Sequence[Mail]) -> None:
    """Lets go of mails that this worker claimed and did not try; they have waited since before that."""
    connection.execute(_PUT_BACK, [_mine(mail) for mail in some])


def claim(connection: Connection, at: datetime, most: int, only: Sequence[int] | None = None) -> list[Mail]:
    """Takes some mails whose time has come, for this worker alone: queued ones, and those whose worker is gone."""
    due = select(mails.c.id).where(_due(at))
    if only is not None:
        due = due.where(among(connection, mails.c.id, only))
    ids = list(connection.execute(due.order_by(mails.c.id).limit(most)).scalars())
    if ids:
        taken = update(mails).where(among(connection, mails.c.id, ids))
        connection.execute(taken.values(state="sending", claimed_at=at, tries=mails.c.tries + 1))
    return mails_by_id(connection, ids) if ids else []


def settle(connection: Connection, mail: Mail, state: str, at: datetime, reason: str | None = None) -> None:
    """Says what became of a mail that this worker had; one that is `queued` again is tried from that instant on."""
    ends = "try_after" if state == "queued" else "ended_at"
    _SETTLE[ends].run(connection, {**_mine(mail), "to_state": state, "to_reason": reason, "to_at": at})


def _mine(mail: Mail) -> dict[str, object]:
    return {"mine": mail.id, "my_try": mail.tries}


def _due(at: datetime) -> ColumnElement[bool]:
    """Queued mails whose time has come, and those whose worker is gone."""
    return and_(
        text(STILL_TO_DO),
        or_(
            (mails.c.state == "queued") & (mails.c.try_after <= at),
            (mails.c.state == "sending") & (mails.c.claimed_at <= at - LEASE),
        ),
    )


def told_in(connection: Connection, ids: Iterable[int]) -> dict[int, list[Told]]:
    """The notices of some mails, about those who were told, under the employee ids that they have now."""
    query = (
        select(notices, people.c.employee_id, identities.c.employee_id.label("now"))
        .join(people, people.c.id == notices.c.person_id)
        .outerjoin(identities, (identities.c.person_id == people.c.id) & holds(identities, None))
        .where(among(connection, notices.c.mail_id, sorted(ids)))
        .order_by(notices.c.mail_id, notices.c.place)
    )
    rows = connection.execute(query).all()
    # Only whoever became another person, or was taken back, has no id that holds.
    others = ids_now(connection, {row.person_id for row in rows if row.now is None})
    found: dict[int, list[Told]] = defaultdict(list)
    for row in rows:
        notice = Notice(
            tuple(json.loads(row.requirements)), row.cause, read_stage(row.stage), row.last_day, row.first_day
        )
        employee_id = row.now or others.get(row.person_id, row.employee_id)
        found[row.mail_id].append(Told(row.person_id, employee_id, notice))
    return found
