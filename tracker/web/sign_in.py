"""Signing in and out, and the one-time links by which somebody chooses a password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from tracker.actions.access import give
from tracker.actions.access.passwords import SHORTEST
from tracker.actions.access.sign_in import LONGEST, sign_in, sign_out
from tracker.domain.errors import BadInput, TrackerError
from tracker.web.gate import COOKIE, SignedIn, site_of
from tracker.web.pages import page
from tracker.web.site import Site
from tracker.web.typed import Lines, Text, Words

router = APIRouter()
CHOSEN = "The password is set. Sign in with it."
Installation = Annotated[Site, Depends(site_of)]


@router.get("/sign-in")
def ask(site: Installation, to: str = "/", done: str = "") -> Response:
    """The form; `done` once a password was chosen."""
    return _sign_in(site, to, said=CHOSEN if done == "password" else "")


@router.post("/sign-in")
def enter(request: Request, site: Installation, email: Words = "", password: Words = "", to: Lines = "/") -> Response:
    """Signs in, and goes on to the page that was wanted."""
    place = request.client.host if request.client else "nowhere"
    try:
        token = sign_in(site.database, email, password, place, site.now(), request.cookies.get(COOKIE))
    except TrackerError as error:
        return _sign_in(site, to, email, str(error), _status(error))
    answer = RedirectResponse(_within(to), 303)
    keep(answer, site, token)
    return answer


@router.post("/sign-out")
def leave(visit: SignedIn) -> Response:
    """Signs out."""
    sign_out(visit.database, visit.token)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/link/{token}")
def choose(site: Installation, token: str) -> Response:
    """The form by which somebody chooses a password; looking at it uses nothing up."""
    now = site.now()
    if not give.link_is_good(site.database, token, now):
        raise BadInput("This link was used, or is too old; ask an administrator for a new one.")
    return _form(token, give.begins_all(site.database, token, now))


@router.post("/link/{token}")
def chosen(
    site: Installation, token: str, password: Words = "", again: Words = "", email: Words = "", name: Text = ""
) -> Response:
    """Sets the password, or makes the first administrator."""
    now = site.now()
    first = give.begins_all(site.database, token, now)
    try:
        if password != again:
            raise BadInput("The two passwords differ; type the same twice.")
        if first:
            give.make_first(site.database, token, email, name.strip() or email, password, now)
        else:
            give.use_link(site.database, token, password, now)
    except TrackerError as error:
        return _form(token, first, email=email, name=name, error=str(error), status=_status(error))
    return RedirectResponse("/sign-in?done=password", 303)


def _sign_in(site: Site, to: str, email: str = "", error: str = "", status: int = 200, said: str = "") -> Response:
    begun = give.is_begun(site.database)
    return page("sign-in", status=status, to=_within(to), email=email, error=error, said=said, begun=begun)


def _form(token: str, first: bool, email: str = "", name: str = "", error: str = "", status: int = 200) -> Response:
    known = {"token": token, "first": first, "email": email, "name": name, "shortest": SHORTEST}
    return page("link", status=status, known=known, error=error)


def _status(error: TrackerError) -> int:
    return 400 if isinstance(error, BadInput) else 503


def keep(answer: Response, site: Site, token: str) -> None:
    """Lets a browser keep a token."""
    answer.set_cookie(
        COOKIE, token, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="lax", secure=site.is_secure
    )


def _within(path: str) -> str:
    """A page of this app, whatever an address says: nobody is led elsewhere by a link to the sign-in."""
    # Browsers drop tabs and ends of lines from an address: what follows them counts.
    is_within = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_within else "/"
