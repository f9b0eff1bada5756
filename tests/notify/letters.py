"""Mails to send in tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage

from tracker.notify.contexts import StaffReminder
from tracker.notify.message import build
from tracker.notify.render import Rendered, render

INSTANT = datetime(2028, 6, 16, 7, 30, tzinfo=UTC)
SENDER = "Life support cards <cards@example.org>"


def letter(
    number: int = 1,
    to: Sequence[str] = ("anna@example.org",),
    cc: Sequence[str] = (),
    rendered: Rendered | None = None,
    sender: str = SENDER,
) -> EmailMessage:
    """A mail with a number of its own."""
    words = rendered or render(StaffReminder.sample())
    return build(words, to, cc, sender, f"<{number}@example.org>", INSTANT)
