"""Plans the day's run, once the site's hour has come.

It asks the records what was done rather than the clock what was missed: so it may look as often as it likes, late,
after a pause of days, and on both days on which clocks change.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.actions.deliver_mail import mail_domain
from tracker.actions.enable_mail import mail_gate, remember_runs
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.reminders import last_run
from tracker.domain.rulebook import Rulebook
from tracker.jobs.spec import Due, Held, Job, Site


def due(site: Site) -> Due:
    """One slot a day, by the site's calendar."""
    if site.rulebook is None:
        return Due(None, "there is no policy yet; see 'tracker policy apply'")
    if not mail_gate(site.database, site.settings).is_open:
        return Due(None, "mail is held; see 'tracker mail enable'")
    with site.database.read() as connection:
        before = last_run(connection)
    if before and before.day > site.day:
        return Due(None, f"a run for {before.day} was made already, so nothing is sent before that day")
    if before and before.day == site.day:
        return Due(None, f"the run for {site.day} was made; the next is tomorrow's")
    if not _has_come(site):
        return Due(None, f"the run for {site.day} is made at {site.rulebook.on(site.day).reminders.send_at:%H:%M}")
    return Due(site.day.isoformat())


def _has_come(site: Site) -> bool:
    """Whether the hour of the day's run has come; the wall clock decides, so one that clocks skip comes after that."""
    return site.rulebook is not None and site.local.time() >= site.rulebook.on(site.day).reminders.send_at


def missing_since(site: Site) -> datetime | None:
    """Since when a run is missing that should have been made, yesterday's or today's; None if none is."""
    if site.rulebook is None:
        return None
    with site.database.read() as connection:
        before = last_run(connection)
    today = site.day
    # Where there was no run ever, nobody waits for yesterday's.
    last = before.day if before else today - timedelta(days=1)
    hours = [_hour(site.rulebook, day) for day in (today - timedelta(days=1), today) if last < day]
    return next((hour for hour in hours if hour <= site.now()), None)


def _hour(rulebook: Rulebook, day: date) -> datetime:
    return datetime.combine(day, rulebook.on(day).reminders.send_at, ZoneInfo(rulebook.newest.timezone))


def work(site: Site, _held: Held) -> Mapping[str, int]:
    """Puts what is owed into the outbox."""
    gate = mail_gate(site.database, site.settings)
    plan = plan_reminders(site.database, gate, site.day, site.now(), mail_domain(site.settings))
    remember_runs(site.database, site.settings)
    return {"planned": len(plan.mails), "not sent": len(plan.not_sent)}


JOB = Job(
    "plan_reminders",
    "Works out what the day's run owes, once the site's hour has come.",
    timedelta(minutes=1),
    timedelta(minutes=30),
    due,
    work,
)
