"""One's own page: by the link in a reminder or signed in, and a card handed in on it."""

import re
from datetime import date, timedelta

import pytest
from httpx2 import Response
from sqlalchemy import select

from actions.ward import changes_in, post, take_in
from tracker.actions.access.own_link import LASTS, OwnLinks, last_day
from tracker.actions.erase_person import erase_person
from tracker.actions.evidence.hand_in import MOST_WAITING
from tracker.actions.kept_files import KeptFiles
from tracker.db.moments import holds
from tracker.db.tables import changes, people, submissions
from web.house import ANA, BOSS, TODAY, House

PICTURE = b"\xff\xd8\xff\xe0 a picture of a card"
EMAIL = "ana@hospital.example"


def number_of(house: House) -> int:
    """By what number Ana is on record."""
    with house.database.read() as connection:
        return int(connection.execute(select(people.c.id).where(people.c.employee_id == ANA)).scalar_one())


def link(house: House, last: date | None = None, email: str = EMAIL) -> str:
    """The path of Ana's link."""
    take_in(house.database, post(ANA, "ICU", "2025-01-01", name="Ana Abel", email=EMAIL))
    links = OwnLinks("", house.site.secret.decode())
    return links.link(number_of(house), email, last or last_day(TODAY))


def mark_in(text: str) -> str:
    """The mark of the form of a page."""
    found: list[str] = re.findall(r'name="mark" value="(\w+)"', text)
    return found[0]


def send(house: House, path: str, content: bytes = PICTURE, name: str = "card.jpg", **more: str) -> Response:
    """Hands a card in by a link."""
    browser = house.browser()
    data = {"mark": mark_in(browser.get(path).text), "kind": "BLS", **more}
    return browser.post(path, data=data, files={"file": (name, content)})


def waiting(house: House) -> list[tuple[str, object]]:
    """The cards that wait to be checked."""
    with house.database.read() as connection:
        query = select(submissions.c.type, submissions.c.received_on).where(holds(submissions, None))
        return [tuple(row) for row in connection.execute(query)]


def test_a_link_opens_ones_own_page_and_changes_nothing(house: House) -> None:
    """However often it is looked at."""
    path = link(house)
    before = changes_in(house.database)
    found = [house.browser().get(path) for _ in range(2)]
    assert [(one.status_code, "Ana Abel" in one.text, "Eve" in one.text) for one in found] == [(200, True, False)] * 2
    assert changes_in(house.database) == before


def test_a_card_that_is_handed_in_waits_to_be_checked(house: House) -> None:
    """Once, however often it is sent; the trail says that it came by the link."""
    path = link(house)
    for _ in range(2):
        answer = send(house, path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=handed-in")
    assert waiting(house) == [("BLS", TODAY)]
    assert "waits to be checked" in house.browser().get(f"{path}?done=handed-in").text
    with house.database.read() as connection:
        last = connection.execute(select(changes.c.actor, changes.c.source).order_by(changes.c.seq.desc())).first()
    assert tuple(last or ()) == (f"person:{number_of(house)}, by their link", "web")


def test_who_handed_a_card_in_is_told_while_they_are_on_record(house: House) -> None:
    """By employee id in the trail, and on their own page as their link; once they are erased no entry has their id."""
    send(house, link(house))
    educator, number = house.signed_in("educator"), number_of(house)
    assert f"{ANA}, by their link" in educator.get("/trail").text
    text = educator.get(f"/people/{ANA}").text
    assert ("by <bdi>their link</bdi>" in text, f"person:{number}" in text) == (True, False)
    erase_person(house.database, BOSS, KeptFiles(house.site.settings.data_dir), ANA, "asked")
    with house.database.read() as connection:
        actors = set(connection.execute(select(changes.c.actor)).scalars())
    assert not [one for one in actors if ANA in one]
    assert f"person:{number}, by their link" in educator.get("/trail").text


@pytest.mark.parametrize("days", [-1, LASTS + 1])
def test_a_link_opens_nothing_after_its_last_day_or_for_longer_than_any(house: House, days: int) -> None:
    """Nor does one that somebody made to last."""
    path = link(house, TODAY + timedelta(days=days))
    assert house.browser().get(path).status_code == 400


@pytest.mark.parametrize("place", range(0, 40, 3))
def test_a_link_that_is_changed_opens_nothing(house: House, place: int) -> None:
    """Neither another person's page nor the same one for longer."""
    path = link(house)
    start = len("/own/")
    at = start + place % (len(path) - start)
    other = path[:at] + ("1" if path[at] != "1" else "2") + path[at + 1 :]
    answer = house.browser().get(other)
    assert (answer.status_code, "Ana" in answer.text, "Eve" in answer.text) == (400, False, False)


def test_a_link_to_a_former_address_opens_nothing(house: House) -> None:
    """Whoever reads that mailbox now is not asked."""
    assert house.browser().get(link(house, email="old@hospital.example")).status_code == 400


def test_whoever_has_left_has_no_page(house: House) -> None:
    """The link of the last reminder is over with the work."""
    path = link(house)
    take_in(house.database, post(ANA, "ICU", "2025-01-01", "2025-06-01", name="Ana Abel", email=EMAIL))
    assert house.browser().get(path).status_code == 400


def test_a_form_without_its_mark_is_refused(house: House) -> None:
    """A page elsewhere cannot send one."""
    path = link(house)
    answer = house.browser().post(path, data={"mark": "0" * 64, "kind": "BLS"}, files={"file": ("a.jpg", PICTURE)})
    assert (answer.status_code, waiting(house)) == (400, [])


@pytest.mark.parametrize(
    ("content", "chosen", "said"),
    [(b"MZ a program", "BLS", "picture"), (b"", "BLS", "picture"), (PICTURE, "NRP", "Choose which card")],
)
def test_what_cannot_be_taken_is_said(house: House, content: bytes, chosen: str, said: str) -> None:
    """And nothing is recorded."""
    path = link(house)
    before = changes_in(house.database)
    answer = send(house, path, content, kind=chosen)
    assert (answer.status_code, changes_in(house.database)) == (400, before)
    assert said in answer.text


def test_there_is_an_end_to_what_waits(house: House) -> None:
    """Ten cards of one person."""
    path = link(house)
    for number in range(MOST_WAITING):
        assert send(house, path, PICTURE + bytes([number])).status_code == 303
    assert send(house, path, PICTURE + b"one more").status_code == 400
    assert len(waiting(house)) == MOST_WAITING


def test_staff_who_are_signed_in_hand_in_the_same_way(house: House) -> None:
    """Under their own address; and see it on their page."""
    browser = house.signed_in("staff")
    data = {"mark": mark_in(browser.get("/hand-in").text), "kind": "ACLS"}
    answer = browser.post("/hand-in", data=data, files={"file": ("card.jpg", PICTURE)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/people/{ANA}?done=handed-in")
    assert waiting(house) == [("ACLS", TODAY)]
