"""Whose records may be changed is asked within the change: somebody may move, or lose their employee id, meanwhile."""

from types import ModuleType
from typing import Any

import pytest

from actions.ward import away, card, changes_in, excused, post, take_in
from tracker.actions.change_card import correct_card
from tracker.actions.change_person import rename_person
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.uploads import refused_page
from tracker.domain.facts import Card
from tracker.domain.scope import EVERYONE
from tracker.web import (
    answer_form,
    card_forms,
    class_forms,
    evidence,
    forms_about,
    leave_forms,
    refused,
    typed,
    uploads,
)
from web.house import ANA, BOSS, EVE, GRANTS, TODAY, House
from web.sent import send
from web.test_ended_meanwhile import before
from web.test_own import PICTURE, link
from web.test_own import send as hand_in
from web.test_who_records import FILLED, NEW, OLD, exempting

FORMS: tuple[ModuleType, ...] = (answer_form, card_forms, class_forms, evidence, forms_about, leave_forms)
FILE = {"file": ("card.jpg", PICTURE)}
OTHER = {"number": "250105001002", "accept_future": "yes"}


def leaves(house: House) -> None:
    """Ana works in the ICU no more."""
    take_in(house.database, post(ANA, "ICU", "2025-01-01", "2025-06-01"), post(ANA, "ED", "2025-06-02"))


@pytest.fixture
def full(house: House) -> House:
    """Ana has a card, a leave, a class, an exemption and a file."""
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", "acls"))
    take_in(house.database, card(ANA, "2025-01-05", number="250105001001"))
    take_in(house.database, away(ANA, "2025-07-01"))
    browser = house.signed_in("educator")
    send(house, browser, f"/record/class/{ANA}", **FILLED)
    send(house, browser, f"/record/evidence/{ANA}", files=FILE)
    return house


@pytest.mark.parametrize("path", [each for each in (*NEW, *OLD) if not exempting(each)])
def test_nothing_is_recorded_of_whoever_moved_away(full: House, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Between the look at whose it is and the change."""
    browser = full.signed_in("manager")
    text = browser.get(f"/{path}/{ANA}").text
    known: list[int] = []

    def moved(*given: Any) -> Any:
        found = typed.whom(*given)
        leaves(full)
        known.append(changes_in(full.database))
        return found

    for module in FORMS:
        monkeypatch.setattr(module, "whom", moved)
    stood = {"stood": text.split('name="stood" value="')[1].split('"')[0]} if 'name="stood"' in text else {}
    fields = FILLED | stood | OTHER | {"card": "1", "class_on": "2025-07-03"}
    answer = send(full, browser, f"/{path}/{ANA}", **fields, files=FILE if path == "record/evidence" else None)
    assert (answer.status_code, f"employee id {ANA} is known" in answer.text) == (400, True)
    assert changes_in(full.database) == known[-1]


@pytest.mark.parametrize("path", [*NEW, *OLD])
def test_a_form_is_not_taken_for_the_next_who_has_the_id(full: House, path: str) -> None:
    """It was opened for somebody else."""
    browser = full.signed_in("recorder", GRANTS["educator"])
    opened = browser.get(f"/{path}/{ANA}").text.split('name="person" value="')[1].split('"')[0]
    rename_person(full.database, BOSS, ANA, "4599", "new badge")
    rename_person(full.database, BOSS, EVE, ANA, "her old badge")
    known = changes_in(full.database)
    files = FILE if path == "record/evidence" else None
    answer = send(full, browser, f"/{path}/{ANA}", **FILLED, person=opened, files=files)
    assert (answer.status_code, "somebody else by now" in answer.text) == (400, True)
    assert changes_in(full.database) == known


def test_an_upload_of_whoever_moved_away_is_not_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for whoever they work for now."""
    hand_in(house, link(house))
    before(monkeypatch, uploads, "refuse_card", lambda: leaves(house))
    browser = house.signed_in("manager")
    assert send(house, browser, "/checks/uploads/1/refuse", why="Too dark").status_code == 400
    with house.database.read() as connection:
        assert refused_page(connection, EVERYONE, TODAY, None, 5)[0] == []


def test_a_refusal_about_whoever_moved_away_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words of one that does not hold."""
    hand_in(house, link(house))
    browser = house.signed_in("manager")
    send(house, browser, "/checks/uploads/1/refuse", why="Too dark")
    with house.database.read() as connection:
        [one] = refused_page(connection, EVERYONE, TODAY, None, 5)[0]
    before(monkeypatch, refused, "undo_refusal", lambda: leaves(house))
    answer = send(house, browser, f"/checks/refused/{one.number}/undo", why="mistaken")
    assert (answer.status_code, "does not hold any more" in answer.text) == (400, True)


def test_a_card_that_was_corrected_meanwhile_stays(full: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was first is not overwritten."""
    browser = full.signed_in("manager")
    stood = browser.get(f"/record/correct-card/1/{ANA}").text.split('name="stood" value="')[1].split('"')[0]
    fields = FILLED | {"stood": stood}

    def first(database: Database, author: Author, who: str, stood: Card, wanted: Card, *more: Any, **named: Any) -> Any:
        correct_card(database, author, who, stood, wanted._replace(number="250105001003"), *more, **named)
        return correct_card(database, author, who, stood, wanted, *more, **named)

    monkeypatch.setattr(card_forms, "correct_card", first)
    answer = send(full, browser, f"/record/correct-card/1/{ANA}", **fields | OTHER)
    assert (answer.status_code, "changed this card meanwhile" in answer.text) == (400, True)
    assert "250105001003" in browser.get(f"/people/{ANA}").text
