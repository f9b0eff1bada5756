"""Whether mail reaches a person. RULES: section 6, unreachable people."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from tracker.domain.names import address_key

# No address on record; what was sent to it came back; the last mail to it failed, for whatever other reason.
Why = Literal["no_address", "bounced", "failed"]


class Unreached(NamedTuple):
    """Why no mail arrives, and since when that is known (None without an address)."""

    why: Why
    since: date | None = None


# The addresses at which nothing arrives, as `address_key` writes them.
Troubled = Mapping[str, Unreached]


def unreached(email: str | None, troubled: Troubled) -> Unreached | None:
    """Why no mail reaches whoever has this address; None if nothing speaks against it."""
    return troubled.get(address_key(email)) if email else Unreached("no_address")


def comes_back(email: str | None, troubled: Troubled) -> bool:
    """Whether nothing is sent to an address because mail to it comes back."""
    found = unreached(email, troubled)
    return found is not None and found.why == "bounced"
