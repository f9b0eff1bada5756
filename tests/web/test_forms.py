"""A form counts if it is this server's and of this sign-in; and leads nowhere else."""

import re

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from tracker.actions.access.give import first_link
from tracker.actions.access.sign_in import TRIES_OF_ONE
from tracker.db.trail import faults
from tracker.web.gate import COOKIE
from web.house import ANA, NOW, PASSWORD, House
from web.test_who_sees_what import PUBLIC

OWN = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
ELSEWHERE = (
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver:8000"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://testserver"},
    {"sec-fetch-site": "none"},
    {"origin": "http://["},
)
OTHER_SITES = (
    "//evil",
    "/\\evil",
    "https://evil",
    "evil",
    "",
    "/\t/evil",
    "/\n/evil",
    "\\\\evil",
    "javascript:alert(1)",
)


def mark_in(browser: TestClient) -> str:
    """The mark in the form of the first page."""
    found = re.search(r'name="mark" value="(\w+)"', browser.get("/").text)
    assert found
    return found[1]


def leave(browser: TestClient, mark: str | None, headers: dict[str, str] | None = None) -> int:
    """Asks to sign out; returns the status of the answer."""
    answer = browser.post("/sign-out", data={"mark": mark} if mark is not None else {}, headers=headers or OWN)
    return answer.status_code


def test_signing_out_ends_it(house: House) -> None:
    """The browser forgets its token, and the token opens nothing more."""
    browser = house.signed_in("educator")
    token = browser.cookies[COOKIE]
    assert leave(browser, mark_in(browser)) == 303
    assert COOKIE not in browser.cookies
    assert house.browser(cookies={COOKIE: token}).get("/").status_code == 303


def test_a_form_of_another_sign_in_is_refused(house: House) -> None:
    """Without the mark, with one that is none, with that of somebody else or of another sign-in of one's own."""
    browser, other = house.signed_in("educator"), house.signed_in("manager")
    again = house.browser(cookies={COOKIE: house.token("educator@hospital.example")})
    for mark in (None, "", "é", "0" * 64, mark_in(other), mark_in(again)):
        assert leave(browser, mark) == 400
    assert browser.get("/").status_code == 200
    assert leave(browser, mark_in(browser)) == 303


def test_a_form_of_another_site_is_refused(house: House) -> None:
    """Even with the mark; nor does one sign somebody in under another's name."""
    browser = house.signed_in("educator")
    said = {"email": "educator@hospital.example", "password": PASSWORD}
    for headers in ELSEWHERE:
        assert leave(browser, house.mark(browser), headers) == 403
        assert browser.get("/").status_code == 200
        answer = house.browser().post("/sign-in", data=said, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_no_form_is_taken_without_the_mark(house: House) -> None:
    """Whichever route it is sent to, but for those by which one comes in."""
    browsers = [house.signed_in(role) for role in ("administrator", "educator", "staff")]
    routes = [route for route in iter_route_contexts(house.app.routes) if isinstance(route.original_route, APIRoute)]
    posted = {str(route.path) for route in routes if "POST" in (route.methods or ())} - {path for path, _ in PUBLIC}
    assert len(posted) > 1
    for path in posted:
        place = re.sub(r"\{[^}]*\}", "1", path)
        answers = [each.post(place, data={"mark": "0" * 64}, headers=OWN) for each in browsers]
        told = {(one.status_code, "This form is too old" in one.text) for one in answers}
        assert told - {(403, False)} == {(400, True)}, path


def test_a_file_for_a_mark_is_refused(house: House) -> None:
    """In words, not by falling over."""
    browser = house.signed_in("educator")
    assert browser.post("/sign-out", files={"mark": b"x"}, headers=OWN).status_code == 422
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("place", ["/mail/{}", "/record/leave/{}", "/units/{}"])
def test_a_path_without_end_is_refused(house: House, place: str) -> None:
    """Also where a number stands in it, of more digits than Python reads."""
    answer = house.signed_in("educator").get(place.format("9" * 5000))
    assert (answer.status_code, "so long an address" in answer.text) == (414, True)


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "idna", "utf-16", "utf-8; charset=utf-7"])
def test_a_form_is_in_utf_8(house: House, charset: str) -> None:
    """Or it is refused: other ways to write text carry half characters, which no page and no database can."""
    browser, kind = house.signed_in("educator"), "multipart/form-data; boundary=x; charset="
    parts = (f'name="mark"\r\n\r\n{house.mark(browser)}', 'name="file"; filename="+2AA-.csv"\r\n\r\na')
    body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--x--\r\n"
    path = f"/record/evidence/{ANA}"
    answer = browser.post(path, content=body.encode(), headers=OWN | {"content-type": kind + charset})
    assert (answer.status_code, "in UTF-8" in answer.text) == (415, True)
    answer = browser.post(path, content=body.encode(), headers=OWN | {"content-type": kind + '"UTF-8"'})
    assert (answer.status_code, "+2AA-.csv" in answer.text) == (400, True)


