"""How a process is told to end: by the signals of a terminal and of whatever keeps services."""

import signal
from collections.abc import Callable
from types import FrameType


def at_signals(end: Callable[[], None]) -> None:
    """Calls `end` when the process is told to end; only for the main thread."""

    def told(_number: int, _frame: FrameType | None) -> None:
        end()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, told)
