"""Does a page cost what it shows, or what the database holds? Every page at 1,000 and at 100,000 people.

The p95 of many looks at each, through the app itself and by somebody who sees everybody, may be at most three times as
long among 100,000 as among 1,000; and no page may weigh 150 kB. Both are looked at in turns in the same run. The first
look at the first page, for which everybody is counted, is not a look that is measured: the page says so and goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

from bench_queries import SMALL, TODAY, build
from tracker import clock
from tracker.actions.access.give import add_user, use_link
from tracker.actions.access.sign_in import sign_in
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.known import unit_names
from tracker.db.standings import posts_on
from tracker.domain.access import Grant, Role
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


def paths(database: Database) -> list[str]:
    """The pages: of all, and of a unit in the middle and somebody there."""
    with database.read() as connection:
        names = unit_names(connection)
        unit = names[len(names) // 2]
        post = posts_on(connection, InUnits((unit,)), TODAY)[0]
    person, place, name = quote(post.employee_id), quote(unit), quote((post.name or "a").split()[0])
    return [
        "/",
        "/?show=expiring",
        "/?show=unmatched&number=2",
        "/people",
        f"/people?q={name}",
        "/people?standing=out",
        f"/people?unit={place}",
        f"/people/{person}",
        f"/history-of/{person}",
        "/units",
        f"/units/{place}",
        "/import",
        "/checks",
        "/mail",
        "/reports",
        "/reports/issued",
        "/policy",
        "/jobs",
        "/trail",
        "/me",
    ]


def look(page: TestClient, path: str) -> tuple[float, int]:
    """The seconds of one look, and how much came; raises RuntimeError if it is no page."""
    start = time.perf_counter()
    answer = page.get(path)
    seconds = time.perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return seconds, len(answer.content)


def warm(page: TestClient) -> None:
    """Looks at the first page until everybody is counted."""
    while "being counted" in page.get("/").text:
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
        few, many = (browser(each) for each in databases)
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
