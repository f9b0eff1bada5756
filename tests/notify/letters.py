"""Mails to send in tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from tracker.notify.contexts import StaffReminder
from tracker.notify.message import build
from tracker.notify.ports import Letter
from tracker.notify.render import Rendered, render

INSTANT = datetime(2028, 6, 16, 7, 30, tzinfo=UTC)
SENDER = "Life support cards <cards@example.org>"


def letter(
    number: int = 1,
    to: Sequence[str] = ("anna@example.org",),
    cc: Sequence[str] = (),
    rendered: Rendered | None = None,
    sender: str = SENDER,
) -> Letter:
    """A mail with a number of its own."""
    words = rendered or render(StaffReminder.sample())
    return build(words, to, cc, sender, f"<{number}@example.org>", INSTANT)


def received(sent: Letter) -> EmailMessage:
    """The mail as a receiver's program reads it."""
    return message_from_bytes(sent.content, policy=policy.default)
