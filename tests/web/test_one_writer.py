"""Writers come one at a time; whoever only looks does not notice, and whoever has to wait is told so."""

from datetime import timedelta
from pathlib import Path

import pytest

from tracker.actions.access import sign_in
from tracker.domain.errors import Busy
from web.house import ANA, PASSWORD, House
from web.imported import ROSTER, Importer, figure

LATER = timedelta(minutes=2)
NEW = ROSTER + "9001,New Nora,ICU,RN,2025-05-01\n"


def test_a_look_does_not_wait_for_a_writer(house: House) -> None:
    """Though it is time to note that somebody was seen; the next look does that."""
    browser = house.signed_in("educator")
    house.now += LATER
    with house.database.write():
        assert browser.get(f"/people/{ANA}").status_code == 200
    house.now += sign_in.IDLE - LATER
    assert browser.get("/").status_code == 303


def test_whoever_signs_in_is_told_to_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the form, alike whether the password is right, and without a word about where the database is."""
    monkeypatch.setattr(sign_in, "A_WHILE", 20)
    email, browser = house.account("educator"), house.browser()
    with house.database.write():
        answers = [browser.post("/sign-in", data={"email": email, "password": one}) for one in (PASSWORD, "wrong")]
    for answer in answers:
        assert (answer.status_code, "wait a minute" in answer.text, email in answer.text) == (503, True, True)
        assert str(house.database.url.database) not in answer.text
    assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303


def test_where_the_database_is_stands_in_no_sentence(house: House) -> None:
    """It is beside it, for whoever keeps the machine: sentences are shown to anybody."""
    with house.database.write(), pytest.raises(Busy) as error, house.database.write(patience=1):
        pass
    assert error.value.where == house.database.shown
    assert str(house.database.url.database) not in str(error.value)


def test_an_import_is_looked_at_beside_a_writer(house: House) -> None:
    """On SQLite it is tried on a copy, of which nothing is left."""
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL's dry run takes its turn")
    importer = Importer(house, house.signed_in("educator"))
    with house.database.write():
        assert importer.hand_in(NEW).status_code == 200
        assert figure(importer.see("plan"), "New") == 1
    assert not list(Path("data/drafts").rglob("records.db*"))
    assert figure(importer.apply(), "New") == 1
