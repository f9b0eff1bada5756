"""What is scheduled, what it did, and whether all is well."""

from datetime import timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.check_trail import last_check
from tracker.db.jobs import JobRun, all_processes, history
from tracker.db.outbox import lag
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.watch import SILENT_AFTER, in_words
from tracker.jobs.health import room, schema
from tracker.jobs.registry import JOBS
from tracker.jobs.runner import process_name, work_if_due
from tracker.jobs.spec import Job
from tracker.jobs.spec import Site as Works
from tracker.jobs.watchdog import look_around
from tracker.web.background import Errand
from tracker.web.gate import Needs, Visit
from tracker.web.pages import ROWS, page, see

router = APIRouter()
Seer = Annotated[Visit, Depends(Needs(Right.SEE_JOBS))]
Runner = Annotated[Visit, Depends(Needs(Right.RUN_JOBS))]
NAMES = {
    "plan_reminders": "Plan reminders",
    "deliver_mail": "Send mails",
    "read_bounces": "Read mails that came back",
    "remove_old_records": "Remove old records",
    "watchdog": "Watchdog",
}


class _Line(NamedTuple):
    """A job: what it is called and does, whether it is due or why not, how often that is looked at, what it did."""

    name: str
    title: str
    about: str
    due: bool
    why: str
    every: str
    last: JobRun | None
    working: bool


@router.get("/jobs")
def jobs(visit: Seer, ran: str = "") -> Response:
    """The page; `ran` is a job that somebody asked for just before."""
    works, now = _works(visit), visit.site.now()
    with visit.database.read() as connection:
        last = {name: next(iter(history(connection, name, 1)), None) for name in JOBS}
        waiting, processes = lag(connection, now), all_processes(connection)
    errand = visit.site.background.ask(_errand(ran)) if ran in JOBS else None
    return page(
        "jobs",
        visit,
        lines=[_line(visit, works, job, last[job.name]) for job in JOBS.values()],
        alarms=look_around(works),
        processes=[(one, now - one.seen_at <= SILENT_AFTER) for one in processes],
        alive=any(now - one.seen_at <= SILENT_AFTER and "plan_reminders" in one.jobs for one in processes),
        waiting=waiting,
        waits=in_words(now - waiting.since) if waiting.since else "",
        schema=schema(works),
        room=room(visit.site.settings.data_dir),
        checked=last_check(visit.site.settings.data_dir),
        ran=(ran, NAMES.get(ran, ran), errand) if errand else None,
        names=NAMES,
    )


@router.get("/jobs/history")
def past(visit: Seer, job: str = "", before: int = 0) -> Response:
    """What jobs did, the latest first."""
    if job and job not in JOBS:
        raise BadInput("There is no such job; choose one of the list.")
    with visit.database.read() as connection:
        found = history(connection, job or None, ROWS + 1, before if 0 < before < 2**31 else None)
    return page(
        "jobs-history",
        visit,
        runs=found[:ROWS],
        further=found[ROWS - 1].id if len(found) > ROWS else None,
        job=job,
        before=before,
        names=NAMES,
        options=[("", "All jobs"), *((name, NAMES.get(name, name)) for name in JOBS)],
    )


@router.post("/jobs/{name}/run")
def run(visit: Runner, name: str) -> Response:
    """Begins to work a job, if it is due; the page after says what came of it."""
    if name not in JOBS:
        raise BadInput("There is no such job; choose one of the list.")
    job, works = JOBS[name], _works(visit)

    def work(errand: Errand) -> str:
        due = job.due(works)
        done = work_if_due(job, works, process_name(), errand.stopping, at_once=True) if due.slot else None
        return _outcome(done) if done else due.why or "it was worked already, or another process has it"

    visit.site.background.begin(_errand(name), work)
    return see(visit, "/jobs", ran=name)


def _line(visit: Visit, works: Works, job: Job, last: JobRun | None) -> _Line:
    due = job.due(works)
    worked = last is not None and (last.slot, last.outcome) == (due.slot, "done")
    errand = visit.site.background.ask(_errand(job.name))
    working = errand is not None and not errand.ended
    title = NAMES.get(job.name, job.name)
    is_due = due.slot is not None and not worked
    return _Line(job.name, title, job.about, is_due, due.why, _often(job.every), last, working)


def _often(every: timedelta) -> str:
    seconds = int(every.total_seconds())
    return f"{seconds} seconds" if seconds < 60 else in_words(every).removeprefix("1 ")


def _outcome(run: JobRun) -> str:
    return f"{run.outcome}: {run.summary}" if run.summary else run.outcome


def _errand(name: str) -> str:
    return f"job {name}"


def _works(visit: Visit) -> Works:
    return Works(visit.database, visit.site.settings, visit.site.now)
