"""Every route asks who is there, and shows each role what is theirs."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from actions.ward import excused, post, take_in
from tracker.actions.access.sign_in import IDLE
from tracker.domain.access import Grant, Role
from tracker.web.gate import Needs
from web.house import ANA, EVE, TODAY, House

PUBLIC = {
    ("/sign-in", "GET"),
    ("/sign-in", "POST"),
    ("/link/{token}", "GET"),
    ("/link/{token}", "POST"),
    ("/own/{token}", "GET"),
    ("/own/{token}", "POST"),
    ("/health", "GET"),
}

# Before anybody worked there; somebody who moved from the ICU to the ED.
EARLIER = "?on=2024-06-15"
MO = "9009"
LISTS = ("/people", "/people.csv", "/units", "/units/ICU", "/units/ED")
ROLES = ("administrator", "educator", "manager", "auditor", "staff", "nobody")
ANSWERS = {
    "/": (200, 200, 200, 200, 303, 303),
    f"/people/{ANA}": (200, 200, 200, 200, 200, 303),
    f"/people/{EVE}": (200, 200, 400, 200, 400, 303),
    # Mo was of the ICU until the end of March.
    f"/people/{MO}": (200, 200, 400, 200, 400, 303),
    f"/people/{MO}?on=2025-02-01": (200, 200, 200, 200, 400, 303),
    f"/record/card/{MO}?on=2025-02-01": (200, 200, 400, 403, 403, 303),
    f"/evidence/1/{MO}?on=2025-02-01": (400, 400, 400, 400, 403, 303),
    "/people/none": (400, 400, 400, 400, 400, 303),
    "/people": (200, 200, 200, 200, 403, 303),
    "/people.csv": (200, 200, 200, 200, 403, 303),
    "/people.xlsx": (200, 200, 200, 200, 403, 303),
    "/units": (200, 200, 200, 200, 403, 303),
    "/units/ICU": (200, 200, 200, 200, 403, 303),
    "/units/ED": (200, 200, 400, 200, 403, 303),
    "/change-unit": (200, 200, 403, 403, 403, 303),
    f"/record/card/{ANA}": (200, 200, 200, 403, 403, 303),
    f"/record/card/{EVE}": (200, 200, 400, 403, 403, 303),
    f"/record/exemption/{ANA}": (403, 200, 403, 403, 403, 303),
    f"/record/evidence/{EVE}": (200, 200, 400, 403, 403, 303),
    f"/evidence/1/{EVE}": (400, 400, 400, 400, 403, 303),
    f"/mails-to/{EVE}": (200, 200, 400, 200, 403, 303),
    f"/history-of/{EVE}": (200, 200, 400, 200, 403, 303),
    "/checks": (200, 200, 200, 403, 403, 303),
    "/checks/uploads": (200, 200, 200, 403, 403, 303),
    "/checks/refused": (200, 200, 200, 403, 403, 303),
    "/checks/uploads/1/file": (400, 400, 400, 403, 403, 303),
    "/mail": (200, 200, 200, 200, 403, 303),
    "/mail/1": (400, 400, 400, 400, 403, 303),
    "/mail/owed": (200, 200, 200, 200, 403, 303),
    "/mail/enable": (200, 200, 403, 403, 403, 303),
    "/mail/bounces": (200, 200, 200, 200, 403, 303),
    "/mail/samples": (200, 200, 200, 200, 403, 303),
    "/reports": (200, 200, 200, 200, 403, 303),
    "/reports/issued": (200, 200, 200, 200, 403, 303),
    "/import": (200, 200, 200, 403, 403, 303),
    "/import/templates/roster": (200, 200, 200, 403, 403, 303),
    "/import/undo/1": (200, 200, 400, 403, 403, 303),
    "/import/0000000000000000": (400, 400, 400, 403, 403, 303),
    "/import/0000000000000000/plan": (400, 400, 400, 403, 403, 303),
    "/policy": (200, 200, 200, 200, 403, 303),
    "/policy/versions/1": (200, 200, 200, 200, 403, 303),
    "/policy/new": (200, 200, 403, 403, 403, 303),
    f"/policy/drafts/{'0' * 32}": (400, 400, 403, 403, 403, 303),
    f"/policy/drafts/{'0' * 32}/apply": (400, 400, 403, 403, 403, 303),
    "/access": (200, 403, 403, 403, 403, 303),
    "/access/new": (200, 403, 403, 403, 403, 303),
    "/access/1": (200, 403, 403, 403, 403, 303),
    "/access/1/end": (200, 403, 403, 403, 403, 303),
    "/me": (200, 200, 200, 200, 200, 303),
    "/jobs": (200, 200, 403, 200, 403, 303),
    "/jobs/history": (200, 200, 403, 200, 403, 303),
    "/trail": (200, 200, 403, 200, 403, 303),
    "/trail/1": (200, 200, 403, 200, 403, 303),
    "/trail/check": (200, 200, 403, 200, 403, 303),
    "/trail/head": (200, 200, 403, 200, 403, 303),
    "/trail/export": (200, 200, 403, 200, 403, 303),
    # Nothing works the jobs.
    "/health": (503,) * 6,
    "/sign-in": (200,) * 6,
    "/link/none": (400,) * 6,
    "/own/none": (400,) * 6,
    "/hand-in": (403, 403, 403, 403, 200, 303),
    "/static/style.css": (200,) * 6,
    "/static/none": (404,) * 6,
    "/none": (404,) * 6,
    "/sign-out": (405,) * 6,
    "/openapi.json": (404,) * 6,
    "/docs": (404,) * 6,
}


def below(dependant: Dependant) -> Iterator[object]:
    """What a route depends on, at any depth."""
    for each in dependant.dependencies:
        yield each.call
        yield from below(each)


def test_no_route_forgets_to_ask_who_is_there(empty: House) -> None:
    """Each but a few goes through the gate, so one that is added later does too or is named here."""
    open_to_all, mounted = set(), []
    for route in iter_route_contexts(empty.app.routes):
        if not isinstance(route.original_route, APIRoute):
            mounted.append(route.path)
            assert isinstance(route.original_route, Mount)
        elif not any(isinstance(each, Needs) for each in below(route.dependant)):
            open_to_all |= {(route.path, method) for method in route.methods or ()}
    assert open_to_all == PUBLIC
    assert mounted == ["/static"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_the_pages_that_are_theirs(house: House, role: str) -> None:
    """And nobody else's; whoever is not signed in is led to where one signs in."""
    take_in(house.database, post(MO, "ICU", "2025-01-01", "2025-03-31"), post(MO, "ED", "2025-04-01"))
    browser = house.signed_in(role)
    found = {path: browser.get(path) for path in ANSWERS}
    wanted = {path: answers[ROLES.index(role)] for path, answers in ANSWERS.items()}
    assert {path: answer.status_code for path, answer in found.items()} == wanted
    led = {unquote(answer.headers["location"]) for answer in found.values() if answer.status_code == 303}
    to_sign_in = {f"/sign-in?to={path}" for path, answers in ANSWERS.items() if answers[-1] == 303}
    to_sign_in = to_sign_in - {"/sign-in?to=/"} | {"/sign-in"}
    assert led == {"nobody": to_sign_in, "staff": {f"/people/{ANA}"}}.get(role, set())


