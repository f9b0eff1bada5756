"""The history of one person: what was recorded and retracted, when, by whom, from where, why."""

import pytest
from starlette.testclient import TestClient

from actions.ward import card, excused, post, take_in
from tracker.domain.access import Grant, Role
from web.house import ANA, EVE, House
from web.sent import send

LEAVE = {"starts_on": "2025-06-10", "until": ""}


def history(house: House, role: str, who: str = ANA, grant: Grant | None = None) -> str:
    """The page of all changes about somebody."""
    answer = house.signed_in(role, grant).get(f"/history-of/{who}")
    assert answer.status_code == 200
    return answer.text


def stood(browser: TestClient, path: str) -> str:
    """What a form keeps of the card that it was filled with."""
    return browser.get(path).text.split('name="stood" value="')[1].split('"')[0]


def answered(house: House, browser: TestClient, number: int) -> None:
    """Records that the issuer confirms a card of Ana's."""
    path = f"/record/answer/{number}/{ANA}"
    answer = send(house, browser, path, answer="confirmed", day="2025-06-15", stood=stood(browser, path))
    assert answer.status_code == 303


def test_a_change_is_told_with_who_and_why(house: House) -> None:
    """What was retracted, what stands in its place, by the visitor's address, from the web app; the latest first."""
    browser = house.signed_in("manager")
    send(house, browser, f"/record/leave/{ANA}", **LEAVE)
    send(
        house, browser, f"/record/change-leave/1/{ANA}", **LEAVE | {"until": "2025-06-20"}, why="back on <b>Friday</b>"
    )
    text = history(house, "educator")
    changed, before = text.split("</bdi> changed a leave, from the web app")[1].split("</bdi> recorded a leave")
    assert "<b>retracted</b> <bdi>leave from 10 Jun 2025, end open</bdi>" in changed
    assert "<b>recorded</b> <bdi>leave from 10 Jun 2025 through 20 Jun 2025</bdi>" in changed
    assert changed.rstrip().endswith("<bdi>manager@hospital.example")
    assert "Why: <bdi>back on &lt;b&gt;Friday&lt;/b&gt;</bdi>" in changed
    assert "retracted" not in before
    assert "who this is: Ana Abel" in before


def test_it_tells_of_nobody_else(house: House) -> None:
    """An import that brought two people tells of each apart."""
    take_in(house.database, card(ANA, "2025-01-05", number="11"), card(EVE, "2025-01-05", number="22"))
    hers, others = history(house, "educator"), history(house, "auditor", EVE)
    assert ("number 11" in hers, "number 22" in hers, "Eve Eder" in hers) == (True, False, False)
    assert ("number 22" in others, "number 11" in others) == (True, False)


def test_what_is_about_a_card_names_it(house: House) -> None:
    """As it was then: once it is corrected, what was asked before was asked of what it was."""
    take_in(house.database, card(ANA, "2025-01-05", number="11"), card(ANA, "2025-02-05", type="ACLS"))
    browser = house.signed_in("manager")
    for number in (1, 2):
        answered(house, browser, number)
    fields = {"type": "BLS", "issuer": "AHA", "number": "22", "issued_on": "2025-01-05", "why": "mistyped"}
    path = f"/record/correct-card/1/{ANA}"
    assert send(house, browser, path, **fields, stood=stood(browser, path)).status_code == 303
    answered(house, browser, 1)
    text = history(house, "educator")
    said = "the issuer&#39;s answer on the {}: confirmed, checked 15 Jun 2025"
    # Recorded, and retracted by the correction.
    assert text.count(said.format("BLS card 11, issued 5 Jan 2025")) == 2
    assert text.count(said.format("BLS card 22, issued 5 Jan 2025")) == 1
    assert text.count(said.format("ACLS card, issued 5 Feb 2025")) == 1


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor"])
def test_reasons_of_exemptions_are_for_those_who_give_them(house: House, role: str) -> None:
    """Nor is what was noted when one was ended or taken back told to others."""
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", reason="Wrist fracture", approver="Dr. Cote"))
    giver = house.signed_in("giver", Grant(Role.EDUCATOR))
    send(house, giver, f"/record/end-exemption/1/{ANA}", until="2025-06-30", why="Wrist healed")
    text = history(house, role)
    assert "exemption from bls through 30 Jun 2025" in text
    assert ("Wrist" in text, "Cote" in text) == (role == "educator",) * 2


def test_a_manager_reads_nothing_of_other_units(house: House) -> None:
    """No assignment elsewhere, no exemption from what only another unit asks; cards and leave are the person's."""
    take_in(house.database, post(ANA, "OR", "2025-01-01"), other_unit="also")
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", "acls"))
    take_in(house.database, card(ANA, "2025-01-05", number="11"))
    mine = history(house, "or", grant=Grant(Role.MANAGER, ("OR",)))
    assert ("in OR," in mine, "number 11" in mine) == (True, True)
    assert ("ICU" in mine, "acls" in mine) == (False, False)
    assert "acls" in history(house, "educator")


def test_it_comes_a_page_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest first, each change once; the last page leads no further."""
    monkeypatch.setattr("tracker.web.history_of_person.ROWS", 2)
    for day in range(1, 5):
        take_in(house.database, card(ANA, f"2025-01-0{day}", number=f"N{day}"))
    browser, path, pages = house.signed_in("manager"), f"/history-of/{ANA}", []
    for _ in range(3):
        pages.append(browser.get(path).text)
        path = pages[-1].split('">Older changes')[0].rsplit('href="', 1)[1]
    numbers = [part[:2] for text in pages for part in text.split("number ")[1:]]
    assert numbers == ["N4", "N3", "N2", "N1"]
    assert ["Older changes" in text for text in pages] == [True, True, False]


def test_a_number_that_is_none_is_refused(house: House) -> None:
    """And one beyond all numbers is as good as none."""
    browser = house.signed_in("manager")
    for path in ("history-of", "mails-to"):
        assert browser.get(f"/{path}/{ANA}?before=x").status_code == 422
        for before in (10**30, -1, 0):
            assert browser.get(f"/{path}/{ANA}?before={before}").status_code == 200


def test_staff_have_no_history(house: House) -> None:
    """It names others."""
    browser = house.signed_in("staff")
    assert browser.get(f"/history-of/{ANA}").status_code == 403
    assert 'id="history"' not in browser.get(f"/people/{ANA}").text
