"""Cards that staff handed in: looked at beside the form, accepted or refused, one after the other."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import AUTHOR, cards_of, post, said_of, take_in
from evidence.certificates import new_ecard
from tracker.actions.evidence.keep import keep_evidence
from tracker.actions.kept_files import KeptFiles
from tracker.actions.plan_reminders import plan_one
from tracker.db.change import change
from tracker.db.known import known_cards
from tracker.db.tables import submissions
from tracker.db.trail import entries
from tracker.domain.gate import Gate
from web.house import ANA, EVE, TODAY, House

PICTURE = b"\xff\xd8\xff\xe0 a picture"
CODE = "251100000017"
HandIn = Callable[[str, bytes], int]
GIVEN = {"type": "BLS", "issuer": "AHA", "issued_on": "2025-01-05", "stated": "2027-01", "number": CODE}


@pytest.fixture
def hand_in(house: House, tmp_path: Path) -> HandIn:
    """Hands a file in for somebody: it waits as a BLS card; gives the upload's number."""

    def kept(who: str, data: bytes) -> int:
        path = tmp_path / f"card of {who}"
        path.write_bytes(data)
        item = keep_evidence(house.database, AUTHOR, KeptFiles(tmp_path / "data"), who, path).item
        with change(house.database, AUTHOR, "evidence-wait") as made:
            number = made.next_id(submissions)
            person = known_cards(made.connection, [who])[who].id
            made.record(submissions, [(person, "BLS", date(2025, 6, 1), item)])
        return number

    return kept


def settle(house: House, browser: TestClient, waiting: int, what: str, **said: str) -> Any:
    """Accepts or refuses an upload."""
    return browser.post(f"/checks/uploads/{waiting}/{what}", data={"mark": house.mark(browser), **said})


def latest(house: House, count: int = 1) -> list[tuple[str, str, str]]:
    """Who did what last, and from where."""
    with house.database.read() as connection:
        return [(one.actor, one.source, one.action) for one in entries(connection, count)]


def test_a_certificate_fills_the_form(house: House, hand_in: HandIn) -> None:
    """With what was read in it; that it was read is a look, in the trail under the visitor's address."""
    hand_in(ANA, new_ecard(name="Ana Abel"))
    text = house.signed_in("manager").get("/checks/uploads").text
    assert f'value="{CODE}"' in text
    assert 'value="2025-01-05"' in text
    assert "not the name on record" not in text
    assert latest(house) == [("manager@hospital.example", "web", "evidence-get")]


def test_another_name_on_it_is_marked(house: House, hand_in: HandIn) -> None:
    """Whoever settles it sees that before anything else."""
    hand_in(ANA, new_ecard(name="Zoe Zander"))
    assert "not the name on record" in house.signed_in("educator").get("/checks/uploads").text


def test_a_picture_is_shown_within_the_page(house: House, hand_in: HandIn) -> None:
    """By a route that says that it is a picture and nothing else; each look is in the trail."""
    number = hand_in(ANA, PICTURE)
    browser = house.signed_in("educator")
    assert f'<img class="evidence" src="/checks/uploads/{number}/file"' in browser.get("/checks/uploads").text
    shown = browser.get(f"/checks/uploads/{number}/file")
    assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert latest(house) == [("educator@hospital.example", "web", "evidence-get")]
    assert f'<a href="/evidence/1/{ANA}" download>Save the file</a>' in browser.get("/checks/uploads").text


