"""A mail as it goes over the wire: its headers, its parts, and what cannot be smuggled into it."""

from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notify.letters import INSTANT, SENDER, letter
from tracker.domain.errors import BadInput
from tracker.notify.contexts import KINDS, Mail, ManagerDigest
from tracker.notify.message import build
from tracker.notify.render import Rendered, render

PLAIN = Rendered("Your BLS ends", "Text\n", "<p>Text</p>")
NOT_ADDRESSES = [
    "",
    "anna",
    "anna@",
    "@example.org",
    "anna@example.org\nBcc: all@example.org",
    "anna@example.org\r\n\r\nHello",
    "anna@example.org, all@example.org",
    "anna@example.org;all@example.org",
    "Anna <anna@example.org>",
    "anna @example.org",
    "an\x00na@example.org",
]


def received(message: EmailMessage) -> EmailMessage:
    """The mail as a receiver's program reads it."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_the_headers_say_who_when_and_that_a_machine_wrote_it() -> None:
    """No other header than these."""
    message = received(letter(7, to=("a@example.org", "b@example.org"), cc=("c@example.org",)))
    assert message["To"] == "a@example.org, b@example.org"
    assert message["Cc"] == "c@example.org"
    assert message["From"] == SENDER
    assert message["Message-ID"] == "<7@example.org>"
    assert message["Date"].datetime == INSTANT
    assert message["Auto-Submitted"] == "auto-generated"
    names = "From To Cc Subject Date Message-ID Auto-Submitted X-Auto-Response-Suppress MIME-Version Content-Type"
    assert sorted(message.keys()) == sorted(names.split())


@pytest.mark.parametrize("sender", [SENDER, "Jürgen Ä <j@example.org>"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_remembered_of_other_mails_changes_no_byte(kind: type[Mail], sender: str) -> None:
    """A second mail is written as the library would write it that has seen none before."""
    for number in (1, 2):
        rendered = render(kind.sample())
        message = build(rendered, ["a@example.org"], [], sender, f"<{number}@example.org>", INSTANT)
        assert message.as_bytes() == message.as_bytes(policy=policy.SMTP)


@pytest.mark.parametrize("kind", KINDS)
def test_text_comes_first_and_html_after_it(kind: type[Mail]) -> None:
    """Both arrive as they were rendered, whatever the script."""
    rendered = render(kind.sample())
    message = received(letter(rendered=rendered))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().splitlines() == rendered.text.splitlines()
    assert html.get_content().splitlines() == rendered.html.splitlines()
    # A long one is folded, and a fold reads as a space.
    assert message["Subject"].strip() == rendered.subject


def test_every_server_can_pass_it_on() -> None:
    """Seven bits, short lines, proper line ends, however long the lines of the HTML are."""
    raw = letter(rendered=render(ManagerDigest.sample())).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert raw.count(b"\n") == raw.count(b"\r\n")


@pytest.mark.parametrize(
    "subject",
    [
        "Your BLS ends\r\nBcc: all@example.org",
        "Your BLS ends\n\nHello",
        "=?utf-8?q?Your_BLS=0D=0ABcc:_all=40example.org?=",
        "=?utf-8?b?WW91ciBCTFMNCkJjYzogYWxsQGV4YW1wbGUub3Jn?=",
        "山" * 200 + "\u2028Bcc: all@example.org",
        "Your\x00BLS\x0b\x0c\x1c\x85ends \ud800",
    ],
)
def test_a_subject_stays_one_header(subject: str) -> None:
    """A line break in it, written out or encoded, starts no other header and no body."""
    message = received(letter(rendered=PLAIN._replace(subject=subject)))
    assert "Bcc" not in message
    assert len(message["Subject"].splitlines()) == 1
    assert message.get_body(("plain",)).get_content().strip() == "Text"  # type: ignore[union-attr]


@pytest.mark.parametrize("address", NOT_ADDRESSES)
@pytest.mark.parametrize("field", ["to", "cc", "reply_to"])
def test_what_is_no_address_is_refused_without_being_repeated(field: str, address: str) -> None:
    """An error may be logged, and an address is a person's."""
    fields: dict[str, Sequence[str]] = {"to": ["anna@example.org"], "cc": [], "reply_to": [], field: [address]}
    with pytest.raises(BadInput) as caught:
        build(PLAIN, fields["to"], fields["cc"], SENDER, "<1@example.org>", INSTANT, fields["reply_to"])
    assert "anna@" not in str(caught.value)
    assert "all@" not in str(caught.value)


@pytest.mark.parametrize("sender", ["", "cards", "Cards <cards@example.org>\nBcc: all@example.org", "A <b> <c@d>"])
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    """The error names the setting."""
    with pytest.raises(BadInput, match="TRACKER_MAIL_FROM"):
        letter(sender=sender)


@pytest.mark.parametrize(
    "sender", ["cards@example.org", "Żak, Ewa <cards@example.org>", '"Żak, Ewa" <cards@example.org>']
)
def test_a_sender_may_have_a_name(sender: str) -> None:
    """With or without quotes round a comma it is one sender."""
    (address,) = received(letter(sender=sender))["From"].addresses
    assert address.addr_spec == "cards@example.org"


@pytest.mark.parametrize("message_id", ["", "1@example.org", "<1>", "<1@example.org>\nBcc: a@example.org", "<a b@c>"])
def test_the_caller_gives_a_proper_message_id_and_an_instant(message_id: str) -> None:
    """Both are the program's own: a wrong one is a mistake in it."""
    with pytest.raises(ValueError, match="message id"):
        build(PLAIN, ["a@example.org"], [], SENDER, message_id, INSTANT)
    with pytest.raises(ValueError, match="time zone"):
        build(PLAIN, ["a@example.org"], [], SENDER, "<1@example.org>", datetime(2028, 1, 1))  # noqa: DTZ001 - on purpose


def test_answers_can_go_to_people() -> None:
    """A nurse who answers with a photo of her card reaches her manager."""
    message = build(PLAIN, ["a@example.org"], [], SENDER, "<1@example.org>", INSTANT, ["icu@example.org"])
    assert received(message)["Reply-To"] == "icu@example.org"