@pytest.mark.parametrize(
    ("role", "sees"),
    [("administrator", "both"), ("educator", "both"), ("auditor", "both"), ("manager", "Ana"), ("staff", "Ana")],
)
def test_no_page_shows_another_unit(house: House, role: str, sees: str) -> None:
    """Neither the name nor the number nor the unit of whom somebody may not see, on any day."""
    browser = house.signed_in(role)
    for day in ("", EARLIER, "?on=2026-06-15"):
        first = "".join(browser.get(f"{path}{day}", follow_redirects=True).text for path in ("/", *LISTS))
        theirs = browser.get(f"/people/{ANA}{day}").text
        others = browser.get(f"/people/{EVE}{day}").text
        assert ("Eve Eder" in first + others) is (sees == "both")
        assert "Eve Eder" not in theirs
        if sees == "Ana":
            assert EVE not in first
            assert ">ED<" not in first + theirs + others
    assert "Ana Abel" in browser.get("/", follow_redirects=True).text


@pytest.mark.parametrize("role", ["manager", "staff"])
def test_nobody_learns_who_is_on_record_elsewhere(house: House, role: str) -> None:
    """What is not theirs and what is not there are told of in the same words."""
    browser = house.signed_in(role)
    there, nowhere = (browser.get(f"/people/{who}") for who in (EVE, "7002"))
    assert there.text.replace(EVE, "WHO") == nowhere.text.replace("7002", "WHO")
    assert there.status_code == nowhere.status_code
    assert "Eve" not in browser.get("/people/Eve%20Eder").text.replace("Eve Eder", "")


def test_staff_have_no_list_of_others(house: House) -> None:
    """Not even of those of their own unit."""
    take_in(house.database, post("4513", "ICU", "2025-01-01", name="Bea Bell"))
    first = house.signed_in("staff").get("/", follow_redirects=True).text
    assert "Ana Abel" in first
    assert "Bea Bell" not in first


def test_an_auditors_access_ends_after_the_last_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """On that day it is open; on the next it is not, though the browser is still signed in."""
    browser = house.signed_in("auditor")
    assert browser.get("/").status_code == 200
    monkeypatch.setenv("TRACKER_TODAY", (TODAY + timedelta(days=1)).isoformat())
    later = House(house.database).browser(cookies=dict(browser.cookies))
    for path in ("/", f"/people/{ANA}"):
        answer = later.get(path)
        found = answer.status_code, "Ana Abel" in answer.text, "Ask an administrator" in answer.text
        assert found == (403, False, True)


def test_looking_at_an_earlier_day_opens_nothing_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the page is not the day of the access."""
    browser = house.signed_in("auditor")
    monkeypatch.setenv("TRACKER_TODAY", (TODAY + timedelta(days=1)).isoformat())
    later = House(house.database).browser(cookies=dict(browser.cookies))
    assert later.get(f"/?on={TODAY}").status_code == 403


def test_a_manager_of_two_units_sees_both(house: House) -> None:
    """And each of their people's pages."""
    browser = house.signed_in("manager", Grant(Role.MANAGER, ("ICU", "ED")))
    assert "Eve Eder" in browser.get("/").text
    assert browser.get(f"/people/{EVE}").status_code == 200


def test_a_sign_in_ends_in_the_browser_too(house: House) -> None:
    """After an hour without a look one signs in again."""
    browser = house.signed_in("educator")
    house.now += IDLE
    assert browser.get("/").headers["location"] == "/sign-in"


@pytest.mark.parametrize("role", ROLES[:-1])
def test_why_somebody_is_exempt_is_for_those_who_give_exemptions(house: House, role: str) -> None:
    """It may be an illness: everybody else reads that, and until when, somebody is exempt."""
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", reason="Wrist fracture", approver="Dr. Cote"))
    answer = house.signed_in(role).get(f"/people/{ANA}")
    assert answer.status_code == 200
    assert "exempt" in answer.text
    assert "through 31 Dec 2025" in answer.text
    assert ("Wrist" in answer.text, "Cote" in answer.text) == (role == "educator",) * 2
