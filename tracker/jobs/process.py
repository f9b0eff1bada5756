"""A process that works jobs: says that it is alive, looks at each job again and again, tells what came of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

from tracker.db.connect import Database
from tracker.db.jobs import JobRun, gone, seen
from tracker.jobs.registry import JOBS
from tracker.jobs.runner import in_short, process_name, work_if_due
from tracker.jobs.scheduler import Look, run_forever
from tracker.jobs.spec import Job, Site
from tracker.jobs.watchdog import look_around
from tracker.settings import Settings

BEAT = timedelta(minutes=1)

Tell = Callable[[str], None]


class Process:
    """Works some jobs until it is told to end. `tell` is given sentences for whoever watches it; no one is named."""

    def __init__(
        self, database: Database, settings: Settings, names: Sequence[str], now: Callable[[], datetime], tell: Tell
    ) -> None:
        self.name = process_name()
        self._database, self._settings, self._names, self._now, self._tell = database, settings, names, now, tell
        self._told_to_end = Event()
        self._why = ""
        self._wrong: set[str] = set()

    def run(self, every: timedelta | None = None) -> None:
        """Looks until told to end; `every` stands in for the jobs' own times."""
        # The watchdog only once the others had their turn.
        looks = [Look(BEAT, self._beat)]
        looks += [
            Look(every or JOBS[name].every, self._look_at(JOBS[name]), at_once=name != "watchdog")
            for name in self._names
        ]
        self._beat()
        try:
            run_forever(looks, self._told_to_end)
        finally:
            with self._database.write() as connection:
                gone(connection, self.name)

    def end(self) -> None:
        """Tells it to end; what was begun is finished."""
        self._told_to_end.set()

    def _beat(self) -> None:
        with self._surviving("heartbeat"), self._database.write() as connection:
            seen(connection, self.name, self._names, self._now())

    def _look_at(self, job: Job) -> Callable[[], None]:
        def look() -> None:
            with self._surviving(job.name):
                # The policies of now, each time.
                site = Site(self._database, self._settings, self._now)
                due = job.due(site)
                run = work_if_due(job, site, self.name, self._told_to_end.is_set)
                self._tell_of(job, run, due.why)
                if job.name == "watchdog":
                    self._tell_alarms(site)

        return look

    def _tell_of(self, job: Job, run: JobRun | None, why: str) -> None:
        """What came of a slot; or, once, why the day's run is not made, as then nothing leaves."""
        if run and run.summary and job.name != "watchdog":
            self._tell(f"{job.name}: {run.summary}")
        elif run is None and job.name == "plan_reminders" and why != self._why:
            self._why = why
            self._tell(f"{job.name}: {why}")

    def _tell_alarms(self, site: Site) -> None:
        """What is wrong, whenever that changes."""
        found = {alarm.name: alarm.sentence for alarm in look_around(site)}
        for name in found.keys() - self._wrong:
            self._tell(f"WRONG: {found[name]}")
        if self._wrong and not found:
            self._tell("all is well again")
        self._wrong = set(found)

    @contextmanager
    def _surviving(self, what: str) -> Iterator[None]:
        """A database that is locked or a server that is down is no reason to end: the next look may succeed."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 the boundary: a look that fails must not end the others
            self._tell(f"{what}: {in_short(error)}")
