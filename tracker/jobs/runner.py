"""Works a job's slot: takes it, so that no other process does, works it, and records what came of it."""

import os
import secrets
import socket
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from tracker.db.jobs import JobRun, Wanted, drop, end, hold, take
from tracker.domain.errors import NotPossible, TrackerError
from tracker.jobs.spec import Held, Job, Site


def process_name() -> str:
    """A name that no other process has, and that says where to look for this one."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def work_if_due(
    job: Job, site: Site, process: str, stopping: Callable[[], bool] = lambda: False, *, at_once: bool = False
) -> JobRun | None:
    """Works the job's slot if one is due and nobody else has it; None if there was nothing to do.

    Args:
        job: which.
        site: on what.
        process: who works it.
        stopping: whether the process is to end.
        at_once: somebody asks for it, so the pause after a failure is not waited for.
    """
    slot = job.due(site).slot
    if slot is None:
        return None
    wanted = Wanted(job.name, slot, process, job.lease, job.resumes, at_once)
    with site.database.write() as connection:
        run = take(connection, wanted, site.now())
    return _work(job, site, run, stopping) if run else None


def _work(job: Job, site: Site, run: JobRun, stopping: Callable[[], bool]) -> JobRun:
    """Works a slot that was taken. Whatever goes wrong is recorded, and nobody else is kept from theirs."""
    counts: Mapping[str, int] = {}
    said: str | None = None
    try:
        counts = job.work(site, _holding(job, site, run, stopping))
    except Exception as error:  # noqa: BLE001 the boundary: one job that fails must not end the others
        # Whoever looks at the jobs keeps the machine, or knows who does.
        said = error.in_full if isinstance(error, NotPossible) else in_short(error)
    outcome, at = ("failed" if said else "done"), site.now()
    with site.database.write() as connection:
        if job.resumes and not (said or counts):
            drop(connection, run)
        else:
            end(connection, run, outcome, at, counts, said)
    return run._replace(outcome=outcome, ended_at=at, counts=counts, said=said)


def _holding(job: Job, site: Site, run: JobRun, stopping: Callable[[], bool]) -> Held:
    """Keeps the slot; writes only now and then, as it is called for each mail."""
    last, lost = run.began_at, False

    def still_at_it() -> None:
        nonlocal last, lost
        now: datetime = site.now()
        if now - last >= job.lease / 4:
            last = now
            with site.database.write() as connection:
                lost = not hold(connection, run, now + job.lease)

    return Held(still_at_it, lambda: lost or stopping())


def in_short(error: Exception) -> str:
    """What went wrong; of an error of the program only where, as its own words may hold people's data."""
    if isinstance(error, TrackerError):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; please report it."
