"""Reports from the web app: whose, as what, issued and proved; and nothing of other units."""

import io
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import excused, post, staff, take_in
from tracker.db.trail import entries
from web.house import ANA, EVE, TODAY, House

KINDS = ("compliance", "exceptions", "expiring")
FORMS = ("json", "csv", "html", "xlsx")
BOTH = "5005"


def made(house: House, browser: TestClient, **said: Any) -> Any:
    """The answer to the form of a report; of one that is issued the file, which is had on the next page."""
    usual = {"as_of": TODAY.isoformat(), "form": "json", "months": "6", "mark": house.mark(browser)}
    answer = browser.post("/reports", data=usual | said)
    if answer.status_code != 303:
        return answer
    after = browser.get(answer.headers["location"]).text
    [number] = re.findall(r"<p>Report (\d+) is issued", after)
    return browser.post(f"/reports/issued/{number}", data={"mark": house.mark(browser)})


def test_a_report_comes_as_a_file_with_a_telling_name(house: House) -> None:
    """In every form; never as a page of the app."""
    browser = house.signed_in("educator")
    for kind in KINDS:
        for form in FORMS:
            answer = made(house, browser, report=kind, form=form)
            said = answer.headers["content-disposition"]
            assert (answer.status_code, said.startswith("attachment;")) == (200, True)
            assert f'filename="{kind}-{TODAY}.{form}"' in said
            assert "sandbox" in answer.headers["content-security-policy"]


