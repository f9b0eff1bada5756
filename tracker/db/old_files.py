"""Evidence that may be past keeping, and mails that are."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, func, or_, select, true

from tracker.db.bulk import CHUNK, among
from tracker.db.moments import holds
from tracker.db.tables import bounces, evidence, mails, notices, refusals, segments, submissions
from tracker.db.timelines import live_generation
from tracker.domain.refusals import KIND
from tracker.domain.standing import OUT_OF_COMPLIANCE


class Piece(NamedTuple):
    """A piece of evidence of which nothing was recorded lately: whose it is, and the card it shows, if it holds."""

    person_id: int
    item: int
    card: int | None
    is_held: bool


def old_pieces(connection: Connection, seq: int, items: Sequence[int] | None = None) -> Iterator[Piece]:
    """The pieces of evidence last recorded or retracted by the change `seq` or before, that wait for nobody's check.

    With `items`, only those among them.
    """
    wanted = true() if items is None else among(connection, evidence.c.item, items)
    waiting = select(submissions.c.item).where(holds(submissions, None), submissions.c.item.is_not(None))
    query = select(evidence).where(wanted, evidence.c.recorded <= seq, evidence.c.item.not_in(waiting))
    last = {row.item: row for row in connection.execute(query.order_by(evidence.c.id))}
    later = select(evidence.c.item).where(wanted, or_(evidence.c.recorded > seq, evidence.c.retracted > seq))
    lately = set(connection.execute(later).scalars())
    for item, row in last.items():
        if item not in lately:
            yield Piece(row.person_id, item, row.card, row.retracted is None)


def remove_old_mails(connection: Connection, before: datetime, first_kept: date, today: date, *, dry_run: bool) -> int:
    """Removes the mails that ended before an instant; returns how many it does, or would.

    Those stay on which reminders still rest: a lapse that goes on is told once, as is a last day to come, and a refusal
    that holds.
    """
    about = notices.c.mail_id == mails.c.id
    lapsed = exists().where(
        segments.c.person_id == notices.c.person_id,
        segments.c.generation == live_generation(connection),
        segments.c.first_day <= today,
        segments.c.last_day >= today,
        segments.c.standing.in_([one.value for one in OUT_OF_COMPLIANCE]),
    )
    refused = (mails.c.kind == KIND) & exists().where(
        refusals.c.person_id == notices.c.person_id, holds(refusals, None)
    )
    rests = exists().where(about, or_(notices.c.last_day >= first_kept, lapsed, refused))
    came_back = exists().where(bounces.c.mail_id == mails.c.id)
    # The last one stays, so that its number, and with it a Message-ID, is not given twice.
    newest = select(func.max(mails.c.id)).scalar_subquery()
    query = select(mails.c.id).where(mails.c.ended_at < before, mails.c.id < newest, ~rests, ~came_back)
    ids = sorted(connection.execute(query).scalars())
    for start in () if dry_run else range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        connection.execute(delete(notices).where(among(connection, notices.c.mail_id, some)))
        connection.execute(delete(mails).where(among(connection, mails.c.id, some)))
    return len(ids)


def files_of(connection: Connection, facts: Iterable[int]) -> set[str]:
    """The hashes of the files that some facts of evidence name."""
    return set(
        connection.execute(select(evidence.c.sha256).where(among(connection, evidence.c.id, sorted(facts)))).scalars()
    )
