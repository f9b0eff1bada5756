"""Cards that staff handed in and that were refused; a refusal is taken back here."""

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.evidence.refuse import undo_refusal
from tracker.db.connect import Connection
from tracker.db.uploads import Refused, refused_page
from tracker.domain.errors import BadInput
from tracker.web.checks import Checking
from tracker.web.gate import Visit
from tracker.web.pages import ROWS, page, see
from tracker.web.typed import Before, Number, Text

router = APIRouter()


@router.get("/checks/refused")
def listed(visit: Checking, before: Before = None) -> Response:
    """The refusals that hold, the latest first."""
    return _list(visit, before)


@router.post("/checks/refused/{number:int}/undo")
def undo(visit: Checking, number: Number, why: Text = "") -> Response:
    """Takes a refusal back: the card waits to be checked again."""
    try:
        with visit.database.read() as connection:
            one = _still(connection, visit, number)
        if not why.strip():
            raise BadInput("Say why it is taken back; the trail keeps it.")
        author = visit.author.if_still(lambda connection: _still(connection, visit, number))
        undone = undo_refusal(visit.database, author, one.employee_id, one.item, why.strip())
    except BadInput as error:
        return _list(visit, None, str(error))
    return see(visit, "/checks/refused", done="refusal-undone-told" if undone.told else "refusal-undone")


def _still(connection: Connection, visit: Visit, number: int) -> Refused:
    found, _ = refused_page(connection, visit.scope, visit.today, number + 1, 1)
    if not found or found[0].number != number:
        raise BadInput("That refusal does not hold any more; look at the list of those that do.")
    return found[0]


def _list(visit: Visit, before: int | None, error: str = "") -> Response:
    with visit.database.read() as connection:
        found, follows = refused_page(connection, visit.scope, visit.today, before, ROWS)
    known = {"refused": found, "follows": follows, "before": before, "error": error}
    return page("uploads-refused", visit, 400 if error else 200, **known)
