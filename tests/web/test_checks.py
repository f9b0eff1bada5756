"""Cards to check in the web app: what is listed for whom, and what becomes of answers."""

import io
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import USUAL, card, govern, post, said_of, staff, take_in
from tracker.db.trail import entries
from web.house import ANA, EVE, TODAY, House
from web.test_pages import MARKUP, Reader

POLICY = USUAL.replace('id = "AHA"\n', 'id = "AHA"\ncheck_at = "https://issuer.example/check"\ncheck_batch = 20\n', 1)
CODE, OTHER = "250105000001", "250105000002"


@pytest.fixture
def cards(house: House) -> House:
    """Each of the two has a card that nobody asked about."""
    govern(house.database, POLICY)
    take_in(house.database, card(ANA, "2025-01-05", number=CODE), card(EVE, "2025-01-05", number=OTHER))
    return house


def number_of(browser: TestClient, code: str) -> str:
    """The number of a card in the records, by its code, as the page shows it."""
    found = re.search(
        rf'{code}</bdi><input type="hidden" name="who" value="\S+"><input [^>]*value="(\d+)"', page(browser)
    )
    assert found
    return found[1]


def page(browser: TestClient, query: str = "") -> str:
    """The page of cards to check."""
    return browser.get(f"/checks{query}").text


def say(house: House, browser: TestClient, who: str, number: str, **said: Any) -> Any:
    """Answers about one card."""
    usual = {"all": "", "answer": "", "on": "", "revoked": "", "day": TODAY.isoformat()}
    return browser.post("/checks", data={**usual, "who": who, "card": number, "mark": house.mark(browser), **said})


def answers(house: House, who: str = ANA) -> list[tuple[str, ...]]:
    """What is on record of somebody's cards: answer, from when, on which day, by whom."""
    return [tuple(map(str, fact[1:5])) for fact in said_of(house.database, "verifications", who)]


def test_codes_stand_together_to_copy(cards: House) -> None:
    """With the address of the issuer's page; the two are in one batch."""
    text = page(cards.signed_in("educator"))
    assert f"{CODE}\n{OTHER}</textarea>" in text
    assert 'href="https://issuer.example/check"' in text
    assert "readonly" in text


def test_cards_that_never_end_are_listed_too(cards: House) -> None:
    """Where a rule has no end, no day of issue is too long ago."""
    govern(cards.database, POLICY.replace('months = 24\nends = "same_day"', 'ends = "never"'), TODAY)
    assert CODE in page(cards.signed_in("educator"))


def test_a_manager_is_shown_her_own(cards: House) -> None:
    """Neither the code nor the name of anybody else; another unit is told as one that is not there."""
    browser = cards.signed_in("manager")
    text = page(browser)
    assert (CODE in text, OTHER in text, "Eve Eder" in text) == (True, False, False)
    there, nowhere = (browser.get(f"/checks?unit={unit}") for unit in ("ED", "XX"))
    assert (there.status_code, nowhere.status_code) == (400, 400)
    assert there.text.replace("ED", "XX") == nowhere.text


def test_an_answer_is_recorded_under_the_visitor(cards: House) -> None:
    """With its day; the card is listed no more, and the trail names who said it."""
    browser = cards.signed_in("manager")
    done = say(cards, browser, ANA, number_of(browser, CODE), all="confirmed", day="2025-06-10")
    assert (done.status_code, done.headers["location"]) == (303, "/checks?done=answers")
    assert answers(cards) == [("confirmed", "None", "2025-06-10", "manager@hospital.example")]
    assert CODE not in page(browser)
    with cards.database.read() as connection:
        (entry,) = entries(connection, 1)
    assert (entry.actor, entry.source, entry.action) == ("manager@hospital.example", "web", "card-verify")


def test_a_single_card_may_have_another_answer(cards: House) -> None:
    """The rest of the batch is answered as a whole; what was not asked yet stays."""
    browser = cards.signed_in("educator")
    numbers = [number_of(browser, CODE), number_of(browser, OTHER)]
    said = {"answer": ["", "revoked"], "on": ["", "2025-06-01"], "revoked": ["", "2025-05-01"]}
    assert say(cards, browser, [ANA, EVE], numbers, all="not_found", **said).status_code == 303  # type: ignore[arg-type]  # fields
    by = "educator@hospital.example"
    assert answers(cards) == [("not_found", "None", "2025-06-15", by)]
    assert answers(cards, EVE) == [("revoked", "2025-05-01", "2025-06-01", by)]


def test_what_was_not_asked_yet_stays_on_the_list(cards: House) -> None:
    """Whatever is said of the others."""
    browser = cards.signed_in("educator")
    numbers = [number_of(browser, CODE), number_of(browser, OTHER)]
    said: dict[str, Any] = {"answer": ["", "none"], "on": ["", ""], "revoked": ["", ""]}
    assert say(cards, browser, [ANA, EVE], numbers, all="confirmed", **said).status_code == 303  # type: ignore[arg-type]  # fields
    text = page(browser)
    assert (CODE in text, OTHER in text) == (False, True)


def test_a_manager_answers_for_her_people_alone(cards: House) -> None:
    """Another's card is told of as one that is not there, and nothing is recorded."""
    theirs = number_of(cards.signed_in("educator"), OTHER)
    browser = cards.signed_in("manager")
    told = [say(cards, browser, EVE, number, all="confirmed") for number in (theirs, "999")]
    assert [one.status_code for one in told] == [400, 400]
    assert told[0].text == told[1].text
    text = f"number,answer,checked_on\n{OTHER},valid,2025-06-01\n"
    send(cards, browser, text)
    assert answers(cards, EVE) == []


