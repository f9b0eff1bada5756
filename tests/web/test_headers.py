"""What every answer says to browsers."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tracker.web import today
from tracker.web.headers import ALWAYS
from tracker.web.room import LARGEST
from web.house import ANA, PASSWORD, House

STRICT = "strict-transport-security"
each_address = pytest.mark.parametrize(
    ("base", "secure"), [("", False), ("http://tracker.example", False), ("https://tracker.example", True)]
)


def answers(browser: TestClient) -> list[Any]:
    """One of each kind: pages, redirections, refusals, errors, files."""
    asked = ["/", f"/people/{ANA}", "/people/none", "/none", "/sign-in", "/link/none", "/?on=never"]
    found = [browser.get(path) for path in (*asked, "/static/style.css", "/static/none", "/people/%00")]
    found += [browser.post("/sign-out"), browser.post("/"), browser.post("/sign-in", headers={"origin": "http://evil"})]
    found.append(browser.post("/sign-in", content=b"", headers={"content-length": str(LARGEST + 1)}))
    browser.cookies.clear()
    return [*found, browser.get("/"), browser.get(f"/people/{ANA}")]


@each_address
def test_every_answer_carries_the_headers(
    house: House, monkeypatch: pytest.MonkeyPatch, base: str, secure: bool
) -> None:
    """Pages, errors and files alike; to come by TLS only is said where the address is one of TLS."""
    monkeypatch.setenv("TRACKER_BASE_URL", base)
    found = answers(House(house.database).signed_in("educator"))
    assert {answer.status_code for answer in found} == {200, 303, 400, 403, 404, 405, 413}
    for answer in found:
        assert ALWAYS.items() <= dict(answer.headers).items(), answer.url
        assert (STRICT in answer.headers) is secure


def test_a_fault_of_the_program_carries_them_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says nothing of what went wrong inside."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("Ana Abel")

    monkeypatch.setattr(today, "month", fail)
    browser = house.signed_in("educator")
    answer = house.browser(raise_server_exceptions=False, cookies=dict(browser.cookies)).get("/")
    assert answer.status_code == 500
    assert "Ana Abel" not in answer.text
    assert ALWAYS.items() <= dict(answer.headers).items()


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    """The policy that browsers are given names this server alone."""
    policy = ALWAYS["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    for word in ("unsafe", "http:", "https:", "data:", "*"):
        assert word not in policy


@each_address
def test_cookies_are_for_the_server_alone(
    house: House, monkeypatch: pytest.MonkeyPatch, base: str, secure: bool
) -> None:
    """No script reads them, no other site sends them, and behind TLS they never leave unencrypted."""
    monkeypatch.setenv("TRACKER_BASE_URL", base)
    other = House(house.database)
    said = {"email": other.account("educator"), "password": PASSWORD}
    answer = other.browser().post("/sign-in", data=said)
    kept = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= kept
    assert ("secure" in kept) is secure
