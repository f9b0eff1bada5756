"""Cards at a form: added, corrected, retracted; what is refused, and in which words."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.soundness import assert_all_right
from actions.ward import card, cards_of, changes_in, on, said_of, take_in
from tracker.db.known import known_cards
from web.house import ANA, House
from web.sent import by_whom, done, send

ADD = f"/record/card/{ANA}"
NEW = {"type": "BLS", "issuer": "AHA", "number": "250105001001", "issued_on": "2025-01-05", "stated": "01/2027"}
MANAGER = "manager@hospital.example"


@pytest.fixture
def browser(house: House) -> TestClient:
    """The browser of Ana's manager."""
    return house.signed_in("manager")


def a_card(house: House) -> int:
    """The number of a card of Ana's, of January 2025, that its issuer confirmed."""
    take_in(house.database, card(ANA, "2025-01-05", number="250105001001", verified_on=on("2025-02-01")))
    with house.database.read() as connection:
        return known_cards(connection, [ANA])[ANA].cards[0].id


def answers(house: House) -> list[str]:
    """What issuers said of Ana's cards."""
    return [fact[1] for fact in said_of(house.database, "verifications", ANA)]


def correct(house: House, browser: TestClient, which: int, **typed: str) -> Any:
    """Opens the form for a correction, and sends it with other words."""
    path = f"/record/correct-card/{which}/{ANA}"
    stood = browser.get(path).text.split('name="stood" value="')[1].split('"')[0]
    return send(house, browser, path, **{"stood": stood, **typed})


def test_a_card_is_added(house: House, browser: TestClient) -> None:
    """It is on record as typed, in the trail under who typed it, and on the page."""
    assert done(send(house, browser, ADD, **NEW)) == "card-recorded"
    assert cards_of(house.database, ANA) == [("BLS", "AHA", on("2025-01-05"), "2027-01", "250105001001")]
    assert by_whom(house) == ("card-record", MANAGER, None)
    text = browser.get(f"/people/{ANA}?done=card-recorded").text
    assert "The card is on record." in text
    assert ("Jan 2027" in text, "31 Jan 2027" in text) == (True, True)
    with house.database.read() as connection:
        assert_all_right(connection)


def test_a_card_on_record_is_not_added_twice(house: House, browser: TestClient) -> None:
    """What was missing is filled in, and the page says that it was known."""
    send(house, browser, ADD, **NEW | {"number": ""})
    assert done(send(house, browser, ADD, **NEW)) == "card-known"
    assert [each[4] for each in cards_of(house.database, ANA)] == ["250105001001"]


def test_what_the_issuer_says_comes_with_the_card(house: House, browser: TestClient) -> None:
    """In the same change, under the visitor's address; the same answer on the same day is recorded once."""
    for _ in range(2):
        send(house, browser, ADD, **NEW, answer="confirmed")
    [answer] = said_of(house.database, "verifications", ANA)
    assert answer[1:] == ("confirmed", None, on("2025-06-15"), MANAGER, "issuer's page")
    assert by_whom(house)[0] == "card-record"


@pytest.mark.parametrize("typed", ["2027-01", "01/2027", "1/27", "Jan 2027", "January 2027"])
def test_a_printed_month_is_taken_as_it_is_printed(house: House, browser: TestClient, typed: str) -> None:
    """As a file's would be."""
    send(house, browser, ADD, **NEW | {"stated": typed})
    assert [each[3] for each in cards_of(house.database, ANA)] == ["2027-01"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": ""}, "The type is missing"),
        ({"issued_on": "yesterday"}, "is no day"),
        ({"issued_on": "0001-01-01"}, "too far away"),
        ({"issued_on": "1970-01-01"}, "40 years back"),
        ({"stated": "soon"}, "Printed expiry"),
        ({"stated": "2027-13"}, "2027-13"),
        ({"stated": "03/04/2027"}, "can be two days"),
        ({"stated": "0000-01"}, "0000-01"),
        ({"stated": "2024-01"}, "before the issue date"),
        ({"issued_on": "", "stated": ""}, "neither"),
        ({"issuer": "Acme", "stated": ""}, "does not say how long"),
        ({"issued_on": "2025-06-16", "stated": ""}, "tick the box"),
    ],
)
def test_a_card_is_refused_in_words(house: House, browser: TestClient, fields: dict[str, Any], said: str) -> None:
    """Nothing is recorded, and what was typed still stands in the form."""
    before = changes_in(house.database)
    answer = send(house, browser, ADD, **NEW | fields)
    assert (answer.status_code, said in answer.text, "There is a problem" in answer.text) == (400, True, True)
    assert 'value="250105001001"' in answer.text
    assert "--" not in answer.text
    assert changes_in(house.database) == before


