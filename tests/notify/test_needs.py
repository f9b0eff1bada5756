"""What a member of staff is told, case by case, in subject, text and HTML alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from notify.told import Page, flat
from tracker.notify.contexts import How, Need, StaffReminder, Trouble
from tracker.notify.contexts.parts import BLS, BLS_RULE, WITH_BLS
from tracker.notify.languages import find_language, shipped
from tracker.notify.render import render

TODAY = date(2028, 6, 16)
END = date(2028, 6, 30)


def need(how: How | Trouble, last_day: date | None = END, booked_on: date | None = None) -> Need:
    """One need about BLS."""
    return Need("BLS", BLS.title, how, last_day, (BLS_RULE,), (BLS,), booked_on=booked_on)


def said(mail: StaffReminder) -> list[str]:
    """Text and HTML, each as one line."""
    words = render(mail)
    return [flat(words.text), Page(words.html).text]


@pytest.mark.parametrize(
    ("how", "last_day", "subject"),
    [
        ("card", END, "Your BLS ends on 30 June 2028 (in 14 days)"),
        ("card", TODAY, "Your BLS ends on 16 June 2028 (today)"),
        ("card", TODAY + timedelta(days=1), "Your BLS ends on 17 June 2028 (tomorrow)"),
        ("card", date(2028, 2, 29), "Your BLS ends on 29 February 2028 (108 days ago)"),
        ("renewal", END, "Renew your BLS by 30 June 2028 (in 14 days)"),
        ("grace", END, "Your BLS has ended: renew it by 30 June 2028 (in 14 days)"),
        ("exemption", END, "BLS: your exemption ends on 30 June 2028 (in 14 days)"),
        ("newcomer", END, "BLS: bring your card by 30 June 2028 (in 14 days)"),
        ("change", END, "BLS: bring your card by 30 June 2028 (in 14 days)"),
        ("ended", date(2028, 6, 15), "Your BLS ended on 15 June 2028 (yesterday)"),
        ("ended", None, "Your BLS has ended"),
        ("missing", date(2028, 6, 1), "BLS: your card was due by 1 June 2028 (15 days ago)"),
        ("missing", None, "BLS: we have no card of yours"),
        ("unconfirmed", None, "BLS: your card is not confirmed yet"),
    ],
)
def test_the_subject_says_the_thing_and_so_does_the_mail(
    how: How | Trouble, last_day: date | None, subject: str
) -> None:
    """What, the day, and how far it is."""
    mail = StaffReminder(TODAY, "Anna", ahead=(need(how, last_day),))
    assert render(mail).subject == subject
    assert all(subject in words for words in said(mail))


GRACE = {
    "en": "You have time through {}, the last day of grace.",
    "de": "Sie haben noch bis zum {} Zeit: mit diesem Tag endet die Nachfrist.",
}


@pytest.mark.parametrize("language", shipped())
@pytest.mark.parametrize(("days", "last"), [(0, "16 June 2028"), (1, "17 June 2028"), (40, "26 July 2028")])
def test_grace_is_spoken_of_alike_however_long_it_is(language: str, days: int, last: str) -> None:
    """A policy may give a day of it or forty; in every language that ships."""
    mail = StaffReminder(TODAY, "Anna", ahead=(need("grace", TODAY + timedelta(days=days)),))
    words = render(mail, find_language(language))
    said_last = last if language == "en" else last.replace(" ", ". ", 1).replace("June", "Juni").replace("July", "Juli")
    assert all(GRACE[language].format(said_last) in each for each in (flat(words.text), Page(words.html).text))


def test_several_needs_are_one_mail() -> None:
    """The subject names the most urgent and counts the others; each stands in the mail under its label."""
    mail = StaffReminder(TODAY, "Anna", (need("ended", date(2028, 6, 1)),), (need("card"),), (need("newcomer"),))
    assert render(mail).subject == "Your BLS ended on 1 June 2028 (15 days ago), and 2 more"
    for words in said(mail):
        assert words.index("3 things") < words.lower().index("overdue") < words.lower().index("ends soon")
        assert words.lower().index("ends soon") < words.lower().index("new for you")


def test_one_card_that_ends_names_all_that_hangs_on_it() -> None:
    """Three requirements, one item; the two cards that count only beside it are named."""
    mail = StaffReminder(TODAY, "Anna", ahead=(need("card")._replace(required_by=WITH_BLS),))
    for words in said(mail):
        assert "ACLS for acute care (Policy HR-204 section 3): your ACLS counts only beside a current BLS" in words
        assert "PALS for the code team (Policy HR-204 section 5): your PALS counts only beside" in words
        assert words.count("your BLS counts") == 0


@pytest.mark.parametrize(
    ("how", "last_day", "booked_on", "told"),
    [
        ("card", END, date(2028, 7, 5), "Your class on 5 July 2028 comes too late: 5 days after the end."),
        ("card", END, date(2028, 7, 1), "comes too late: 1 day after the end."),
        ("newcomer", END, END, "on 30 June 2028, in 14 days, in good time."),
        ("ended", date(2028, 6, 1), date(2028, 6, 20), "on 20 June 2028, in 4 days. Send the new card as soon as"),
        ("missing", None, date(2028, 6, 20), "on 20 June 2028, in 4 days. Send the new card as soon as"),
        ("ended", date(2028, 6, 1), date(2028, 6, 14), "You had a class on 14 June 2028."),
    ],
)
def test_a_class_on_file_is_spoken_of(how: How | Trouble, last_day: date | None, booked_on: date, told: str) -> None:
    """Above all one that comes after the end."""
    mail = StaffReminder(TODAY, "Anna", ahead=(need(how, last_day, booked_on),))
    assert all(told in words for words in said(mail))


def test_it_says_where_to_book_and_where_the_proof_goes() -> None:
    """A button with its address in full, and the managers' addresses."""
    mail = StaffReminder(TODAY, "Anna", ahead=(need("card"),), proof_to=("icu@example.org", "deputy@example.org"))
    assert [link["href"] for link in Page(render(mail).html).named("a")] == [
        *[BLS.renew_at] * 2,
        *["mailto:icu@example.org", "mailto:deputy@example.org"],
    ]
    for words in said(mail):
        assert f"{BLS.renew_at}" in words
        assert "to one of these addresses:" in words


def test_it_does_without_what_is_not_known() -> None:
    """No name, no place to book, no manager: still plain what to do."""
    bare = need("card")._replace(any_of=(BLS._replace(renew_at=None, title=None),))
    mail = StaffReminder(TODAY, None, ahead=(bare,))
    for words in said(mail):
        assert words.startswith("Hello,")
        assert "BLS: ask your manager where to book" in words
        assert "readable, to your manager." in words


def test_a_choice_and_what_goes_beside_it() -> None:
    """Any one of several cards, and a prerequisite with it."""
    mail = StaffReminder.sample()
    for words in said(replace(mail, overdue=(), ahead=())):
        assert words.index("Book one of these classes") < words.index("ACLS (Advanced") < words.index("ATLS (Advanced")
        assert words.index("ATLS (Advanced") < words.index("Depending on the class") < words.index("beside ACLS:")


def test_the_first_words_in_the_list_of_mails_say_what_to_do() -> None:
    """The preheader is what a phone shows under the subject."""
    html = render(StaffReminder.sample_of_one()).html
    assert "Book BLS, then send the new card to icu.manager@hospital.example.org." in html
