"""Work beside the pages: one of a name at a time, told to end with the server, and never lost without a word."""

from threading import Event

import pytest

from tracker.domain.errors import BadInput
from tracker.web.background import Background, Errand


@pytest.fixture
def background() -> Background:
    """Of a server of the test's own."""
    return Background()


def ended(background: Background, name: str) -> Errand:
    """Some work, once it has ended."""
    background.wait()
    errand = background.ask(name)
    assert errand
    assert errand.ended
    return errand


def test_work_of_a_name_is_begun_once_at_a_time(background: Background) -> None:
    """While it goes on another is refused, one of another name is not; afterwards it may be begun again."""
    go_on = Event()

    def wait(errand: Errand) -> str:
        errand.total = 4
        errand.forward(1)
        go_on.wait(10)
        return "done"

    assert background.begin("a", wait)
    assert not background.begin("a", wait)
    assert background.begin("b", lambda _: "other")
    go_on.set()
    found = ended(background, "a")
    assert (found.said, found.percent, found.problem) == ("done", 25, "")
    assert background.begin("a", lambda _: None)
    assert ended(background, "a").said == ""


def test_what_went_wrong_is_told(background: Background) -> None:
    """An error for people in its own words; one of the program without what may be somebody's data."""

    def fail(error: Exception) -> None:
        raise error

    background.begin("a", lambda _: fail(BadInput("Name a day.")))
    background.begin("b", lambda _: fail(ValueError("Ana Abel")))
    assert ended(background, "a").problem == "Name a day."
    assert "Ana Abel" not in ended(background, "b").problem
    assert "ValueError" in ended(background, "b").problem


def test_a_server_that_ends_ends_its_work(background: Background) -> None:
    """At the next step that it says it makes; and nothing new is begun."""
    begun = Event()

    def work(errand: Errand) -> None:
        while True:
            errand.forward(1)
            begun.set()

    background.begin("a", work)
    assert begun.wait(10)
    background.end()
    assert "stopped" in ended(background, "a").problem
    assert not background.begin("b", lambda _: None)


def test_what_ended_long_ago_is_forgotten(background: Background) -> None:
    """So that a server that runs for months does not remember every draft."""
    for number in range(60):
        background.begin(str(number), lambda _: None)
        background.wait()
    assert background.ask("0") is None
    assert background.ask("59") is not None
