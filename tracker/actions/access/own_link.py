"""The link in a reminder by which somebody opens their own page: signed, for one person at one address, through a day.

Nothing is stored: what a link is good for stands in it, and whether it is ours is worked out again. Should the person
get another address, the links that were sent to the one before open nothing any more.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import date
from typing import NamedTuple

from tracker.db.change import Author
from tracker.db.connect import Connection, Database
from tracker.db.own_page import Owner, owner
from tracker.domain.days import later
from tracker.domain.errors import BadInput
from tracker.domain.names import address_key
from tracker.settings import Settings, secret_key

# Days through which a link works: those of a month, in which the next reminder brings another.
LASTS = 30
_TOKEN = re.compile(r"([0-9]{1,18})\.([0-9]{8})\.([A-Za-z0-9_-]{22})")
_OVER = "This link is over, or not whole; open the one in your latest reminder, or ask your manager."


class OwnLinks(NamedTuple):
    """Makes links: where the web app is reached, and the installation's secret."""

    base: str
    secret: str

    def link(self, person: int, address: str, last: date) -> str:
        """The link of a person, sent to an address, that works through a day."""
        return f"{self.base}/own/{person}.{last:%Y%m%d}.{_seal(self.secret, person, address, last)}"


def own_links(settings: Settings) -> OwnLinks | None:
    """How links are made; None where nobody says at which address the web app is reached."""
    if settings.base_url is None:
        return None
    return OwnLinks(settings.base_url.rstrip("/"), secret_key(settings))


def last_day(day: date) -> date:
    """The last day of a link that is sent on a day."""
    return later(day, LASTS)


def whose(database: Database, secret: str, token: str, today: date) -> Owner:
    """Whose page a link opens; raises BadInput if it is not ours, or over, or they work here no more."""
    found = _TOKEN.fullmatch(token)
    with database.read() as connection:
        person = _owner(connection, secret, found, today) if found else None
    if person is None:
        raise BadInput(_OVER)
    return person


def by_their_link(person: int) -> Author:
    """Who the trail names for what a person does through their link: by number, as ids and names may be erased."""
    return Author(f"person:{person}, by their link", "web")


def _owner(connection: Connection, secret: str, found: re.Match[str], today: date) -> Owner | None:
    person = owner(connection, int(found[1]), today)
    try:
        last = date.fromisoformat(found[2])
    except ValueError:
        return None
    if person is None or person.email is None or not today <= last <= last_day(today):
        return None
    return person if hmac.compare_digest(found[3], _seal(secret, person.number, person.email, last)) else None


def _seal(secret: str, person: int, address: str, last: date) -> str:
    said = f"own page\n{person}\n{address_key(address)}\n{last.isoformat()}"
    return urlsafe_b64encode(hmac.digest(secret.encode(), said.encode(), "sha256")[:16]).decode().rstrip("=")
