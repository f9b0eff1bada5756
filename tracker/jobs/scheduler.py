"""Calls what is to be looked at again and again: the only place that knows APScheduler."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler


class Look(NamedTuple):
    """Something to do again and again: how often, what, and whether at once or only after that time."""

    every: timedelta
    do: Callable[[], None]
    at_once: bool = True


def run_forever(looks: Sequence[Look], told_to_end: Event) -> None:
    """Does each again and again, until told to end; what was begun is finished."""
    # It would say of each look that is skipped as the one before still goes on.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=UTC)
    for every, do, at_once in looks:
        # Without these what was due while the machine slept would be skipped without a word, or pile up.
        kept = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        first = datetime.now(UTC) + (timedelta() if at_once else every)
        scheduler.add_job(do, "interval", seconds=every.total_seconds(), next_run_time=first, **kept)
    if told_to_end.is_set():
        return
    scheduler.start()
    told_to_end.wait()
    # A mail in the middle of being sent would be sent again.
    scheduler.shutdown(wait=True)