def test_anything_else_is_saved_and_never_shown(house: House, hand_in: HandIn) -> None:
    """A PDF may hold what a browser would run."""
    number = hand_in(ANA, new_ecard(name="Ana Abel"))
    browser = house.signed_in("educator")
    led = browser.get(f"/checks/uploads/{number}/file")
    assert (led.status_code, led.headers["location"]) == (303, f"/evidence/1/{ANA}")
    answer = browser.get(f"/evidence/1/{ANA}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_an_accepted_card_is_on_record_with_its_file(house: House, hand_in: HandIn) -> None:
    """In one change, confirmed if that is said; the upload waits no more, and the next one follows."""
    number = hand_in(ANA, new_ecard(name="Ana Abel"))
    browser = house.signed_in("manager")
    done = settle(house, browser, number, "accept", confirmed="yes", **GIVEN)
    assert (done.status_code, done.headers["location"]) == (303, f"/checks/uploads?after={number}&done=accepted")
    assert cards_of(house.database) == [("BLS", "AHA", date(2025, 1, 5), "2027-01", CODE)]
    ((shown, answer, *_),) = said_of(house.database, "verifications", ANA)
    assert (shown[-1], answer) == (CODE, "confirmed")
    assert said_of(house.database, "submissions", ANA) == []
    assert latest(house)[0][2] == "evidence-accept"
    assert "No upload waits" in browser.get("/checks/uploads").text


def test_a_card_that_cannot_be_is_told_in_the_form(house: House, hand_in: HandIn) -> None:
    """With what was typed; nothing is recorded, and it waits on."""
    number = hand_in(ANA, PICTURE)
    browser = house.signed_in("educator")
    wrong = ({"stated": "soon"}, {"issued_on": "never"}, {"type": ""}, {"issued_on": "", "stated": ""})
    for said in wrong:
        answer = settle(house, browser, number, "accept", **GIVEN | said)
        assert (answer.status_code, "There is a problem" in answer.text) == (400, True)
    assert cards_of(house.database) == []
    assert len(said_of(house.database, "submissions", ANA)) == 1


def test_what_is_odd_has_to_be_said_to_be_right(house: House, hand_in: HandIn) -> None:
    """A day of issue to come is recorded only by whoever says so, and asked about without a word of commands."""
    number = hand_in(ANA, PICTURE)
    browser, odd = house.signed_in("educator"), GIVEN | {"issued_on": "2025-07-01"}
    asked = settle(house, browser, number, "accept", **odd)
    assert (asked.status_code, 'name="sure"' in asked.text, "--" in asked.text) == (400, True, False)
    assert cards_of(house.database) == []
    assert settle(house, browser, number, "accept", sure="yes", **odd).status_code == 303
    assert len(cards_of(house.database)) == 1


def test_a_refusal_is_owed_to_the_person_in_the_visitors_words(house: House, hand_in: HandIn) -> None:
    """The next run tells it; the page says so."""
    take_in(house.database, post(ANA, "ICU", "2025-01-01", name="Ana Abel", email="ana@site.example"))
    number = hand_in(ANA, PICTURE)
    done = settle(house, house.signed_in("manager"), number, "refuse", why="It ended in May.", instead="A new one.")
    assert done.headers["location"] == f"/checks/uploads?after={number}&done=refused-next_run"
    ((*_, who, why, instead),) = said_of(house.database, "refusals", ANA)
    assert (who, why, instead) == ("manager@hospital.example", "It ended in May.", "A new one.")
    plan = plan_one(house.database, Gate(True), TODAY, ANA, asked=True)
    assert "card_rejected" in {mail.kind for mail in plan.mails}


def test_whom_no_mail_reaches_is_named_to_whoever_refuses(house: House, hand_in: HandIn) -> None:
    """Ana has no address: somebody has to tell her."""
    browser, number = house.signed_in("educator"), hand_in(ANA, PICTURE)
    done = settle(house, browser, number, "refuse", why="It ended in May.")
    assert "tell the person yourself" in browser.get(done.headers["location"]).text


def test_a_refusal_without_a_reason_is_none(house: House, hand_in: HandIn) -> None:
    """The form comes back with what was typed."""
    number = hand_in(ANA, PICTURE)
    answer = settle(house, house.signed_in("educator"), number, "refuse", why=" ", instead="Both sides.")
    assert (answer.status_code, "Say why" in answer.text, "Both sides." in answer.text) == (400, True, True)
    assert said_of(house.database, "refusals", ANA) == []


def test_a_manager_neither_sees_nor_settles_what_others_handed_in(house: House, hand_in: HandIn) -> None:
    """By list, by number, by file; it is told in the words for what waits no more."""
    number = hand_in(EVE, PICTURE)
    browser = house.signed_in("manager")
    assert "No upload waits" in browser.get("/checks/uploads").text
    for what, said in (("accept", GIVEN), ("refuse", {"why": "No."})):
        there, nowhere = (settle(house, browser, each, what, **said) for each in (number, 999))
        assert (there.status_code, there.text) == (400, nowhere.text)
    assert browser.get(f"/checks/uploads/{number}/file").status_code == 400
    assert cards_of(house.database, EVE) == []
    assert len(said_of(house.database, "submissions", EVE)) == 1


def test_what_somebody_else_settled_meanwhile_is_not_settled_twice(house: House, hand_in: HandIn) -> None:
    """Neither way; the page leads on."""
    number = hand_in(ANA, PICTURE)
    browser = house.signed_in("educator")
    settle(house, browser, number, "refuse", why="It ended in May.")
    for what, said in (("accept", GIVEN), ("refuse", {"why": "Once more."})):
        answer = settle(house, browser, number, what, **said)
        assert (answer.status_code, "waits no more" in answer.text) == (400, True)
    assert len(said_of(house.database, "refusals", ANA)) == 1


def test_one_may_be_passed_over(house: House, hand_in: HandIn) -> None:
    """The next is shown; after the last one may begin again."""
    one, other = hand_in(ANA, PICTURE), hand_in(EVE, PICTURE)
    browser = house.signed_in("educator")
    assert "Ana Abel" in browser.get("/checks/uploads").text
    assert "Eve Eder" in browser.get(f"/checks/uploads?after={one}").text
    assert "Begin again" in browser.get(f"/checks/uploads?after={other}").text


def test_a_refusal_is_taken_back(house: House, hand_in: HandIn) -> None:
    """With a reason for the trail; the card waits again."""
    browser, number = house.signed_in("manager"), hand_in(ANA, PICTURE)
    settle(house, browser, number, "refuse", why="It ended in May.")
    assert "It ended in May." in browser.get("/checks/refused").text
    undo = {"mark": house.mark(browser)}
    assert browser.post("/checks/refused/1/undo", data=undo).status_code == 400
    done = browser.post("/checks/refused/1/undo", data={**undo, "why": "The wrong one."})
    assert done.headers["location"] == "/checks/refused?done=refusal-undone"
    assert latest(house) == [("manager@hospital.example", "web", "evidence-refuse-undo")]
    assert len(said_of(house.database, "submissions", ANA)) == 1
    assert "No upload was refused" in browser.get("/checks/refused").text


def test_whoever_passed_one_over_is_led_back_to_it(house: House, hand_in: HandIn) -> None:
    """Where none was passed over, nothing says so."""
    browser, number = house.signed_in("manager"), hand_in(ANA, PICTURE)
    assert "Begin again" in browser.get(f"/checks/uploads?after={number}").text
    settle(house, browser, number, "refuse", why="It ended in May.")
    after = browser.get(f"/checks/uploads?after={number}").text
    assert ("Begin again" in after, "No upload waits" in after) == (False, True)


def test_a_manager_takes_back_no_refusal_of_others(house: House, hand_in: HandIn) -> None:
    """Nor sees it."""
    settle(house, house.signed_in("educator"), hand_in(EVE, PICTURE), "refuse", why="It ended in May.")
    browser = house.signed_in("manager")
    assert "Eve" not in browser.get("/checks/refused").text
    said = {"mark": house.mark(browser), "why": "The wrong one."}
    there, nowhere = (browser.post(f"/checks/refused/{number}/undo", data=said) for number in (1, 9))
    assert (there.status_code, there.text) == (400, nowhere.text)
    assert len(said_of(house.database, "refusals", EVE)) == 1
