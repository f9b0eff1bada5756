"""Every kind of mail, rendered for real: text and HTML together."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from notify.told import Page, facts_of, flat, spoken
from tracker.notify.contexts import KINDS, LapseNotice, Mail, StaffReminder, Trouble
from tracker.notify.contexts.parts import ZANETA
from tracker.notify.languages import templates_folder
from tracker.notify.render import render

SAMPLES: dict[str, Mail] = {f"{kind.kind}, long": kind.sample() for kind in KINDS}
SAMPLES |= {f"{kind.kind}, short": kind.sample_of_one() for kind in KINDS}
each_sample = pytest.mark.parametrize("mail", SAMPLES.values(), ids=list(SAMPLES))
ROOT = Path(__file__).parents[2]
# These hold no tables of people.
TO_STAFF = ("staff_reminder", "card_rejected")
NASTY = "Anna\r\nBcc: all@example.org\u2028\x00 \u202egnp.exe <script>alert(1)</script> {{ 7 * 7 }} {% raise %}"


@each_sample
def test_text_and_html_say_every_fact(mail: Mail) -> None:
    """Every name, day, requirement and address of the context stands in both."""
    words = render(mail)
    page = Page(words.html).text
    assert [fact for fact in facts_of(mail) if fact not in flat(words.text)] == []
    assert [fact for fact in facts_of(mail) if fact not in page] == []


@each_sample
def test_text_and_html_name_the_same_days_and_counts(mail: Mail) -> None:
    """Neither says more than the other: the same dates, the same numbers of days."""
    words = render(mail)
    pattern = re.compile(r"\d+ [A-Z][a-z]+ \d{4}|in \d+ days|\d+ days ago|tomorrow|yesterday|day \d+")
    assert set(pattern.findall(flat(words.text))) == set(pattern.findall(Page(words.html).text))


@each_sample
def test_the_html_fetches_nothing_and_runs_nothing(mail: Mail) -> None:
    """No picture, font, sheet or script from anywhere; links lead to the web or to a mail address only."""
    page = Page(render(mail).html)
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"img", "link", "script", "iframe", "object", "embed", "form", "video", "svg"})
    assert not {name for _, attributes in page.tags for name in attributes} & {"src", "srcset", "background"}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert all(re.match(r"https://|mailto:", link["href"] or "") for link in page.named("a"))
    assert "url(" not in render(mail).html
    assert "@import" not in render(mail).html


@each_sample
def test_the_html_is_ready_for_phones_and_dark_screens(mail: Mail) -> None:
    """Styles are written into the tags, while the rules for narrow and dark screens stay in the head."""
    html = render(mail).html
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 480px" in html
    page = Page(html)
    assert all(cell.get("style") for cell in page.named("td"))
    assert not re.search(r"display:\s*(flex|grid)", html)


@each_sample
def test_every_table_of_data_has_header_cells(mail: Mail) -> None:
    """A table is either for looks, and says so, or has a header for each column."""
    page = Page(render(mail).html)
    data = [table for table in page.named("table") if table.get("role") != "presentation"]
    columns = [cell for cell in page.named("th") if cell.get("scope") == "col"]
    rows = [cell for cell in page.named("th") if cell.get("scope") == "row"]
    assert len(columns) == 2 * len(data)
    assert bool(data) == bool(rows) == (mail.kind not in TO_STAFF)
    assert len(page.named("h1")) == 1


@each_sample
def test_the_text_fits_a_narrow_window(mail: Mail) -> None:
    """No line is longer than 78 columns, except for an address that cannot be broken."""
    lines = render(mail).text.splitlines()
    assert [line for line in lines if len(line) > 78 and " " in line.strip()] == []
    assert not any(first == second == "" for first, second in pairwise(lines))


@each_sample
def test_the_subject_is_one_short_line(mail: Mail) -> None:
    """It stands in a list of mails on a phone."""
    subject = render(mail).subject
    assert subject == flat(subject)
    assert 10 < len(subject) < 140


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_of_staff_stands_in_a_subject(kind: type[Mail]) -> None:
    """A subject is read by whoever glances at the screen."""
    names = ("Żaneta", "山田", "García", "Bold", "cmd")
    assert not any(name in render(kind.sample()).subject for name in names)


def test_data_stays_data() -> None:
    """A name with markup, template marks, line breaks and hidden signs is shown and does nothing."""
    notice = LapseNotice.sample_of_one()
    lapse = notice.lapses[0]._replace(person=ZANETA._replace(name=NASTY), what=NASTY)
    words = render(replace(notice, lapses=(lapse,)))
    shown = "Anna Bcc: all@example.org gnp.exe <script>alert(1)</script> {{ 7 * 7 }} {% raise %}"
    assert shown in Page(words.html).text
    assert shown in flat(words.text)
    assert shown in words.subject
    assert "<script" not in words.html
    assert not re.search("^Bcc:|[\u2028\u202e\x00]", words.subject + words.text, re.MULTILINE)
    assert len(words.subject.splitlines()) == 1


@pytest.mark.parametrize("place", ["javascript:alert(1)", "data:text/html,x", "ext. 4711, ask for Ms Żak", "//x.test"])
def test_only_web_and_mail_addresses_become_links(place: str) -> None:
    """Anything else that a policy names as the place to book is shown as words."""
    mail = StaffReminder.sample_of_one()
    need = mail.needs[0]
    course = need.any_of[0]._replace(renew_at=place)
    words = render(replace(mail, ahead=(need._replace(any_of=(course,)),), page=None))
    page = Page(words.html)
    assert [link["href"] for link in page.named("a")] == [f"mailto:{mail.proof_to[0]}"]
    assert place in page.text
    assert place in flat(words.text)


@pytest.mark.parametrize("month", range(1, 13))
def test_months_have_their_names_from_the_templates(month: int) -> None:
    """And not from the machine's locale, which nothing here asks."""
    need = StaffReminder.sample_of_one().needs[0]._replace(last_day=date(2028, month, 1))
    assert spoken(date(2028, month, 1)) in render(StaffReminder(date(2027, 1, 1), None, ahead=(need,))).subject
    sources = [*(ROOT / "templates" / "email").rglob("*.*"), *(ROOT / "tracker" / "notify").rglob("*.py")]
    assert not [source.name for source in sources if "strftime" in source.read_text("utf-8")]


@pytest.mark.parametrize("trouble", get_args(Trouble))
def test_a_manager_reads_what_is_wrong_in_every_case(trouble: Trouble) -> None:
    """With a last valid day and, where there cannot have been one, without."""
    notice = LapseNotice.sample_of_one()
    for last_day in (date(2028, 6, 30), None):
        lapse = notice.lapses[0]._replace(trouble=trouble, last_day=last_day)
        words = render(replace(notice, lapses=(lapse,)))
        told = {"ended": "ended", "missing": "no card on record", "unconfirmed": "not confirmed"}[trouble]
        assert told in flat(words.text)
        assert told in Page(words.html).text
        assert ("30 June 2028, yesterday" in flat(words.text)) == (last_day is not None)


def test_templates_are_found_in_a_checkout_and_in_a_wheel(tmp_path: Path) -> None:
    """Beside the package, or inside it once it is installed."""
    assert templates_folder(ROOT / "tracker") == ROOT / "templates" / "email"
    inside = tmp_path / "tracker" / "templates" / "email"
    inside.mkdir(parents=True)
    assert templates_folder(tmp_path / "tracker") == inside
