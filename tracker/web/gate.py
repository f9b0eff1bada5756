"""Who is there, and what they may: the one way into every page that is not for everybody.

A route that is for those who are signed in takes `Annotated[Visit, Depends(Needs(...))]`; a test looks at every route
for it.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Request

from tracker.actions.access.sign_in import who_is
from tracker.db.accounts import Account, refuse_without
from tracker.db.change import Author
from tracker.db.connect import Connection, Database
from tracker.domain.access import EXEMPTING, Grant, Right
from tracker.domain.errors import BadInput
from tracker.domain.rulebook import Rulebook
from tracker.domain.scope import Scope
from tracker.web.headers import SAFE
from tracker.web.site import Site, zone_of

COOKIE = "tracker"
# Of the days that may be looked at: pages look some years further on both sides, and calendars end.
YEARS = range(1900, 3000)


class SignInFirstError(Exception):
    """Nobody is signed in; `page` is where they wanted to go."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page


class NotAllowedError(Exception):
    """Somebody is signed in who may not do this."""


@dataclass(frozen=True)
class Visit:
    """One look of somebody who is signed in. `path` is as in an address; `day` is the one that the pages are about;
    `rulebook` is None before the first policy, and `done` what they did just before, by a word of `done.DONE`."""

    site: Site
    account: Account
    grant: Grant
    token: str
    path: str
    rulebook: Rulebook | None
    today: date
    day: date
    done: str = ""

    @property
    def database(self) -> Database:
        """The installation's."""
        return self.site.database

    @property
    def timezone(self) -> str:
        """The site's."""
        return zone_of(self.rulebook)

    @property
    def scope(self) -> Scope:
        """Whose records they may see."""
        return self.grant.scope(self.today)

    @property
    def author(self) -> Author:
        """Who the trail will name, and who changes something only while they have the access that they came with:
        what they began may have waited for its turn."""
        return Author(self.account.email, "web").if_still(self._has_access)

    def _has_access(self, connection: Connection) -> None:
        refuse_without(connection, self.account.grant_id, self.site.today(self.rulebook))

    @property
    def mark(self) -> str:
        """What their forms carry, so that nobody else's form is taken for theirs."""
        return mark_of(self.site, self.token)

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return self.grant.allows(right)

    def sees_note_of(self, action: str) -> bool:
        """Whether they may read what was noted with a change: with exemptions it may be an illness."""
        return self.may(Right.EXEMPT) or not action.startswith(EXEMPTING)


def mark_of(site: Site, token: str) -> str:
    """The mark of the forms of whoever keeps a token.

    In base32, which has few digits: whoever searches a page for an employee id seldom hits it.
    """
    digest = hmac.digest(site.secret, f"form {token}".encode(), "sha256")
    return b32encode(digest).decode().rstrip("=").lower()


def site_of(request: Request) -> Site:
    """The installation that a request is sent to."""
    found: Site = request.app.state.site
    return found


class Needs:
    """Whoever comes has to be signed in, and to have a right if one is named."""

    def __init__(self, right: Right | None = None) -> None:
        self.right = right

    def __call__(
        self,
        request: Request,
        on: str | None = None,
        done: str = "",
        mark: Annotated[str | None, Form(include_in_schema=False)] = None,
    ) -> Visit:
        """Lets them in; raises what the app turns into the form to sign in, or into a refusal."""
        site, token, path = site_of(request), request.cookies.get(COOKIE), quote(request.scope["path"])
        account = who_is(site.database, token, site.now()) if token else None
        if token is None or account is None or account.grant is None:
            asked = f"?{request.url.query}" if request.url.query else ""
            raise SignInFirstError(path + asked if request.method in SAFE else "/")
        rulebook = site.rulebook()
        today = site.today(rulebook)
        # Not to the form: signing in again would change nothing.
        if not account.grant.holds(today):
            raise NotAllowedError
        visit = Visit(site, account, account.grant, token, path, rulebook, today, today, done)
        # So that a page that says what is wrong has the menu of who looks at it.
        request.state.visit = visit
        if self.right is not None and not visit.may(self.right):
            raise NotAllowedError
        if request.method not in SAFE and not same_mark(mark, visit.mark):
            raise BadInput("This form is too old, or was opened before you signed in; go back and open it again.")
        return replace(visit, day=named_day(on) or today)


SignedIn = Annotated[Visit, Depends(Needs())]


def named_day(text: str | None) -> date | None:
    """The day that an address or a field names, if any; raises BadInput if it is none."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"'{text}' is no day; write it as 2026-01-31.") from None
    if day.year not in YEARS:
        raise BadInput(f"'{text}' is too far away; choose a day from {YEARS[0]} to {YEARS[-1]}.")
    return day


def same_mark(mark: str | None, wanted: str) -> bool:
    """Whether a form carries the mark; compared as bytes, as texts may only be if they are ASCII."""
    return hmac.compare_digest((mark or "").encode(), wanted.encode())