def test_an_issue_date_to_come_has_to_be_ticked(house: House, browser: TestClient) -> None:
    """Once it is refused the form has the box, and with it the card is taken."""
    later = NEW | {"issued_on": "2025-06-16", "stated": ""}
    assert 'name="accept_future"' not in browser.get(ADD).text
    assert 'name="accept_future"' in send(house, browser, ADD, **later).text
    assert done(send(house, browser, ADD, **later, accept_future="yes")) == "card-recorded"


def test_the_form_for_a_correction_is_filled_with_what_stands(house: House, browser: TestClient) -> None:
    """Every field of the card, and a place for why."""
    text = browser.get(f"/record/correct-card/{a_card(house)}/{ANA}").text
    for shown in ('value="AHA"', 'value="250105001001"', 'value="2025-01-05"', '<option value="BLS" selected>'):
        assert shown in text
    assert 'name="why"' in text


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"issued_on": "2025-01-06"}, ["confirmed"]),
        ({"issuer": "American Heart Association"}, ["confirmed"]),
        ({"number": "250105 001001"}, ["confirmed"]),
        ({"number": "250105001002"}, []),
        ({"issuer": "RCUK"}, []),
        ({"type": "ACLS"}, []),
    ],
)
def test_a_correction_is_one_change(house: House, browser: TestClient, fields: dict[str, str], kept: list[str]) -> None:
    """What stood is retracted, what was typed recorded; what the issuer said goes if it was said of another card."""
    number, before = a_card(house), changes_in(house.database)
    typed = NEW | {"stated": ""} | fields
    assert done(correct(house, browser, number, **typed, why="mistyped")) == "card-corrected"
    assert changes_in(house.database) == before + 1
    assert by_whom(house) == ("card-correct", MANAGER, "mistyped")
    assert cards_of(house.database, ANA)[0][::2] == (typed["type"], on(typed["issued_on"]), typed["number"])
    assert answers(house) == kept
    with house.database.read() as connection:
        assert known_cards(connection, [ANA])[ANA].cards[0].id == number
        assert_all_right(connection)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": " "}, "The reason is missing"),
        ({}, "Nothing differs"),
        ({"number": "77"}, "on record as well"),
        ({"stated": "2024-01"}, "before the issue date"),
    ],
)
def test_a_correction_is_refused_in_words(house: House, browser: TestClient, fields: dict[str, str], said: str) -> None:
    """Without a reason, without a difference, onto another card of hers, or past the door."""
    number = a_card(house)
    take_in(house.database, card(ANA, "2023-01-05", number="77"))
    before = changes_in(house.database)
    typed = NEW | {"stated": "", "why": "mistyped"} | fields
    answer = correct(house, browser, number, **typed)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert changes_in(house.database) == before


def test_a_card_that_somebody_else_corrected_is_not_corrected_again(house: House, browser: TestClient) -> None:
    """The form that was open says so: it was filled with what no longer stands."""
    number, path = a_card(house), "/record/correct-card/{}/" + ANA
    stood = browser.get(path.format(number)).text.split('name="stood" value="')[1].split('"')[0]
    done(correct(house, browser, number, **NEW, why="first"))
    before = changes_in(house.database)
    answer = send(house, browser, path.format(number), **NEW | {"stated": ""}, why="second", stood=stood)
    assert (answer.status_code, "changed this card meanwhile" in answer.text) == (400, True)
    assert changes_in(house.database) == before


def test_a_card_is_retracted_with_a_reason(house: House, browser: TestClient) -> None:
    """And the page before says how that is undone; without a reason nothing happens."""
    path = f"/record/retract-card/{a_card(house)}/{ANA}"
    assert "add it again" in browser.get(path).text
    refused = send(house, browser, path, why="")
    assert (refused.status_code, "The reason is missing" in refused.text) == (400, True)
    assert done(send(house, browser, path, why="of somebody else")) == "card-retracted"
    assert (cards_of(house.database, ANA), answers(house)) == ([], [])
    assert by_whom(house) == ("card-retract", MANAGER, "of somebody else")


def test_a_card_that_is_gone_can_be_neither_corrected_nor_retracted(house: House, browser: TestClient) -> None:
    """Somebody else was faster, or the number is made up: a sentence says so."""
    for doing in ("correct", "retract"):
        path = f"/record/{doing}-card/{2**40}/{ANA}"
        for answer in (browser.get(path), send(house, browser, path, **NEW, why="x")):
            assert (answer.status_code, "not on record any more" in answer.text) == (400, True)


def test_what_is_odd_about_a_card_stands_with_it(house: House, browser: TestClient) -> None:
    """In the words of the command line; a card that counts for nothing says so."""
    send(house, browser, ADD, **NEW | {"issuer": "Acme", "stated": "2026-01"})
    send(house, browser, ADD, **NEW | {"number": "9", "stated": "2029-01"})
    text = browser.get(f"/people/{ANA}").text
    assert "does not list the issuer &#39;Acme&#39;" in text
    assert "counts for nothing" in text
    assert "is far from 2027-01-31" in text
