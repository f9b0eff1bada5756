"""Mails in the web app: who sees which, what each tells, and who lets them go."""

import re
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from actions.ward import AUTHOR, card, post, staff, take_in, unit
from tracker.actions.enable_mail import mail_gate
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.bounces import Returned, bounces_that_hold, record_bounces
from tracker.db.change import change
from tracker.db.outbox import outbox
from tracker.db.tables import mails
from tracker.db.trail import entries
from tracker.domain.gate import Gate
from tracker.web.next_run import NAME
from web.house import ANA, EVE, NOW, TODAY, House
from web.test_pages import MARKUP, Reader

ANAS, EVES, BOTHS = "ana@site.example", "eve@site.example", "bo@site.example"
# Answers for both units, so that one notice tells of people in each.
CHIEF = "chief@site.example"
BOTH = "5005"


@pytest.fixture
def owed(house: House) -> House:
    """Ana of the ICU, Eve of the ED and Bo of both are owed reminders, their manager notices; all of it waits."""
    take_in(house.database, unit("ICU", "Main", CHIEF), unit("ED", "Main", CHIEF))
    take_in(
        house.database,
        post(ANA, "ICU", "2025-01-01", name="Ana Abel", email=ANAS),
        post(EVE, "ED", "2025-01-01", name="Eve Eder", email=EVES),
        post(BOTH, "ICU", "2025-01-01", name="Bo Both", email=BOTHS),
        post(BOTH, "ED", "2025-01-01"),
    )
    plan_reminders(house.database, Gate(True), TODAY, NOW, "site.example")
    return house


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails would leave over SMTP, had somebody enabled them."""
    monkeypatch.setenv("TRACKER_MAIL_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "cards@site.example")


def number_to(house: House, address: str, kind: str = "staff_reminder") -> int:
    """The number of the mail of a kind to an address."""
    with house.database.read() as connection:
        return next(one.id for one in outbox(connection) if (one.planned.address, one.planned.kind) == (address, kind))


def become(house: House, number: int, state: str, reason: str | None = None) -> None:
    """Says what became of a mail."""
    with house.database.write() as connection:
        values = {"state": state, "reason": reason, "ended_at": NOW}
        connection.execute(update(mails).where(mails.c.id == number).values(values))


def send(house: House, browser: TestClient, path: str) -> Any:
    """Sends a form that is only a button."""
    return browser.post(path, data={"mark": house.mark(browser)})


def test_what_waits_is_listed_with_whom_it_tells_of(owed: House) -> None:
    """To whom, about whom, what."""
    text = owed.signed_in("auditor").get("/mail").text
    for word in (ANAS, EVES, CHIEF, "Ana Abel", "Staff reminder", "Lapse notice", "overdue"):
        assert word in text


def test_a_manager_sees_what_is_about_her_people(owed: House) -> None:
    """Of a mail about several nothing of the others; of who works elsewhere too, not what it says."""
    text = owed.signed_in("manager").get("/mail").text
    assert (ANAS in text, CHIEF in text, BOTHS in text) == (True, True, True)
    assert EVES not in text
    assert "Eve Eder" not in text
    assert "/people/7001" not in text
    assert re.search(r"Bo Both</bdi></a></div>", text)
    assert re.search(r"Ana Abel</bdi></a>: ", text)


def test_a_manager_opens_what_is_about_her_people_alone(owed: House) -> None:
    """Its words too; of what tells of others as well she sees her part, and of the rest nothing."""
    browser = owed.signed_in("manager")
    own = browser.get(f"/mail/{number_to(owed, ANAS)}").text
    assert "As it would leave now" in own
    shared = browser.get(f"/mail/{number_to(owed, CHIEF, 'lapse_notice')}").text
    assert ("Ana Abel" in shared, "Eve" in shared, "not shown" in shared) == (True, False, True)
    assert "As it would leave now" not in shared
    elsewhere = browser.get(f"/mail/{number_to(owed, BOTHS)}").text
    assert ("As it would leave now" in elsewhere, "out of compliance" in elsewhere) == (False, False)
    for path in ("lapse_notice", "staff_reminder"):
        number = number_to(owed, CHIEF if path == "lapse_notice" else BOTHS, path)
        assert browser.get(f"/mail/{number}/page").status_code == 400


def test_a_mail_about_somebody_else_is_none(owed: House) -> None:
    """In the words for a number that is no mail's."""
    browser, theirs = owed.signed_in("manager"), number_to(owed, EVES)
    for path in ("", "/page"):
        there, nowhere = browser.get(f"/mail/{theirs}{path}"), browser.get(f"/mail/999{path}")
        assert (there.status_code, nowhere.status_code) == (400, 400)
        assert there.text.replace(f"mail {theirs} ", "") == nowhere.text.replace("mail 999 ", "")


