"""Removes, once a day, what the policy says is past keeping, and files that nothing needs any more."""

from collections.abc import Mapping
from datetime import timedelta

from tracker.actions.drafts.folder import FOLDER as DRAFTS
from tracker.actions.issued_files import FOLDER
from tracker.actions.remove_old_records import remove_old_records
from tracker.db.change import Author
from tracker.domain.policy import Retention
from tracker.jobs.spec import Due, Held, Job, Site

AUTHOR = Author("remove_old_records", "job")


def due(site: Site) -> Due:
    """One slot a day, by the site's calendar, if the policy keeps something for so long only, or files are there."""
    if site.rulebook is None:
        return Due(None, "there is no policy yet; see 'tracker policy apply'")
    folder = site.settings.data_dir.expanduser()
    leaves = any((folder / each).is_dir() for each in (FOLDER, DRAFTS))
    if site.rulebook.on(site.day).retention == Retention() and not leaves:
        return Due(None, "the policy keeps everything for ever")
    return Due(site.day.isoformat(), "it was worked today")


def work(site: Site, held: Held) -> Mapping[str, int]:
    """Removes it, some people at a time."""

    def stopping() -> bool:
        held.hold()
        return held.stopping()

    folder = site.settings.data_dir.expanduser()
    return dict(remove_old_records(site.database, AUTHOR, folder, site.day, stopping))


JOB = Job(
    "remove_old_records",
    "Removes what the policy says is past keeping.",
    timedelta(minutes=10),
    timedelta(minutes=30),
    due,
    work,
)
