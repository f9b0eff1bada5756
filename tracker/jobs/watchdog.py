"""Sees what is wrong with the machinery of reminders, and says so."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta

from tracker.actions.enable_mail import mail_gate
from tracker.actions.policy_drafts.kept import Drafts
from tracker.db.connect import Connection
from tracker.db.digests import managers_marked
from tracker.db.jobs import Process, all_processes, forget_old, history
from tracker.db.outbox import Lag, lag, latest_ends, put_off
from tracker.db.reminders import last_run
from tracker.domain.days import add_months
from tracker.domain.watch import IN_A_ROW, Alarm, Sight, alarms
from tracker.jobs.plan_reminders import missing_since
from tracker.jobs.spec import Due, Held, Job, Site

EVERY = timedelta(minutes=1)
# Those without which nothing leaves.
NEEDED = ("plan_reminders", "deliver_mail")
WATCHED = (*NEEDED, "read_bounces", "remove_old_records")
# What ended longer ago says nothing of now.
RECENT = timedelta(days=1)


def look_around(site: Site) -> list[Alarm]:
    """What is wrong now. Where mail is held, nobody need send it."""
    now = site.now()
    is_open = site.rulebook is not None and mail_gate(site.database, site.settings).is_open
    with site.database.read() as connection:
        sight = Sight({}, failing=_failing(connection), deaf=len(managers_marked(connection)))
        if is_open:
            processes, waits = all_processes(connection), _waits(connection, site, now)
            sight = sight._replace(
                heard={job: _heard(processes, job) for job in NEEDED},
                due=waits.waiting,
                due_since=waits.since,
                tried=put_off(connection),
                ended=latest_ends(connection, IN_A_ROW, now - RECENT),
            )
    return alarms(sight._replace(run_due_since=missing_since(site) if is_open else None), now)


def _waits(connection: Connection, site: Site, now: datetime) -> Lag:
    """The mails that delivery may send and has not: those left by an earlier day wait for this day's run."""
    run = last_run(connection)
    if run is None or run.day != site.day:
        return Lag(0, None)
    found = lag(connection, now)
    return found._replace(since=max(found.since, run.at) if found.since else None)


def _failing(connection: Connection) -> dict[str, tuple[int, str]]:
    return {name: failed for name in WATCHED if (failed := _failed_in_a_row(connection, name))}


def _heard(processes: Iterable[Process], job: str) -> datetime | None:
    return max((one.seen_at for one in processes if job in one.jobs), default=None)


def _failed_in_a_row(connection: Connection, job: str) -> tuple[int, str] | None:
    """How often a job failed in a row by now, tries of one slot counted each, and what it said the last time."""
    times, said = 0, ""
    for run in history(connection, job, IN_A_ROW):
        if run.outcome == "done":
            break
        if run.outcome == "failed":
            times, said = times + run.tries, said or run.said or ""
    return (times, said) if times else None


def due(site: Site) -> Due:
    """A slot an hour, for the records; the processes look, and say what is wrong, all the time."""
    return Due(site.now().strftime("%Y-%m-%dT%HZ"), "it was worked this hour")


def work(site: Site, _held: Held) -> Mapping[str, int]:
    """Counts what is wrong, and forgets what is long past."""
    with site.database.write() as connection:
        months = site.rulebook.on(site.day).retention.job_runs_months if site.rulebook else None
        kept = datetime.combine(add_months(site.day, -months), time(), UTC) if months else None
        forget_old(connection, site.now(), kept)
    Drafts(site.settings.data_dir).sweep(site.now())
    return {"alarms": len(look_around(site))}


JOB = Job(
    "watchdog", "Looks whether anything is late, fails, or is not running.", EVERY, timedelta(minutes=5), due, work
)
