"""The page that asks why something is taken back, and says what happens then."""

from typing import NamedTuple

from fastapi.responses import Response

from tracker.domain.facts import PersonFacts
from tracker.web.gate import Visit
from tracker.web.pages import page
from tracker.web.typed import called


class Taking(NamedTuple):
    """What is taken back, the words of the button, and what happens then; `private` if the why may be delicate."""

    thing: str
    act: str
    then: str
    private: bool = False


def ask_why(visit: Visit, person: PersonFacts, taking: Taking, why: str = "", error: str = "") -> Response:
    """The page, with what was typed and what is wrong with it."""
    status = 400 if error else 200
    known = {"person": person, "called": called(person), "why": why, "error": error}
    return page("retract", visit, status, **known, **taking._asdict())
