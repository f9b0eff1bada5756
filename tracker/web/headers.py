"""What every answer says to the browser, and what no request may be: from elsewhere, or without end."""

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
# A whole spreadsheet, with room; files are looked at more closely where they are read.
LARGEST = 60 * 2**20


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
    if scope["method"] not in SAFE and not _is_own(said):
        return PlainTextResponse("This form was sent from another site; open the page here and send it again.", 403)
    length = said.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST:
        return PlainTextResponse(f"Files may have up to {LARGEST // 2**20} MiB; send a smaller one.", 413)
    if scope["method"] not in SAFE and "content-length" not in said:
        return PlainTextResponse("Say how long it is (Content-Length).", 411)
    return None


def _is_own(said: dict[str, str]) -> bool:
    """Whether a form comes from a page of this server: browsers say so themselves."""
    site = said.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = said.get("origin")
    return origin is None or urlsplit(origin).netloc == said.get("host")
