"""Files that show cards: handed in at a form, opened, attached, taken back."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import card, changes_in, post, said_of, take_in
from evidence.certificates import CODE, NAME, new_ecard
from tracker.actions.evidence.look import list_evidence
from tracker.db.known import known_cards
from tracker.domain.access import Grant, Role
from tracker.domain.scope import OnePerson
from tracker.intake.evidence import LARGEST
from web.house import ANA, House
from web.sent import by_whom, done, last_entry, send

PICTURE = b"\x89PNG\r\n\x1a\n a picture"
ADA = "5005"


@pytest.fixture
def browser(house: House) -> TestClient:
    """The browser of Ana's manager."""
    return house.signed_in("manager")


def hand_in(house: House, browser: TestClient, data: bytes, name: str = "card.png", who: str = ANA, **more: Any) -> Any:
    """Sends a file."""
    return send(house, browser, f"/record/evidence/{who}", files={"file": (name, data)}, **more)


def pieces(house: House, who: str = ANA) -> list[tuple[int, int | None]]:
    """A person's files, and the card that each shows."""
    return [(one.item, one.card) for one in list_evidence(house.database, OnePerson(who))]


def a_card(house: House, who: str = ANA, number: str = CODE) -> int:
    """The number of a card of somebody's."""
    take_in(house.database, card(who, "2025-01-05", number=number))
    with house.database.read() as connection:
        return known_cards(connection, [who])[who].cards[0].id


def test_a_file_is_kept_for_the_person_or_for_a_card(house: House, browser: TestClient) -> None:
    """Once, however often it is handed in; with a card, what showed none shows it; the page lists it."""
    assert done(hand_in(house, browser, PICTURE)) == "file-kept"
    assert by_whom(house)[:2] == ("evidence-add", "manager@hospital.example")
    assert done(hand_in(house, browser, PICTURE)) == "file-known"
    assert "Showing no card yet" in browser.get(f"/people/{ANA}").text
    number = a_card(house)
    assert done(hand_in(house, browser, PICTURE, card=str(number))) == "file-kept"
    assert pieces(house) == [(1, number)]
    assert "Showing no card yet" not in browser.get(f"/people/{ANA}").text


def test_a_file_is_opened_as_an_attachment(house: House, browser: TestClient) -> None:
    """Of the kind that is in it, whatever its name said; never shown within the page; the trail names who looked."""
    hand_in(house, browser, PICTURE, name="card.html")
    answer = browser.get(f"/evidence/1/{ANA}")
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith('attachment; filename="evidence-1.png"')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    entry = last_entry(house)
    assert (entry.action, entry.subject, entry.actor) == ("evidence-get", "evidence:1", "manager@hospital.example")


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor", "staff"])
def test_files_are_for_those_who_may_look(house: House, role: str) -> None:
    """Staff are shown none, their own neither."""
    hand_in(house, house.signed_in("second", Grant(Role.MANAGER, ("ICU",))), PICTURE)
    browser = house.signed_in(role)
    assert browser.get(f"/evidence/1/{ANA}").status_code == (403 if role == "staff" else 200)
    assert ('id="evidence"' in browser.get(f"/people/{ANA}").text) is (role != "staff")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hello", "whatever its name says"),
        (b"", "is empty"),
        (PICTURE + b"\0" * LARGEST, "larger than 10 MB"),
        (b"%PDF-1.7 broken", "PDF"),
    ],
)
def test_what_is_no_evidence_is_refused_in_words(house: House, browser: TestClient, data: bytes, said: str) -> None:
    """And nothing is kept."""
    answer = hand_in(house, browser, data, name="card.png")
    assert (answer.status_code, said in answer.text, pieces(house)) == (400, True, [])


def test_no_file_is_told_so(house: House, browser: TestClient) -> None:
    """As is a card that is not the person's."""
    assert "No file was chosen" in send(house, browser, f"/record/evidence/{ANA}").text
    answer = hand_in(house, browser, PICTURE, card="99")
    assert (answer.status_code, "not on record any more" in answer.text) == (400, True)


def test_a_loose_file_is_attached_to_a_card(house: House, browser: TestClient) -> None:
    """Chosen from the person's own; without a choice it says so."""
    hand_in(house, browser, PICTURE)
    number, path = a_card(house), f"/record/attach-evidence/1/{ANA}"
    assert f'<option value="{number}"' in browser.get(path).text
    assert "No card was chosen" in send(house, browser, path, card="").text
    assert done(send(house, browser, path, card=str(number))) == "file-attached"
    assert pieces(house) == [(1, number)]


def test_a_file_is_retracted_with_a_reason(house: House, browser: TestClient) -> None:
    """It is not listed and cannot be opened any more; a file that is not there is told so."""
    hand_in(house, browser, PICTURE)
    path = f"/record/retract-evidence/1/{ANA}"
    assert send(house, browser, path, why="").status_code == 400
    assert done(send(house, browser, path, why="somebody else's")) == "evidence-retracted"
    assert by_whom(house)[2] == "somebody else's"
    for answer in (browser.get(f"/evidence/1/{ANA}"), send(house, browser, path, why="again")):
        assert (answer.status_code, "has no evidence 1" in answer.text) == (400, True)


def test_a_file_of_somebody_else_is_not_opened(house: House, browser: TestClient) -> None:
    """By whatever number: a file is asked for with the person whose it is."""
    hand_in(house, browser, PICTURE)
    take_in(house.database, post(ADA, "ICU", "2025-01-01", name=NAME))
    before = changes_in(house.database)
    answer = browser.get(f"/evidence/1/{ADA}")
    assert (answer.status_code, "has no evidence 1" in answer.text) == (400, True)
    assert changes_in(house.database) == before


def test_a_certificate_waits_to_be_checked(house: House, browser: TestClient) -> None:
    """One that shows a card which is not on record, of the person by its name: as at the command line."""
    take_in(house.database, post(ADA, "ICU", "2025-01-01", name=NAME))
    assert done(hand_in(house, browser, new_ecard(), "bls.pdf", ADA), ADA) == "file-waits"
    assert [fact[0] for fact in said_of(house.database, "submissions", ADA)] == ["BLS"]
    assert "waits to be checked" in browser.get(f"/people/{ADA}").text


@pytest.mark.parametrize(
    ("name", "number", "word"),
    [
        (NAME, CODE, "file-kept"),
        (NAME, "251100000018", "file-other-number"),
        ("Bo Bell", CODE, "file-other-name"),
        ("Bo Bell", "251100000018", "file-other"),
    ],
)
def test_a_certificate_of_another_card_is_told_so(
    house: House, browser: TestClient, name: str, number: str, word: str
) -> None:
    """It is kept for the card that was chosen, and the page says what differs."""
    take_in(house.database, post(ADA, "ICU", "2025-01-01", name=name))
    known = a_card(house, ADA, number)
    answer = hand_in(house, browser, new_ecard(), "bls.pdf", ADA, card=str(known))
    assert done(answer, ADA) == word
    assert pieces(house, ADA) == [(1, known)]
    assert ("look at both" in browser.get(answer.headers["location"]).text) is (word != "file-kept")


def test_where_no_file_is_kept_the_page_says_what_to_do(house: House, browser: TestClient) -> None:
    """With the link that does it."""
    text = browser.get(f"/people/{ANA}").text
    assert re.search(r"No file is kept; add a PDF or a picture of a card\.", text)
    assert f'href="/record/evidence/{ANA}"' in text
