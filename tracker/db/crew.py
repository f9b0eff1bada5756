"""Works out timelines, in other processes where there are many people and the machine has cores to spare.

What goes to and fro are plain tuples, and days come back as text, which every database takes: named tuples and dates
would cost more to hand over than the second core gains.
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import Any, Self

from tracker.domain.facts import PersonFacts, Plain, named
from tracker.domain.rulebook import Rulebook
from tracker.domain.timeline import Engine

# A row of the table `segments`.
Row = tuple[Any, ...]

# Fewer people are done before another process has started.
WORTH_SHARING = 1_000


def rows_of(engine: Engine, generation: int, people: Iterable[PersonFacts]) -> Iterator[Row]:
    """The people's timelines as they are stored, in the order of the table's key."""
    for person in people:
        for assignment, requirement, standing, first, last, ends_by in sorted(engine.segments(person)):
            yield person.id, generation, assignment, requirement, first, last, standing.value, ends_by


class Crew:
    """Turns people into rows of one generation by one rulebook; what is given first comes back first."""

    def __init__(self, rulebook: Rulebook, generation: int) -> None:
        self.rulebook = rulebook
        self.generation = generation
        self._engine: Engine | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._given: deque[tuple[Sequence[Plain], Future[list[Row]] | None]] = deque()

    def __enter__(self) -> Self:
        """Nothing is started before there is enough to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """See `close`."""
        self.close()

    def close(self) -> None:
        """Lets the processes go."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def give(self, people: Sequence[Plain]) -> None:
        """Hands people over."""
        if self._pool is None and len(people) >= WORTH_SHARING and (os.cpu_count() or 1) > 1:
            self._pool = _pool(self.rulebook, self.generation)
        try:
            self._given.append((people, self._pool.submit(_work, people) if self._pool else None))
        except (BrokenProcessPool, OSError):
            self._given.append((people, None))

    def ready(self) -> Iterator[Iterable[Row]]:
        """What is done already, without waiting."""
        while self._given and (self._given[0][1] is None or self._given[0][1].done()):
            yield self._taken()

    def rest(self) -> Iterator[Iterable[Row]]:
        """Everything that was given and has not come back yet."""
        while self._given:
            yield self._taken()

    def _taken(self) -> Iterable[Row]:
        people, done = self._given.popleft()
        # What no other process has begun is quicker done here than waited for.
        if done and not done.cancel():
            try:
                return done.result()
            except (BrokenProcessPool, OSError):
                # The system may end a process, for want of memory say: then it is done here.
                self._pool = None
        self._engine = self._engine or Engine(self.rulebook)
        return rows_of(self._engine, self.generation, map(named, people))


def _pool(rulebook: Rulebook, generation: int) -> ProcessPoolExecutor | None:
    """Processes for all cores but this one's; none where the system refuses."""
    workers = max(1, (os.cpu_count() or 1) - 1)
    try:
        # Not forked: a copy of this process would hold its database open.
        context = get_context("spawn")
        return ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(rulebook, generation))
    except OSError:
        return None


def _begin(rulebook: Rulebook, generation: int) -> None:
    """Sets another process up; it ends with the one that started it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with_parent, daemon=True).start()
    _state["engine"], _state["generation"] = Engine(rulebook), generation


# What a process of the crew keeps between its tasks.
_state: dict[str, Any] = {}


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _work(people: Sequence[Plain]) -> list[Row]:
    rows = rows_of(_state["engine"], _state["generation"], map(named, people))
    return [(*row[:4], row[4].isoformat(), row[5].isoformat(), *row[6:]) for row in rows]
