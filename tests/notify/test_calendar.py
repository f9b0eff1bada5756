"""The calendar files of a reminder: read back by a calendar's own rules, and as bytes."""

import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from notify.letters import INSTANT, letter, received
from notify.told import Page, flat
from tracker.notify.calendar import CalendarFile, Origin
from tracker.notify.contexts import How, Need, StaffReminder
from tracker.notify.contexts.parts import BLS, BLS_RULE, ZANETA
from tracker.notify.languages import english
from tracker.notify.lines import one_line
from tracker.notify.render import render

TODAY = date(2028, 6, 16)
END = date(2028, 6, 30)
ANNA = Origin("17", "cards@example.org", INSTANT)
NASTY = "BLS\r\nATTENDEE:mailto:all@example.org\nEND:VEVENT; , \\n \x00\u2028 =1+1"


def mail(need: Need, day: date = TODAY) -> StaffReminder:
    """A reminder of one need ahead."""
    return StaffReminder(day, ZANETA.name, ahead=(need,), proof_to=("icu@example.org",))


def bls(last_day: date | None = END, how: How = "card") -> Need:
    """A need about BLS."""
    return Need("BLS", BLS.title, how, last_day, (BLS_RULE,), (BLS,), cause="BLS")


def files(told: StaffReminder, origin: Origin = ANNA) -> tuple[CalendarFile, ...]:
    """The files of a reminder in English."""
    return render(told, english(), origin).files


def entry(told: StaffReminder, origin: Origin = ANNA) -> Any:
    """The one entry of a reminder's one file."""
    (file,) = files(told, origin)
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    return event


def sent(told: StaffReminder) -> EmailMessage:
    """The mail with its files, as a receiver's program reads it."""
    return received(letter(rendered=render(told)._replace(files=files(told))))


def test_the_last_valid_day_is_a_day_of_its_own_in_the_calendar() -> None:
    """All day, on that day and no other, blocking no time, and private in a calendar that others see."""
    event = entry(mail(bls()))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (END, END + timedelta(days=1))
    assert (event["TRANSP"], event["CLASS"]) == ("TRANSPARENT", "PRIVATE")
    assert event["DTSTAMP"].dt == INSTANT
    assert event["SUMMARY"] == "BLS: last valid day"
    assert event["URL"] == BLS.renew_at


@pytest.mark.parametrize("last_day", [date(2028, 2, 29), date(2027, 12, 31), date(2028, 3, 12)])
def test_it_is_that_day_everywhere(last_day: date) -> None:
    """On a leap day, at a year's end, on the night on which clocks change: a day without an hour or a zone."""
    (file,) = files(mail(bls(last_day), date(2027, 12, 1)))
    assert f"DTSTART;VALUE=DATE:{last_day:%Y%m%d}\r\n" in file.content
    assert "TZID" not in file.content


def test_the_entry_says_what_to_do() -> None:
    """Where to book, what proof to send, to whom, and when it was written."""
    said = entry(mail(bls()))["DESCRIPTION"]
    for words in ("counts is 30 June 2028", BLS.renew_at, "photo or PDF", "icu@example.org", "written on 16 June 2028"):
        assert str(words) in said
    assert "\n\n\n" not in said


@pytest.mark.parametrize(
    ("how", "title"),
    [
        ("card", "BLS: last valid day"),
        ("renewal", "BLS: last day to renew it"),
        ("grace", "BLS: last day of grace"),
        ("exemption", "BLS: last day of your exemption"),
        ("newcomer", "BLS: last day to bring your card"),
        ("change", "BLS: last day to bring your card"),
    ],
)
def test_the_title_says_what_ends(how: How, title: str) -> None:
    """A card, a grace, an exemption, a newcomer's time."""
    assert entry(mail(bls(how=how)))["SUMMARY"] == title
    assert how in get_args(How)


def test_a_later_mail_moves_the_entry() -> None:
    """After the renewal the same entry, in a higher version, on the new day: never two that contradict each other."""
    before = entry(mail(bls(END)))
    after = entry(mail(bls(date(2030, 6, 30)), date(2030, 4, 1)))
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]


def test_the_same_mail_sent_twice_is_the_same_entry() -> None:
    """A second try puts nothing new into a calendar."""
    assert files(mail(bls())) == files(mail(bls()))


def test_people_and_causes_have_entries_of_their_own() -> None:
    """Two cards of one person, and one card of two people, do not overwrite each other."""
    other = bls()._replace(cause="ACLS")
    uids = {entry(mail(need), ANNA._replace(owner=owner))["UID"] for need in (bls(), other) for owner in ("17", "18")}
    assert len(uids) == 4


