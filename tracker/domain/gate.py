"""Whether mails may leave. RULES: section 6."""

from datetime import date
from typing import NamedTuple


class Gate(NamedTuple):
    """Whether mails may leave, and from which day on managers are told of lapses (None: of all)."""

    is_open: bool
    since: date | None = None
