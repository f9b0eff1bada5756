"""No page asks more of the database where there is more on record: every route is held to it."""

import re

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from actions.ward import staff, take_in
from asking.test_questions import statements
from tracker.actions.access.give import new_link
from web.house import ANA, BOSS, House
from web.imported import ROSTER, Importer
from web.test_own import link
from web.test_policy import draft
from web.world import World

# Asked by monitors, and answered from what the last look found.
EXCEPTIONS = {"/health"}
# What stands in the places of an address, if not 1: the first of its kind, which is Ana's.
PLACES = {"employee_id": ANA, "name": "ICU", "kind": "roster", "outcome": "new", "seq": "2"}
# Where that would not do.
OTHERS = {
    "/import/{draft}/questions": "/import/{questions}/questions",
    "/import/{draft}/questions/{number}": "/import/{questions}/questions/1",
    "/import/{draft}/rejected/{number}": "/import/{result}/rejected/0",
    "/import/{draft}/result": "/import/{result}/result",
    "/link/{token}": "/link/{link}",
    "/mail/samples/{name}": "/mail/samples/staff_reminder",
    "/mail/samples/{name}/page": "/mail/samples/staff_reminder/page",
    "/own/{token}": "/own/{own}",
}
# Questions that some pages are asked besides.
ASKED = (
    "/?show=expiring",
    "/?on=2026-01-31",
    "/people?sort=left&standing=out&q=n",
    f"/people?after={ANA}",
    "/units/ICU?on=2026-01-31",
    f"/people/{ANA}?on=2026-01-31",
    "/mail?state=sent",
    "/mail?state=failed",
    "/reports?report=survey&unit=ICU",
    f"/trail?employee={ANA}",
)
ROLES = {"/access": "administrator", "/hand-in": "staff"}
# Imports at each of their steps: a row that asks, one that is refused, none of either.
FILES = {
    "questions": f"{ANA},Ana Abel,PACU,RN,2025-05-01\n",
    "result": ",Nobody Nell,ICU,RN,2025-05-01\n",
    "draft": "",
}


def routes(house: House) -> set[str]:
    """The routes of all that is read."""
    found = [one for one in iter_route_contexts(house.app.routes) if isinstance(one.original_route, APIRoute)]
    return {str(one.path) for one in found if "GET" in (one.methods or ())}


def drafts(house: House, browser: TestClient, rows: int) -> dict[str, str]:
    """Imports of so many rows, one at each of the steps: their numbers."""
    found = {}
    for step, row in FILES.items():
        importer = Importer(house, browser)
        many = [f"{step}-{rows}-{at},{step.title()} {rows} {at},ICU,RN,2025-05-01\n" for at in range(rows)]
        importer.hand_in(ROSTER + "".join(many) + row)
        if step == "result":
            importer.apply()
        found[step] = importer.at.rsplit("/", 1)[1]
    return found


def addresses(house: House, browser: TestClient, rows: int) -> dict[str, str]:
    """Where each route leads to something; what is kept only for a while is made anew, as large as all."""
    places = PLACES | drafts(house, browser, rows)
    places["key"] = draft(house, browser).rsplit("/", 1)[1]
    places["own"] = link(house).rsplit("/", 1)[1]
    places["link"] = new_link(house.database, BOSS, "staff@hospital.example", house.now)
    found = {one: one for one in ASKED}
    for route in routes(house) - EXCEPTIONS:
        path = OTHERS.get(route, route)
        found[route] = re.sub(r"\{(\w+)[^}]*\}", lambda place: places.get(place[1], "1"), path)
    return found


def count(house: House, browser: TestClient, path: str) -> int:
    """How many statements a page takes, once it was looked at before."""

    def look() -> None:
        answers.append(browser.get(path).status_code)

    answers: list[int] = []
    look()
    found = statements(house.database, look)
    assert set(answers) <= {200, 303}, path
    return found


def counts(house: House, browsers: dict[str, TestClient], rows: int) -> dict[str, int]:
    """How many statements each page takes, of whoever has it."""
    found = addresses(house, browsers["educator"], rows)
    roles = {one: next((role for start, role in ROLES.items() if one.startswith(start)), "educator") for one in found}
    return {one: count(house, browsers[roles[one]], path) for one, path in found.items()}


def test_no_page_asks_more_where_there_is_more(house: House) -> None:
    """Of everything five times as much, of people many more, and the same number of statements for each route."""
    browsers = {role: house.signed_in(role) for role in ("educator", "administrator", "staff")}
    world = World(house)
    world.grow(2)
    few = counts(house, browsers, 3)
    world.grow(8)
    take_in(house.database, *staff(198))
    many = counts(house, browsers, 60)
    assert {page: (few[page], count) for page, count in many.items() if count != few[page]} == {}
    assert set(few) == routes(house) - EXCEPTIONS | set(ASKED)
