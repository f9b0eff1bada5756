"""Which slots of scheduled jobs were worked, by whom and with what outcome; which processes work them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Update, delete, func, insert, select, update

from tracker.db.tables import job_runs, processes

# A run that is told of no more is dropped after so long.
KEPT = timedelta(days=90)
# A slot that failed is tried again after a pause that doubles.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


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


class Process(NamedTuple):
    """A process that works some jobs, and when it was last heard of."""

    name: str
    jobs: tuple[str, ...]
    began_at: datetime
    seen_at: datetime


def take(connection: Connection, job: str, slot: str, process: str, at: datetime, lease: timedelta) -> JobRun | None:
    """Takes a slot for a process; None if it was worked, or another has it, or its next try is still to come.

    In a writer's transaction: of two that ask one gets it.
    """
    found = connection.execute(select(job_runs).where(job_runs.c.job == job, job_runs.c.slot == slot)).first()
    values = {"process": process, "outcome": "running", "began_at": at, "held_until": at + lease}
    if found is None:
        number = (connection.execute(select(func.max(job_runs.c.id))).scalar() or 0) + 1
        connection.execute(insert(job_runs).values(id=number, job=job, slot=slot, tries=1, **values))
        return JobRun(number, job, slot, process, 1, "running", at, at + lease, None, {}, None)
    before = _run(found)
    if before.outcome == "done" or before.held_until > at:
        return None
    tries = before.tries + 1
    again = update(job_runs).where(job_runs.c.id == before.id)
    connection.execute(again.values(tries=tries, ended_at=None, counts=None, said=None, **values))
    return before._replace(
        process=process,
        tries=tries,
        outcome="running",
        began_at=at,
        held_until=at + lease,
        ended_at=None,
        counts={},
        said=None,
    )


def hold(connection: Connection, run: JobRun, until: datetime) -> bool:
    """Keeps a slot for longer; false if another process took it over."""
    return connection.execute(_mine(run).values(held_until=until)).rowcount > 0


def end(
    connection: Connection, run: JobRun, outcome: str, at: datetime, counts: Mapping[str, int], said: str | None
) -> None:
    """Records what came of a slot, if it is still this process's; a failed one may be taken again after a pause."""
    values = {"outcome": outcome, "ended_at": at, "counts": json.dumps(counts), "said": said}
    pause = min(FIRST_PAUSE * 2 ** min(run.tries - 1, 10), LONGEST_PAUSE)
    connection.execute(_mine(run).values(**values, held_until=at + pause))


def _mine(run: JobRun) -> Update:
    mine = (job_runs.c.id == run.id) & (job_runs.c.tries == run.tries) & (job_runs.c.outcome == "running")
    return update(job_runs).where(mine)


def history(connection: Connection, job: str | None, limit: int) -> list[JobRun]:
    """The latest runs, of one job or of all, the latest first."""
    query = select(job_runs).order_by(job_runs.c.id.desc()).limit(limit)
    return [_run(row) for row in connection.execute(query if job is None else query.where(job_runs.c.job == job))]


def forget_old(connection: Connection, at: datetime) -> None:
    """Drops what nobody asks for any more: old runs, and processes that were not heard of for as long."""
    connection.execute(delete(job_runs).where(job_runs.c.began_at < at - KEPT, job_runs.c.outcome != "running"))
    connection.execute(delete(processes).where(processes.c.seen_at < at - KEPT))


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
