"""Nothing of the people of another unit, whatever a manager opens and sends: in pages, tables, workbooks, papers."""

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import product
from urllib.parse import unquote_plus

import pytest
from httpx2 import Response
from pypdf import PdfReader

from actions.ward import facts_of
from tracker.web.report_asked import FORMS, KINDS
from web.abuse.reading import Request
from web.abuse.town import Place, Town
from web.abuse.walk import Route, routes_of, walk
from web.house import House

OWN, OTHER = Place("Northward", "NORTHWARD"), Place("Zqburn", "ZQBURN")
# Every text on record about the other unit has this in it.
SECRET = "zqburn"
# Facts, files and mails of the small site have no higher numbers.
NUMBERS = [str(number) for number in range(1, 25)]


@pytest.fixture
def town(empty: House) -> Town:
    """The site of both units."""
    return Town(empty, [OWN, OTHER])


def content(answer: Response) -> str:
    """What an answer says, whatever it is written in."""
    kind, data = answer.headers.get("content-type", ""), answer.content
    said = " ".join(unquote_plus(answer.headers.get(name, "")) for name in ("location", "content-disposition"))
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return unescape(said + "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist()))
    if data.startswith(b"%PDF"):
        return said + "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    text = data.decode("utf-8", "replace")
    return said + unquote_plus(unescape(text) if kind.startswith("text/html") else text)


def leaks(one: Request, answer: Response) -> list[str]:
    """What an answer says of the other unit beyond what the request said itself."""
    text = content(answer)
    for said in sorted({line for each in one.said for line in each.splitlines()}, key=len, reverse=True):
        if SECRET in said.lower():
            text = text.replace(said, "")
    return [text[max(at.start() - 60, 0) : at.end() + 60] for at in re.finditer(SECRET, text, re.IGNORECASE)]


def turned(text: str) -> str:
    """What is said of one's own unit, said of the other."""
    return text.replace(OWN.key, OTHER.key).replace(OWN.word, OTHER.word).replace(OWN.key.lower(), OTHER.key.lower())


def aimed(route: Route, known: list[Request]) -> Iterator[Request]:
    """The requests by a route about the other unit: as known, about its people, with every number."""
    for one in {at.path: at for at in known if route.fits(at)}.values():
        stands = route.stands_in(one)
        choices = [NUMBERS if value.isdigit() else [turned(value)] for value in stands.values()]
        for values in product(*choices):
            path = route.at(dict(zip(stands, values, strict=True)))
            query = tuple((name, turned(value)) for name, value in one.query)
            yield Request(
                one.method, path, query, tuple((name, turned(value)) for name, value in one.fields), one.files
            )


def reports() -> Iterator[Request]:
    """Every report in every form: of all that one may see and about somebody there, and the same of the other unit."""
    for kind, form, place in product(KINDS, FORMS, (OWN, OTHER)):
        unit = place.unit if place is OTHER else ""
        said = {"report": kind, "form": form, "unit": unit, "people": place.who(1), "months": "6"}
        yield Request("POST", "/reports", (), tuple(said.items()))


def test_no_page_shows_another_units_people(town: Town) -> None:
    """Of all that a manager's own pages lead to, forms included, nothing tells of the other unit."""
    browser, routes = town.managers[OWN], routes_of(town.house.app)
    walked = walk(browser, routes, 6)
    wrong = {one.address: found for one, answer in walked.answers.items() if (found := leaks(one, answer))}
    assert len(walked.answers) > 100
    assert wrong == {}
    for one in (*reports(), *walked.forms):
        if one.path not in ("/sign-out", "/me/sign-out"):
            assert leaks(one, one.send(browser, town.house.mark(browser))) == [], one
            town.house.site.background.wait()


def test_no_address_reaches_another_units_people(town: Town) -> None:
    """Nor by any route with their ids and any number in it, as an educator's pages have it; and nothing changes."""
    browser, routes = town.managers[OWN], routes_of(town.house.app)
    known = [*town.sent, *walk(town.educator, routes, 3).known, *walk(town.managers[OTHER], routes, 2).known]
    before = of_the_other(town.house)
    aims = dict.fromkeys(one for route in routes for one in aimed(route, known))
    sent = [one for one in aims if "sign-out" not in one.path]
    for one in sent:
        answer = one.send(browser, town.house.mark(browser))
        assert leaks(one, answer) == [], (one, answer.status_code)
    town.house.site.background.wait()
    assert len(sent) > 500
    assert of_the_other(town.house) == before


def of_the_other(house: House) -> list[str]:
    """Every fact on record about the other unit and its people."""
    facts = (fact for kind in facts_of(house.database).values() for fact in kind.elements())
    return sorted(str(fact) for fact in facts if SECRET in str(fact[0] or fact).lower())