def test_a_mail_that_waits_is_shown_as_it_would_leave(owed: House) -> None:
    """Its page is a document of its own that can do nothing; only the page around it may frame it."""
    browser, number = owed.signed_in("educator"), number_to(owed, ANAS)
    around, letter = browser.get(f"/mail/{number}"), browser.get(f"/mail/{number}/page")
    policy = letter.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    assert around.headers["content-security-policy"].endswith("; frame-src 'self'")
    assert "unsafe" not in around.headers["content-security-policy"]
    assert "frame-src" not in browser.get("/mail").headers["content-security-policy"]
    assert "Ana Abel" in letter.text


def test_of_a_mail_that_was_sent_stands_what_it_told(owed: House) -> None:
    """Its words are kept nowhere."""
    number = number_to(owed, ANAS)
    become(owed, number, "sent")
    browser = owed.signed_in("auditor")
    text = browser.get(f"/mail/{number}").text
    assert ("What it told" in text, "overdue" in text, "iframe" in text) == (True, True, False)
    assert ANAS in browser.get("/mail?state=sent").text
    assert browser.get(f"/mail/{number}/page").status_code == 400


def test_what_is_owed_no_more_says_so(owed: House) -> None:
    """Before its turn comes it is seen that it will not leave."""
    take_in(owed.database, post(ANA, "ICU", "2025-01-01", name="Ana Abel", email="new@site.example"))
    assert "Nothing of it is owed any more" in owed.signed_in("educator").get(f"/mail/{number_to(owed, ANAS)}").text


def test_the_next_run_can_be_seen_ahead(owed: House) -> None:
    """Without queueing anything; a manager sees her part."""
    with owed.database.read() as connection:
        before = len(outbox(connection))
    everyone, mine = (owed.signed_in(role).get("/mail/owed").text for role in ("educator", "manager"))
    assert (EVES in everyone, EVES in mine, "Eve" in mine, ANAS in mine) == (True, False, False, True)
    with owed.database.read() as connection:
        assert len(outbox(connection)) == before


def test_the_next_run_is_worked_out_anew_after_a_change(owed: House) -> None:
    """A look right after another shows what was recorded between them."""
    browser = owed.signed_in("educator")
    assert ANAS in browser.get("/mail/owed").text
    take_in(owed.database, card(ANA, "2025-06-05"), card(ANA, "2025-06-05", type="ACLS"))
    assert ANAS not in browser.get("/mail/owed").text


def test_while_the_next_run_is_worked_out_the_page_says_so(owed: House) -> None:
    """It waits a moment and no longer, and shows it once that is done."""
    browser, go_on = owed.signed_in("educator"), Event()
    owed.site.background.begin(NAME, lambda _: str(go_on.wait(60)))
    assert "Everybody is looked at" in browser.get("/mail/owed").text
    go_on.set()
    owed.site.background.wait()
    assert ANAS in browser.get("/mail/owed").text


