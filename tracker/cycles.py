"""The interpreter's search for objects that hold each other, left out where none of them are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Search:
    """Of all threads together: whether it went on before the first of those who leave it out, and how many they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._without = 0
        self._went_on = True

    def leave(self) -> None:
        """One more does without it."""
        with self._lock:
            if not self._without:
                self._went_on = gc.isenabled()
                gc.disable()
            self._without += 1

    def resume(self) -> None:
        """One less; after the last it goes on as before."""
        with self._lock:
            self._without -= 1
            if not self._without and self._went_on:
                gc.enable()


_SEARCH = _Search()


@contextmanager
def unsearched() -> Iterator[None]:
    """Leaves the search out while the block lasts, in whatever threads there are such blocks."""
    _SEARCH.leave()
    try:
        yield
    finally:
        _SEARCH.resume()
