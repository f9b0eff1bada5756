"""Does a page cost what it shows, or what the database holds? Every page at 1,000 and at 100,000 people.

The p95 of many looks at each, through the app itself and by somebody who sees everybody, may be at most three times as
long among 100,000 as among 1,000; and no page may weigh 150 kB. Both are looked at in turns in the same run. The first
look at the first page, for which everybody is counted, is not a look that is measured, nor that at what the next run
would send: these pages say so and go on.
Every address of the app is measured or left out for a reason that stands here.

Exit codes: 0 within the limits, 1 a limit broken, 3 a page that nobody thought of.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import cast
from urllib.parse import quote

from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bench_queries import SMALL, TODAY, build
from tracker import clock
from tracker.actions.access.give import add_user, use_link
from tracker.actions.access.sign_in import sign_in
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.bounces import Returned, record_bounces
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.known import unit_names
from tracker.db.standings import posts_on
from tracker.db.tables import cards, identities, mails
from tracker.domain.access import Grant, Role
from tracker.domain.gate import Gate
from tracker.domain.scope import InUnits
from tracker.settings import Settings
from tracker.web.app import make_app
from tracker.web.gate import COOKIE
from tracker.web.site import Site

LIMIT, HEAVIEST = 3.0, 150_000
TURNS = 40
WHO, PASSWORD = "bench@hospital.example", "four plain words here"


def browser(database: Database) -> TestClient:
    """The browser of an educator, signed in."""
    now = clock.now()
    use_link(database, add_user(database, Author("bench", "cli"), WHO, "B", Grant(Role.EDUCATOR), now), PASSWORD, now)
    found = TestClient(make_app(Site(database, Settings())), "http://testserver", follow_redirects=False)
    found.cookies.set(COOKIE, sign_in(database, WHO, PASSWORD, "bench", now), domain="testserver.local")
    return found


# What each page's address is filled with besides the day; `{person}`, `{unit}`, `{word}`, `{card}` of each database.
PAGES = (
    "/",
    "/?show=expiring",
    "/?show=unmatched&number=2",
    "/?show=unreachable",
    "/people",
    "/people?q={word}",
    "/people?standing=out",
    "/people?unit={unit}",
    "/people/{person}",
    "/history-of/{person}",
    "/mails-to/{person}",
    "/record/card/{person}",
    "/record/correct-card/{card}/{person}",
    "/record/retract-card/{card}/{person}",
    "/record/leave/{person}",
    "/record/class/{person}",
    "/record/exemption/{person}",
    "/record/evidence/{person}",
    "/units",
    "/units/{unit}",
    "/change-unit",
    "/import",
    "/import/undo/2",
    "/checks",
    "/checks/uploads",
    "/checks/refused",
    "/mail",
    "/mail?state=waiting",
    "/mail/owed",
    "/mail/1",
    "/mail/1/page",
    "/mail/enable",
    "/mail/samples",
    "/mail/bounces",
    "/reports",
    "/reports/issued",
    "/policy",
    "/policy/versions/1",
    "/policy/new",
    "/jobs",
    "/jobs/history",
    "/health",
    "/trail",
    "/trail/1",
    "/trail/head",
    "/me",
)
# Routes that are not measured, by what their addresses begin with, and why.
LEFT_OUT = {
    "/people.": "a file of everybody who is found, as asked",
    "/trail/check": "looks through the whole trail, as asked",
    "/trail/export": "the whole trail, as asked",
    "/import/{draft}": "is as long as the file that was dropped",
    "/import/templates": "a file that is the same everywhere",
    "/policy/drafts": "says who changes standing, by looking at everybody beside the page",
    "/evidence": "a file that somebody handed in",
    "/checks/uploads/{waiting}": "a file that somebody handed in",
    "/record/change-": "a form as that of a card",
    "/record/answer/": "a form as that of a card",
    "/record/retract-": "a form as that of a card",
    "/record/end-": "a form as that of a card",
    "/record/attach-": "a form as that of a card",
    "/mail/samples/{name}": "the same everywhere",
    "/access": "administrators'; nobody's records are in it",
    "/hand-in": "staff's own",
    "/own": "staff's own",
    "/link": "before anybody is signed in",
    "/sign-in": "before anybody is signed in",
}


def paths(database: Database) -> list[str]:
    """The pages: of all, and of a unit in the middle and somebody there."""
    with database.read() as connection:
        names = unit_names(connection)
        unit = names[len(names) // 2]
        post = posts_on(connection, InUnits((unit,)), TODAY)[0]
        card = connection.execute(select(func.min(cards.c.card)).where(cards.c.person_id == post.person_id)).scalar()
    word = (post.name or "a").split()[0]
    known = {"person": quote(post.employee_id), "unit": quote(unit), "word": quote(word), "card": card}
    return [page.format_map(known) for page in PAGES]


def forgotten(page: TestClient) -> list[str]:
    """The addresses of the app that are neither measured nor left out for a reason."""
    app = cast("FastAPI", page.app)
    measured = [each.partition("?")[0] for each in PAGES]
    there = [path for path, ways in app.openapi()["paths"].items() if "get" in ways]
    shapes = {path: re.compile(re.sub(r"{\w+}", "[^/]+", path)) for path in there}
    left = [path for path in there if not any(map(shapes[path].fullmatch, measured))]
    return [path for path in left if not path.startswith(tuple(LEFT_OUT))]


def fill(database: Database) -> None:
    """Plans the mails of a day, marks an address from which one came back, and imports somebody; once."""
    with database.read() as connection:
        if connection.execute(select(mails.c.id).limit(1)).first():
            return
    plan_reminders(database, Gate(True), TODAY, clock.now(), "hospital.example")
    with database.read() as connection:
        staff = select(mails.c.message_id, mails.c.address).where(mails.c.kind == "staff_reminder").limit(1)
        [(message, address)] = connection.execute(staff)
    with change(database, Author("bench", "cli"), "bounce-mark") as made:
        record_bounces(made, [Returned(message, address, "5.1.1", "550 no such user")], TODAY)
    with change(database, Author("bench", "cli"), "import") as made:
        number = made.add_people(["bench-1"])["bench-1"]
        made.record(identities, [(number, "bench-1", "Bench, One", None)])
        made.record_batch([])


def look(page: TestClient, path: str) -> tuple[float, int]:
    """The seconds of one look, and how much came; raises RuntimeError if it is no page."""
    start = time.perf_counter()
    answer = page.get(path)
    seconds = time.perf_counter() - start
    if answer.status_code != (503 if path == "/health" else 200):
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return seconds, len(answer.content)


def warm(page: TestClient) -> None:
    """Looks at what counts or looks at everybody until that is done."""
    for path, meanwhile in (("/", "being counted"), ("/mail/owed", "Everybody is looked at")):
        while meanwhile in page.get(path).text:
            time.sleep(0.5)


def p95(times: list[float]) -> float:
    """What 95 of a hundred looks do not take longer than."""
    return sorted(times)[int(len(times) * 0.95) - 1]


def main() -> int:
    """Looks, prints a table, and returns 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    given = parser.parse_args()
    os.environ["TRACKER_TODAY"] = TODAY.isoformat()
    broken = False
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["TRACKER_DATA_DIR"] = scratch
        databases = [build(Path(scratch), people) for people in (SMALL, given.people)]
        for database in databases:
            fill(database)
        few, many = (browser(each) for each in databases)
        if missing := forgotten(few):
            print(f"Neither measured nor left out: {', '.join(missing)}; name them in PAGES or LEFT_OUT.")
            return 3
        for each in (few, many):
            warm(each)
        print(f"{'p95 of a look, ms':34}{'at 1,000, more':>18}{'ratio':>8}{'kB':>6}")
        for one, other in zip(*map(paths, databases), strict=True):
            looks = [(look(few, one), look(many, other)) for _ in range(TURNS)]
            times = [p95([pair[which][0] for pair in looks]) * 1000 for which in (0, 1)]
            weight = max(size for pair in looks for _, size in pair)
            ratio = times[1] / times[0]
            bad = ratio > LIMIT or weight > HEAVIEST
            broken |= bad
            shown = f"{times[0]:8.1f}, {times[1]:.1f}"
            print(f"{one:34}{shown:>18}{ratio:>8.2f}{weight / 1000:>6.0f}{'  BROKEN' if bad else ''}", flush=True)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
