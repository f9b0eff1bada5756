"""Requests that nobody means well by: from those that links and forms send, with something of each made wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar
from urllib.parse import quote_from_bytes

from web.abuse.reading import Pairs, Request
from web.abuse.walk import Route

T = TypeVar("T")

NUMBERS = [
    "0",
    "-1",
    "007",
    "+1",
    " 1",
    "1.5",
    "1e5",
    "NaN",
    "inf",
    "²",
    "\u0661\u0662",
    "½",
    "1_000",
    str(2**31 - 1),
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(2**64),
    "1" + "0" * 30,
    "-" + "9" * 30,
    "9" * 5000,
    "000000001" + "0" * 12,
    "0" * 40,
    "12345678901.98765432101",
]
DAYS = [
    "0001-01-01",
    "1900-01-01",
    "2999-12-31",
    "9999-12-31",
    "99999-01-01",
    "0000-00-00",
    "-2025-01-01",
    "2025-02-30",
    "20250615",
    "2025-W01-1",
    "2025-06-15T00:00",
    "00/0000",
    "13/2025",
    "12/9999",
    "12/0000",
    "0000-01",
    "9999-12",
    "2025-06",
    "2025-06-15",
    "0001-01-01T00:00",
    "9999-12-31T23:59:59",
    "2025-06-15T00:00+23:59",
    "2025-03-09T02:30",
    "1970-01-01 00:00:00Z",
    "2999-12",
    "1900-01",
    "\u0662\u0660\u0662\u0665-\u0660\u0666-\u0661\u0665",
]
TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "a\udfffb",
    "\x01\x1b[31m",
    "\u202e\u2066",
    "a\r\nSet-Cookie: x=y",
    "\u2028",
    "'",
    '"',
    "' OR 1=1 --",
    "%",
    "_",
    "%00",
    "%ED%A0%80",
    "\\",
    "[",
    "*",
    "ICU[",
    ".",
    "..",
    "/",
    "//",
    "../../x",
    "?#&=+",
    "é" * 300,
    "x" * 6000,
    "\U0001f600" * 60,
    "İß\ufb01",
    "a\u0300" * 50,
    "null",
    "None",
    "true",
    "[]",
    "{}",
    "1.2",
    "9.9999999999999999999",
    "...",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{0}",
    "%s%n",
    "=1+1",
    "on",
    "yes",
    "all",
    'a,b\n"c',
    "name = 'x'\n[[requirements]]\n",
    "[types.A]\n" * 50,
    "a = " + "[" * 3000,
]
# Of each some: what breaks numbers is no rarer than what breaks texts.
WORDS = (NUMBERS, DAYS, TEXTS)
LETTERS = (
    "aZ09 _-.,;:/\\'\"<>&%#?=+*[]{}()\t\n\r\0\x7f\x85\xa0éßİ\u0301\u200b\u202e\u2028\ud800\udfff\ufeff\uffff\U0001f600"
)
KINDS = [
    "",
    "text/plain",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "nonsense",
    "/",
    ";;",
    "multipart/form-data; boundary=x; charset=utf-7",
    "multipart/form-data; boundary=x; charset=idna",
    "multipart/form-data; boundary=x; charset=unicode_escape",
    "multipart/form-data; boundary=x; charset=\xff",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=" + "y" * 300,
]
HEADERS = {
    "Host": ["", "[", "]", "a b", "testserver:x", "testserver:99999", "evil.example", "\xff", "x" * 3000, "[::1]:80"],
    "Origin": ["http://[", "null", "http://testserver:x", "\xff", "http://testserver", "http://evil.example"],
    "Cookie": [
        "",
        "tracker",
        "tracker=",
        "tracker=\xff",
        "tracker=" + "x" * 3000,
        "tracker=a; tracker=b",
        ";;=;",
        "==",
    ],
    "Accept-Language": ["", "\xff", "x" * 3000, "de;q=NaN", ",,,;"],
    "Accept": ["\xff", "application/json"],
    "Accept-Encoding": ["\xff", "gzip;q=x"],
    "Content-Length": ["-1", "9" * 5000, "x", "1 2", "\xb2", ""],
    "Range": ["bytes=0-", "bytes=9-1", "bytes=-999999999999999999999", "x=", "bytes=0-1,2-3,\xff"],
    "If-None-Match": ['"', "\xff"],
    "If-Modified-Since": ["x", "Mon, 99 Foo 99999 99:99:99 GMT"],
    "Sec-Fetch-Site": ["same-origin", "cross-site", "\xff"],
    "X-Forwarded-For": ["\xff", "1.2.3.4, [", "x" * 3000],
    "Referer": ["http://[", "\xff"],
}
METHODS = ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "GET", "POST", "NONSENSE"]
FILES = [
    b"",
    b"\0",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"%PDF-1.7\n%%EOF",
    b"PK\x03\x04",
    b"\xff\xfe\x00\xd8",
    b"employee_id,name,unit,role\n\x00,\xed\xa0\x80,,\n",
    b'a"\n"b',
    b"\xef\xbb\xbf",
    b"[" * 4000,
    b"a = " + b"[" * 3000,
    b"a = " + b"9" * 5000,
    b"{}",
    b"name = 1",
    b"employee_id,name,unit,role,starts_on\nE1,<b>,ICU,RN,99999-01-01\n",
    b",,,,\n" * 50,
    b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    b'{"seq": 1e999}',
    b"a" * 100_000,
]
NAMES = [
    "",
    "a.csv",
    "a.xlsx",
    "a.xls",
    "a.ods",
    "a.png",
    "a.pdf",
    "..",
    "../../x.csv",
    "\\",
    "a\r\nb",
    "a\0.csv",
    '"',
    "é" * 200,
    "x" * 300 + ".csv",
    "<b>.csv",
    "\ud800.csv",
    "\u202egnp.csv",
    "con",
    "{{7*7}}.csv",
    "a.toml",
]


@dataclass(frozen=True)
class Sent:
    """A request to the last byte."""

    method: str
    address: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Sender:
    """Sends a browser's requests with something of each made wrong; `known` are those that pages lead to."""

    def __init__(self, seed: str, known: Sequence[Request], cookie: str, mark: str) -> None:
        self._known, self._cookie, self._mark = known, cookie, mark
        self._random = Random(seed)

    def plainly(self, route: Route) -> Sent:
        """A request that leads to a route, as it is; if there is none, one that says next to nothing."""
        base = self._base(route)
        path = base.path or route.at(dict.fromkeys(route.places, "1"))
        files = [(name, "a.csv", b"a") for name in base.files]
        form = as_form((*base.fields, ("mark", self._mark)), files) if route.method != "GET" else ({}, b"")
        return self._sent(route.method, path, base.query, form)

    def wrongly(self, route: Route) -> Sent:
        """A request to a route with something of it made wrong."""
        base = self._base(route)
        is_kept = base.path and not self._one_in(4)
        path = base.path if is_kept else route.at({name: self.word() for name in route.places})
        query = self._made_wrong(base.query, route.queries)
        headers, body = self._form(base, route) if route.method != "GET" else ({}, b"")
        while self._one_in(12):
            name = self._one(sorted(HEADERS))
            headers = headers | {name: self._one(HEADERS[name])}
        return self._sent(self._one(METHODS) if self._one_in(30) else route.method, path, query, (headers, body))

    def word(self) -> str:
        """What nobody would type."""
        if self._one_in(4):
            return "".join(self._random.choices(LETTERS, k=self._random.randrange(12)))
        return self._one(self._one(WORDS))

    def _base(self, route: Route) -> Request:
        known = [one for one in self._known if route.fits(one)]
        return self._one(known) if known else Request(route.method, "")

    def _sent(self, method: str, path: str, query: Pairs, form: tuple[dict[str, str], bytes]) -> Sent:
        headers = {"Cookie": self._cookie} | form[0]
        raw = tuple((name.encode(), value.encode("latin-1")) for name, value in headers.items())
        return Sent(method, f"{path}?{encoded(query)}" if query else path, raw, form[1])

    def _one(self, some: Sequence[T]) -> T:
        return self._random.choice(some)

    def _one_in(self, count: int) -> bool:
        return self._random.randrange(count) == 0

    def _made_wrong(self, said: Pairs, names: Sequence[str]) -> Pairs:
        """What an address or a form says, with some of it left out, said twice, said otherwise."""
        found, known = list(said), sorted({*names, *(name for name, _ in said)})
        while known and self._one_in(2):
            name, how = self._one(known), self._random.randrange(5)
            if how:
                found = [one for one in found if one[0] != name]
            if how != 1:
                found.append((name, self.word()))
        return tuple(found)

    def _form(self, base: Request, route: Route) -> tuple[dict[str, str], bytes]:
        """The body of a form, and the headers that say what it is."""
        unmarked = tuple(one for one in base.fields if one[0] != "mark")
        fields = *self._made_wrong(unmarked, route.fields), ("mark", self.word() if self._one_in(20) else self._mark)
        places = [*base.files, *([self._one(route.fields)] if route.fields and self._one_in(12) else ())]
        files = [(name, self._one(NAMES), self._one(FILES)) for name in places]
        headers, body = as_form(fields, files, in_parts=self._one_in(8))
        if self._one_in(12):
            body = body[: -self._random.randrange(1, 90)]
        return ({"Content-Type": self._one(KINDS)} if self._one_in(10) else headers), body


def as_form(
    pairs: Pairs, files: Sequence[tuple[str, str, bytes]] = (), *, in_parts: bool = False
) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a form as browsers send it, with files in parts that `x` parts."""
    if not files and not in_parts:
        return {"Content-Type": "application/x-www-form-urlencoded"}, encoded(pairs).encode()
    parts = [b'name="%b"\r\n\r\n%b' % (utf8(name), utf8(value)) for name, value in pairs]
    parts += [b'name="%b"; filename="%b"\r\n\r\n%b' % (utf8(name), utf8(called), data) for name, called, data in files]
    body = b"".join(b"--x\r\nContent-Disposition: form-data; %b\r\n" % part for part in parts)
    return {"Content-Type": "multipart/form-data; boundary=x"}, body + b"--x--\r\n"


def utf8(text: str) -> bytes:
    """The bytes of a text, whatever is in it."""
    return text.encode("utf-8", "surrogatepass")


def encoded(pairs: Pairs) -> str:
    """Names and values as addresses and forms have them."""
    return "&".join("=".join(quote_from_bytes(utf8(part), safe="") for part in pair) for pair in pairs)
