"""What people come to the app for, in a browser from end to end."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from actions.ward import card, take_in
from browser.ward import PHONE, Ward
from tracker.actions.access.own_link import OwnLinks, last_day
from web.house import ANA, TODAY
from web.test_own import PICTURE, link

ROSTER = """employee_id,name,email,unit,role,starts_on
4512,Ana Abel,ana@hospital.example,ICU,RN,2025-01-01
5001,Noor New,noor@hospital.example,ICU,RN,2025-06-01
5002,Bad Date,,ICU,RN,2025-13-01
"""
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])


def heading(page: Page, text: str) -> None:
    """Waits for the page with a heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text, timeout=30_000)


@SCRIPTS
def test_a_spreadsheet_is_imported_and_undone(ward: Ward, tmp_path: Path, scripts: bool) -> None:
    """Dropped, looked at, planned, applied; the row that cannot go in comes back; undone."""
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER)
    page = ward.signed_in("educator", java_script_enabled=scripts)
    page.goto("/import")
    page.get_by_label("Spreadsheets").set_input_files(file)
    page.get_by_role("button", name="Look at them").click()
    heading(page, "What we understood")
    page.get_by_role("button", name="Continue").first.click()
    heading(page, "The plan")
    page.get_by_role("button", name="Apply the plan").click()
    heading(page, "Import 2 is in")
    page.get_by_role("link", name="See where everybody stands").click()
    expect(page.get_by_role("link", name="Noor New").or_(page.get_by_text("newcomers"))).not_to_have_count(0)
    page.goto("/import/undo/2")
    page.get_by_role("button", name="Undo import 2").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
    page.goto("/people?q=Noor")
    expect(page.get_by_role("link", name="Noor New")).to_have_count(0)


def test_who_is_out_of_compliance_is_found_and_why(ward: Ward) -> None:
    """From the first page by the unit and the search to the reasons."""
    page = ward.signed_in("manager")
    expect(page.get_by_role("link", name="out of compliance")).to_contain_text("1")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="People").click()
    page.get_by_label("Name, employee id or e-mail").fill("abe")
    page.get_by_role("search").get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Ana Abel").click()
    heading(page, "Ana Abel")
    expect(page.get_by_text("No BLS card is on record").or_(page.get_by_text("missing")).first).to_be_visible()


@SCRIPTS
def test_a_card_is_recorded_and_confirmed(ward: Ward, scripts: bool) -> None:
    """The person is out before and current after; the trail says by whom."""
    page = ward.signed_in("educator", java_script_enabled=scripts)
    page.goto(f"/people/{ANA}")
    page.get_by_role("link", name="Add a card").click()
    page.get_by_label("Type").select_option("BLS")
    page.get_by_label("Issued on").fill("2025-06-01")
    page.get_by_label("confirmed: I looked").check()
    page.get_by_role("button", name="Add the card").click()
    heading(page, "Ana Abel")
    expect(page.get_by_text("The card is on record.")).to_be_visible()
    expect(page.get_by_role("heading", name="bls current")).to_be_visible()
    page.goto("/trail")
    expect(page.get_by_role("row").nth(1)).to_contain_text("educator@hospital.example")


def test_a_survey_pack_is_made(ward: Ward, tmp_path: Path) -> None:
    """Two people, by a name and an id as the surveyor wrote them; a PDF with both."""
    take_in(ward.house.database, card(ANA, "2025-06-01", number="255401052877"))
    page = ward.signed_in("educator")
    page.goto("/reports?report=survey")
    page.get_by_label("Employee ids or names").fill("Ana Abel\n7001")
    with page.expect_download(timeout=60_000) as made:
        page.get_by_role("button", name="Make the report").click()
    pack = tmp_path / "pack.pdf"
    made.value.save_as(pack)
    text = "\n".join(each.extract_text() for each in PdfReader(pack).pages)
    assert "Ana Abel" in text
    assert "Eve Eder" in text


def test_staff_hand_a_card_in_from_their_phone_and_it_is_checked(ward: Ward, tmp_path: Path) -> None:
    """By the link in the mail; the educator records it from the picture beside the form."""
    picture = tmp_path / "card.jpg"
    picture.write_bytes(PICTURE)
    own = link(ward.house)
    phone = ward.nobody(viewport=PHONE)
    phone.goto(own)
    heading(phone, "Your cards")
    phone.get_by_label("Which card it is").select_option("BLS")
    phone.get_by_label("Photo or PDF").set_input_files(picture)
    phone.get_by_role("button", name="Hand it in").click()
    expect(phone.get_by_text("waits to be checked").first).to_be_visible()
    page = ward.signed_in("educator")
    page.goto("/checks/uploads")
    page.get_by_label("Issued on").fill("2025-06-01")
    page.get_by_role("button", name="Record the card").click()
    phone.goto(own)
    expect(phone.get_by_text("last valid day 30 Jun 2027")).to_be_visible()


def test_a_link_is_for_one_person(ward: Ward) -> None:
    """Eve's number with Ana's seal opens nothing."""
    links = OwnLinks("", ward.house.site.secret.decode())
    ana = link(ward.house)
    page = ward.nobody()
    page.goto(ana.replace("/own/1.", "/own/2."))
    heading(page, "That cannot be done")
    assert links.link(1, "x@y.example", last_day(TODAY)) != ana
