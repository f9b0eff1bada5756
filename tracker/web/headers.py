"""What every answer says to the browser, and what no request may be: from elsewhere."""

import re
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing but what this server itself sends is shown or run, and no other page may show it within itself.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # Pages are about people, and machines on a ward are shared.
    "cache-control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000"
SAFE = {"GET", "HEAD", "OPTIONS"}
# No page has a longer path; Python reads no number of more than 4,300 digits, and paths have numbers in them.
LONGEST = 4000
# Browsers send forms in UTF-8 without saying so. Other ways to write text can carry what no page or database can.
_UTF8 = re.compile(r";\s*charset=\"?utf-8\"?\s*(;|$)", re.IGNORECASE)


def always(secure: bool) -> dict[str, str]:
    """The headers of every answer; `secure` where browsers reach the app by TLS only."""
    return ALWAYS | ({"strict-transport-security": STRICT_TRANSPORT} if secure else {})


_Headers = list[tuple[bytes, bytes]]


class Headers:
    """Adds the headers, and refuses what a browser sends for another site's page."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers: _Headers = [(name.encode(), value.encode()) for name, value in always(secure).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(message, self._headers)
            await send(message)

        refusal = _refusal(scope)
        await (refusal or self._app)(scope, receive, say)


def _add(message: MutableMapping[str, Any], headers: _Headers) -> None:
    own = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *((name, value) for name, value in headers if name not in own)]


def _refusal(scope: Scope) -> ASGIApp | None:
    said = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return PlainTextResponse("There is no such page.", 400)
    if len(scope["path"]) > LONGEST:
        return PlainTextResponse("No page has so long an address; check it, or begin at the first page.", 414)
    if scope["method"] not in SAFE and not _is_own(said):
        return PlainTextResponse("This form was sent from another site; open the page here and send it again.", 403)
    if not all(_is_utf8(value.decode("latin-1")) for name, value in scope["headers"] if name == b"content-type"):
        return PlainTextResponse("Send the form in UTF-8, as browsers do.", 415)
    return None


def _is_utf8(content_type: str) -> bool:
    """Whether texts in a body are in UTF-8, by what is said of it."""
    said = content_type.lower().count("charset")
    return said == 0 or (said == 1 and _UTF8.search(content_type) is not None)


def _is_own(said: dict[str, str]) -> bool:
    """Whether a form comes from a page of this server: browsers say so themselves."""
    site = said.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = said.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == said.get("host")
    except ValueError:  # It is no address at all.
        return False
