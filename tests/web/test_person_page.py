"""The page of one person: its parts, for whom each is, and the words of what it draws."""

import re
from collections.abc import Sequence
from datetime import date

import pytest

from actions.ward import away, card, changes_in, excused, post, take_in
from tracker.actions.change_card import verify_card
from tracker.db.known import known_cards
from tracker.domain.access import Grant, Role
from tracker.domain.facts import Answer, Card, Verification
from web.house import ANA, BOSS, House
from web.sent import send
from web.test_pages import MARKUP, Reader

PARTS = ["standing", "years", "cards", "evidence", "away", "mails", "history"]
STAFF = ["standing", "years", "cards", "away"]


def known_of(house: House, employee_id: str) -> Sequence[Card]:
    """Somebody's cards."""
    with house.database.read() as connection:
        return known_cards(connection, [employee_id])[employee_id].cards


def page(house: House, role: str, grant: Grant | None = None, day: str = "") -> str:
    """Ana's page."""
    answer = house.signed_in(role, grant).get(f"/people/{ANA}{day}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor", "staff"])
def test_each_part_is_for_whoever_may_see_it(house: House, role: str) -> None:
    """The list at the top names those parts that there are, in their order, and leads to them."""
    text = page(house, role)
    nav = text.split('aria-label="Parts of this page"')[1].split("</nav>")[0]
    listed = re.findall(r'href="#([^"]+)"', nav)
    assert listed == (STAFF if role == "staff" else PARTS)
    assert re.findall(r'<h2 id="([^"]+)"', text) == listed
    assert ("/record/" in text) is (role in ("administrator", "educator", "manager"))
    assert ("/record/exemption/" in text) is (role == "educator")


def test_staff_read_their_own_record_without_names_of_others(house: House) -> None:
    """Their cards, leave, exemptions and classes; neither who recorded nor who approved."""
    take_in(house.database, card(ANA, "2025-01-05", number="250105001001"))
    take_in(house.database, away(ANA, "2025-07-01"))
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", reason="Wrist", approver="Dr. Cote"))
    send(house, house.signed_in("manager"), f"/record/class/{ANA}", type="ACLS", class_on="2025-07-09")
    text = page(house, "staff")
    for shown in ("250105001001", "1 Jul 2025 to open", "through 31 Dec 2025", "9 Jul 2025"):
        assert shown in text, shown
    for hidden in ("Cote", "Wrist", "manager@", "tester"):
        assert hidden not in text, hidden


def test_a_manager_sees_only_what_is_about_the_units(house: House) -> None:
    """Of somebody who works in two: no standing, bar, exemption of the other; the card is the person's."""
    take_in(house.database, post(ANA, "OR", "2025-01-01"), other_unit="also")
    take_in(house.database, card(ANA, "2025-01-05", number="250105001001"))
    take_in(house.database, excused(ANA, "2025-01-01", "2025-12-31", "acls"))
    text = page(house, "or", Grant(Role.MANAGER, ("OR",)))
    assert ("bls" in text, "250105001001" in text) == (True, True)
    # As a requirement; the type of a card is in capitals.
    assert ("acls" in text, "ICU" in text) == (False, False)
    assert "No exemption is on record." in text


def test_every_bar_leads_to_words(house: House) -> None:
    """Each link within the page leads to something in it; the words say from when until when, where, and why."""
    take_in(house.database, card(ANA, "2025-01-05"))
    text = page(house, "manager")
    anchors = set(re.findall(r'href="#([^"]+)"', text))
    assert anchors <= set(re.findall(r'id="([^"]+)"', text))
    bars = [one for one in anchors if one.startswith("bar-")]
    words = re.findall(r'<li id="(bar-\d+)"[^>]*>(.*?)</li>', text)
    assert sorted(bars) == sorted(anchor for anchor, _ in words)
    told = " ".join(said for _, said in words)
    for said in ("<b>current</b>", "5 Jan 2025 to 31 Jan 2027 in <bdi>ICU</bdi>", "ended on 31 Jan 2027."):
        assert said in told, said


def test_the_words_of_a_bar_lead_to_its_first_day(house: House) -> None:
    """The page of that day tells the standing that the bar is drawn for."""
    take_in(house.database, card(ANA, "2025-01-05"))
    browser = house.signed_in("manager")
    text = browser.get(f"/people/{ANA}").text
    [path] = re.findall(r'<b>expired</b> .*<a href="([^"]+)">Look at 15 Feb 2027</a>', text)
    assert path == f"/people/{ANA}?on=2027-02-15"
    assert ">expired</span>" in browser.get(path).text


def test_the_same_days_of_two_assignments_are_one_bar(house: House) -> None:
    """What one requirement asks through both is told once, naming both units."""
    take_in(house.database, post(ANA, "OR", "2025-01-01"), other_unit="also")
    assert "<bdi>ICU and OR</bdi>" in page(house, "educator")


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("2027-01", "Jan 2027"),
        ("2027-01-31", "31 Jan 2027"),
        (None, 'data-label="Printed expiry" class="day-cell">none'),
    ],
)
def test_printed_expiries_are_spoken(house: House, stated: str | None, said: str) -> None:
    """A month as a month, a day as a day, and that none is printed."""
    take_in(house.database, card(ANA, "2025-01-05", stated))
    assert said in page(house, "manager")
    assert str(stated) not in page(house, "staff")


