"""Puts a mail together: headers, text, HTML, files."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from tracker.domain.errors import BadInput
from tracker.notify.lines import one_line
from tracker.notify.render import Rendered

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\x00-\x1f\x7f-\x9f]+@[^\s@<>,;:\"()\[\]\x00-\x1f\x7f-\x9f]+")
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)> *")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")


# Headers that say the same in mail after mail.
_SAME = frozenset("mime-version content-type content-transfer-encoding auto-submitted x-auto-response-suppress".split())
# Parts of a header that are a mail's own, or that are read otherwise than they are written.
_OWN = ("boundary", "name")


class _Remembering(EmailPolicy):
    """The library's policy for sending, but the headers of _SAME are read and folded once: a fifth of the work."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """A header as it is kept."""
        if type(value) is str and name.lower() in _SAME:
            return _read(name, value)
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as it is sent."""
        if name.lower() in _SAME and not any(own in value for own in _OWN):
            return _folded(name, str(value))
        return super().fold_binary(name, value)


_POLICY = _Remembering(**{name: getattr(SMTP, name) for name in ("linesep", "max_line_length")})


@lru_cache(256)
def _read(name: str, value: str) -> tuple[str, Any]:
    return SMTP.header_store_parse(name, value)


@lru_cache(256)
def _folded(name: str, value: str) -> bytes:
    return SMTP.fold_binary(*SMTP.header_store_parse(name, value))


@lru_cache(16)
def _from(sender: str) -> Any:
    return SMTP.header_store_parse("From", _sender(sender))[1]


def build(
    rendered: Rendered,
    to: Sequence[str],
    cc: Sequence[str],
    sender: str,
    message_id: str,
    instant: datetime,
    reply_to: Sequence[str] = (),
) -> EmailMessage:
    """A mail of text and HTML, ready to be sent; its files, if any, are attached to both.

    `to`, `cc` and `reply_to` are bare addresses, `sender` may carry a name; one that is no address raises BadInput.
    `message_id` (`<...@...>`) is the caller's, so that a mail sent twice is known as one. `instant` is aware.
    """
    if not _MESSAGE_ID.fullmatch(message_id) or instant.tzinfo is None:
        raise ValueError("A mail needs a message id such as <1@example.org> and an instant with its time zone")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _from(sender)
    message["To"] = [_address(text) for text in to]
    for name, addresses in (("Cc", cc), ("Reply-To", reply_to)):
        if addresses:
            message[name] = [_address(text) for text in addresses]
    message["Subject"] = header_text(rendered.subject)
    message["Date"] = format_datetime(instant)
    message["Message-ID"] = message_id
    # The standard's word for a machine's mail, and the one that Exchange heeds: no out-of-office answers to it.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    # Encoded throughout: no line is too long for a server, and none needs one that passes eight bits on.
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    for file in rendered.files:
        params = {"method": "PUBLISH", "name": file.name}
        message.add_attachment(file.content, subtype="calendar", cte="base64", filename=file.name, params=params)
    return message


def bare_address(sender: str) -> str:
    """The address of a sender that may carry a name; one that is no address raises BadInput."""
    return _sender(sender).addr_spec


def header_text(text: str) -> str:
    """The text as a header may hold it: one line, and nothing that a reader would decode into another."""
    return one_line(text).replace("=?", "= ?")


def _sender(text: str) -> Address:
    """Who sends it: an address, or a name with an address in angle brackets."""
    found = _SENDER.fullmatch(text)
    name, address = (found["name"], found["address"]) if found else ("", text.strip(" "))
    if not _ADDRESS.fullmatch(address) or not name.isprintable():
        raise BadInput("TRACKER_MAIL_FROM should be an address such as Life support cards <cards@example.org>.")
    return _split(header_text(name.strip(' "')), address)


def _address(text: str) -> Address:
    """One receiver; the error does not repeat what stood there, because errors are logged."""
    if not _ADDRESS.fullmatch(text):
        raise BadInput("A receiver's mail address is none (it should read name@example.org); correct it at its source.")
    return _split("", text)


def _split(name: str, address: str) -> Address:
    """By its parts, because an address outside of ASCII cannot be read as a whole."""
    user, _, domain = address.rpartition("@")
    return Address(name, user, domain)
