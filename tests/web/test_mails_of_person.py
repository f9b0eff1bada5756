"""Mails to one person, and why one did not go: in words, as far as they are seen, changing nothing."""

from datetime import date
from pathlib import Path

import pytest

from actions.ward import card, changes_in, excused, post, take_in
from tracker.actions.deliver_mail import Letterhead, deliver_mail
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.outbox import outbox
from tracker.domain.access import Grant, Role
from tracker.domain.gate import Gate
from tracker.notify.maildir import Maildir
from web.house import ANA, NOW, TODAY, House

EMAIL = "ana@staff.example"


def remind(house: House, folder: Path, day: date = TODAY, *, send: bool = True) -> None:
    """One run for a day; without `send` its mails wait."""
    gate = Gate(True)
    plan_reminders(house.database, gate, day, NOW, "example.org")
    head = Letterhead("Cards <cards@example.org>", None)
    if send:
        list(deliver_mail(house.database, Maildir(folder), head, day, lambda: NOW))


def mailed(house: House) -> None:
    """Gives Ana an address."""
    take_in(house.database, post(ANA, "ICU", "2025-01-01", email=EMAIL))


def mails_part(house: House, role: str = "manager", day: str = "", grant: Grant | None = None) -> str:
    """The part of Ana's page that is about mails."""
    text = house.signed_in(role, grant).get(f"/people/{ANA}{day}").text
    return text.split('id="mails"')[1].split('id="history"')[0]


def test_what_went_is_listed_with_what_became_of_it(house: House, tmp_path: Path) -> None:
    """To whom, what it said in the policy's words, and that everything was said for the day."""
    mailed(house)
    remind(house, tmp_path / "mail")
    part = mails_part(house)
    for said in ("staff reminder", "bls overdue", EMAIL, "sent, 15 Jun 2025", "everything was said already"):
        assert said in part, said
    assert "Sent: staff reminder" in part


def test_a_mail_that_waits_is_listed(house: House, tmp_path: Path) -> None:
    """As waiting, for the day of its run."""
    mailed(house)
    remind(house, tmp_path / "mail", send=False)
    part = mails_part(house)
    assert "Waiting: staff reminder" in part
    assert ">waiting</td>" in part


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Owed; it goes with the run of this day: <bdi>"),
        ("?on=2025-06-16", "Owed; it goes with the run of this day: <bdi>"),
        ("?on=2025-06-14", "Owed by what is known now, and not sent: <bdi>"),
    ],
)
def test_what_is_owed_is_told_for_any_day(house: House, day: str, said: str) -> None:
    """Without queueing anything, and without an entry in the trail."""
    mailed(house)
    house.account("manager")
    before = changes_in(house.database)
    assert said in mails_part(house, "auditor", day)
    with house.database.read() as connection:
        assert outbox(connection) == []
    # The auditor was given access; nothing else happened.
    assert changes_in(house.database) == before + 1


def test_why_nothing_goes_is_told(house: House) -> None:
    """In the words of the command line: here nobody knows an address."""
    assert "Nothing goes: no mail address is on record." in mails_part(house)
    assert "No mail went to this person yet." in mails_part(house, "administrator")


def test_an_exemption_is_a_reason(house: House) -> None:
    """For those who see the requirement that it is from."""
    mailed(house)
    for requirement in ("bls", "acls"):
        take_in(house.database, excused(ANA, "2025-01-01", "2026-12-31", requirement))
    assert "Nothing goes: exempt." in mails_part(house)


def elsewhere(house: House) -> Grant:
    """Ana works in the OR, too, where her card is good; what she lacks the ICU asks for. Returns the OR's manager."""
    take_in(house.database, post(ANA, "OR", "2025-01-01", email=EMAIL), other_unit="also")
    take_in(house.database, card(ANA, "2025-01-05"))
    return Grant(Role.MANAGER, ("OR",))


def test_a_manager_reads_no_mail_about_what_others_ask(house: House, tmp_path: Path) -> None:
    """Neither the mail, nor that it was said, nor that it is owed."""
    grant = elsewhere(house)
    assert "nothing is due in your units" in mails_part(house, "owing", grant=grant)
    remind(house, tmp_path / "mail")
    mine, whole = mails_part(house, "or", grant=grant), mails_part(house, "educator")
    assert "acls overdue" in whole
    assert "acls" not in mine
    assert "nothing is due in your units" in mine
    assert "No mail is on record here." in house.signed_in("or2", grant).get(f"/mails-to/{ANA}").text


def test_a_manager_is_not_told_of_an_exemption_from_what_others_ask(house: House) -> None:
    """Not even as the reason of silence."""
    grant = elsewhere(house)
    take_in(house.database, excused(ANA, "2025-01-01", "2026-12-31", "acls"))
    assert "exempt" in mails_part(house, "educator")
    text = house.signed_in("or", grant).get(f"/people/{ANA}").text
    assert "31 Dec 2026" not in text
    assert "exempt." not in text


def test_all_mails_are_listed_a_page_at_a_time(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest first, each once; the last page leads no further."""
    monkeypatch.setattr("tracker.web.mails_of_person.ROWS", 2)
    mailed(house)
    for day in (date(2025, 6, 2), date(2025, 6, 9), TODAY, date(2025, 6, 16)):
        remind(house, tmp_path / "mail", day)
    browser = house.signed_in("manager")
    first = browser.get(f"/mails-to/{ANA}").text
    link = first.split('">Older mails')[0].rsplit('href="', 1)[1]
    second = browser.get(link).text
    assert ("16 Jun 2025</td>" in first, "9 Jun 2025</td>" in first, "2 Jun 2025</td>" in first) == (True, True, False)
    assert ("2 Jun 2025</td>" in second, "16 Jun 2025</td>" in second, "Older mails" in second) == (True, False, False)


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor", "staff"])
def test_mails_are_for_those_who_may_see_them(house: House, role: str) -> None:
    """Staff are not shown the part."""
    browser = house.signed_in(role)
    assert browser.get(f"/mails-to/{ANA}").status_code == (403 if role == "staff" else 200)
    assert ('id="mails"' in browser.get(f"/people/{ANA}").text) is (role != "staff")
