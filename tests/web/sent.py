"""Forms about one person as a browser sends them, and what became of them."""

from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

from tracker.db.trail import Entry, entries
from web.house import ANA, House


def send(house: House, browser: TestClient, path: str, **fields: Any) -> Any:
    """Sends a form with the mark of the browser; `files` are files."""
    files = fields.pop("files", None)
    return browser.post(path, data={"mark": house.mark(browser), **fields}, files=files)


def done(answer: Any, who: str = ANA) -> str:
    """The word of what was done, of an answer that leads on to the person's page."""
    assert answer.status_code == 303, answer.text
    path, _, word = str(answer.headers["location"]).partition("?done=")
    assert path == f"/people/{quote(who, safe='')}"
    return str(word)


def last_entry(house: House) -> Entry:
    """The latest entry of the trail."""
    with house.database.read() as connection:
        return entries(connection, 1)[0]


def by_whom(house: House) -> tuple[str, str, str | None]:
    """What the latest entry did, who did it by which way, and why."""
    entry = last_entry(house)
    assert entry.source == "web"
    return entry.action, entry.actor, entry.note
