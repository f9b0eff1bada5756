"""The policy is read in sentences, and another is put in: checked, shown whom it changes, applied."""

import re
from datetime import date
from itertools import chain
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import USUAL, govern, post, staff, take_in
from tracker.actions.policy_drafts.kept import KEPT, Drafts
from tracker.db.policies import applied_versions
from tracker.db.trail import entries
from web.house import ANA, EVE, NOW, House
from web.test_pages import MARKUP, Reader

# Newcomers have half a year for ACLS.
KINDER = USUAL.replace("within_days = 60", "within_days = 180").replace('"usual"', '"kinder"')


def send(house: House, browser: TestClient, path: str, **fields: Any) -> Any:
    """Sends a form, and waits for what it begins."""
    files = {"file": fields.pop("file")} if "file" in fields else None
    answer = browser.post(path, data={"mark": house.mark(browser)} | fields, files=files)
    house.site.background.wait()
    return answer


def draft(house: House, browser: TestClient, text: str = KINDER, effective: str = "2025-05-01") -> str:
    """Puts a policy in; returns the address of the draft."""
    answer = send(house, browser, "/policy/new", text=text, effective=effective)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def versions(house: House) -> list[tuple[str, date | None, str]]:
    """The versions on record: name, first day, who applied it; the last first."""
    with house.database.read() as connection:
        return [(one.name, one.effective, one.actor) for one in applied_versions(connection)]


def test_a_manager_reads_who_needs_what(house: House) -> None:
    """Requirements, issuers, reminders, target, versions; and no way to change any of it."""
    text = house.signed_in("manager").get("/policy").text
    for said in (
        "Roles: RN, MD",
        "Units: ICU*, ED",
        "with BLS in date beside it",
        "Newcomers within 60 days",
        "in grace for 14 days after the last valid day",
        "24 months, to the end of that month",
        "American Heart Association",
        "90, 60, 30, 14, 7 and 1 days before and on the last day itself",
        "On day 30 out of compliance the unit&#39;s managers and its director are told",
        "95 % current",
        "by <bdi>tester</bdi>",
    ):
        assert said in text, said
    assert "/policy/new" not in text


def test_each_day_has_the_policy_in_force_on_it(house: House) -> None:
    """And the list says which holds from when; a version that another took the place of holds on no day."""
    govern(house.database, KINDER, date(2025, 7, 1))
    govern(house.database, KINDER.replace("180", "120"), date(2025, 7, 1))
    browser = house.signed_in("auditor")
    now, then = browser.get("/policy").text, browser.get("/policy?on=2025-07-01").text
    assert ("within 60 days" in now, "within 120 days" in then) == (True, True)
    assert "all days through 30 Jun 2025" in now
    assert "on no day" in now
    answer = browser.get("/policy/versions/2")
    assert (answer.text, "attachment" in answer.headers["content-disposition"]) == (KINDER, True)
    assert browser.get("/policy/versions/9").status_code == 400


def test_a_wrong_policy_is_told_by_line_and_kept_in_the_form(house: House) -> None:
    """Every problem, with the text as it was typed; nothing is kept."""
    browser = house.signed_in("educator")
    wrong = USUAL.replace("months = 24", "months = 0").replace('any_of = ["ACLS"]', 'any_of = ["ACLX<b>"]')
    answer = send(house, browser, "/policy/new", text=wrong.replace("\n", "\r\n"), effective="2025-05-01")
    assert answer.status_code == 400
    assert len(re.findall(r"<b>Line \d+:</b>", answer.text)) == 2
    assert "ACLX&lt;b&gt;" in answer.text
    assert 'value="2025-05-01"' in answer.text
    for fields in ({"text": " "}, {"text": KINDER, "effective": "soon"}, {"file": ("p.toml", b"\xff\xfe")}):
        answer = send(house, browser, "/policy/new", **fields)
        assert (answer.status_code, "cannot be used yet" in answer.text) == (400, True)
    assert not list(house.site.settings.data_dir.glob("policy-drafts/*"))


def test_a_draft_shows_whose_standing_changes_and_changes_nothing(house: House) -> None:
    """From what to what, on which day, by unit and requirement."""
    browser = house.signed_in("educator")
    shown = browser.get(draft(house, browser)).text
    assert "<b>2</b> people change" in shown
    assert 'data-label="From">missing</td><td role="cell" data-label="To">newcomer</td>' in shown
    assert ("Ana Abel" in shown, "Eve Eder" in shown, "1 May 2025" in shown) == (True, True, True)
    narrowed = browser.get(draft(house, browser), params={"unit": "ED"}).text
    assert ("Ana Abel" in narrowed, "Eve Eder" in narrowed) == (False, True)
    assert "No standing of these changes" in browser.get(draft(house, browser), params={"unit": "OR"}).text
    assert versions(house) == [("usual", None, "tester")]


