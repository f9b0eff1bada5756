"""Work that takes longer than one waits for a page: done beside, one of a name at a time, and asked about by it."""

from collections.abc import Callable
from threading import Event, Lock, Thread

from tracker.domain.errors import NotPossible
from tracker.jobs.runner import in_short

# Of what ended, so much is remembered.
REMEMBERED = 50


class Errand:
    """A piece of work: how far it is, and once it has ended what came of it. `problem` is a sentence, `said` a word."""

    def __init__(self, told_to_end: Event) -> None:
        self.done, self.total, self.ended = 0, 0, False
        self.said, self.problem = "", ""
        self._told_to_end = told_to_end

    @property
    def percent(self) -> int:
        """How far it is, as far as it knows."""
        return min(100 * self.done // self.total, 100) if self.total else 0

    def forward(self, count: int) -> None:
        """Notes that so much more was done; raises NotPossible if the server is to end."""
        if self.stopping():
            raise NotPossible("The server was stopped before it was done; begin again.")
        self.done += count

    def stopping(self) -> bool:
        """Whether it should come to an end."""
        return self._told_to_end.is_set()


class Background:
    """The work of one server. What is not done when it is killed is forgotten, so work leaves nothing half done."""

    def __init__(self) -> None:
        self._lock, self._told_to_end = Lock(), Event()
        self._known: dict[str, tuple[Errand, Thread]] = {}

    def begin(self, name: str, work: Callable[[Errand], str | None]) -> bool:
        """Begins some work, which returns a word for what came of it; false if work of that name is going on."""
        errand = Errand(self._told_to_end)
        thread = Thread(target=_do, args=(errand, work), name=name)
        with self._lock:
            before = self.ask(name)
            if self._told_to_end.is_set() or (before and not before.ended):
                return False
            ended = [each for each, (one, _) in self._known.items() if one.ended]
            for each in {name, *ended[:-REMEMBERED]} & self._known.keys():
                del self._known[each]
            self._known[name] = errand, thread
            thread.start()
        return True

    def ask(self, name: str) -> Errand | None:
        """The work of that name that goes on, or ended last."""
        found = self._known.get(name)
        return found[0] if found else None

    def wait_for(self, name: str, seconds: float) -> Errand | None:
        """The work of that name if it has ended by then; None if it goes on, or there is none."""
        found = self._known.get(name)
        if found is None:
            return None
        errand, thread = found
        thread.join(seconds)
        return errand if errand.ended else None

    def wait(self) -> None:
        """Until all that was begun has ended."""
        for _, thread in list(self._known.values()):
            thread.join()

    def end(self) -> None:
        """Tells all to come to an end, and waits for it."""
        self._told_to_end.set()
        self.wait()


def _do(errand: Errand, work: Callable[[Errand], str | None]) -> None:
    try:
        errand.said = work(errand) or ""
    except Exception as error:  # noqa: BLE001 the boundary: nobody is there to catch it, a page asks what came of it
        errand.problem = in_short(error)
    errand.ended = True