@pytest.mark.parametrize("role", ["educator", "staff"])
def test_the_answer_shown_is_the_one_by_which_the_card_counts(house: House, role: str) -> None:
    """The latest by the day of checking; one entered late about an earlier day changes neither. Revoked stays so."""
    take_in(house.database, card(ANA, "2025-01-05", number="250105001001"))
    [known] = known_of(house, ANA)

    def answer(said: Answer, checked_on: date, revoked_from: date | None = None) -> None:
        verify_card(house.database, BOSS, ANA, Verification(0, known.id, said, revoked_from, checked_on, "x", "page"))

    answer("confirmed", date(2025, 6, 10))
    answer("not_found", date(2025, 5, 1))
    browser = house.signed_in(role)
    text = browser.get(f"/people/{ANA}").text
    assert (">confirmed, checked 10 Jun 2025" in text, "counts for nothing" in text) == (True, False)
    answer("revoked", date(2025, 6, 11), date(2025, 6, 1))
    answer("confirmed", date(2025, 6, 12))
    text = browser.get(f"/people/{ANA}").text
    assert ("revoked from 1 Jun 2025, checked 11 Jun 2025" in text, "31 May 2025" in text) == (True, True)


def test_empty_parts_say_what_to_do(house: House) -> None:
    """To whoever may do it; the others read that there is nothing."""
    mine, hers = page(house, "manager"), page(house, "staff")
    assert "No card is on record; add the first one, or import a list." in mine
    assert "No card is on record." in hers
    for said in ("No leave is on record.", "No exemption is on record.", "No class is booked."):
        assert said in mine, said
        assert said in hers, said


def test_what_follows_a_standing_is_named(house: House) -> None:
    """A card that would last is no use beside a leave that begins before; what is wrong lasts as things are."""
    take_in(house.database, card(ANA, "2025-01-05", number="250105001001"))
    take_in(house.database, away(ANA, "2025-06-20", "2025-06-25"))
    text = page(house, "manager")
    assert "; through 19 Jun 2025, in 4 days, then on leave" in text
    assert "; as things are, through 19 Jun 2025, in 4 days, then on leave" in text


def test_a_card_that_counts_longer_than_is_printed_says_so(house: House) -> None:
    """Cards of the AHA count to the end of their month."""
    take_in(house.database, card(ANA, "2025-01-05", stated="2027-01-05"))
    assert "Printed to end on 5 Jan 2027; by the policy it counts through 31 Jan 2027." in page(house, "manager")


def test_a_person_whom_nothing_asks_has_a_page(house: House) -> None:
    """Without the timeline, and without the link to it."""
    take_in(house.database, post("9001", "Kitchen", "2025-01-01", role="Cook"))
    text = house.signed_in("educator").get("/people/9001").text
    assert "No requirement asks anything of this person" in text
    assert 'href="#years"' not in text


def test_looking_changes_nothing(house: House) -> None:
    """A page, whoever looks at it, adds no entry to the trail."""
    browsers = [house.signed_in(role) for role in ("educator", "manager", "auditor", "staff")]
    before = changes_in(house.database)
    for browser in browsers:
        for day in ("", "?on=2025-01-01", "?on=2027-01-01"):
            assert browser.get(f"/people/{ANA}{day}").status_code == 200
    assert changes_in(house.database) == before


def test_what_is_typed_stays_text(house: House) -> None:
    """Markup in an issuer, a reason, a file's name, wherever it is shown again; in a form that is refused, too."""
    browser = house.signed_in("educator")
    typed = {"type": "BLS", "issuer": MARKUP, "stated": "2027-01", "number": MARKUP}
    refused = send(house, browser, f"/record/card/{ANA}", **typed | {"issued_on": MARKUP}).text
    send(house, browser, f"/record/card/{ANA}", **typed, issued_on="2025-01-05")
    send(house, browser, f"/record/evidence/{ANA}", files={"file": (MARKUP, b"%PDF-" + b"x")}, card="")
    send(house, browser, f"/record/evidence/{ANA}", files={"file": (MARKUP, b"\x89PNG\r\n\x1a\n")}, card="")
    days = {"requirement": "bls", "starts_on": "2025-01-01", "until": "2025-12-31"}
    send(house, browser, f"/record/exemption/{ANA}", **days, approver=MARKUP, reason=MARKUP)
    forms = ("record/correct-card/1", "record/attach-evidence/1", "record/end-exemption/1", "history-of", "people")
    for text in (refused, *(browser.get(f"/{path}/{ANA}").text for path in forms)):
        assert "<script>alert" not in text
        assert Reader(text).wrong == []
    assert refused.count("&lt;script&gt;alert") == 4
