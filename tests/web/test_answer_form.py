"""What the issuer says of one card, recorded from its person's page."""

import pytest
from starlette.testclient import TestClient

from actions.ward import card, changes_in, govern, said_of, take_in
from web.house import ANA, TODAY, House
from web.sent import send
from web.test_checks import CODE, OTHER, POLICY
from web.test_history_of_person import stood

PATH = f"/record/answer/1/{ANA}"
ASKED = {"day": TODAY.isoformat(), "revoked": ""}


@pytest.fixture
def browser(house: House) -> TestClient:
    """A manager's; Ana has a card that nobody asked about."""
    govern(house.database, POLICY)
    take_in(house.database, card(ANA, "2025-01-05", number=CODE))
    return house.signed_in("manager")


def answers(house: House) -> list[tuple[str, ...]]:
    """What is on record: answer, from when, on which day."""
    return [tuple(map(str, fact[1:4])) for fact in said_of(house.database, "verifications", ANA)]


def test_a_card_is_confirmed_from_its_persons_page(house: House, browser: TestClient) -> None:
    """The page leads to the form, which says where to ask; afterwards the page says what was answered."""
    assert f'href="{PATH}"' in browser.get(f"/people/{ANA}").text
    assert 'href="https://issuer.example/check"' in browser.get(PATH).text
    answer = send(house, browser, PATH, **ASKED, answer="confirmed", stood=stood(browser, PATH))
    assert answer.headers["location"] == f"/people/{ANA}?done=answer-recorded"
    assert "confirmed, checked" in browser.get(answer.headers["location"]).text
    assert answers(house) == [("confirmed", "None", str(TODAY))]


def test_the_same_answer_twice_is_recorded_once(house: House, browser: TestClient) -> None:
    """And the page says so."""
    send(house, browser, PATH, **ASKED, answer="confirmed", stood=stood(browser, PATH))
    again = send(house, browser, PATH, **ASKED, answer="confirmed", stood=stood(browser, PATH))
    assert again.headers["location"].endswith("done=answer-known")
    assert len(answers(house)) == 1


def test_a_revoked_card_says_from_when(house: House, browser: TestClient) -> None:
    """Another answer follows the one before it."""
    send(house, browser, PATH, **ASKED, answer="confirmed", stood=stood(browser, PATH))
    send(house, browser, PATH, **ASKED | {"revoked": "2025-05-01"}, answer="revoked", stood=stood(browser, PATH))
    assert answers(house)[1] == ("revoked", "2025-05-01", str(TODAY))
    assert "revoked from 1 May 2025" in browser.get(f"/people/{ANA}").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "The answer is missing"),
        ({"answer": "perhaps"}, "Choose one of the answers"),
        ({"answer": "confirmed", "day": "2999-01-01"}, "1 Jan 2999 is still to come"),
        ({"answer": "confirmed", "revoked": "2025-05-01"}, "only with the answer revoked"),
    ],
)
def test_an_answer_is_refused_in_words(house: House, browser: TestClient, typed: dict[str, str], said: str) -> None:
    """Nothing is recorded, and what was typed still stands."""
    before = changes_in(house.database)
    typed = ASKED | typed
    answer = send(house, browser, PATH, stood=stood(browser, PATH), **typed)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert f'value="{typed["day"]}"' in answer.text
    assert changes_in(house.database) == before


@pytest.mark.parametrize("number", [CODE, None])
def test_a_card_that_was_corrected_meanwhile_is_not_what_was_asked_about(house: House, number: str | None) -> None:
    """Whether it has a number or not; the form says to open it again."""
    govern(house.database, POLICY)
    take_in(house.database, card(ANA, "2025-01-05", number=number))
    browser = house.signed_in("manager")
    shown, path = stood(browser, PATH), f"/record/correct-card/1/{ANA}"
    fields = {"type": "ACLS", "issuer": "AHA", "number": OTHER, "issued_on": "2025-01-06", "why": "another card"}
    assert send(house, browser, path, **fields, stood=stood(browser, path)).status_code == 303
    answer = send(house, browser, PATH, **ASKED, answer="confirmed", stood=shown)
    assert (answer.status_code, "Somebody changed this card meanwhile" in answer.text) == (400, True)
    assert answers(house) == []


def test_where_the_issuer_has_no_page_none_is_said_to_have_been_looked_at(house: House) -> None:
    """The record says how it was asked."""
    take_in(house.database, card(ANA, "2025-01-05", number=CODE))
    browser = house.signed_in("manager")
    assert "Ask at" not in browser.get(PATH).text
    send(house, browser, PATH, **ASKED, answer="confirmed", stood=stood(browser, PATH))
    assert [fact[-1] for fact in said_of(house.database, "verifications", ANA)] == ["asked the issuer"]