def test_a_pdf_is_one(house: House) -> None:
    """Of a pack about one person, named after them."""
    answer = made(house, house.signed_in("educator"), report="survey", people="Ana Abel", form="pdf")
    assert answer.content.startswith(b"%PDF-")
    assert f"survey-{ANA}-{TODAY}.pdf" in answer.headers["content-disposition"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_managers_report_is_about_her_units(house: House, kind: str) -> None:
    """Whatever she asks for; another unit is told as one that is not there."""
    browser = house.signed_in("manager")
    found = made(house, browser, report=kind)
    assert found.status_code == 200
    assert "Eve Eder" not in found.text
    there, nowhere = (made(house, browser, report=kind, unit=unit) for unit in ("ED", "XX"))
    assert (there.status_code, nowhere.status_code) == (400, 400)
    assert "There is no unit" in there.text
    assert "Eve Eder" not in there.text


@pytest.mark.parametrize("kind", ["survey", "history"])
def test_a_manager_asks_about_her_people_alone(house: House, kind: str) -> None:
    """Somebody elsewhere is told of in the words for nobody, by id and by name."""
    browser = house.signed_in("manager")
    assert made(house, browser, report=kind, people="ana abel").status_code == 200
    for there, nowhere in ((EVE, "7002"), ("Eve Eder", "Eve Edar")):
        answers = [made(house, browser, report=kind, people=who) for who in (there, nowhere)]
        assert [one.status_code for one in answers] == [400, 400]
        texts = [one.text.replace(who, "WHO") for one, who in zip(answers, (there, nowhere), strict=True)]
        assert texts[0] == texts[1]


@pytest.mark.parametrize("kind", ["survey", "history"])
def test_of_who_works_elsewhere_too_it_tells_what_is_about_her_units(house: House, kind: str) -> None:
    """Neither the other unit's name nor what only that one asks for."""
    take_in(
        house.database, post(BOTH, "ICU", "2025-01-01", name="Bo Both", role="Clerk"), post(BOTH, "ED", "2025-01-01")
    )
    take_in(house.database, excused(BOTH, "2025-06-01", "2025-06-30", requirement="acls"))
    mine, all_of_it = (
        made(house, house.signed_in(role), report=kind, people=BOTH).text for role in ("manager", "educator")
    )
    assert ("acls" in all_of_it, "acls" in mine) == (True, False)
    assert ('"ED"' in all_of_it, '"ED"' in mine) == (True, False)


def test_a_manager_draws_her_sample_from_her_units(house: House) -> None:
    """However many she asks for."""
    found = made(house, house.signed_in("manager"), report="survey", chosen="sample", sample="9").json()
    assert [one["person"] for one in found["people"]] == [ANA]


def test_a_sample_is_drawn_again_by_its_words(house: House) -> None:
    """The same people by the same seed."""
    take_in(house.database, *staff(30))
    browser = house.signed_in("auditor")
    asked = {"report": "survey", "chosen": "sample", "sample": "5", "seed": "24 November"}
    one, other = (made(house, browser, **asked).json()["people"] for _ in range(2))
    assert (one == other, len(one)) == (True, 5)


def test_labels_stand_for_people_and_the_key_tells_whom(house: House) -> None:
    """The report names nobody; the key comes by itself, of the same people."""
    browser = house.signed_in("educator")
    asked = {"report": "survey", "people": f"{ANA}\n{EVE}", "pseudonyms": "yes"}
    found, key = made(house, browser, **asked), made(house, browser, what="key", **asked)
    labels = {one["person"] for one in found.json()["people"]}
    assert "Ana Abel" not in found.text
    assert not re.search(rf"\b{ANA}\b", found.text)
    assert "key-to-labels" in key.headers["content-disposition"]
    assert {line.split(",")[0].strip('"') for line in key.text.splitlines()[1:]} == labels


@pytest.mark.parametrize("role", ["educator", "manager", "administrator", "auditor"])
def test_why_somebody_is_exempt_is_in_no_report(house: House, role: str) -> None:
    """It may be an illness, and so may the name of who approved; issued or not. That they are is told."""
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", reason="Wrist fracture", approver="Dr. Cote"))
    browser = house.signed_in(role)
    for kind in (*KINDS, "survey", "history"):
        for form, issue in (("json", ""), ("csv", ""), ("html", ""), ("html", "yes")):
            answer = made(house, browser, report=kind, people=ANA, form=form, **{"issue": issue} if issue else {})
            assert (answer.status_code, "Wrist" in answer.text, "Cote" in answer.text) == (200, False, False)
            assert kind != "survey" or "2025-12-31" in answer.text or "31 Dec 2025" in answer.text


def test_what_is_issued_is_kept_and_proved(house: House) -> None:
    """Listed with who issued it, had again to the last byte, proved by upload; the trail names the visitor."""
    browser = house.signed_in("educator")
    content = made(house, browser, report="compliance", issue="yes").content
    listed = browser.get("/reports/issued").text
    assert "educator@hospital.example" in listed
    mark = {"mark": house.mark(browser)}
    assert browser.post("/reports/issued/1", data=mark).content == content
    proved = browser.post("/reports/verify", data=mark, files={"file": ("mine.json", io.BytesIO(content))})
    assert "</bdi></b> is report 1 to the last byte" in proved.text
    altered = browser.post("/reports/verify", data=mark, files={"file": ("mine.json", io.BytesIO(content + b" "))})
    assert "to the last byte" not in altered.text
    with house.database.read() as connection:
        made_by = [(one.actor, one.source, one.action) for one in entries(connection, 3)]
    did = ("report-fetch", "report-fetch", "report-issue")
    assert made_by == [("educator@hospital.example", "web", each) for each in did]


def test_a_manager_sees_what_was_issued_about_her_units(house: House) -> None:
    """Neither in the list nor by number nor by proof what is about others, or about everybody."""
    educator, manager = house.signed_in("educator"), house.signed_in("manager")
    everybody = made(house, educator, report="compliance", issue="yes").content
    for unit in ("ED", "ICU"):
        made(house, educator, report="compliance", unit=unit, issue="yes")
    made(house, manager, report="survey", people=ANA, issue="yes")
    made(house, educator, report="survey", people=ANA, issue="yes")
    listed = manager.get("/reports/issued").text
    assert re.findall(r"/reports/issued/(\d+)", listed) == ["4", "3"]
    mark = {"mark": house.mark(manager)}
    for number, status in ((1, 400), (2, 400), (3, 200), (4, 200), (5, 400), (9, 400)):
        assert manager.post(f"/reports/issued/{number}", data=mark).status_code == status
    proved = manager.post("/reports/verify", data=mark, files={"file": ("x", io.BytesIO(everybody))}).text
    assert "to the last byte" not in proved


def test_issued_reports_come_fifty_at_a_time(house: House) -> None:
    """The next page goes on where this one ended."""
    browser = house.signed_in("auditor")
    for _ in range(51):
        made(house, browser, report="expiring", form="csv", issue="yes")
    first = browser.get("/reports/issued").text
    assert len(re.findall(r"/reports/issued/\d+", first)) == 50
    assert re.findall(r"/reports/issued/(\d+)", browser.get("/reports/issued?before=2").text) == ["1"]
    assert "before=2" in first


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"report": "survey"}, "Say about whom"),
        ({"report": "survey", "people": "Nobody Known"}, "Nobody is known by"),
        ({"report": "survey", "chosen": "sample", "sample": "many"}, "how many people"),
        ({"report": "exceptions", "months": "-1"}, "how many months"),
        ({"report": "compliance", "as_of": "2025-02-30"}, "is no day"),
        ({"report": "compliance", "known_at": "yesterday"}, "is no instant"),
        ({"report": "compliance", "unit": "ICU\nXX"}, "There is no unit"),
    ],
)
def test_what_cannot_be_made_is_told_in_the_form(house: House, said: dict[str, str], told: str) -> None:
    """With what was typed still in it."""
    answer = made(house, house.signed_in("educator"), **said)
    assert (answer.status_code, told in answer.text) == (400, True)
    for value in said.values():
        assert value.split("\n")[0] in answer.text


def test_the_form_is_filled_in_as_the_address_says(house: House) -> None:
    """So that other pages can lead to it, on the day that they are about."""
    text = house.signed_in("educator").get(f"/reports?report=survey&unit=ICU&people={ANA}&on=2025-01-31").text
    assert f">\n{ANA}</textarea>" in text
    assert ">\nICU</textarea>" in text
    assert 'value="2025-01-31"' in text


def test_before_a_policy_a_report_says_what_to_do(empty: House) -> None:
    """And the list of those issued is empty, in a sentence."""
    browser = empty.signed_in("administrator")
    answer = made(empty, browser, report="compliance")
    assert (answer.status_code, "apply one under Policy" in answer.text) == (400, True)
    assert "No report was issued" in browser.get("/reports/issued").text


@pytest.mark.parametrize("number", ["0000000010000000000", "9" * 200, "601", "-1", "²", "six"])
def test_a_number_that_is_none_or_too_large_is_refused(house: House, number: str) -> None:
    """In words, however it is written."""
    browser = house.signed_in("educator")
    for asked in ({"report": "expiring", "months": number}, {"report": "survey", "chosen": "sample", "sample": number}):
        answer = made(house, browser, **asked)
        assert (answer.status_code, "to 600." in answer.text) == (400, True)
