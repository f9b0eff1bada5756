"""Tries at once the mails that wait for their next try, say after the mail server was mended."""

from datetime import datetime

from tracker.db.connect import Database
from tracker.db.outbox import try_again


def retry_mail(database: Database, at: datetime) -> int:
    """Makes every mail due that waits for its next try; returns how many there are."""
    with database.write() as connection:
        return try_again(connection, at)
