"""Pages read as browsers read them: what they say, where they lead, what their forms send."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from httpx2 import Response
from starlette.testclient import TestClient

Pairs = tuple[tuple[str, str], ...]
HERE = "http://testserver"
PICTURE = b"\x89PNG\r\n\x1a\n a picture"


@dataclass(frozen=True)
class Request:
    """What a link or a form sends. `path` is as in an address; `files` are the fields that take files."""

    method: str
    path: str
    query: Pairs = ()
    fields: Pairs = ()
    files: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def said(self) -> list[str]:
        """All that it says, in words."""
        values = (value for _, value in (*self.query, *self.fields))
        return [unquote(self.path), *unquote(self.path).split("/"), *values]

    def send(self, browser: TestClient, mark: str) -> Response:
        """The answer to it; forms carry this mark."""
        if self.method == "GET":
            return browser.get(self.address)
        data: dict[str, list[str]] = {}
        for name, value in (*self.fields, ("mark", mark)):
            data.setdefault(name, []).append(value)
        data["mark"] = [mark]
        files = [(name, ("card.png", PICTURE)) for name in self.files]
        return browser.post(self.address, data=data, files=files or None)


def asked(method: str, address: str) -> Request:
    """The request that asks for an address within the app."""
    parts = urlsplit(address)
    # Written again in one way: browsers and servers leave different marks as they are.
    path = quote(unquote(parts.path), safe="/") if "%2F" not in parts.path.upper() else parts.path
    return Request(method, path or "/", tuple(parse_qsl(parts.query, keep_blank_values=True)))


@dataclass
class Form:
    """A form of a page: what it sends if nothing is typed, and what could be chosen instead."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    other: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def requests(self, base: str) -> Iterator[Request]:
        """What it sends as it stands, and with each other choice."""
        at = asked(self.method, urljoin(base, self.action))
        chosen = [[*(one for one in self.fields if one[0] != other[0]), other] for other in self.other]
        for fields in (self.fields, *chosen):
            if self.method == "GET":
                yield replace(at, query=tuple(fields))
            else:
                yield replace(at, fields=tuple(fields), files=tuple(self.files))


class Page(HTMLParser):
    """A page: its elements with their attributes, its texts, its links and forms."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select, self._within = "", ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        known = {name: value or "" for name, value in attrs}
        self.elements.append((tag, known))
        self.texts += known.values()
        self._within = tag
        link = known.get("href") if tag == "a" else known.get("src") if tag in ("iframe", "img") else None
        if link:
            self.links.append(link)
        if tag == "form":
            self._form = Form(known.get("method", "get").upper(), known.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, known)

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        self._within = ""
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        """Some text; what stands in a text area is sent."""
        self.texts.append(data)
        if self._within == "textarea" and self._form:
            name, before = self._form.fields.pop()
            self._form.fields.append((name, before + data))

    def _control(self, form: Form, tag: str, known: dict[str, str]) -> None:
        name, value, kind = known.get("name", ""), known.get("value", ""), known.get("type", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            (form.fields if "selected" in known else form.other).append((self._select, value))
        elif tag == "textarea":
            form.fields.append((name, ""))
        elif name and kind == "file":
            form.files.append(name)
        elif name and (tag == "button" or (kind in ("radio", "checkbox") and "checked" not in known)):
            form.other.append((name, value or "on"))
        elif name and tag == "input":
            form.fields.append((name, value))


def leads_to(at: Request, answer: Response) -> Iterator[Request]:
    """Where the answer to a request leads within the app, and what its forms send."""
    base = HERE + at.address
    page = Page(answer.text) if answer.headers.get("content-type", "").startswith("text/html") else None
    links = [*(page.links if page else ()), *([answer.headers["location"]] if "location" in answer.headers else ())]
    for link in links:
        address = urljoin(base, link)
        if address.startswith(f"{HERE}/") and not address.startswith(f"{HERE}/static/"):
            yield asked("GET", address)
    for form in page.forms if page else ():
        yield from form.requests(base)
