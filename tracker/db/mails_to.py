"""The mails that went, or are to go, to one person."""

from datetime import date

from sqlalchemy import Connection, select

from tracker.db.bulk import among
from tracker.db.meant import one_with
from tracker.db.outbox import Mail, mails_by_id
from tracker.db.tables import mails, notices


def mails_to(
    connection: Connection, number: int, limit: int | None, before: int | None = None, day: date | None = None
) -> list[Mail]:
    """The latest mails to a person, and to whoever became that person, the latest first.

    Only those `before` a number, or of the run for a `day`, if one is said.
    """
    numbers = one_with(connection, [number])
    # By what is told of the person: that has an index, while nobody looks mails up by addressee.
    query = (
        select(notices.c.mail_id)
        .join(mails, mails.c.id == notices.c.mail_id)
        .where(among(connection, notices.c.person_id, numbers))
        .where(among(connection, mails.c.addressee, [str(each) for each in numbers]))
        .distinct()
        .order_by(notices.c.mail_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(notices.c.mail_id < before)
    if day is not None:
        query = query.where(mails.c.day == day)
    return mails_by_id(connection, list(connection.execute(query).scalars()))[::-1]
