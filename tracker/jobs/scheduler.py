"""Calls the jobs at their times: the only place that knows APScheduler."""

import signal
from collections.abc import Callable
from datetime import UTC
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler

# Often, as each scan is quick and repeats nothing: a pause or a late start then costs a minute, not a day.
EVERY_SECONDS = 60


def run_forever(job: Callable[[], None]) -> None:
    """Calls a job at once and then every minute, until the process is told to end."""
    scheduler = BlockingScheduler(timezone=UTC)
    # Without these a job that was due while the machine slept would be skipped without a word, or pile up.
    scheduler.add_job(job, "interval", seconds=EVERY_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1)

    told_to_end = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal told_to_end
        told_to_end = True
        if scheduler.running:
            scheduler.shutdown(wait=False)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    job()
    # What was begun is brought to its end first: a mail in the middle of being sent would be sent again.
    if not told_to_end:
        scheduler.start()
