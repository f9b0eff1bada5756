"""Reads mails that say that another mail did not arrive: reports on delivery as of RFC 3464.

Whatever the bytes are, it answers: what they report, or that they are no report.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from tracker.domain.errors import TrackerError
from tracker.notify.lines import nameless, one_line

# Of a longer mail only the beginning is read: the report stands before the mail that it is about.
MOST_BYTES = 512 * 1024
# A report has three parts, one of them a mail of two; each level deeper costs a parser dear.
MOST_PARTS = 50
STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
RETURNED_TYPES = (
    "message/rfc822", "message/global",
    "text/rfc822-headers", "message/rfc822-headers", "message/global-headers",
)  # fmt: skip
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_ADDRESS = re.compile(r"\s*(?:[\w-]+\s*;)?\s*<?\s*([^\s<>;]{1,320}@[^\s<>;]{1,255}?)\s*>?\s*", re.ASCII)


class NotReadable(TrackerError):
    """A mail that is none, or that was made to break whoever reads it."""

    code = "not-readable"


class Failure(NamedTuple):
    """What is reported of one receiver.

    `action` is `failed`, `delayed`, `delivered`, `relayed`, `expanded` or what else stood there, `status` the enhanced
    status code. `answer` is the server's as it stands; `said` the same at a length for the records, without addresses.
    """

    address: str
    action: str
    status: str | None
    answer: str
    said: str


class Report(NamedTuple):
    """What a report says of the receivers of one mail; without the mail's Message-ID nobody knows of which."""

    message_id: str | None
    failures: tuple[Failure, ...]


def read_bounce(content: bytes) -> Report | None:
    """What a mail reports; None if it is no report on delivery. Raises NotReadable, and nothing else."""
    content = content[:MOST_BYTES]
    folded = content.lower()
    if folded.count(b"boundary") > MOST_PARTS or folded.count(b"message/") > MOST_PARTS:
        raise NotReadable("The mail has too many parts.")
    try:
        return _report(message_from_bytes(content))
    except Exception as error:  # noqa: BLE001 the parser fails in many ways on mails made to break it
        raise NotReadable(f"The mail cannot be read ({type(error).__name__}).") from None


def _report(mail: Message) -> Report | None:
    # Only at the top: a report that somebody passes on as an attachment is for people.
    if mail.get_content_type() != "multipart/report":
        return None
    parts = _inside(mail)
    status = next((part for part in parts if part.get_content_type() in STATUS_TYPES), None)
    if status is None:
        return None
    failures = [found for block in _blocks(status) if (found := _failure(block))]
    ids = (_message_id(part) for part in parts if part is not status)
    return Report(next((found for found in ids if found), None), tuple(failures))


def _blocks(part: Message) -> Iterator[Message]:
    """The blocks of fields: of the mail, then of each receiver."""
    for block in _inside(part) or [message_from_bytes(_text(part))]:
        yield block
        # The parser knows the blocks of the first type only; of the other it takes all but the first for a text.
        yield from (message_from_bytes(each) for each in re.split(rb"\r?\n\r?\n", _text(block)) if each.strip())


def _failure(block: Message) -> Failure | None:
    """What a block says of a receiver; None if it names none.

    The final receiver: the original one may be a list or have other targets that do get the mail.
    """
    found = _ADDRESS.fullmatch(_field(block, "Final-Recipient"))
    if found is None:
        return None
    address, answer = found[1], _field(block, "Diagnostic-Code")
    status = one_line(_field(block, "Status"))[:20] or None
    action = one_line(_field(block, "Action")).casefold()[:20]
    return Failure(address, action, status, answer[:2000], _said(answer, address))


def _said(answer: str, address: str) -> str:
    """The server's words without addresses, nor the name before the @ where they quote it alone."""
    local = re.escape(address.rpartition("@")[0])
    return nameless(re.sub(rf"(?<=[\"'<(`]){local}(?=[\"'>)`])", "(a name)", answer[:2000], flags=re.IGNORECASE))


def _message_id(part: Message) -> str | None:
    """The Message-ID of the mail, or of the headers, that a part gives back."""
    if part.get_content_type() not in RETURNED_TYPES:
        return None
    inside = _inside(part)
    found = _MESSAGE_ID.search(_field(inside[0] if inside else message_from_bytes(_text(part)), "Message-ID"))
    return found[0] if found else None


def _inside(part: Message) -> list[Message]:
    """The parts of a part; none if it holds a text."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _text(part: Message) -> bytes:
    """The text of a part; none if it holds other parts."""
    content = None if part.is_multipart() else part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _field(block: Message, name: str) -> str:
    """A field as it stands; bytes beyond ASCII are read as UTF-8."""
    # Past the parser's policy, which replaces such bytes.
    found = next((str(value) for key, value in block.raw_items() if key.casefold() == name.casefold()), "")
    return found.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