@pytest.mark.usefixtures("smtp")
def test_mail_is_enabled_by_whoever_saw_whom_it_would_reach(owed: House) -> None:
    """Looking enables nothing; the trail names who did it."""
    house = House(owed.database)
    browser = house.signed_in("educator")
    assert "Mail is held" in browser.get("/mail").text
    asked_first = browser.get("/mail/enable").text
    assert ("would send" in asked_first, ANAS in asked_first) == (True, True)
    assert not mail_gate(house.database, house.site.settings).is_open
    assert send(house, browser, "/mail/enable").headers["location"] == "/mail?done=mail-enabled"
    assert mail_gate(house.database, house.site.settings).is_open
    assert "Mail is held" not in browser.get("/mail").text
    with house.database.read() as connection:
        (entry,) = entries(connection, 1)
    assert (entry.actor, entry.source, entry.action) == ("educator@hospital.example", "web", "mail-enable")


def test_without_a_mail_server_there_is_nothing_to_enable(owed: House) -> None:
    """It says who can set one, and enables nothing."""
    browser = owed.signed_in("educator")
    assert "TRACKER_MAIL_URL" in browser.get("/mail/enable").text
    answer = send(owed, browser, "/mail/enable")
    assert (answer.status_code, "No mail server is set" in answer.text) == (400, True)


@pytest.mark.usefixtures("smtp")
@pytest.mark.parametrize("role", ["manager", "auditor", "staff"])
def test_only_some_let_mails_go(owed: House, role: str) -> None:
    """Whoever may only look finds no form, and is refused without it."""
    house = House(owed.database)
    browser = house.signed_in(role)
    assert "/mail/enable" not in browser.get("/mail").text
    for path in ("/mail/enable", "/mail/retry", f"/mail/{number_to(house, ANAS)}/again", "/mail/bounces/1/lift"):
        assert send(house, browser, path).status_code == 403
    assert not mail_gate(house.database, house.site.settings).is_open


def test_what_waits_for_its_next_try_is_tried_at_once(owed: House) -> None:
    """It is due from then on."""
    number, browser = number_to(owed, ANAS), owed.signed_in("educator")
    later = {"try_after": NOW + timedelta(hours=3), "tries": 2, "reason": "451 later"}
    with owed.database.write() as connection:
        connection.execute(update(mails).where(mails.c.id == number).values(later))
    assert "after 2 tries" in browser.get("/mail").text
    assert send(owed, browser, "/mail/retry").headers["location"] == "/mail?done=mail-retried"
    with owed.database.read() as connection:
        assert connection.execute(mails.select().where(mails.c.id == number)).one().try_after == NOW


def test_what_failed_is_queued_anew_for_the_person(owed: House) -> None:
    """What is owed today, to the address of today; of what did not fail nothing is."""
    number, browser = number_to(owed, ANAS), owed.signed_in("educator")
    assert send(owed, browser, f"/mail/{number}/again").status_code == 400
    become(owed, number, "failed", "550 no such mailbox")
    assert "550 no such mailbox" in browser.get("/mail?state=failed").text
    assert send(owed, browser, f"/mail/{number}/again").headers["location"] == "/mail?done=mail-again"
    assert number_to(owed, ANAS) > 0
    with owed.database.read() as connection:
        assert [one.state for one in outbox(connection) if one.planned.address == ANAS] == ["failed", "queued"]


def mark_as_returned(house: House, address: str) -> None:
    """Mail to an address came back."""
    with house.database.read() as connection:
        mail = next(one for one in outbox(connection) if one.planned.address == address)
    become(house, mail.id, "sent")
    with change(house.database, AUTHOR, "bounce-mark") as made:
        record_bounces(made, [Returned(mail.message_id, address, "5.1.1", f"no such user {MARKUP}")], TODAY)


def test_addresses_that_came_back_are_listed_and_lifted(owed: House) -> None:
    """With whose they are and what the server said, as text; lifting stands in the trail."""
    mark_as_returned(owed, ANAS)
    browser = owed.signed_in("educator")
    text = browser.get("/mail/bounces").text
    assert (ANAS in text, "Ana Abel" in text, "5.1.1 no such user" in text) == (True, True, True)
    assert ("<script>alert" in text, Reader(text).wrong) == (False, [])
    assert send(owed, browser, "/mail/bounces/1/lift").headers["location"] == "/mail/bounces?done=bounce-lifted"
    assert send(owed, browser, "/mail/bounces/1/lift").status_code == 400
    with owed.database.read() as connection:
        assert bounces_that_hold(connection) == {}
        assert entries(connection, 1)[0].actor == "educator@hospital.example"


