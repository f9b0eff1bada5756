"""Delivers what is due in the outbox. Any number of processes may do so at once: each mail is one's alone."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, timedelta

from tracker.actions.deliver_mail import Bounds, deliver_mail, letterhead
from tracker.actions.enable_mail import mail_gate
from tracker.db.outbox import anything_due, room
from tracker.db.reminders import last_run
from tracker.jobs.spec import Due, Held, Job, Site
from tracker.notify.mail_url import open_post

EVERY = timedelta(seconds=10)


def due(site: Site) -> Due:
    """A slot whenever a mail's time has come. What an earlier day's run left is for this day's to look at first."""
    if site.rulebook is None or not mail_gate(site.database, site.settings).is_open:
        return Due(None, "mail is held; see 'tracker mail enable'")
    at = site.now()
    with site.database.read() as connection:
        run = last_run(connection)
        if run is None or run.day != site.day:
            return Due(None, "the day's run is still to be made")
        if not anything_due(connection, at):
            return Due(None, "no mail is due")
        limit = site.settings.mail_per_minute
        if limit is not None and not room(connection, at, limit):
            return Due(None, f"{limit} mails left within the last minute, as many as may")
    return Due(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def work(site: Site, held: Held) -> Mapping[str, int]:
    """Sends until nothing is due any more, the pace is used up, or the process is to end."""
    head = letterhead(site.settings, mail_gate(site.database, site.settings))
    post, settings = open_post(site.settings.mail), site.settings
    bounds = Bounds(None, settings.mail_per_minute, settings.mail_per_run, held.stopping)
    states: dict[str, int] = {}
    # Closed in any case, so that mails in hand go back.
    with closing(deliver_mail(site.database, post, head, site.day, site.now, bounds)) as delivered:
        for done in delivered:
            states[done.state] = states.get(done.state, 0) + 1
            held.hold()
    return states


JOB = Job(
    "deliver_mail",
    "Sends the mails whose time has come.",
    EVERY,
    timedelta(minutes=10),
    due,
    work,
    resumes=True,
)
