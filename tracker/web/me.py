"""One's own account: the password, and where one is signed in."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from tracker.actions.access.oneself import change_password, sign_out_everywhere
from tracker.actions.access.passwords import SHORTEST
from tracker.actions.access.sign_in import IDLE, LONGEST
from tracker.db.account_list import sign_ins_of
from tracker.domain.errors import BadInput
from tracker.web.gate import COOKIE, SignedIn, Visit
from tracker.web.pages import page, see
from tracker.web.sign_in import keep
from tracker.web.typed import Words

router = APIRouter()


@router.get("/me")
def me(visit: SignedIn) -> Response:
    """The page."""
    return _shown(visit)


@router.post("/me/password")
def password(visit: SignedIn, old: Words = "", new: Words = "", again: Words = "") -> Response:
    """Changes the password; this browser stays signed in, no other does."""
    now = visit.site.now()
    try:
        if new != again:
            raise BadInput("The two new passwords differ; type the same twice.")
        token = change_password(visit.database, visit.author, visit.account.id, old, new, now)
    except BadInput as error:
        return _shown(visit, str(error))
    answer = see(visit, "/me", done="password-changed")
    keep(answer, visit.site, token)
    return answer


@router.post("/me/sign-out")
def leave(visit: SignedIn) -> Response:
    """Signs out everywhere, here too."""
    sign_out_everywhere(visit.database, visit.account.id)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _shown(visit: Visit, error: str = "") -> Response:
    now = visit.site.now()
    with visit.database.read() as connection:
        found = sign_ins_of(connection, visit.account.id, visit.token, now - LONGEST, now - IDLE)
    return page("me", visit, 400 if error else 200, sign_ins=found, shortest=SHORTEST, error=error)
