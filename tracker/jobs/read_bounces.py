"""Reads what mail servers report of mails that did not arrive."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, timedelta

from tracker.actions.mark_bounces import Tally, mark_bounces
from tracker.db.change import Author
from tracker.db.jobs import history
from tracker.domain.errors import NotPossible
from tracker.jobs.spec import Due, Held, Job, Site
from tracker.notify.incoming import Incoming

AUTHOR = Author("read_bounces", "job")


def due(site: Site) -> Due:
    """A slot whenever a mail has come in; one a day for a mailbox that cannot be used, so that somebody hears of it."""
    folder = _folder(site)
    if folder is None:
        return Due(None, "no mailbox of bounces is set (TRACKER_BOUNCES)")
    try:
        # Once the mailbox was mended, the records are to say so.
        if not folder.waiting(1) and not _failed_before(site):
            return Due(None, "no mail has come in")
    except NotPossible:
        return Due(f"{site.now().astimezone(UTC):%Y-%m-%d}")
    return Due(site.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def work(site: Site, held: Held) -> Mapping[str, int]:
    """Reads until nothing is left."""
    tally = Tally()
    if folder := _folder(site):
        for so_far in mark_bounces(site.database, AUTHOR, folder, site.day, held.stopping):
            tally = so_far
            held.hold()
    counts = asdict(tally)
    return counts if any(counts.values()) else {}


def _folder(site: Site) -> Incoming | None:
    path = site.settings.bounces
    return Incoming(path.expanduser()) if path else None


def _failed_before(site: Site) -> bool:
    with site.database.read() as connection:
        return any(run.outcome == "failed" for run in history(connection, JOB.name, 1))


JOB = Job(
    "read_bounces",
    "Reads which mails came back, and marks the addresses that are gone.",
    timedelta(minutes=1),
    timedelta(minutes=10),
    due,
    work,
    resumes=True,
)