def send(house: House, browser: TestClient, text: str, **said: str) -> Any:
    """Sends a file of answers."""
    files = {"file": ("answers.csv", io.BytesIO(text.encode()))}
    return browser.post("/checks/file", data={"mark": house.mark(browser), **said}, files=files)


def test_a_file_of_answers_is_taken_row_by_row(cards: House) -> None:
    """Good rows are in; of a bad one the row, the field and the reason are told."""
    browser = cards.signed_in("educator")
    done = send(cards, browser, f"number,answer,checked_on\n{CODE},valid,2025-06-01\n{OTHER},expired,2025-06-01\n")
    assert (done.status_code, "1 recorded" in done.text, "none of the answers" in done.text) == (200, True, True)
    assert len(answers(cards)) == 1
    again = send(cards, browser, f"number,answer\n{CODE},valid\n", day="2025-06-01")
    assert "1 known already" in again.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Nothing is answered yet"),
        ({"all": "expired"}, "Choose one of the answers"),
        ({"all": "confirmed", "day": "2025-06-16"}, "still to come"),
        ({"all": "confirmed", "day": "soon"}, "is no day"),
        ({"all": "confirmed", "revoked": "2025-06-01"}, "goes only with the answer revoked"),
    ],
)
def test_what_cannot_be_meant_is_told_and_records_nothing(cards: House, said: dict[str, str], told: str) -> None:
    """With what was typed still in it."""
    browser = cards.signed_in("educator")
    answer = say(cards, browser, ANA, number_of(browser, CODE), **said)
    assert (answer.status_code, told in answer.text) == (400, True)
    assert answers(cards) == []


@pytest.mark.parametrize("text", ["", "nothing,of,use\n1,2,3\n"])
def test_a_file_that_says_nothing_is_refused_in_a_sentence(cards: House, text: str) -> None:
    """Nothing is recorded."""
    answer = send(cards, cards.signed_in("educator"), text)
    assert (answer.status_code, "There is a problem" in answer.text) == (400, True)


def test_cards_that_cannot_be_asked_about_stand_apart(cards: House) -> None:
    """One without a number, and one whose number somebody else has, however it is written."""
    take_in(cards.database, card(ANA, "2025-02-05", type="ACLS"))
    take_in(cards.database, card(EVE, "2025-02-05", number="2501-0500 0001", type="ACLS"))
    text = page(cards.signed_in("manager"))
    assert "It has no number." in text
    assert "Somebody else has a card of this number." in text
    assert "Eve" not in text


def test_the_queue_goes_on_page_by_page(cards: House) -> None:
    """Every card once, whatever the page."""
    people = staff(130)
    take_in(cards.database, *people)
    take_in(
        cards.database, *(card(one.employee_id, "2025-01-05", number=f"C-{at:05}") for at, one in enumerate(people))
    )
    browser, query, seen = cards.signed_in("educator"), "", []
    while True:
        text = page(browser, query)
        seen += re.findall(r"<bdi>(C-\d{5})</bdi><input", text)
        further = re.search(r'href="/checks(\?[^"]*after=[^"]+)" rel="next"', text)
        if further is None:
            break
        query = further[1].replace("&amp;", "&")
    assert seen == [f"C-{at:05}" for at in range(130)]


def test_what_ended_or_is_of_leavers_is_not_listed(cards: House) -> None:
    """Nor what its issuer answered about: there is nothing to check."""
    take_in(cards.database, card(ANA, "2022-01-05", number="220105000001"))
    take_in(cards.database, post("9001", "ICU", "2024-01-01", "2025-06-14"))
    take_in(cards.database, card("9001", "2025-01-05", number="250105000009"))
    text = page(cards.signed_in("educator"))
    assert ("220105000001" in text, "250105000009" in text) == (False, False)


def test_without_a_page_to_ask_at_it_says_what_the_policy_lacks(house: House) -> None:
    """At once, and not after many pages without a card; whoever cannot put that right learns who can."""
    take_in(house.database, card(ANA, "2025-01-05", number=CODE))
    text = page(house.signed_in("educator"))
    assert ("Nothing to check" in text, "check_at" in text, "Next cards" in text) == (True, True, False)
    assert "for an educator to do" in page(house.signed_in("manager"))


def test_with_everything_answered_it_says_whose_cards_would_be_listed(cards: House) -> None:
    """And goes past cards of issuers that cannot be asked, however many they are."""
    people = staff(130)
    take_in(cards.database, *people)
    take_in(cards.database, *(card(one.employee_id, "2025-01-05", issuer="ARC") for one in people))
    browser = cards.signed_in("educator")
    for who, code in ((ANA, CODE), (EVE, OTHER)):
        say(cards, browser, who, number_of(browser, code), all="confirmed")
    text = page(browser)
    assert ("Nothing to check" in text, "AHA" in text, "Next cards" in text) == (True, True, False)


def test_markup_in_a_number_stays_text(cards: House) -> None:
    """In the list of codes, the table and the labels."""
    take_in(cards.database, post("X-1", "ICU", "2025-01-01", name=MARKUP))
    take_in(cards.database, card("X-1", "2025-01-05", number=f"</textarea>{MARKUP}"))
    text = page(cards.signed_in("educator"))
    assert "<script>alert" not in text
    assert "</textarea><script" not in text
    assert Reader(text).wrong == []
