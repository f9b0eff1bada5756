"""Forms about one person: the page that each stands on, and the one that takes a fact back."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.reach_person import Reached
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import PersonFacts
from tracker.web.gate import Needs, Visit
from tracker.web.pages import page, person_path, see
from tracker.web.typed import Opened, Words, author_about, called, reason_in, whom


class Taking(NamedTuple):
    """What is taken back, the words of the button, and what happens then; `private` if the why may be delicate."""

    thing: str
    act: str
    then: str
    private: bool = False


def form_about(template: str, visit: Visit, person: PersonFacts, error: str = "", **known: object) -> Response:
    """The page of a form (a template that extends `form-about.html`), with what is wrong with what was typed."""
    status = 400 if error else 200
    return page(template, visit, status, person=person, called=called(person), error=error, **known)


def offer_retraction(
    router: APIRouter,
    noun: str,
    right: Right,
    taking: Callable[[Visit, Reached, int], Taking],
    retract: Callable[[Database, Author, str, int, str], object],
) -> None:
    """Adds the page that asks why a fact of a kind is taken back, and says what happens, and the form that does it.

    `taking` may raise BadInput where no fact of that number stands; `retract` takes who, the number and the reason.
    """
    path, gate = f"/record/retract-{noun}/{{number:int}}/{{employee_id:path}}", Depends(Needs(right))

    @router.get(path)
    def ask(visit: Annotated[Visit, gate], employee_id: str, number: int) -> Response:
        reached = whom(visit, employee_id)
        return asked(visit, reached.person, taking(visit, reached, number))

    @router.post(path)
    def take(
        visit: Annotated[Visit, gate], employee_id: str, number: int, why: Words = "", opened: Opened = None
    ) -> Response:
        reached = whom(visit, employee_id, opened)
        what = taking(visit, reached, number)
        try:
            retract(visit.database, author_about(visit, reached.person), employee_id, number, reason_in(why))
        except BadInput as error:
            return asked(visit, reached.person, what, why, str(error))
        return see(visit, person_path(employee_id), done=f"{noun}-retracted")

    def asked(visit: Visit, person: PersonFacts, what: Taking, why: str = "", error: str = "") -> Response:
        return form_about("retract", visit, person, error, why=why, **what._asdict())
