"""The app over a small hospital with two units, and browsers of people who are signed in or not."""

from datetime import UTC, date, datetime
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from actions.ward import govern, post, take_in
from tracker.actions.access.give import add_user, use_link
from tracker.actions.access.sign_in import sign_in
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.domain.access import Grant, Role
from tracker.settings import Settings
from tracker.web.app import make_app
from tracker.web.gate import COOKIE, mark_of
from tracker.web.site import Site

TODAY = date(2025, 6, 15)
NOW = datetime(2025, 6, 15, 15, 0, tzinfo=UTC)
BOSS = Author("boss", "cli")
PASSWORD = "four plain words here"
# One in each unit, both without a card.
ANA, EVE = "4512", "7001"
GRANTS = {
    "administrator": Grant(Role.ADMINISTRATOR),
    "educator": Grant(Role.EDUCATOR),
    "manager": Grant(Role.MANAGER, ("ICU",)),
    "auditor": Grant(Role.AUDITOR, until=TODAY),
    "staff": Grant(Role.STAFF, employee_id=ANA),
}


class House:
    """The app, its database, and the clock that both go by."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW
        self.site = Site(database, Settings(), lambda: self.now)
        self.app: FastAPI = make_app(self.site)

    def furnish(self) -> "House":
        """Puts the policy in force and takes in Ana of the ICU and Eve of the ED."""
        govern(self.database)
        rows = [(ANA, "ICU", "Ana Abel"), (EVE, "ED", "Eve Eder")]
        take_in(self.database, *(post(who, unit, "2025-01-01", name=name) for who, unit, name in rows))
        return self

    def browser(self, **more: Any) -> TestClient:
        """A browser of nobody, which shows redirections instead of going on."""
        return TestClient(self.app, "http://testserver", follow_redirects=False, **more)

    def account(self, role: str, grant: Grant | None = None) -> str:
        """Gives somebody access and lets them choose a password; returns their address."""
        email = f"{role}@hospital.example"
        token = add_user(self.database, BOSS, email, role.title(), grant or GRANTS[role], self.now)
        use_link(self.database, token, PASSWORD, self.now)
        return email

    def token(self, email: str) -> str:
        """Signs somebody in; returns what their browser keeps."""
        return sign_in(self.database, email, PASSWORD, "192.0.2.7", self.now)

    def signed_in(self, role: str, grant: Grant | None = None) -> TestClient:
        """The browser of somebody in a role, signed in."""
        found = self.browser()
        if role != "nobody":
            found.cookies.set(COOKIE, self.token(self.account(role, grant)), domain="testserver.local")
        return found

    def mark(self, browser: TestClient) -> str:
        """The mark of the forms that a browser is shown."""
        return mark_of(self.site, browser.cookies[COOKIE])