@pytest.mark.parametrize("role", ["educator", "manager"])
def test_whoever_is_not_reached_any_more_is_on_the_first_page(owed: House, role: str) -> None:
    """In the figure and its list, once the address is marked and not before; the other figures stay."""
    browser = owed.signed_in(role)
    before = browser.get("/?show=unreachable").text
    mark_as_returned(owed, ANAS)
    after = browser.get("/?show=unreachable").text
    assert ("Ana Abel" in before, "Ana Abel" in after) == (False, True)
    figures = [re.findall(r'show=([a-z-]+)#list"[^>]*><b>(\d+)</b>', text) for text in (before, after)]
    grown = {name: int(new) - int(old) for (name, old), (_, new) in zip(*figures, strict=True)}
    assert {name: by for name, by in grown.items() if by} == {"unreachable": 1}


def test_a_manager_sees_the_addresses_of_her_people(owed: House) -> None:
    """And no other."""
    for address in (ANAS, EVES):
        mark_as_returned(owed, address)
    text = owed.signed_in("manager").get("/mail/bounces").text
    assert (ANAS in text, EVES in text, "Eve" in text) == (True, False, False)


def test_every_kind_of_mail_has_samples(house: House) -> None:
    """A usual one and a long one, as text and as a page; the page runs nothing."""
    browser = house.signed_in("auditor")
    names = re.findall(r'href="/mail/samples/([\w-]+)"', browser.get("/mail/samples").text)
    assert len(names) == 10
    for name in names:
        text, letter = browser.get(f"/mail/samples/{name}").text, browser.get(f"/mail/samples/{name}/page")
        assert ("<img src=x" in text, "The same as text" in text) == (False, True)
        assert "sandbox" in letter.headers["content-security-policy"]
    assert browser.get("/mail/samples/none").status_code == 400


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/mail", "No mail waits."),
        ("/mail?state=failed", "No mail has failed."),
        ("/mail?state=sent", "No mail was sent."),
        ("/mail?state=withdrawn", "No mail was withdrawn."),
        ("/mail/bounces", "Mail comes back from no address"),
    ],
)
def test_an_empty_list_says_so(house: House, path: str, told: str) -> None:
    """In a sentence."""
    assert told in house.signed_in("educator").get(path).text


def test_a_list_that_is_none_is_told(house: House) -> None:
    """With those that there are."""
    answer = house.signed_in("educator").get("/mail?state=lost")
    assert (answer.status_code, "waiting, failed, sent" in answer.text) == (400, True)


def test_mails_come_fifty_at_a_time(owed: House) -> None:
    """Each once; the next page goes on where this one ended."""
    take_in(owed.database, *(one._replace(email=f"{one.employee_id}@site.example") for one in staff(60)))
    plan_reminders(owed.database, Gate(True), TODAY, NOW, "site.example")
    browser = owed.signed_in("educator")
    first = browser.get("/mail").text
    numbers = re.findall(r'href="/mail/(\d+)"', first)
    further = re.search(r"before=(\d+)", first)
    assert (len(numbers), further and further[1]) == (50, numbers[-1])
    rest = re.findall(r'href="/mail/(\d+)"', browser.get(f"/mail?state=waiting&before={numbers[-1]}").text)
    with owed.database.read() as connection:
        waiting = [one.id for one in outbox(connection) if one.state == "queued"]
    assert sorted(map(int, numbers + rest)) == waiting


@pytest.mark.parametrize("path", ["/mail/{}", "/mail?before={}", "/mail/bounces?before={}", "/checks/uploads?after={}"])
def test_a_number_that_no_record_has_is_told(house: House, path: str) -> None:
    """However long it is, in words."""
    answer = house.signed_in("educator").get(path.format("9" * 40))
    assert (answer.status_code, "Something in the form cannot be read" in answer.text) == (422, True)
