"""Works out timelines, in other processes where there are many people and the machine has cores to spare.

What goes to and fro are plain tuples, and the rows come back as one list of values, days as text, which every
database takes: named tuples, dates and a tuple a row would cost more to hand over than the second core gains. Nor are
there threads on this side, which would share its core; a worker has one that reads, so that handing over never waits
for what the worker is doing.
"""

import gc
import marshal
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from operator import itemgetter
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self, cast

from tracker.db.bulk import TEXTS
from tracker.domain.facts import PersonFacts, Plain, named
from tracker.domain.rulebook import Rulebook
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine

# A row of the table `segments`.
Row = tuple[Any, ...]
# Rows of it as a driver takes them: the values of the first, then those of the next.
Values = list[Any]

_KEY = itemgetter(0, 1)
_NAMES = {standing: standing.value for standing in Standing}

# Fewer people are done before another process has started.
WORTH_SHARING = 1_000
# People handed over at a time, and how many such tasks a worker has before it, so that it never waits for the next.
# Together they, or what comes of them, fit into what the system keeps of a line: nobody waits for the other to read.
TASK = 200
AHEAD = 4


def rows_of(engine: Engine, generation: int, people: Iterable[PersonFacts]) -> Iterator[Row]:
    """The people's timelines as they are stored, their days as texts, in the order of the table's key."""
    for person in people:
        number = person.id
        # Those of one assignment and requirement are in order already.
        for assignment, requirement, standing, first, last, ends_by in sorted(engine.segments(person), key=_KEY):
            yield number, generation, assignment, requirement, TEXTS[first], TEXTS[last], _NAMES[standing], ends_by


def _values_of(engine: Engine, generation: int, people: Sequence[Plain]) -> Values:
    return list(chain.from_iterable(rows_of(engine, generation, map(named, people))))


@dataclass(slots=True, eq=False)
class _Task:
    """Some people, who works on them, and what came of it."""

    people: Sequence[Plain]
    worker: "_Worker | None" = None
    rows: Values | None = None


@dataclass(slots=True, eq=False)
class _Worker:
    """Another process, and what it has been given and has not answered yet."""

    process: BaseProcess
    line: Connection
    tasks: deque[_Task] = field(default_factory=deque)


class Crew:
    """Turns people into rows of one generation by one rulebook; what is given first comes back first."""

    def __init__(self, rulebook: Rulebook, generation: int) -> None:
        self.rulebook = rulebook
        self.generation = generation
        self._engine: Engine | None = None
        self._hired = False
        self._workers: list[_Worker] = []
        self._tasks: deque[_Task] = deque()

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
        for worker in list(self._workers):
            self._dismiss(worker)

    def give(self, people: Sequence[Plain]) -> None:
        """Hands people over."""
        if not self._hired and len(people) >= WORTH_SHARING and (os.cpu_count() or 1) > 1:
            # Once only: what ended them would end the next ones.
            self._hired = True
            self._workers = list(_hire(self.rulebook, self.generation))
        self._tasks += [_Task(people[at : at + TASK]) for at in range(0, len(people), TASK)]
        self.keep_busy()

    def ready(self) -> Iterator[Values]:
        """What is done already; without workers everything is."""
        self.keep_busy()
        while self._tasks and (not self._workers or self._tasks[0].rows is not None):
            yield self._rows(self._tasks.popleft())

    def rest(self) -> Iterator[Values]:
        """Everything that was given and has not come back yet; what no worker has begun is done here meanwhile."""
        while self._tasks:
            self.keep_busy()
            first = self._tasks[0]
            untouched = next((task for task in reversed(self._tasks) if task.rows is None and not task.worker), None)
            if first.worker and untouched:
                untouched.rows = self._rows(untouched)
            else:
                yield self._rows(self._tasks.popleft())

    def keep_busy(self) -> None:
        """Takes what the workers have done, and gives those with little left the next people."""
        for worker in list(self._workers):
            with suppress(OSError):
                while worker.tasks and worker.line.poll():
                    self._receive(worker)
        waiting = (task for task in self._tasks if task.rows is None and task.worker is None)
        for worker in list(self._workers):
            while len(worker.tasks) < AHEAD and (task := next(waiting, None)):
                self._send(worker, task)

    def _rows(self, task: _Task) -> Values:
        while task.worker:
            self._receive(task.worker)
        if task.rows is not None:
            return task.rows
        # Begun by nobody, or left behind by a worker.
        self._engine = self._engine or Engine(self.rulebook)
        return _values_of(self._engine, self.generation, task.people)

    def _send(self, worker: _Worker, task: _Task) -> None:
        worker.tasks.append(task)
        task.worker = worker
        try:
            worker.line.send_bytes(marshal.dumps(cast("Any", task.people)))
        except OSError:
            self._dismiss(worker)

    def _receive(self, worker: _Worker) -> None:
        """Takes the answer to the first task of a worker."""
        try:
            rows = marshal.loads(worker.line.recv_bytes())  # noqa: S302 from a process that this one started
        except (OSError, EOFError):
            # The system may end a process, for want of memory say.
            self._dismiss(worker)
        else:
            task = worker.tasks.popleft()
            task.rows, task.worker = rows, None

    def _dismiss(self, worker: _Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
        for task in worker.tasks:
            task.worker = None
        worker.tasks.clear()
        worker.line.close()
        worker.process.terminate()
        worker.process.join()


def _hire(rulebook: Rulebook, generation: int) -> Iterator[_Worker]:
    """A worker for each core but this one's; none if the system refuses."""
    # Not forked: a copy of this process would hold its database open.
    context = get_context("spawn")
    with suppress(OSError):
        for _ in range((os.cpu_count() or 1) - 1):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, rulebook, generation), daemon=True)
            process.start()
            there.close()
            yield _Worker(process, here)


def _work(line: Connection, rulebook: Rulebook, generation: int) -> None:
    """What a worker does, until the process that hired it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Facts and segments hold no cycles, so looking for some would be a waste.
    gc.disable()
    # Nor shall the one that hands over wait for the thread that reads.
    sys.setswitchinterval(0.0005)
    given: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(line, given), daemon=True).start()
    engine = Engine(rulebook)
    while True:
        people = marshal.loads(given.get())  # noqa: S302 from the process that started this one
        line.send_bytes(marshal.dumps(_values_of(engine, generation, people)))


def _listen(line: Connection, given: "SimpleQueue[bytes]") -> None:
    """Reads what is handed over, however busy the worker is, and ends it when nobody is there any more."""
    with suppress(EOFError, OSError):
        while True:
            given.put(line.recv_bytes())
    os._exit(0)
