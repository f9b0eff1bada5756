"""Forms about one person are for whoever may record, about people who are in their scope today."""

import pytest

from actions.ward import away, card, changes_in, excused, post, take_in
from tracker.web.gate import COOKIE
from web.house import ANA, EVE, House
from web.sent import send

RECORDING = ("administrator", "educator", "manager")
NEW = (
    "record/card",
    "record/leave",
    "record/class",
    "record/exemption",
    "record/evidence",
)
OLD = (
    "record/correct-card/1",
    "record/retract-card/1",
    "record/answer/1",
    "record/change-leave/1",
    "record/retract-leave/1",
    "record/change-class/1",
    "record/retract-class/1",
    "record/end-exemption/1",
    "record/retract-exemption/1",
    "record/attach-evidence/1",
    "record/retract-evidence/1",
)
READ = ("evidence/1", "mails-to", "history-of")
FILLED = {
    "type": "BLS",
    "issuer": "AHA",
    "issued_on": "2025-01-05",
    "starts_on": "2025-07-01",
    "until": "2025-07-02",
    "class_on": "2025-07-01",
    "requirement": "bls",
    "why": "because",
    "answer": "confirmed",
}


def exempting(path: str) -> bool:
    """Whether a form is about exemptions."""
    return "exemption" in path


def moved(house: House) -> None:
    """Eve, of the ED, has one of everything; she worked in the ICU until the end of May."""
    take_in(house.database, post(EVE, "ICU", "2025-02-01", "2025-05-31"), other_unit="also")
    take_in(house.database, card(EVE, "2025-01-05", number="250105001001"))
    take_in(house.database, away(EVE, "2025-07-01"))
    take_in(house.database, excused(EVE, "2025-01-01", "2025-12-31"))


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor", "staff"])
def test_forms_open_for_those_who_may(house: House, role: str) -> None:
    """Those about exemptions for educators alone; whoever may not is told so, not that there is nothing."""
    browser = house.signed_in(role)
    for path in NEW:
        may = role == "educator" if exempting(path) else role in RECORDING
        assert browser.get(f"/{path}/{ANA}").status_code == (200 if may else 403), path
    for path in (*NEW, *OLD):
        if not (role == "educator" if exempting(path) else role in RECORDING):
            assert send(house, browser, f"/{path}/{ANA}", **FILLED).status_code == 403, path


@pytest.mark.parametrize("day", ["", "?on=2025-03-01"])
def test_nobody_elsewhere_is_reached(house: House, day: str) -> None:
    """Neither seen nor changed, by whatever address; in the same words as of somebody who does not exist."""
    moved(house)
    browser = house.signed_in("manager")
    before = changes_in(house.database)
    for path in [each for each in (*NEW, *OLD, *READ) if not exempting(each)]:
        there, nowhere = (browser.get(f"/{path}/{who}{day}") for who in (EVE, "7002"))
        assert there.status_code == nowhere.status_code == 400, path
        assert there.text.replace(EVE, "WHO") == nowhere.text.replace("7002", "WHO"), path
        if path not in READ:
            answer = send(house, browser, f"/{path}/{EVE}{day}", **FILLED)
            assert (answer.status_code, "Eve" in answer.text) == (400, False), path
    assert changes_in(house.database) == before


def test_whoever_was_theirs_on_another_day_has_a_page_without_the_rest(house: House) -> None:
    """The standings of then are shown; files, mails, history and forms are for whoever has them today."""
    moved(house)
    text = house.signed_in("manager").get(f"/people/{EVE}?on=2025-03-01").text
    assert "Not in your units today" in text
    for gone in ("/record/", "/evidence/", 'id="mails"', 'id="history"', 'id="evidence"', ">ED<"):
        assert gone not in text, gone


def test_forms_without_the_mark_are_refused(house: House) -> None:
    """Each of them, whatever else is in it."""
    browser, other = house.signed_in("educator"), house.signed_in("manager")
    before = changes_in(house.database)
    for path in (*NEW, *OLD):
        for mark in ({}, {"mark": house.mark(other)}):
            answer = browser.post(f"/{path}/{ANA}", data=FILLED | mark)
            assert (answer.status_code, "This form is too old" in answer.text) == (400, True), path
    assert changes_in(house.database) == before


def test_nobody_comes_in_unsigned(house: House) -> None:
    """They are led to where one signs in."""
    browser = house.browser()
    assert COOKIE not in browser.cookies
    for path in (*NEW, *OLD, *READ):
        assert browser.get(f"/{path}/{ANA}").status_code == 303, path


def test_any_employee_id_has_its_forms(house: House) -> None:
    """Whatever it is written with: links on the page open the form, and the form leads back to the page."""
    odd = ("A/1", "A 1", "A?1#2", "50%", "card/1")
    take_in(house.database, *(post(who, "ICU", "2025-01-01", name="Odd Id") for who in odd))
    browser = house.signed_in("manager")
    for who in odd:
        text = browser.get("/people/" + who.replace("%", "%25").replace("?", "%3F").replace("#", "%23")).text
        [link] = [part.split('"')[0] for part in text.split('href="') if part.startswith("/record/card/")]
        assert "Odd Id" in browser.get(link).text
        answer = send(house, browser, link, **FILLED)
        assert (answer.status_code, "Odd Id" in browser.get(answer.headers["location"]).text) == (303, True)


def test_forms_stay_on_the_day_that_is_looked_at(house: House) -> None:
    """The page that follows is of the same day, and what was recorded counts as recorded now."""
    browser = house.signed_in("manager")
    assert f"/record/card/{ANA}?on=2025-06-20" in browser.get(f"/people/{ANA}?on=2025-06-20").text
    answer = send(house, browser, f"/record/card/{ANA}?on=2025-06-20", **FILLED)
    assert answer.headers["location"] == f"/people/{ANA}?done=card-recorded&on=2025-06-20"


def test_texts_without_end_are_refused(house: House) -> None:
    """And those that a database cannot keep."""
    browser = house.signed_in("educator")
    for odd in ("x" * 5000, "a\0b"):
        answer = send(house, browser, f"/record/card/{ANA}", **FILLED | {"issuer": odd})
        assert answer.status_code == 422
