"""What pages show: texts as texts, the day that they are about, what to do first; and how little they ask."""

from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from actions.ward import card, post, take_in
from web.house import ANA, House

# The pages about the installation, which only some may see: the others are told so, in a page.
OFFICE = ("/policy", "/policy/new", "/me", "/access", "/jobs", "/jobs/history", "/trail", "/trail/1", "/trail/check")
MARKUP = "<script>alert('x')</script><b title=\"y\">&amp;"


PATHS = ("/", f"/people/{ANA}", "/people", "/units", "/units/ICU")


class Reader(HTMLParser):
    """Reads a page: its elements, and each that brings script or style with it or something from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        self.tags.append(tag)
        known = dict(attrs)
        if tag in ("style", "iframe", "object", "embed", "base") or (tag == "script" and not known.get("src")):
            self.wrong.append(tag)
        for name, value in attrs:
            # The name of a kind of document is no address.
            said = "" if name.startswith("xmlns") else (value or "").strip().lower()
            if name == "style" or name.startswith("on") or said.startswith(("javascript:", "data:", "http:", "//")):
                self.wrong.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("role", ["educator", "manager", "staff"])
def test_no_page_brings_script_or_style_with_it(house: House, role: str) -> None:
    """Or anything from elsewhere: browsers are told to refuse it."""
    take_in(house.database, card(ANA, "2023-01-05", number="230105001001"))
    browser = house.signed_in(role)
    lists = ("/people", "/units", "/units/ICU", "/units/none", "/change-unit", "/change-unit?unit=ICU")
    first = ("/", "/?on=2026-01-31", f"/people/{ANA}", "/people/none", "/none", "/sign-in", "/link/none")
    for path in (*first, *lists, *OFFICE):
        read = Reader(browser.get(path, follow_redirects=True).text)
        assert "h1" in read.tags
        assert read.wrong == [], path


def test_what_is_on_record_stays_text(house: House) -> None:
    """Markup in a name, a unit, a role, a card is shown and never obeyed."""
    row = post("X-1", f"ICU {MARKUP}", "2025-01-01", name=MARKUP)
    take_in(house.database, row)
    take_in(house.database, card("X-1", "2023-01-05", number=MARKUP))
    browser = house.signed_in("educator")
    unit = quote(f"ICU {MARKUP}", safe="")
    lists = ("/people", f"/people?q={quote(MARKUP)}", "/units", f"/units/{unit}", f"/change-unit?unit={unit}")
    for path in (*lists, "/", "/people/X-1", f"/people/{quote(MARKUP)}", f"/?on={quote(MARKUP)}"):
        text = browser.get(path).text
        assert "&lt;script&gt;alert" in text, path
        assert "<script>alert" not in text
        read = Reader(text)
        assert (read.tags.count("script"), read.wrong) == (1, [])


def test_any_employee_id_has_a_page(house: House) -> None:
    """Whatever it is written with; the link on the first page opens it, and so do those that it leads on to."""
    odd = ("A/1", "A 1", "A?1#2", "50%", "É1")
    take_in(house.database, *(post(who, "ICU", "2025-01-01", name="Odd Id") for who in odd))
    browser = house.signed_in("educator")
    first = browser.get("/").text
    for who in odd:
        address = f"/people/{quote(who, safe='')}"
        for path in (address, f"/people/{quote(who)}"):
            answer = browser.get(path)
            assert (answer.status_code, "Odd Id" in answer.text) == (200, True)
        assert f'href="{address}"' in first
        back = f'href="/people/{quote(who)}"'
        assert back in browser.get(address, params={"on": "2025-06-16"}).text


def test_another_day_is_marked_and_shown(house: House) -> None:
    """Dot's card ended with January 2025: in the year before it was current, and the page says which day it is."""
    take_in(house.database, post("5001", "OR", "2023-01-01", name="Dot Dole"))
    take_in(house.database, card("5001", "2023-01-05"))
    browser = house.signed_in("educator")
    now, then = browser.get("/people/5001").text, browser.get("/people/5001?on=2024-06-15").text
    assert "You are looking at" not in now
    assert "You are looking at <b>15 Jun 2024</b>, 365 days ago" in then
    assert ("state out" in now, "state out" in then) == (True, False)
    assert "in 1 day" in browser.get("/?on=2025-06-16").text
    # Whoever follows a link stays on that day.
    assert "/people/4512?on=2025-06-16" in browser.get("/?on=2025-06-16").text


@pytest.mark.parametrize("path", PATHS)
def test_a_day_that_cannot_be_is_told_in_a_sentence(house: House, path: str) -> None:
    """It names what was given, and how to write one."""
    browser = house.signed_in("educator")
    for day in ("yesterday", "2025-02-29", "2025-6-1", "0001-01-01", "9999-12-31", "1899-12-31"):
        answer = browser.get(path, params={"on": day})
        assert (answer.status_code, day in answer.text) == (400, True)


@pytest.mark.parametrize("path", PATHS)
def test_far_days_are_shown(house: House, path: str) -> None:
    """The calendar's ends are not reached by what a page draws around the day."""
    browser = house.signed_in("educator")
    for day in ("1900-01-01", "2024-02-29", "2999-12-31"):
        assert browser.get(path, params={"on": day}).status_code == 200, day


def test_before_a_policy_the_first_page_says_what_to_do(empty: House) -> None:
    """And a person's page says it in a sentence too."""
    browser = empty.signed_in("administrator")
    first = browser.get("/")
    assert (first.status_code, 'href="/policy"' in first.text) == (200, True)
    assert browser.get("/people/1").status_code == 400
