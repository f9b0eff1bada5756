"""A mail as it goes over the wire: its headers, its parts, and what cannot be smuggled into it."""

from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.letters import INSTANT, SENDER, letter, received
from tracker.domain.errors import BadInput
from tracker.notify.calendar import CalendarFile
from tracker.notify.contexts import KINDS, Mail, ManagerDigest
from tracker.notify.message import build, header_text
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


def by_library(rendered: Rendered, to: Sequence[str], reply_to: Sequence[str], wide: bool) -> bytes:
    """The same mail as the standard library writes it, part by part."""
    message = EmailMessage(policy=policy.SMTPUTF8 if wide else policy.SMTP)
    message["From"] = SENDER
    for name, addresses in (("To", to), ("Reply-To", [one for one in reply_to if wide or one.isascii()])):
        if addresses:
            message[name] = [Address("", *one.rsplit("@", 1)) for one in addresses]
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(INSTANT)
    message["Message-ID"] = "<1@example.org>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    for file in rendered.files:
        params = {"method": "PUBLISH", "name": file.name}
        message.add_attachment(file.content, subtype="calendar", cte="base64", filename=file.name, params=params)
    return message.as_bytes()


def headers(content: bytes) -> bytes:
    """The headers but for those that say how the mail is put together."""
    return content.partition(b"MIME-Version")[0]


def parts(message: EmailMessage) -> list[tuple[str, str | None, str | None, str | None, list[str]]]:
    """What a reader sees of each part, boundaries aside."""
    return [
        (
            part.get_content_type(),
            part.get_param("charset"),  # type: ignore[misc] # of a plain text, as all of ours are
            part.get_content_disposition(),
            part.get_filename(),
            [] if part.is_multipart() else part.get_content().splitlines(),
        )
        for part in message.walk()
    ]


# Letters of many scripts, and what means something in mails.
TEXTS = st.text(st.characters(exclude_categories=["C"]) | st.sampled_from("=?.-\\ \"',;:@äż山"), max_size=200)
LINES = st.lists(TEXTS | st.sampled_from([".", "..", "--", "From x", "=20", "--=_words_"]), max_size=8).map("\n".join)
USERS = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~żé-]{1,30}(\.[A-Za-z0-9=?-]{1,30})?", fullmatch=True)
ADDRESSES = st.builds(
    lambda user, host: f"{user}@{host}.example", USERS, st.sampled_from(["a", "spital-zürich", "x" * 40])
)
FILES = st.lists(st.builds(CalendarFile, st.just("BLS-last-day-2028-06-30.ics"), LINES.map(lambda text: text + "\r\n")))


@given(TEXTS, LINES, LINES, FILES, st.lists(ADDRESSES, min_size=1, max_size=4), st.lists(ADDRESSES, max_size=4))
def test_a_mail_reads_as_the_library_would_have_written_it(
    subject: str, text: str, html: str, files: list[CalendarFile], to: list[str], reply_to: list[str]
) -> None:
    """Its headers to the byte and its parts as a reader sees them, whatever the data; the reader finds no fault."""
    rendered = Rendered(header_text(subject), text, html, tuple(files))
    mine = build(rendered, to, [], SENDER, "<1@example.org>", INSTANT, reply_to)
    theirs = by_library(rendered, to, reply_to, mine.is_wide)
    assert headers(mine.content) == headers(theirs)
    assert mine.receivers == tuple(dict.fromkeys(Address("", *one.rsplit("@", 1)).addr_spec for one in to))
    read = received(mine)
    assert parts(read) == parts(message_from_bytes(theirs, policy=policy.default))
    assert all(part.defects == [] for part in read.walk())


def test_an_answer_to_a_wide_address_is_no_broken_header() -> None:
    """A mail to a plain address leaves such a manager out of Reply-To; one to a wide address has both."""
    wide, plain = "manager.of.the.intensive.care@spital-zürich.example", "b@a.example"
    to_plain = received(build(PLAIN, ["0@a.example"], [], SENDER, "<1@example.org>", INSTANT, [wide, plain]))
    to_wide = build(PLAIN, ["ż@a.example"], [], SENDER, "<1@example.org>", INSTANT, [wide, plain])
    assert to_plain["Reply-To"] == plain
    assert wide in headers(to_wide.content).decode()
    assert to_plain.get_content_type() == received(to_wide).get_content_type() == "multipart/alternative"


@given(st.lists(ADDRESSES, min_size=1, max_size=4), TEXTS)
def test_no_line_is_longer_than_servers_take(to: list[str], text: str) -> None:
    """Whoever it goes to, and whatever it says; nothing but seven bits where no address asks for more."""
    sent = build(PLAIN._replace(text=text), to, [], SENDER, "<1@example.org>", INSTANT)
    assert max(map(len, sent.content.split(b"\r\n"))) <= 998
    assert sent.is_wide or sent.content.isascii()
    assert sent.content.count(b"\n") == sent.content.count(b"\r") == sent.content.count(b"\r\n")


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
    raw = letter(rendered=render(ManagerDigest.sample())).content
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
    assert message.get_body(("plain",)).get_content().strip() == "Text"  # type: ignore[union-attr] # it has one


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
