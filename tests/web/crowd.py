"""People in each of the standings on the day of the tests, and what lists show of them."""

import csv
import io
import re
from html import unescape

from starlette.testclient import TestClient

from actions.ward import away, card, excused, post, take_in
from tracker.db.change import change
from tracker.db.meant import called_now
from tracker.db.tables import submissions
from web.house import BOSS, TODAY, House


def furnish(house: House) -> House:
    """Doctors of the OR of whom one card is asked, a nurse of the ICU of whom two are, a clerk of whom nothing is."""
    told = {
        "current": "Cora Cole",
        "expiring": "Ezra Egan",
        "grace": "Gwen Gray",
        "expired": "Pax Page",
        "on_leave": "Lee Lane",
        "exempt": "Xena Xu",
    }
    rows = [post(who, "OR", "2025-01-01", role="MD", name=name) for who, name in told.items()]
    rows += [
        post("pending", "ICU", "2025-06-01", name="Nell Nunn", email="nell@site.example"),
        post("unmatched", "OR", "2025-01-01", role="Clerk", name="Una Ulm"),
    ]
    take_in(house.database, *rows)
    cards = [card("current", "2025-01-10"), card("expiring", "2023-07-05"), card("expired", "2022-01-10")]
    cards += [card("grace", "2023-06-10", issuer="RCUK"), card("pending", "2025-01-10")]
    take_in(house.database, *cards)
    take_in(house.database, away("on_leave", "2025-06-01"))
    take_in(house.database, excused("exempt", "2025-01-01", "2025-07-31"))
    with change(house.database, BOSS, "test") as made:
        numbers = [called_now(made.connection, who)[0] for who in ("grace", "pending")]
        made.record(submissions, [(number, "BLS", TODAY, None) for number in numbers])
    return house


def ids(text: str) -> list[str]:
    """The employee ids in a list of people, in its order."""
    return [unescape(one) for one in re.findall(r'class="quiet id"><bdi>([^<]*)</bdi>', text)]


def row_of(text: str, who: str) -> str:
    """What the row of somebody says, without its marks."""
    (row,) = (row for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL) if f"<bdi>{who}</bdi>" in row)
    return said_in(row)


def said_in(markup: str) -> str:
    """The words of some markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split()).replace(" ,", ",")


def following(text: str, way: str) -> str | None:
    """The address of the next page, or of the previous one."""
    found = re.search(rf'<a rel="{way}" href="([^"]+)"', text)
    return unescape(found[1]) if found else None


def walked(browser: TestClient, path: str, way: str = "next") -> list[list[str]]:
    """The employee ids on each page from one on."""
    pages, at = [], path
    while at:
        text = browser.get(at).text
        pages.append(ids(text))
        at = following(text, way) or ""
    return pages


def table_of(browser: TestClient, path: str) -> list[list[str]]:
    """The rows of a list as CSV, the header first."""
    answer = browser.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
