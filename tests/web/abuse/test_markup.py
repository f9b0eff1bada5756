"""Markup stays text: whatever people, units, requirements, notes, files and columns are called, on every page."""

import pytest
from httpx2 import Response

from web.abuse.reading import Page, Request
from web.abuse.town import Place, Town
from web.abuse.walk import routes_of, walk
from web.house import House

# Pages are the same over either database.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
EVIL = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}")
PLACES = [Place(word, f"E{number}") for number, word in enumerate(EVIL)]
# What the site calls things begins with the markup; a template that was filled in twice would begin with this.
REST = ("Person", "ward", "house", "reason", "instead", "column", "failed", "bounced")


@pytest.fixture
def town(empty: House) -> Town:
    """A site where everything is called by markup."""
    return Town(empty, PLACES, " ".join(EVIL))


def made(answer: Response) -> list[str]:
    """The elements and attributes that were made out of markup, and the templates that were filled in."""
    page = Page(answer.text)
    found = [f"<{tag} {known}>" for tag, known in page.elements if _is_made(tag, known)]
    text = " ".join(page.texts)
    return found + [f"49 {rest}" for rest in REST if f"49 {rest}" in text]


def _is_made(tag: str, known: dict[str, str]) -> bool:
    is_script = tag == "script" and not known.get("src", "").startswith("/static/")
    return is_script or known.get("src") == "x" or any(name.startswith("on") or not name.isascii() for name in known)


def is_page(answer: Response) -> bool:
    """Whether an answer is one that browsers show as a page."""
    return answer.headers.get("content-type", "").startswith("text/html")


def test_markup_stays_text_on_every_page(town: Town) -> None:
    """Nothing is made of it for educators, administrators, managers; and each of the names is there, whole."""
    routes, texts = routes_of(town.house.app), set[str]()
    browsers = [town.educator, town.house.signed_in("administrator"), town.managers[PLACES[0]]]
    for browser in browsers:
        pages = {one: answer for one, answer in walk(browser, routes, 3).answers.items() if is_page(answer)}
        assert len(pages) > 100
        assert {one.address: wrong for one, answer in pages.items() if (wrong := made(answer))} == {}
        texts |= {text for answer in pages.values() for text in Page(answer.text).texts}
    shown = "\n".join(texts)
    assert [word for word in EVIL if f"{word} Person" not in shown or f"{word} ward" not in shown] == []
    assert [rest for rest in REST if not any(f"{word} {rest}" in shown for word in EVIL)] == []


def test_markup_that_is_typed_comes_back_as_text(town: Town) -> None:
    """In every field of every form and every part of every address."""
    routes = routes_of(town.house.app)
    for one in [*town.sent, *walk(town.educator, routes, 2).known]:
        if "sign-out" in one.path:
            continue
        said = [tuple((name, " ".join(EVIL)) for name, _ in pairs) for pairs in (one.query, one.fields)]
        typed = Request(one.method, one.path, said[0], said[1], one.files)
        answer = typed.send(town.educator, town.house.mark(town.educator))
        assert not is_page(answer) or made(answer) == [], one
