"""The trail is looked through, opened entry by entry, proved and exported."""

import json
import re
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from actions.ward import card, post, take_in
from tracker.actions.access.give import add_user, change_access
from tracker.actions.change_card import retract_card
from tracker.actions.change_person import rename_person
from tracker.db.change import Author, change
from tracker.db.moments import latest_change
from tracker.db.trail import head
from tracker.domain.access import Grant, Role
from web.house import ANA, BOSS, EVE, House

ODD = Author("<b>odd</b>", "cli")


def listed(page: str) -> list[int]:
    """The entries that a page lists."""
    return [int(number) for number in re.findall(r'aria-label="Entry (\d+)"', page)]


def entries(house: House, count: int) -> None:
    """So many changes more, each about access."""
    add_user(house.database, BOSS, "w@hospital.example", "W", Grant(Role.EDUCATOR), house.now)
    for number in range(count - 1):
        role = (Role.EDUCATOR, Role.ADMINISTRATOR)[number % 2 == 0]
        change_access(house.database, BOSS, "w@hospital.example", Grant(role))


def check(house: House, browser: TestClient) -> str:
    """Has the trail checked; returns the page after."""
    assert browser.post("/trail/check", data={"mark": house.mark(browser)}).status_code == 303
    house.site.background.wait()
    return browser.get("/trail/check").text


def test_the_trail_says_who_did_what_to_whom(house: House) -> None:
    """In words, with the person by the employee id of now and the account by its address."""
    take_in(house.database, card(ANA, "2025-02-03", number="X"))
    retract_card(house.database, ODD, ANA, 1, "Not <i>hers</i>")
    rename_person(house.database, BOSS, ANA, "4599", "It was mistyped")
    page = house.signed_in("auditor").get("/trail").text
    for said in (
        "applied a policy",
        "imported a file",
        "retracted a card",
        "&lt;b&gt;odd&lt;/b&gt;",
        "Not &lt;i&gt;hers&lt;/i&gt;",
        'href="/people/4599"',
        "auditor@hospital.example",
    ):
        assert said in page, said
    assert listed(page) == sorted(listed(page), reverse=True)


def test_the_trail_comes_fifty_a_page(house: House) -> None:
    """By its numbers, each entry once, whatever is added meanwhile."""
    browser = house.signed_in("educator")
    entries(house, 60)
    first = browser.get("/trail").text
    further = re.search(r'href="([^"]*before=[^"]*)">Further', first)
    assert further
    entries_before = listed(first)
    change_access(house.database, BOSS, "w@hospital.example", Grant(Role.AUDITOR, until=house.now.date()))
    second = listed(browser.get(further[1].replace("&amp;", "&")).text)
    assert entries_before + second == list(range(entries_before[0], 0, -1))


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"who": "boss"}, [3]),
        ({"what": "policy-apply"}, [1]),
        ({"employee": ANA}, [2]),
        ({"who": "boss", "what": "import"}, []),
        ({"until": "2001-01-01"}, []),
        ({"since": "2999-01-01"}, []),
        ({"since": "2001-01-01", "until": "2999-01-01"}, [3, 2, 1]),
        ({"before": "3"}, [2, 1]),
    ],
)
def test_the_trail_is_narrowed_by_what_is_asked(house: House, asked: dict[str, str], wanted: list[int]) -> None:
    """By who, what, whom and when, together; what was asked stays in the form."""
    page = house.signed_in("educator").get("/trail", params=asked).text
    assert listed(page) == wanted
    assert ("No entry fits" in page) is (not wanted)
    for value in asked.values():
        assert f'value="{value}"' in page or "before" in asked


@pytest.mark.parametrize(
    ("asked", "said"), [({"employee": "<none>"}, "&lt;none&gt;"), ({"since": "soon"}, "is no day")]
)
def test_a_wrong_question_is_told_in_the_form(house: House, asked: dict[str, str], said: str) -> None:
    """With what was asked still in it."""
    answer = house.signed_in("educator").get("/trail", params=asked)
    assert (answer.status_code, said in answer.text, listed(answer.text)) == (400, True, [])


def test_an_entry_shows_its_facts_and_what_proves_it(house: House) -> None:
    """The numbers of what it recorded and retracted, its digest, its seal and the one before."""
    browser = house.signed_in("educator")
    change_access(house.database, BOSS, "educator@hospital.example", Grant(Role.ADMINISTRATOR))
    browser = house.browser(cookies={"tracker": house.token("educator@hospital.example")})
    with house.database.read() as connection:
        seals = [row[0] for row in connection.execute(text("SELECT hash FROM seals ORDER BY seq"))]
    page = browser.get("/trail/4").text
    assert ("changed access" in page, seals[3] in page, seals[2] in page) == (True, True, True)
    assert re.search(r'<th scope="row">grants</th><td>2</td><td class="count">1</td>', page)
    assert re.search(r"<dt>grants</dt><dd>1</dd>", page)
    assert "none: it is the first" in browser.get("/trail/1").text
    for number in (0, 99, 2**40):
        assert browser.get(f"/trail/{number}").status_code == 400


