"""The answer to a card that could not be accepted, in subject, text and HTML alike."""

from dataclasses import replace
from datetime import date

import pytest

from notify.told import Page, flat
from tracker.notify.contexts import CardRejected
from tracker.notify.render import render

NASTY = "Wrong card.\r\nBcc: all@example.org\u2028 <script>alert(1)</script> {{ 7 * 7 }}"


def said(mail: CardRejected) -> list[str]:
    """Text and HTML, each as one line."""
    words = render(mail)
    return [flat(words.text), Page(words.html).text]


def test_it_says_what_was_refused_and_why() -> None:
    """The card, the day on which it was handed in, and the educator's own words."""
    mail = CardRejected.sample_of_one()
    assert render(mail).subject == "Your BLS card was not accepted: please send another"
    for words in said(mail):
        assert "the BLS card that you handed in on 14 June 2028, 2 days ago" in words
        assert words.index("not accepted") < words.index("The dates on the photo cannot be read.")


def test_it_says_what_to_send_and_to_whom() -> None:
    """A readable picture, if the educator asked for nothing else; then the addresses."""
    mail = CardRejected.sample_of_one()
    for words in said(mail):
        assert "with your name, the dates and the number readable, to this address:" in words
    for words in said(replace(mail, instead="The back of the card, too.")):
        assert "The back of the card, too. Send it to this address:" in words
        assert "readable" not in words
    assert Page(render(mail).html).named("a")[0]["href"] == f"mailto:{mail.proof_to[0]}"


@pytest.mark.parametrize(
    ("covered_through", "told"),
    [
        (date(2028, 6, 16), "Your BLS on record still counts. Its last valid day is 16 June 2028, today."),
        (date(2028, 6, 30), "Its last valid day is 30 June 2028, in 14 days."),
        (date.max, "Your BLS on record still counts, and has no last day."),
        (None, "No BLS card of yours on record counts today, so please do not wait."),
    ],
)
def test_it_says_whether_there_is_time(covered_through: date | None, told: str) -> None:
    """By the card on record, if one still counts."""
    assert all(told in words for words in said(replace(CardRejected.sample_of_one(), covered_through=covered_through)))


def test_it_does_without_what_is_not_known() -> None:
    """No name, no manager, no place to book: still plain what to do."""
    mail = replace(CardRejected.sample_of_one(), name=None, proof_to=(), courses=())
    for words in said(mail):
        assert words.startswith("Hello,")
        assert "readable, to your manager." in words
        assert "book" not in words.lower()


def test_the_educators_words_stay_words() -> None:
    """Markup, template marks and line breaks in a reason are shown and do nothing."""
    mail = replace(CardRejected.sample_of_one(), reason=NASTY, instead=NASTY)
    shown = "Wrong card. Bcc: all@example.org <script>alert(1)</script> {{ 7 * 7 }}"
    assert all(words.count(shown) == 2 for words in said(mail))
    assert "<script" not in render(mail).html


def test_the_first_words_in_the_list_of_mails_are_the_reason() -> None:
    """The preheader is what a phone shows under the subject."""
    html = render(CardRejected.sample_of_one()).html
    assert "The dates on the photo cannot be read." in html.partition("<h1")[0]
