"""Somebody who left a unit: its manager sees where they stood while they were there, and nothing recorded elsewhere."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import away, card, excused, post, take_in
from web.house import GRANTS, House
from web.sent import send

MO = "9009"
# A day in the unit, one of leave in it, and one on which nobody knew of any.
DAYS = ("2025-02-01", "2025-03-25")
PNG = b"\x89PNG\r\n\x1a\n" + b"what the file shows" * 3
# What is told nowhere to whom Mo is no more: numbers, days and files of what was recorded since.
LATER = [
    *("777788889999", "888877776666", "20 May 2025", "2025-05-2"),
    *("1 Jun 2025", "2025-06-01", "20 Jun 2025", "2025-06-20"),
    *("9 Jul 2025", "2025-07-09", "19 Jul 2025", "2025-07-19", "shown.png", base64.b64encode(PNG)[:24].decode()),
]
LISTS = ("/people", "/people.csv", "/people?standing=to_check", "/units", "/units/ICU")
TODAY_LISTS = ("out", "expiring", "newcomers", "to-check", "returning", "unreachable", "unmatched")
REPORTS = ("compliance", "exceptions", "expiring", "survey", "history")
FORMS = ("json", "csv", "html")


@pytest.fixture
def moved(house: House) -> House:
    """Mo of the ICU went to the ED in April; an educator recorded things in June."""
    rows = [post(MO, "ICU", "2025-01-01", "2025-03-31", name="Mo Moved"), post(MO, "ED", "2025-04-01", name="Mo Moved")]
    take_in(house.database, *rows)
    take_in(house.database, card(MO, "2024-06-10", number="240610001001"))
    take_in(house.database, away(MO, "2025-03-20", "2025-06-20"), away(MO, "2025-07-09"))
    take_in(house.database, excused(MO, "2025-03-01", "2025-07-19", "acls", approver="Dr. Cote"))
    browser = house.signed_in("recorder", GRANTS["educator"])
    for kind, number, issued in (("ACLS", "777788889999", "2025-05-20"), ("BLS", "888877776666", "2025-05-21")):
        fields = {"type": kind, "issuer": "AHA", "number": number, "issued_on": issued, "stated": ""}
        assert send(house, browser, f"/record/card/{MO}", **fields).status_code == 303
    assert send(house, browser, f"/record/class/{MO}", type="ACLS", class_on="2025-07-09").status_code == 303
    answer = send(house, browser, f"/record/evidence/{MO}", files={"file": ("shown.png", PNG)}, card="")
    assert answer.status_code == 303
    return house


def report(house: House, browser: TestClient, kind: str, form: str, day: str, **more: Any) -> Any:
    """A report of a day, about Mo where somebody is named."""
    asked = {"report": kind, "form": form, "as_of": day, "months": "36", "people": MO, "evidence": "yes"}
    return send(house, browser, "/reports", **asked | more)


def told(text: str) -> list[str]:
    """What a text tells of what is not for its reader."""
    return [one for one in LATER if one in text]


@pytest.mark.parametrize("day", DAYS)
def test_pages_of_an_earlier_day_tell_standings_alone(moved: House, day: str) -> None:
    """The person's page, the lists, their files, and each list of the first page."""
    browser = moved.signed_in("manager")
    page = browser.get(f"/people/{MO}?on={day}")
    assert (page.status_code, "Mo Moved" in page.text, told(page.text)) == (200, True, [])
    assert "Not in your units today" in page.text
    for path in (*LISTS, *(f"/?show={one}" for one in TODAY_LISTS)):
        text = browser.get(f"{path}{'&' if '?' in path else '?'}on={day}").text
        assert told(text) == [], path
    assert "Mo Moved" in browser.get(f"/people?on={day}").text


