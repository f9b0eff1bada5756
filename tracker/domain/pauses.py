"""How long to wait before something that failed is tried again."""

from datetime import timedelta


def growing(first: timedelta, tries: int, longest: timedelta) -> timedelta:
    """The pause after so many tries, at least one: it doubles, up to the longest."""
    doubled: timedelta = first * 2 ** min(tries - 1, 20)
    return min(doubled, longest)
