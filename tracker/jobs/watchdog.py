"""Sees what is wrong with the machinery of reminders, and says so."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tracker.actions.enable_mail import mail_gate
from tracker.db.connect import Connection
from tracker.db.digests import managers_marked
from tracker.db.jobs import Process, all_processes, forget_old, history
from tracker.db.outbox import lag, latest_ends, put_off
from tracker.db.reminders import last_run
from tracker.domain.watch import IN_A_ROW, Alarm, Sight, alarms
from tracker.jobs.plan_reminders import due_since
from tracker.jobs.spec import Due, Held, Job, Site

EVERY = timedelta(minutes=1)
# Those without which nothing leaves.
NEEDED = ("plan_reminders", "deliver_mail")
WATCHED = (*NEEDED, "read_bounces")


def look_around(site: Site) -> list[Alarm]:
    """What is wrong now. Where mail is held, nobody need send it."""
    now = site.now()
    is_open = site.rulebook is not None and mail_gate(site.database, site.settings).is_open
    with site.database.read() as connection:
        processes = all_processes(connection)
        waiting = lag(connection, now)
        run = last_run(connection)
        missing = is_open and (run is None or run.day < site.day)
        sight = Sight(
            {job: _heard(processes, job) for job in NEEDED} if is_open else {},
            waiting.waiting,
            waiting.since,
            put_off(connection) if is_open else (),
            latest_ends(connection, IN_A_ROW),
            due_since(site) if missing else None,
            {name: failed for name in WATCHED if (failed := _failed_in_a_row(connection, name))},
            len(managers_marked(connection)),
        )
    return alarms(sight, now)


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
    """A slot a minute."""
    return Due(site.now().strftime("%Y-%m-%dT%H:%MZ"))


def work(site: Site, _held: Held) -> Mapping[str, int]:
    """Counts what is wrong; the process that runs it says it, and so does `tracker jobs`."""
    with site.database.write() as connection:
        forget_old(connection, site.now())
    return {"alarms": len(look_around(site))}


JOB = Job(
    "watchdog", "Looks whether anything is late, fails, or is not running.", EVERY, timedelta(minutes=5), due, work
)
