"""What mail programs make of the HTML: what they cut off, drop, or cannot break."""

import re
from datetime import date

import pytest

from notify.told import Page
from tracker.notify.contexts import KINDS, Expiring, Lapse, Mail, ManagerDigest, Person, UnitDigest
from tracker.notify.contexts.parts import BLS, WITH_BLS
from tracker.notify.render import render

# Gmail shows so much of a mail, and a link to the rest; and drops a style sheet that is longer than this.
GMAIL_SHOWS = 102 * 1024
GMAIL_KEEPS = 8192
SAMPLES = [kind.sample() for kind in KINDS]
each_sample = pytest.mark.parametrize("mail", SAMPLES, ids=[mail.kind for mail in SAMPLES])


def digest(rows: int) -> ManagerDigest:
    """A digest of one unit: half of its people out of compliance, half with a card that ends, all with much to say."""
    people = [Person(f"{number:06d}", f"Wilhelmina Vandersteen-Achterberg {number}", "RN") for number in range(rows)]
    june, july, booked = date(2028, 6, 30), date(2028, 7, 31), date(2028, 7, 20)
    out = [Lapse(one, "ICU", "BLS", "ended", june, date(2028, 7, 1), WITH_BLS, booked) for one in people[::2]]
    ending = [Expiring(one, "BLS", july, WITH_BLS, booked) for one in people[1::2]]
    return ManagerDigest(date(2028, 7, 3), (UnitDigest("ICU", tuple(out), expiring=tuple(ending)),), (BLS,))


def test_a_digest_of_a_hundred_lines_is_shown_whole() -> None:
    """By Gmail, which cuts a mail off at 102 KB."""
    assert len(render(digest(100)).html.encode()) < GMAIL_SHOWS


def test_what_is_cut_off_of_a_longer_digest_is_not_what_matters_most() -> None:
    """The counts, and whoever is out of compliance, come before whatever is behind the link."""
    mail = digest(200)
    shown = Page(render(mail).html[: GMAIL_SHOWS // 2]).text
    assert "Out of compliance 100" in shown
    assert "Ends soon 100" in shown
    assert shown.index("Ends soon") < shown.index(str(mail.units[0].out[0].person.name))


@each_sample
def test_gmail_keeps_the_rules_for_phones(mail: Mail) -> None:
    """They are shorter than the longest style sheet that it keeps, and hold nothing but such rules."""
    (sheet,) = re.findall(r"<style[^>]*>(.*?)</style>", render(mail).html, re.DOTALL)
    assert len(sheet) < GMAIL_KEEPS
    assert re.findall(r"^@media.*|(?<=} )@media.*", sheet, re.MULTILINE) != []


@each_sample
def test_a_page_names_its_characters_where_a_browser_looks(mail: Mail) -> None:
    """Within the first kilobyte, for those who keep a sample or a mail as a file."""
    assert b'charset="utf-8"' in render(mail).html.encode()[:1024]


@each_sample
def test_no_word_is_too_long_for_a_phone(mail: Mail) -> None:
    """Tables that hold text have a fixed layout, in which a word without an end is broken."""
    page = Page(render(mail).html)
    holding = [
        table for table in page.named("table") if (table.get("class") or "").split()[0] in ("sheet", "item", "rows")
    ]
    assert holding
    assert all("table-layout: fixed" in (table["style"] or "") for table in holding)
    assert "overflow-wrap: break-word" in render(mail).html


@each_sample
def test_outlook_is_given_what_it_understands(mail: Mail) -> None:
    """A width of its own, as it knows no largest width; and a font in each cell, as it hands none down."""
    html = render(mail).html
    assert '<!--[if mso]><table role="presentation" width="640"' in html
    cells = [
        cell for tag in ("td", "th") for cell in Page(html).named(tag) if "around" not in (cell.get("class") or "")
    ]
    assert all("font-family" in (cell["style"] or "") for cell in cells)
    assert not re.search(r"var\(|calc\(|position:|float:|rgba\(", html)


def test_people_stand_one_below_the_other_on_a_phone() -> None:
    """There each row is a name with what concerns it below; the table of counts stays a table."""
    page = Page(render(ManagerDigest.sample()).html)
    tables = [table["class"] for table in page.named("table") if (table.get("class") or "").startswith("rows")]
    assert tables[0] == "rows"
    assert set(tables[1:]) == {"rows people"}
