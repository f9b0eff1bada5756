"""The search for objects that hold each other goes on again, whoever left it out."""

import gc
from threading import Event, Thread

import pytest

from tracker.cycles import unsearched


def test_it_goes_on_after_a_failure() -> None:
    """And is out within."""
    with unsearched():
        assert not gc.isenabled()
    with pytest.raises(ZeroDivisionError), unsearched():
        _ = 1 / 0
    assert gc.isenabled()


def test_the_last_of_several_threads_begins_it_again() -> None:
    """The second comes in before the first goes, and goes after it."""
    inside, first_is_out = Event(), Event()

    def second() -> None:
        with unsearched():
            inside.set()
            first_is_out.wait(10)

    thread = Thread(target=second)
    with unsearched():
        thread.start()
        inside.wait(10)
    assert not gc.isenabled()
    first_is_out.set()
    thread.join()
    assert gc.isenabled()


def test_whoever_had_it_off_keeps_it_off() -> None:
    """Nothing is begun that was not going on."""
    gc.disable()
    try:
        with unsearched():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