@pytest.mark.parametrize("kind", REPORTS)
def test_reports_of_an_earlier_day_tell_standings_alone(moved: House, kind: str) -> None:
    """In every form, as known now or then; whoever sees everybody is told all of it."""
    browser = moved.signed_in("manager")
    for day in DAYS:
        for form in FORMS:
            answer = report(moved, browser, kind, form, day)
            assert (answer.status_code, told(answer.text)) == (200, []), (day, form)
    sample = report(moved, browser, "survey", "html", DAYS[0], chosen="sample", sample="9").text
    assert ("Mo Moved" in sample, told(sample)) == (True, [])
    pack = report(moved, moved.signed_in("educator"), "survey", "html", DAYS[0]).text
    assert {"777788889999", base64.b64encode(PNG)[:24].decode()} <= set(told(pack))


def test_the_why_of_an_earlier_day_rests_on_what_had_begun(moved: House) -> None:
    """The card of then by its last day; none to come, and not until when a leave lasts."""
    browser = moved.signed_in("manager")
    first, leave = (browser.get(f"/people/{MO}?on={day}").text for day in DAYS)
    assert "BLS (AHA) is valid through 30 Jun 2026." in first
    assert "valid only from" not in first
    assert (">on leave</span>" in leave, "On leave through" in leave) == (True, False)
    assert "On leave through 20 Jun 2025." in moved.signed_in("educator").get(f"/people/{MO}?on={DAYS[1]}").text


def test_a_pack_says_that_it_is_not_whole(moved: House) -> None:
    """So that no surveyor reads that there is no card."""
    browser = moved.signed_in("manager")
    [one] = report(moved, browser, "survey", "json", DAYS[0]).json()["people"]
    assert (one["whole"], one["cards"], one["other_files"]) == (False, [], [])
    assert ',"elsewhere","9009",' in report(moved, browser, "survey", "csv", DAYS[0]).text
    text = report(moved, browser, "survey", "html", DAYS[0]).text
    assert "cards, exemptions and files are not told" in text
    assert "None." not in text


def test_what_others_issued_about_an_earlier_day_is_theirs(moved: House) -> None:
    """An educator's pack of the unit tells all of who was in it then; of today's people its manager may have it."""
    educator, manager = moved.signed_in("educator"), moved.signed_in("manager")
    for day in (DAYS[0], "2025-06-15"):
        asked = {"chosen": "sample", "sample": "9", "unit": "ICU", "issue": "yes"}
        assert report(moved, educator, "survey", "html", day, **asked).status_code == 303
    report(moved, manager, "survey", "html", DAYS[0], issue="yes")
    answers = [send(moved, manager, f"/reports/issued/{number}") for number in (1, 2, 3)]
    assert [one.status_code for one in answers] == [400, 200, 200]
    assert [told(one.text) for one in answers] == [[], [], []]


def test_the_history_does_not_name_who_changed_it_since(moved: House) -> None:
    """That another unit's educator recorded something is that unit's to tell."""
    fields = {"type": "BLS", "issuer": "AHA", "number": "222233334444", "issued_on": "2024-01-05", "stated": ""}
    take_in(moved.database, post("9010", "ICU", "2025-01-01", "2025-03-31"), post("9010", "ED", "2025-04-01"))
    before = datetime.now(UTC).isoformat()
    educator = moved.signed_in("educator")
    assert send(moved, educator, "/record/card/9010", **fields).status_code == 303
    asked = {"people": "9010", "known_at": before}
    mine, all_of_it = (
        report(moved, browser, "history", "json", DAYS[0], **asked).text
        for browser in (moved.signed_in("manager"), educator)
    )
    assert ("educator@" in all_of_it, "educator@" in mine) == (True, False)


def test_somebody_who_is_to_come_is_told_of_likewise(moved: House) -> None:
    """On a day when they will be in the unit, their standings; the rest once they are."""
    rows = [post("9011", "ED", "2025-01-01", "2025-07-31"), post("9011", "ICU", "2025-08-01")]
    take_in(moved.database, *rows)
    take_in(moved.database, card("9011", "2024-06-10", number="240610001001"))
    take_in(moved.database, away("9011", "2025-09-03"))
    text = moved.signed_in("manager").get("/people/9011?on=2025-08-02").text
    assert "BLS (AHA) is valid through 30 Jun 2026." in text
    assert ("240610001001" in text, 'id="cards"' in text, 'id="away"' in text) == (False,) * 3
