"""How much a request may bring: nothing where it only looks, little in a form, more where files are taken.

Forms are read, and files in them kept aside, before a route asks who is there. So whoever is not signed in is led to
the sign-in before anything that they send is read, and what is larger than a form is read only of whoever really is.
"""

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.actions.access.sign_in import who_is
from tracker.domain.errors import TrackerError
from tracker.intake import evidence
from tracker.web.gate import COOKIE
from tracker.web.headers import SAFE
from tracker.web.pages import page
from tracker.web.site import Site

# A form without a file; the longest asks about many people.
FORM = 512 * 1024
# An address, a password, where to go on to.
WAY_IN = 64 * 1024
# A whole spreadsheet, with room; files are looked at more closely where they are read.
LARGEST = 60 * 2**20
# With room for what is somewhat too large, so that the form can say so.
_EVIDENCE = 2 * evidence.LARGEST
# A policy as a file, and the text in the field beside it.
_POLICY = 2 * 2**20
_ROOM = (
    (r"/sign-in|/link/[^/]*", WAY_IN),
    (r"/own/[^/]*|/hand-in|/record/evidence/.*", _EVIDENCE),
    (r"/policy/new", _POLICY),
    (r"/import|/checks/file|/reports/verify", LARGEST),
)
# The ways in, which are for whoever is not signed in.
_FOR_ALL = re.compile(r"/sign-in|/link/[^/]*|/own/[^/]*")


def room_of(path: str) -> int:
    """How many bytes a form that is sent to a path may have."""
    return next((size for pattern, size in _ROOM if re.fullmatch(pattern, path)), FORM)


class Room:
    """Refuses what brings too much, or does not say how much, before it is read."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        refusal = await self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        length = request.headers.get("content-length", "0")
        path = request.scope["path"]
        most = 0 if request.method in SAFE else room_of(path)
        if not length.isdecimal() or len(length) > 18 or int(length) > most:
            return _said(413, "That is too much", _too_much(most))
        if "transfer-encoding" in request.headers or (most and "content-length" not in request.headers):
            return _said(411, "How long is it?", "Say how long what you send is (Content-Length).")
        if request.method in SAFE or _FOR_ALL.fullmatch(path):
            return None
        try:
            known = await self._is_known(request.cookies.get(COOKIE), int(length))
        except TrackerError as error:
            return _said(503, "That cannot be done now", str(error))
        return None if known else RedirectResponse("/sign-in", 303)

    async def _is_known(self, token: str | None, length: int) -> bool:
        """Whether somebody seems to be signed in; whether they are is looked up here only for what is large."""
        if not token or length <= FORM:
            return bool(token)
        return await run_in_threadpool(who_is, self._site.database, token, self._site.now()) is not None


def _said(status: int, title: str, said: str) -> Response:
    return page("wrong", status=status, title=title, said=said)


def _too_much(most: int) -> str:
    if not most:
        return "A look at a page brings nothing with it."
    size = f"{most // 2**20} MiB" if most >= 2**20 else f"{most // 1024} KiB"
    return f"What is sent here may have up to {size}; send less."