def test_nothing_in_it_names_the_person() -> None:
    """Not the name, not a number: whoever sees the file learns what ends, and not whose."""
    (file,) = files(mail(bls()), ANNA._replace(owner="4711004512"))
    assert "4711004512" not in file.content
    assert "aneta" not in file.content
    assert re.search(r"^UID:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\r$", file.content, re.MULTILINE)


@pytest.mark.parametrize("last_day", [TODAY, TODAY - timedelta(days=1)])
def test_there_is_none_for_a_day_that_is_not_to_come(last_day: date) -> None:
    """Today's mail is reminder enough, and the past is no appointment; nor does the mail speak of a file then."""
    told = mail(bls(last_day))
    assert files(told) == ()
    assert sent(told).get_content_type() == "multipart/alternative"
    assert "calendar" not in render(told).text


def test_what_is_overdue_has_none() -> None:
    """Its day is past."""
    told = replace(mail(bls()), ahead=(), overdue=(bls(),))
    assert files(told) == ()


def test_a_title_can_add_no_line_of_its_own() -> None:
    """Line breaks, semicolons and commas in a requirement's title stay text."""
    told = mail(Need(NASTY, None, "newcomer", END, (BLS_RULE,), (), cause=NASTY))
    event = entry(told)
    assert set(event) == set(entry(mail(bls()))) - {"URL"}
    assert event["SUMMARY"].startswith("BLS ATTENDEE:mailto:all@example.org END:VEVENT; , \\n")
    assert re.fullmatch(r"[A-Za-z0-9-]+\.ics", files(told)[0].name)


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ;,:é山"), min_size=1, max_size=300))
def test_a_file_is_what_the_library_would_have_written(title: str) -> None:
    """Read and written again by it, it is the same to the byte, and the title in it is the title."""
    title = one_line(title)
    (file,) = files(mail(Need(title, None, "newcomer", END, (BLS_RULE,), (BLS,), cause="BLS")))
    read = Calendar.from_ical(file.content)
    (event,) = read.walk("VEVENT")
    assert event["SUMMARY"] == f"{title}: last day to bring your card"
    # Before some signs the library ends a line sooner than it has to.
    if not set(title) & set("\\^"):
        assert read.to_ical().decode() == file.content


@pytest.mark.parametrize("told", [StaffReminder.sample(), StaffReminder.sample_of_one()])
def test_the_file_keeps_the_standard(told: StaffReminder) -> None:
    """Lines of at most 75 bytes that end as they should; what a published entry needs; one entry a file, as Outlook
    reads no more."""
    for file in files(told):
        lines = file.content.split("\r\n")
        assert max(len(line.encode()) for line in lines) <= 75
        assert "\n" not in file.content.replace("\r\n", "")
        for line in ("VERSION:2.0", "METHOD:PUBLISH", "ORGANIZER:mailto:cards@example.org"):
            assert lines.count(line) == 1
        assert lines.count("BEGIN:VEVENT") == 1


def test_a_mail_with_files_holds_text_and_html_and_then_the_files() -> None:
    """Mixed around alternative, so that every program shows the words and then the files."""
    told = StaffReminder.sample()
    message = sent(told)
    assert message.get_content_type() == "multipart/mixed"
    words, *attached = message.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in attached] == [file.content for file in files(told)]
    assert [part.get_filename() for part in attached] == [file.name for file in files(told)]
    for part in attached:
        assert part.get_content_disposition() == "attachment"
        assert re.fullmatch(
            r'text/calendar; charset="utf-8"; method="PUBLISH"; name="[\w.-]+"', " ".join(part["Content-Type"].split())
        )


def test_the_bytes_of_a_file_arrive_as_they_were_written() -> None:
    """Line ends included, whatever servers do to the lines of a mail."""
    told = StaffReminder.sample_of_one()
    raw = letter(rendered=render(told)._replace(files=files(told))).content
    (part,) = message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=policy.default).iter_attachments()
    assert part.get_payload(decode=True) == files(told)[0].content.encode()


@pytest.mark.parametrize(
    ("told", "words"), [(StaffReminder.sample_of_one(), "last day is"), (StaffReminder.sample(), "2 last days are")]
)
def test_the_mail_speaks_of_its_files(told: StaffReminder, words: str) -> None:
    """In text and HTML, with their number."""
    rendered = render(told)
    assert all(f"{words} attached as" in said for said in (flat(rendered.text), Page(rendered.html).text))
