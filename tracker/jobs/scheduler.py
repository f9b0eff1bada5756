"""Calls the jobs at their times: the only place that knows APScheduler."""

import signal
from collections.abc import Callable
from datetime import UTC
from threading import Event
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

# Often, as each scan is quick and repeats nothing: a pause or a late start then costs a minute, not a day.
EVERY_SECONDS = 60


def run_forever(job: Callable[[], None]) -> None:
    """Calls a job at once and then every minute, until the process is told to end."""
    scheduler = BackgroundScheduler(timezone=UTC)
    # Without these a job that was due while the machine slept would be skipped without a word, or pile up.
    scheduler.add_job(job, "interval", seconds=EVERY_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1)

    told_to_end = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told_to_end.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    job()
    if told_to_end.is_set():
        return
    scheduler.start()
    told_to_end.wait()
    # What was begun is brought to its end first: a mail in the middle of being sent would be sent again.
    scheduler.shutdown(wait=True)
