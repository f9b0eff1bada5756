"""Which slots of scheduled jobs were worked, by whom and with what outcome; which processes work them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Update, delete, func, insert, or_, select, text, update

from tracker.db.tables import job_runs, processes
from tracker.domain.pauses import growing

# Runs are dropped after so long if the policy does not say, and processes that fell silent after a day.
KEPT = timedelta(days=90)
LISTED = timedelta(days=1)
# A slot that failed is tried again after a pause that doubles.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


# In the words of the index of what is not done.
_UNDONE = text("job_runs.outcome != 'done'")


class JobRun(NamedTuple):
    """A slot of a job, and what came of it. `outcome`: `running`, `done` or `failed`; `said` is why it failed."""

    id: int
    job: str
    slot: str
    process: str
    tries: int
    outcome: str
    began_at: datetime
    held_until: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]
    said: str | None

    @property
    def summary(self) -> str:
        """What came of it in words; empty if there is nothing to say."""
        return self.said or ", ".join(f"{count} {what}" for what, count in self.counts.items())


class Process(NamedTuple):
    """A process that works some jobs, and when it was last heard of."""

    name: str
    jobs: tuple[str, ...]
    began_at: datetime
    seen_at: datetime


class Wanted(NamedTuple):
    """A slot that a process asks for.

    `resumes`: what another slot of the job left undone is done first, in that slot. `at_once`: the pause after a
    failure is not waited for, as somebody asks.
    """

    job: str
    slot: str
    process: str
    lease: timedelta
    resumes: bool = False
    at_once: bool = False


def take(connection: Connection, wanted: Wanted, at: datetime) -> JobRun | None:
    """Takes a slot for a process; None if it was worked, or another has it, or its next try is still to come.

    In a writer's transaction: of two that ask one gets it.
    """
    before = _before(connection, wanted, at)
    if before is None:
        number = (connection.execute(select(func.max(job_runs.c.id))).scalar() or 0) + 1
        run = JobRun(
            number, wanted.job, wanted.slot, wanted.process, 1, "running", at, at + wanted.lease, None, {}, None
        )
        connection.execute(insert(job_runs).values({**run._asdict(), "counts": None}))
        return run
    waits = before.held_until > at and not (wanted.at_once and before.outcome == "failed")
    if before.outcome == "done" or waits:
        return None
    run = before._replace(
        process=wanted.process,
        tries=before.tries + 1,
        outcome="running",
        began_at=at,
        held_until=at + wanted.lease,
        ended_at=None,
        counts={},
        said=None,
    )
    connection.execute(update(job_runs).where(job_runs.c.id == run.id).values({**run._asdict(), "counts": None}))
    return run


def _before(connection: Connection, wanted: Wanted, at: datetime) -> JobRun | None:
    """The run of the slot so far; or, if that is resumed, one of another slot that failed, or whose process is gone."""
    query = select(job_runs).where(job_runs.c.job == wanted.job)
    found = connection.execute(query.where(job_runs.c.slot == wanted.slot)).first()
    if found is None and wanted.resumes:
        left = or_(job_runs.c.outcome == "failed", job_runs.c.held_until <= at)
        # A failure first: its pause is kept.
        found = connection.execute(query.where(_UNDONE, left).order_by(job_runs.c.outcome).limit(1)).first()
    return _run(found) if found else None


def hold(connection: Connection, run: JobRun, until: datetime) -> bool:
    """Keeps a slot for longer; false if another process took it over."""
    return connection.execute(_mine(run).values(held_until=until)).rowcount > 0


def end(
    connection: Connection, run: JobRun, outcome: str, at: datetime, counts: Mapping[str, int], said: str | None
) -> None:
    """Records what came of a slot, if it is still this process's; a failed one may be taken again after a pause."""
    values = {"outcome": outcome, "ended_at": at, "counts": json.dumps(counts), "said": said}
    pause = growing(FIRST_PAUSE, run.tries, LONGEST_PAUSE)
    connection.execute(_mine(run).values(**values, held_until=at + pause))


def drop(connection: Connection, run: JobRun) -> None:
    """Forgets a slot in which there turned out to be nothing to do."""
    connection.execute(delete(job_runs).where(job_runs.c.id == run.id, job_runs.c.tries == run.tries))


def _mine(run: JobRun) -> Update:
    mine = (job_runs.c.id == run.id) & (job_runs.c.tries == run.tries) & (job_runs.c.outcome == "running")
    return update(job_runs).where(mine)


def history(connection: Connection, job: str | None, limit: int, before: int | None = None) -> list[JobRun]:
    """The latest runs, of one job or of all, the latest first; only those before the run of a number, if given."""
    query = select(job_runs).order_by(job_runs.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(job_runs.c.id < before)
    return [_run(row) for row in connection.execute(query if job is None else query.where(job_runs.c.job == job))]


def forget_old(connection: Connection, at: datetime, kept_from: datetime | None = None) -> None:
    """Drops what nobody asks for any more: old runs, and processes that were not heard of lately."""
    connection.execute(delete(job_runs).where(job_runs.c.held_until < (kept_from or at - KEPT)))
    connection.execute(delete(processes).where(processes.c.seen_at < at - LISTED))


def seen(connection: Connection, name: str, jobs: Sequence[str], at: datetime) -> None:
    """Notes that a process is alive."""
    known = connection.execute(update(processes).where(processes.c.name == name).values(seen_at=at))
    if known.rowcount == 0:
        connection.execute(insert(processes).values(name=name, jobs=" ".join(jobs), began_at=at, seen_at=at))


def gone(connection: Connection, name: str) -> None:
    """Notes that a process ended in good order."""
    connection.execute(delete(processes).where(processes.c.name == name))


def all_processes(connection: Connection) -> list[Process]:
    """The processes, the one heard of last first."""
    rows = connection.execute(select(processes).order_by(processes.c.seen_at.desc(), processes.c.name))
    return [Process(row.name, tuple(row.jobs.split()), row.began_at, row.seen_at) for row in rows]


def _run(row: Row[Any]) -> JobRun:
    return JobRun._make(row)._replace(counts=json.loads(row.counts or "{}"))
