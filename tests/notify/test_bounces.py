"""What servers report of mails that did not arrive is read, and nothing is read into it."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.returned import ANA, GONE, HEADERS, NO_REPORTS, NOT_GONE, OURS, POSTFIX, POSTFIX_LOCAL, WIDE, one, report
from tracker.domain.bounces import code_of, is_gone
from tracker.domain.names import address_key
from tracker.notify.bounces import MOST_BYTES, NotReadable, Report, read_bounce

EVERY = [*GONE.values(), *NOT_GONE.values(), *NO_REPORTS.values(), WIDE]


def read(content: bytes) -> Report:
    """What surely is a report."""
    found = read_bounce(content)
    assert found is not None
    return found


def gone(found: Report) -> list[str]:
    """The addresses that are gone."""
    return [address_key(each.address) for each in found.failures if is_gone(each.action, each.status, each.answer)]


@pytest.mark.parametrize("content", GONE.values(), ids=GONE)
def test_an_address_that_is_gone_is_known_by_every_servers_report(content: bytes) -> None:
    """With the mail that came back from it."""
    found = read(content)
    assert (found.message_id, gone(found)) == (OURS, [ANA])


@pytest.mark.parametrize("content", NOT_GONE.values(), ids=NOT_GONE)
def test_what_is_no_fault_of_the_address_does_not_mark_it(content: bytes) -> None:
    """A full mailbox, a delay, the sender's or the mail's own fault, and whatever is not certain."""
    found = read(content)
    assert (found.message_id, len(found.failures), gone(found)) == (OURS, 1, [])


@pytest.mark.parametrize("content", NO_REPORTS.values(), ids=NO_REPORTS)
def test_what_is_no_report_is_none(content: bytes) -> None:
    """An out-of-office answer, a receipt, a report that somebody passes on, a letter."""
    assert read_bounce(content) is None


@pytest.mark.parametrize("content", [*GONE.values(), WIDE])
def test_the_records_keep_no_address_in_what_was_said(content: bytes) -> None:
    """Nor the name before the @ where a server quotes it alone; at a length that can be read."""
    for each in read(content).failures:
        assert "@" not in each.said
        assert '"ana"' not in each.said
        assert len(each.said) <= 200


def test_what_was_said_stays_readable() -> None:
    """The words around an address, on one line."""
    assert read(POSTFIX).failures[0].said.startswith("smtp; 550 5.1.1 (an address) Recipient address rejected: User")
    assert read(POSTFIX_LOCAL).failures[0].said == 'X-Postfix; unknown user: "(a name)"'


def test_an_address_with_other_letters_is_read() -> None:
    """In the kind of report that is made for it."""
    assert (read(WIDE).message_id, gone(read(WIDE))) == (OURS, ["zoë@site.example"])


def test_a_report_of_several_says_each_ones_own() -> None:
    """One gone, one delayed, one full."""
    blocks = [
        f"Final-Recipient: rfc822; {who}@site.example\nAction: {action}\nStatus: {status}\n"
        for who, action, status in (("ana", "failed", "5.1.1"), ("bo", "delayed", "4.4.7"), ("cy", "failed", "5.2.2"))
    ]
    found = read(report("Reporting-MTA: dns; relay.example\n\n" + "\n".join(blocks)))
    assert (len(found.failures), gone(found)) == (3, [ANA])


def test_the_receiver_at_the_end_counts() -> None:
    """A list, or an address with other targets, is not gone because one behind it is."""
    content = one(to="old@elsewhere.example", head="Reporting-MTA: dns; relay.example").replace(
        b"Final-Recipient", b"Original-Recipient: rfc822; ana@site.example\nFinal-Recipient"
    )
    assert gone(read(content)) == ["old@elsewhere.example"]


def test_without_the_mail_nobody_knows_of_which() -> None:
    """A report that gives back another text, or nothing."""
    assert read(report("Reporting-MTA: dns; x\n\n", "text/plain\n\nMessage-ID: <1@x.example>\n")).message_id is None


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        ("5.1.1", "", "5.1.1"),
        ("5.0.0", "smtp; 550 5.1.1 unknown", "5.1.1"),
        (None, "550-#5.1.1 unknown", "5.1.1"),
        (None, "550 version 4.9.6 says no", None),
        (None, "550 5.1.1.7 is my address", None),
        ("5.2.2 (mailbox full)", "smtp; 552 5.2.2 full", "5.2.2"),
    ],
)
def test_the_code_that_is_kept_says_most(status: str | None, said: str, code: str | None) -> None:
    """And is a code, not the number of a version or a machine."""
    assert code_of(status, said) == code


HOSTILE = {
    "many receivers": report("Reporting-MTA: dns; x\n\n" + "Final-Recipient: rfc822; a@b.example\n\n" * 40_000),
    "receivers without end": report("Reporting-MTA: dns; x\n\n" + "Final-Recipient: rfc822; a@b.example\n\n" * 1_000),
    "parts in parts": b"Content-Type: multipart/report; boundary=a\n\n"
    + b"".join(b"--a\nContent-Type: multipart/report; boundary=a%d\n\n" % number for number in range(20_000)),
    "mails in mails": b"Content-Type: multipart/report; boundary=a\n\n--a\n"
    + b"Content-Type: message/rfc822\n\n" * 9_000,
    "one long line": b"Content-Type: multipart/report; boundary=a\n\n--a" + b"a" * 5_000_000,
    "no end of spaces": one(answer="smtp; " + " " * 400_000, to=" " * 100_000 + "a@b.example"),
    "no end of addresses": one(answer="smtp; " + "a@b " * 100_000 + "@" * 100_000),
    "no end of folds": b"Subject: x\n" + b" y\n" * 150_000 + POSTFIX,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_mail_made_to_keep_a_reader_busy_does_not(content: bytes) -> None:
    """It is read, or not, within seconds."""
    began = time.monotonic()
    with suppress(NotReadable):
        read_bounce(content)
    assert time.monotonic() - began < 10


def test_a_report_with_a_very_long_mail_behind_it_is_read() -> None:
    """The beginning is enough."""
    long = report("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; ana@site.example\nAction: failed\nStatus: 5.1.1\n")
    content = long.replace(b"Hello,", b"Hello, " + b"x" * MOST_BYTES)
    assert (read(content).message_id, gone(read(content))) == (OURS, [ANA])


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail with pieces cut out, doubled, moved or overwritten."""
    content = draw(st.sampled_from(EVERY))
    for _ in range(draw(st.integers(1, 8))):
        begin, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        words = [
            b"",
            b"\x00\xff",
            b"\n\n",
            b"--",
            b"Content-Type: message/rfc822\n\n",
            b"=?utf-8?b?!?=",
            content[begin:end],
        ]
        piece = draw(st.one_of(st.sampled_from(words), st.binary(max_size=40)))
        content = content[:begin] + piece + content[draw(st.sampled_from([begin, end])) :]
    return content


@given(mutated())
def test_whatever_the_bytes_are_it_answers(content: bytes) -> None:
    """With what it could read, with none, or with the one error that it may raise."""
    try:
        found = read_bounce(content)
    except NotReadable:
        return
    if found:
        assert all(re.fullmatch(r"\S+@\S+", each.address) and "@" not in each.said for each in found.failures)
        assert all(isinstance(is_gone(each.action, each.status, each.answer), bool) for each in found.failures)


def test_headers_alone_are_no_report() -> None:
    """Of our own mail, say."""
    assert read_bounce(HEADERS.encode()) is None
