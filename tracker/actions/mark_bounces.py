"""Reads reports on delivery from a folder, and marks the addresses that are gone.

1. Read some, one in memory at a time; keep what says that an address is gone.
2. Mark these in one change.
3. Only then move what was read out of the way: killed at any instant, it is read again, which changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.db.bounces import Returned, record_bounces
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.domain.bounces import code_of, is_gone
from tracker.notify.bounces import NotReadable, read_bounce
from tracker.notify.incoming import Incoming

# Mails read between two changes, and receivers looked at of each: a mail of ours has one, and few behind it.
BATCH = 100
MOST_RECEIVERS = 100


@dataclass(slots=True)
class Tally:
    """How many mails were read, reported on a delivery, and could not be read; how many addresses were marked."""

    read: int = 0
    reports: int = 0
    unreadable: int = 0
    marked: int = 0


def mark_bounces(
    database: Database, author: Author, folder: Incoming, day: date, stopping: Callable[[], bool]
) -> Iterator[Tally]:
    """Reads what has come in, some at a time, until nothing is left or the process is to end; tells how far it is."""
    tally = Tally()
    while not stopping() and (names := folder.waiting(BATCH)):
        gone = [one for name in names for one in _gone(folder.read(name), tally)]
        if gone:
            with change(database, author, "bounce-mark") as made:
                tally.marked += record_bounces(made, gone, day)
        for name in names:
            folder.put_away(name)
        yield tally


def _gone(content: bytes | None, tally: Tally) -> Iterator[Returned]:
    """The addresses that a mail says are gone, with the mail that it is about."""
    if content is None:
        return
    tally.read += 1
    try:
        report = read_bounce(content)
    except NotReadable:
        tally.unreadable += 1
        return
    tally.reports += report is not None
    if report is None or report.message_id is None:
        return
    for one in report.failures[:MOST_RECEIVERS]:
        if is_gone(one.action, one.status, one.answer):
            yield Returned(report.message_id, one.address, code_of(one.status, one.answer), one.said)
