"""Work on a draft that goes on while its owner looks at other pages: one thread of the server for each draft.

What is said of it lives as long as the server. If that is stopped, the draft is as it was before: an import goes in
whole or not at all, and its plan is made again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread

from tracker.jobs.runner import in_short

# Seconds for which a request waits, so that small files need no page in between.
PATIENCE = 1.5
# Drafts that are worked on at a time; others wait. Opening a workbook may take much memory.
AT_ONCE = 2
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """What is under way: `applying`, or only looking; how many rows are done, and of how many."""

    applying: bool
    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int | None:
        """How far it is; None if nobody knows yet."""
        return min(99, 100 * self.done // self.total) if self.total else None

    def forward(self, rows: int, total: int) -> None:
        """Says that so many more rows are done, of so many in all."""
        self.done, self.total = self.done + rows, total


_LOCK, _TURNS = Lock(), BoundedSemaphore(AT_ONCE)
_UNDERWAY: dict[Path, Work] = {}


def underway(folder: Path) -> Work | None:
    """What is being done with a draft."""
    return _UNDERWAY.get(folder)


def begin(folder: Path, work: Work, task: Callable[[], object]) -> bool:
    """Begins to work on a draft, unless something is under way; returns whether it is over already."""
    with _LOCK:
        if folder in _UNDERWAY:
            return False
        _UNDERWAY[folder] = work

    def run() -> None:
        try:
            with _TURNS:
                task()
        except Exception as error:  # noqa: BLE001 the boundary: the page says that it broke off
            _LOG.error("An import that was being prepared broke off: %s", in_short(error))
        finally:
            del _UNDERWAY[folder]

    thread = Thread(target=run, name=f"import {folder.name}")
    thread.start()
    thread.join(PATIENCE)
    return not thread.is_alive()
