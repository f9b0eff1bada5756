"""The one place that looks at the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today(timezone: str, instead: date | None = None) -> date:
    """The calendar day at the site, or the day that the settings put in its place."""
    return instead or datetime.now(ZoneInfo(timezone)).date()
