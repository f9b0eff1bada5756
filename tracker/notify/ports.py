"""What delivers mails, whatever it is: the promise that every way of delivery keeps."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from tracker.domain.errors import TrackerError


class Letter(NamedTuple):
    """A mail ready to leave: the bare addresses of its sender and receivers, and its bytes in lines with CRLF."""

    sender: str
    receivers: tuple[str, ...]
    content: bytes

    @property
    def is_wide(self) -> bool:
        """Whether an address has letters beyond ASCII, which not every server takes."""
        return not all(address.isascii() for address in (self.sender, *self.receivers))


class NotDelivered(TrackerError):
    """A mail reached nobody.

    `permanent` says whether trying again is of no use. `refused` holds the receivers that the server turned down,
    if that was why, each with its answer: without them, the mail could go out. `reason` and the answers name no
    receiver, so that they may be logged.
    """

    code = "not-delivered"

    def __init__(self, reason: str, permanent: bool, refused: Mapping[str, str] | None = None) -> None:
        self.reason, self.permanent, self.refused = reason, permanent, dict(refused or {})
        super().__init__(reason)


def nothing() -> None:
    """For those who have nothing to do meanwhile, and no letter that comes next."""


Meanwhile = Callable[[], Letter | None]


class Post(Protocol):
    """Delivers mails; used as a context manager around those that are to go out together."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Delivers a mail to all of its receivers or to none; raises NotDelivered.

        If there is an answer to wait for, `meanwhile` is called once before that. It returns the letter that probably
        comes next, if that is known: it may be announced, but is not handed over before it is sent as well.
        """
        ...