def test_a_draft_that_was_left_is_found_under_the_policy(house: House) -> None:
    """By whoever may apply it, with who brought it; once it is dropped it is listed no more."""
    browser = house.signed_in("educator")
    path = draft(house, browser)
    shown = browser.get("/policy").text
    assert f'href="{path}"' in shown
    assert "put in by <bdi>educator@hospital.example" in shown
    assert path in house.signed_in("administrator").get("/policy").text
    assert path not in house.signed_in("auditor").get("/policy").text
    send(house, browser, f"{path}/drop")
    assert "Not in force yet" not in browser.get("/policy").text


def test_a_draft_that_cannot_be_read_takes_no_page_away(house: House) -> None:
    """Such as one that is half written, or of a version of the program before this one."""
    browser = house.signed_in("educator")
    for number, content in enumerate(("", "{", '{"text": "name = 1"}')):
        place = house.site.settings.data_dir / "policy-drafts" / (str(number) * 32)
        place.mkdir(parents=True)
        (place / "draft.json").write_text(content)
    answer = browser.get("/policy")
    assert (answer.status_code, "Not in force yet" in answer.text) == (200, False)
    assert "This draft is gone" in browser.get(f"/policy/drafts/{'0' * 32}").text


def test_a_draft_is_applied_once_it_is_confirmed(house: House) -> None:
    """Under the visitor's address, from the day that was said; the draft is gone then."""
    browser = house.signed_in("educator")
    path = draft(house, browser)
    confirming = browser.get(f"{path}/apply").text
    assert ("2 standings of 2 people change" in confirming, "That day is past" in confirming) == (True, True)
    assert send(house, browser, f"{path}/apply").headers["location"] == path
    after = browser.get(path)
    assert after.headers["location"] == "/policy?done=policy-applied"
    assert "The policy is applied" in browser.get(after.headers["location"]).text
    assert versions(house)[0] == ("kinder", date(2025, 5, 1), "educator@hospital.example")
    with house.database.read() as connection:
        assert entries(connection, 1)[0][2:5] == ("educator@hospital.example", "web", "policy-apply")
    assert not list(house.site.settings.data_dir.glob("policy-drafts/*"))


def test_a_policy_that_stands_already_is_not_applied_again(house: House) -> None:
    """It says so instead."""
    browser = house.signed_in("administrator")
    path = draft(house, browser, USUAL, "")
    assert "Nobody's standing would change" in browser.get(path).text
    send(house, browser, f"{path}/apply")
    assert browser.get(path).headers["location"] == "/policy?done=policy-stands"
    assert len(versions(house)) == 1


def test_a_file_counts_instead_of_the_text(house: House) -> None:
    """As it was saved, on whatever system."""
    browser = house.signed_in("educator")
    data = b"\xef\xbb\xbf" + KINDER.replace("\n", "\r\n").encode()
    answer = send(house, browser, "/policy/new", text="no policy", file=("mine.toml", data))
    assert "kinder" in browser.get(answer.headers["location"]).text


def test_the_first_policy_comes_from_a_pack(empty: House) -> None:
    """Whoever may is led from the first page to the packs, and the one that is chosen is in force for all days."""
    browser = empty.signed_in("administrator")
    assert 'href="/policy/new?pack=us-hospital"' in browser.get("/policy").text
    form = browser.get("/policy/new?pack=us-hospital").text
    text = re.search(r"<textarea[^>]*>\n(.*)</textarea>", form, re.DOTALL)
    assert text
    assert "in force for all days" in form
    path = draft(empty, browser, text[1].replace("&#34;", '"').replace("&#39;", "'").replace("&gt;", ">"), "2025-05-01")
    send(empty, browser, f"{path}/apply")
    assert versions(empty) == [("us-hospital", None, "administrator@hospital.example")]


@pytest.mark.parametrize("role", ["auditor"])
def test_who_may_set_no_policy_is_told_whom_to_ask(empty: House, role: str) -> None:
    """On the first page and on the policy's."""
    browser = empty.signed_in(role)
    for path in ("/", "/policy"):
        text = browser.get(path).text
        assert ("Ask an administrator or an educator" in text, "/policy/new" in text) == (True, False)


