"""Instants, days and months as people type them."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from tracker.domain.errors import BadInput


def read_instant(text: str, timezone: str, *, day_begins: bool = False) -> datetime:
    """An instant as typed; without a zone it is the site's, and a day alone means its end, or its beginning.

    Raises BadInput if it is none, or outside the calendar.
    """
    try:
        # As `tracker imports` and `tracker audit log` print instants.
        found = datetime.fromisoformat(text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else ""))
        if len(text) <= len("2026-01-31"):
            found = datetime.combine(found.date(), time.min if day_begins else time.max)
    except ValueError:
        raise BadInput(f"'{text}' is no instant; write it as 2026-05-03T14:00 or 2026-05-03T14:00:00Z.") from None
    aware = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        raise BadInput(f"'{text}' lies outside the calendar; name an instant that was.") from None
