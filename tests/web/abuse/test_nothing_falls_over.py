"""Whatever is sent to whichever route by whomever: an answer that the app means, never one that it fell over."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import settings
from starlette.testclient import TestClient

from tracker.domain.access import Grant, Role
from tracker.web.gate import COOKIE
from web.abuse.nasty import Sender, Sent
from web.abuse.reading import Request, asked
from web.abuse.town import Place, Town
from web.abuse.walk import Route, routes_of, walk
from web.house import GRANTS, House

HOME = Place("Northward", "NORTHWARD")
# Requests to each route by each role, where educators come to the most; the administrator, who ends access, is last.
SHARES = {"educator": 6, "manager": 3, "nobody": 2, "staff": 2, "administrator": 4}
FEWER = {"educator": 3, "manager": 1, "nobody": 1, "staff": 1, "administrator": 2}
# "usual" is as above; the profile "thorough" sends so many times more.
TIMES = max(settings().max_examples // 100, 1)
OF_ROLES = {"manager": Grant(Role.MANAGER, (HOME.unit,)), "staff": Grant(Role.STAFF, employee_id=HOME.who(1))}
# What is answered before a route is asked, or in place of it.
NOT_THERE = {307, 403, 404, 405, 411, 413, 414, 415}


class Crowd:
    """Browsers of each role in front of one app, and all that its pages would have them send."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.town = Town(house, [HOME, Place("Zqburn", "ZQBURN")])
        self.routes = routes_of(house.app)
        self.reached: set[Route] = set()
        self.sent = 0
        self.wrong: list[str] = []
        self._more = count()
        own = [asked(method, link) for link in self.town.links for method in ("GET", "POST")]
        first = walk(self.town.educator, self.routes, 2)
        self.known = [*self.town.sent, *own, *first.known]
        self.browsers = {"educator": self.town.educator, "manager": self.town.managers[HOME], "nobody": house.browser()}
        for role in ("staff", "administrator"):
            self.browsers[role] = house.signed_in(role, _grant(role))

    def send(self, role: str, turns: int) -> None:
        """Sends so many requests to each route, in rounds, so that what one of them ends others met before."""
        known = [*self.known, *walk(self.browsers[role], self.routes, 1).known] if role != "educator" else self.known
        with self.house.browser() as browser:
            for turn in range(turns):
                for route in self.routes:
                    sender = self._sender(f"{role} {route.method} {route.path} {turn}", role, known)
                    self._send(browser, role, route, sender.wrongly(route) if turn else sender.plainly(route))
                self.house.site.background.wait()

    def _sender(self, seed: str, role: str, known: Sequence[Request]) -> Sender:
        browser = self.browsers[role]
        # Some requests end a sign-in.
        if role != "nobody" and browser.get("/me").status_code == 303:
            self.browsers[role] = browser = self.house.signed_in(f"{role}-{next(self._more)}", _grant(role))
        mark = self.house.mark(browser) if COOKIE in browser.cookies else ""
        return Sender(seed, known, f"{COOKIE}={browser.cookies.get(COOKIE, '')}", mark)

    def _send(self, browser: TestClient, role: str, route: Route, sent: Sent) -> None:
        try:
            answer = browser.request(sent.method, sent.address, headers=list(sent.headers), content=sent.body or None)
        except Exception as error:  # noqa: BLE001 whatever came out of the app is a fault, and all are told of together
            self.wrong.append(f"{route}: {error!r}: {sent}")
            return
        self.sent += 1
        led_away = role == "nobody" and answer.headers.get("location", "").startswith("/sign-in")
        if answer.status_code not in NOT_THERE and not led_away:
            self.reached.add(route)
        # No jobs are worked here, and monitors are told so.
        if answer.status_code >= 500 and route.path != "/health":
            self.wrong.append(f"{route}: {answer.status_code}: {sent}")


def _grant(role: str) -> Grant:
    return OF_ROLES.get(role) or GRANTS[role]


# Of a form that ends before a file in it does Starlette leaves the file to be closed when it is collected.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_nothing_falls_over(empty: House) -> None:
    """No route, asked by any role for anything in any way, answers that the program is at fault; and each was asked."""
    crowd = Crowd(empty)
    shares = SHARES if empty.database.is_sqlite else FEWER
    for role, turns in shares.items():
        crowd.send(role, turns * TIMES)
    assert not crowd.wrong, "\n".join(one[:2000] for one in crowd.wrong[:20])
    assert set(crowd.routes) - crowd.reached == set()