def test_signing_in_leads_to_no_other_site(house: House) -> None:
    """Whatever the address says; the form does not even keep it."""
    browser, email = house.browser(), house.account("educator")
    for to in OTHER_SITES:
        assert 'name="to" value="/"' in browser.get("/sign-in", params={"to": to}).text
        answer = browser.post("/sign-in", data={"email": email, "password": PASSWORD, "to": to}, headers=OWN)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_signing_in_goes_on_to_the_page_that_was_wanted(house: House) -> None:
    """As it was written, whatever is in it."""
    email, browser = house.account("educator"), house.browser()
    wanted = browser.get("/people/a%20b%3Fc").headers["location"]
    shown = re.search(r'name="to" value="([^"]*)"', browser.get(wanted).text)
    assert shown
    answer = browser.post("/sign-in", data={"email": email, "password": PASSWORD, "to": shown[1]}, headers=OWN)
    assert answer.headers["location"] == "/people/a%20b%3Fc"


def test_signing_in_ends_the_sign_in_of_before(house: House) -> None:
    """Whoever uses the browser next is not followed by the one before; a try that fails ends nothing."""
    browser, email = house.signed_in("educator"), house.account("manager")
    before = house.browser(cookies={COOKIE: browser.cookies[COOKIE]})
    browser.post("/sign-in", data={"email": email, "password": "wrong wrong wrong"}, headers=OWN)
    assert before.get("/").status_code == 200
    assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}, headers=OWN).status_code == 303
    assert before.get("/").status_code == 303


def test_a_wrong_password_is_told_in_the_form(house: House) -> None:
    """With the address as it was typed, without the password; after some tries it says to wait."""
    email, browser = house.account("educator"), house.browser()
    for _ in range(TRIES_OF_ONE):
        refused = browser.post("/sign-in", data={"email": email, "password": "wrong wrong wrong"}, headers=OWN)
        assert (refused.status_code, "not right" in refused.text, email in refused.text) == (400, True, True)
        assert "wrong wrong" not in refused.text
    answer = browser.post("/sign-in", data={"email": email, "password": PASSWORD}, headers=OWN)
    assert (answer.status_code, "wait" in answer.text) == (400, True)


@pytest.mark.parametrize("odd", ["\0", "a\0b@hospital.example", "é" * 300, "😀", "' OR 1=1 --"])
def test_no_text_makes_it_fall_over(house: House, odd: str) -> None:
    """What cannot be is refused in words."""
    browser, token = house.browser(), first_link(house.database, NOW)
    fields = {"email": odd, "name": odd, "password": odd * 12, "again": odd * 12, "to": odd}
    assert browser.post("/sign-in", data=fields, headers=OWN).status_code in (400, 422)
    for email in (odd, "ada@hospital.example"):
        answer = browser.post(f"/link/{token}", data=fields | {"email": email}, headers=OWN)
        assert answer.status_code in (303, 400, 422)


def test_the_first_link_opens_the_house(empty: House) -> None:
    """Link, first administrator, signing in, looking, signing out: all through the pages."""
    browser, link = empty.browser(), f"/link/{first_link(empty.database, NOW)}"
    for _ in range(2):
        assert "Make the first administrator" in browser.get(link).text
    said = {"name": "Ada", "email": " Ada@hospital.example", "password": PASSWORD, "again": PASSWORD}
    differing = browser.post(link, data=said | {"again": "other words here"}, headers=OWN)
    assert (differing.status_code, "differ" in differing.text, 'value="Ada"' in differing.text) == (400, True, True)
    assert browser.post(link, data=said, headers=OWN).headers["location"] == "/sign-in?done=password"
    assert "The password is set" in browser.get("/sign-in?done=password").text
    assert browser.get(link).status_code == 400
    assert browser.post(link, data=said, headers=OWN).status_code == 400
    assert browser.post("/sign-in", data=said, headers=OWN).headers["location"] == "/"
    assert "Ada" in browser.get("/").text
    assert leave(browser, mark_in(browser)) == 303
    assert browser.get("/").headers["location"] == "/sign-in"
    with empty.database.read() as connection:
        assert not list(faults(connection))