def test_the_trail_is_proved_by_whoever_may_look(house: House) -> None:
    """An auditor has it checked; what was found is told here and on the page of jobs."""
    browser = house.signed_in("auditor")
    assert "Nobody has checked it yet" in browser.get("/trail/check").text
    assert "All 3 entries hold" in check(house, browser)
    jobs = browser.get("/jobs").text
    assert ("auditor@hospital.example" in jobs, "it holds" in jobs) == (True, True)


def test_what_was_tampered_with_is_found(house: House) -> None:
    """Though somebody changed it in the database itself."""
    browser = house.signed_in("auditor")
    _tamper(house)
    page = check(house, browser)
    assert ("1 fault<" in page, "Entry 1 was changed" in page) == (True, True)


def _tamper(house: House) -> None:
    """Changes who did something, past what guards it."""
    changed = "UPDATE changes SET actor = 'nobody' WHERE seq = 1"
    if house.database.is_sqlite:
        with house.database.write() as connection:
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f'DROP TRIGGER "{name}"'))
            connection.execute(text(changed))
    else:
        with house.database.write() as connection:
            connection.execute(text("ALTER TABLE changes DISABLE TRIGGER USER"))
            connection.execute(text(changed))


def test_a_noted_seal_is_compared(house: House) -> None:
    """It holds, or does not, or is none."""
    browser = house.signed_in("auditor")
    with house.database.read() as connection:
        number, seal = head(connection) or (0, "")
    said = {
        f"{number}:{seal}": "has the seal",
        f"{number}:{'0' * 64}": "does not have",
        "nonsense": "no entry and seal",
    }
    for noted, words in said.items():
        assert words in browser.get("/trail/check", params={"noted": noted}).text
    kept = browser.get("/trail/head").json()
    assert (kept["entry"], kept["seal"]) == (number, seal)


def test_the_chain_is_exported_for_others_to_prove(house: House) -> None:
    """Each line's seal is the hash of the seal before and of what the line says."""
    answer = house.signed_in("auditor").get("/trail/export")
    assert "trail.jsonl" in answer.headers["content-disposition"]
    before = ""
    for line in answer.text.splitlines():
        entry: dict[str, Any] = json.loads(line)
        keys = ("entry", "at", "actor", "source", "action", "subject", "noted", "digest")
        before = sha256(json.dumps([before, *(entry[key] for key in keys)]).encode()).hexdigest()
        assert entry["seal"] == before
    with house.database.read() as connection:
        assert head(connection) == (len(answer.text.splitlines()), before)


@pytest.mark.parametrize("role", ["manager", "staff"])
def test_nobody_else_looks_or_checks(house: House, role: str) -> None:
    """The trail names people of all units."""
    browser = house.signed_in(role)
    take_in(house.database, post(EVE, "ED", "2025-01-01", name="Eve Eder"))
    for path in ("/trail", "/trail/2", "/trail/check", "/trail/export", "/trail/head"):
        assert browser.get(path).status_code == 403
    assert browser.post("/trail/check", data={"mark": house.mark(browser)}).status_code == 403


def test_checking_needs_the_mark(house: House) -> None:
    """As every form does."""
    assert house.signed_in("auditor").post("/trail/check").status_code == 400


def test_an_empty_trail_says_so(empty: House) -> None:
    """Whoever looks was given access, which is the first entry; asked about days before, nothing is there."""
    browser = empty.signed_in("auditor")
    assert listed(browser.get("/trail").text) == [1]
    assert "No entry fits" in browser.get("/trail?until=2001-01-01").text


@pytest.mark.parametrize(("role", "reads"), [("educator", True), ("administrator", False), ("auditor", False)])
def test_what_is_noted_with_an_exemption_is_for_those_who_give_them(house: House, role: str, reads: bool) -> None:
    """In the list and in the entry."""
    with change(house.database, BOSS, "exemption-retract", "exemption:1", "no longer ill") as made:
        made.note_look()
    with house.database.read() as connection:
        seq = latest_change(connection)
    browser = house.signed_in(role)
    for path in ("/trail", f"/trail/{seq}"):
        assert ("no longer ill" in browser.get(path).text) is reads
