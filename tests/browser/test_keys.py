"""What people come for, with the keyboard alone."""

from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect
from pypdf import PdfReader

from actions.ward import card, take_in
from browser.keys import Keys
from browser.ward import PHONE, WIDE, Ward
from web.house import ANA, PASSWORD
from web.test_own import PICTURE
from web.world import World

# The database makes no difference to keys.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ROLES = {"administrator": "Today", "educator": "Today", "manager": "Today", "auditor": "Today", "staff": "Ana Abel"}
ROSTER = f"""employee_id,name,email,unit,role,starts_on
{ANA},Ana Abel,ana@hospital.example,PACU,RN,2025-05-01
5001,Noor New,noor@hospital.example,ICU,RN,2025-06-01
5002,Bad Date,,ICU,RN,2025-13-01
"""


def signed_in(ward: Ward, role: str) -> Keys:
    """Somebody who signed in by keys."""
    keys = Keys(ward.nobody())
    keys.page.goto("/sign-in")
    keys.to("E-mail address").type(ward.house.account(role))
    keys.to("Password").type(PASSWORD)
    with keys.page.expect_navigation():
        keys.press("Enter")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(ROLES[role])
    return keys


def done(keys: Keys, said: str) -> None:
    """Waits until the page says what was done."""
    expect(keys.page.locator(".done")).to_contain_text(said)


def test_each_role_signs_in_and_out(ward: Ward) -> None:
    """And comes to what is theirs."""
    for role in ROLES:
        keys = signed_in(ward, role)
        keys.follow("Sign out", "button", "Sign in")


def test_a_spreadsheet_is_imported_and_undone(ward: Ward, tmp_path: Path) -> None:
    """Its file chosen, its question answered by the arrows, its rows looked at, applied, undone."""
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER)
    keys = signed_in(ward, "educator")
    keys.follow("Import", "link", "Import")
    keys.choose_file("Spreadsheets", file)
    keys.follow("Look at them", "button", "What we understood")
    keys.to("Dates such as").press("ArrowDown")
    keys.follow("Continue", "button", "Question 1 of 1")
    keys.to("", "radio").press("ArrowDown", "ArrowUp", "Space")
    keys.follow("Answer", "button", "The plan")
    keys.follow("Rejected", "link", "Rejected: 1")
    keys.follow("Back to the plan", "link", "The plan")
    keys.follow("Apply the plan", "button", "Import 2 is in")
    keys.follow("Undo this import", "link", "Undo import 2")
    keys.to("Undo import 2", "button").press("Enter")
    done(keys, "The import was undone.")


def test_who_is_out_of_compliance_is_found_and_why(ward: Ward) -> None:
    """By the figure and by the search; the reasons stand on the page and beside the bar that has the focus."""
    keys = signed_in(ward, "manager")
    keys.to("Skip to the page").press("Enter")
    keys.follow("out of compliance", "link")
    keys.follow("Ana Abel", "link", "Ana Abel")
    keys.to("missing", "link")
    expect(keys.page.locator(".told li.chosen")).to_contain_text("No card that counts for ACLS is or was on record")
    keys.follow("People", "link", key="Shift+Tab")
    keys.to("Name, employee id or e-mail").type("abe")
    keys.to("Standing").type("out")
    keys.follow("Show", "button")
    keys.follow("Ana Abel", "link", "Ana Abel")
    keys.to("Day").type("01312027")
    keys.follow("Show", "button")
    expect(keys.page.get_by_text("You are looking at 31 Jan 2027")).to_be_visible()


def test_a_card_is_handed_in_and_checked(ward: Ward, tmp_path: Path) -> None:
    """Staff choose the picture; the educator types what it shows, and that the issuer confirms it."""
    picture = tmp_path / "card.jpg"
    picture.write_bytes(PICTURE)
    staff = signed_in(ward, "staff")
    staff.follow("Hand in a new card", "link", "Your cards")
    staff.to("Which card it is").type("BLS")
    staff.choose_file("Photo or PDF", picture)
    staff.to("Hand it in", "button").press("Enter")
    expect(staff.page.get_by_text("waits to be checked").first).to_be_visible()
    keys = signed_in(ward, "educator")
    keys.follow("Check cards", "link", "Check cards")
    keys.follow("Uploads from staff that wait", "link")
    keys.to("Card").type("BLS")
    keys.to("Issued on").page.keyboard.type("06012025")
    keys.to("The issuer confirms it").press("Space")
    keys.to("Record the card", "button").press("Enter")
    expect(keys.page.get_by_text("No upload waits")).to_be_visible()


def test_a_card_is_renewed_confirmed_and_retracted(ward: Ward) -> None:
    """What is wrong in the form has the focus, and is mended where it stands."""
    keys = signed_in(ward, "educator")
    keys.follow("Ana Abel", "link", "Ana Abel")
    keys.follow("Add a card", "link", "Add a card")
    keys.to("Type").type("BLS")
    keys.to("Add the card", "button").press("Enter")
    expect(keys.page.get_by_role("alert")).to_be_focused()
    keys.to("Issued on").page.keyboard.type("06012025")
    keys.to("not asked yet").press("ArrowDown")
    keys.to("Add the card", "button").press("Enter")
    done(keys, "The card is on record.")
    keys.follow("Retract the BLS card", "link", "Retract the card")
    keys.to("Why?").type("It is somebody else's.")
    keys.to("Retract the card", "button").press("Enter")
    done(keys, "The card is retracted")


def test_a_survey_pack_is_made(ward: Ward, tmp_path: Path) -> None:
    """With the people typed, the paper chosen, and the times before opened."""
    take_in(ward.house.database, card(ANA, "2025-06-01", number="255401052877"))
    keys = signed_in(ward, "educator")
    keys.follow("Reports", "link", "Reports")
    keys.follow("Survey", "link")
    keys.to("Employee ids or names").page.keyboard.type("Ana Abel\n7001")
    keys.to("Paper of a PDF").press("ArrowDown")
    keys.to("As the records stood").press("Enter")
    keys.to("Known at")
    with keys.page.expect_download(timeout=60_000) as made:
        keys.to("Make the report", "button").press("Enter")
    made.value.save_as(tmp_path / "pack.pdf")
    assert "Eve Eder" in "".join(one.extract_text() for one in PdfReader(tmp_path / "pack.pdf").pages)


PAGES = (
    *("/", "/people", "/units", f"/people/{ANA}", f"/mails-to/{ANA}", "/import", "/checks", "/checks/uploads"),
    *("/checks/refused", "/mail", "/mail/1", "/reports?report=survey", "/policy/new", "/jobs", "/trail", "/me"),
)


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_all_that_a_mouse_reaches_is_reached(ward: Ward, window: ViewportSize) -> None:
    """Each stop in view and marked, forwards and backwards, and out of every page again."""
    page = ward.signed_in("educator", viewport=window)
    World(ward.house).grow(1)
    keys, found = Keys(page), {}
    for path in PAGES:
        page.goto(path)
        found[path] = keys.round() + keys.round("Shift+Tab")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