def test_another_first_policy_meanwhile_is_told(empty: House) -> None:
    """A draft for all days is not slipped in as a later version."""
    browser = empty.signed_in("educator")
    path = draft(empty, browser, KINDER, "")
    govern(empty.database)
    answer = send(empty, browser, f"{path}/apply")
    assert (answer.status_code, "meanwhile" in answer.text) == (400, True)
    assert [name for name, *_ in versions(empty)] == ["usual"]


@pytest.mark.parametrize("role", ["manager", "auditor", "staff"])
def test_nobody_else_sets_a_policy(house: House, role: str) -> None:
    """Neither puts one in nor applies or drops somebody's."""
    path = draft(house, house.signed_in("educator"))
    browser = house.signed_in(role)
    for each in ("/policy/new", f"{path}/apply", f"{path}/again", f"{path}/drop"):
        assert send(house, browser, each, text=KINDER).status_code == 403
    assert browser.get(path).status_code == 403
    assert len(versions(house)) == 1
    assert len(list(house.site.settings.data_dir.glob("policy-drafts/*"))) == 1


def test_a_form_without_the_mark_is_refused(house: House) -> None:
    """For each of the forms."""
    browser = house.signed_in("educator")
    path = draft(house, browser)
    for each in ("/policy/new", f"{path}/apply", f"{path}/again", f"{path}/drop"):
        assert browser.post(each, data={"text": KINDER}).status_code == 400
    assert len(versions(house)) == 1


def test_a_draft_is_dropped_or_forgotten_after_a_day(house: House) -> None:
    """What was found holds employee ids, and is not kept for long."""
    browser = house.signed_in("educator")
    path = draft(house, browser)
    assert send(house, browser, f"{path}/drop").status_code == 303
    assert (browser.get(path).status_code, "kept for a day" in browser.get(path).text) == (400, True)
    drafts = Drafts(house.site.settings.data_dir)
    kept = drafts.keep("kinder", KINDER, None, "somebody", NOW)
    drafts.sweep(drafts.find(kept.key).at)
    left = list(house.site.settings.data_dir.glob("policy-drafts/*"))
    assert len(left) == 1
    drafts.sweep(house.site.now() + KEPT * 10_000)
    assert not list(house.site.settings.data_dir.glob("policy-drafts/*"))


def test_what_a_restart_left_is_worked_out_again(house: House) -> None:
    """A draft without what was found about it says so."""
    browser = house.signed_in("educator")
    kept = Drafts(house.site.settings.data_dir).keep("kinder", KINDER, date(2025, 5, 1), "somebody", NOW)
    path = f"/policy/drafts/{kept.key}"
    assert "not worked out" in browser.get(path).text
    assert send(house, browser, f"{path}/again").status_code == 303
    assert "Ana Abel" in browser.get(path).text


def test_what_a_policy_says_stays_text(house: House) -> None:
    """Markup in its name, a title, a citation, a unit is shown and never obeyed."""
    take_in(house.database, post("X-1", f"ICU {MARKUP}", "2025-01-01", name=MARKUP))
    odd = f'"""{MARKUP}"""'
    said = KINDER.replace('"kinder"', odd).replace('id = "acls"', f'id = "acls"\ntitle = {odd}\ncitation = {odd}')
    browser = house.signed_in("educator")
    path = draft(house, browser, said)
    pages = [browser.get(each).text for each in (path, f"{path}/apply")]
    send(house, browser, f"{path}/apply")
    for page in (*pages, browser.get("/policy").text, browser.get("/policy/new").text):
        assert "&lt;script&gt;alert" in page
        assert Reader(page).wrong == []


def test_people_come_fifty_a_page(house: House) -> None:
    """Each once, whatever unit they are in."""
    take_in(house.database, *staff(70), *(post(f"D-{number}", "ED", "2025-01-01") for number in range(40)))
    browser = house.signed_in("educator")
    path = draft(house, browser)
    pages = [browser.get(path, params={"begin": begin}).text for begin in (0, 50, 100)]
    found = [re.findall(r'href="/people/([^"]+)"', page) for page in pages]
    assert [len(each) for each in found] == [50, 50, 12]
    wanted = [ANA, EVE, *(f"E-{number}" for number in range(70)), *(f"D-{number}" for number in range(40))]
    assert sorted(chain.from_iterable(found)) == sorted(wanted)
    assert [">Next<" in page for page in pages] == [True, True, False]
