"""What templates may ask beside the words: days between days, kinds of addresses, directions of scripts."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tracker.domain.days import day_after

_LEFT_TO_RIGHT = "\u200e"


def _days_after(day: date, other: date) -> int:
    """How many days a day lies after another; less than nothing if before it."""
    return (day - other).days


def _heads(rows: Iterable[Any]) -> int:
    """How many people the rows are about, each counted once."""
    return len({row.person.employee_id for row in rows})


def _apart(text: str) -> str:
    """A name that stays apart from what follows it: without the mark, signs and digits after a Hebrew or Arabic name
    would be read as a part of it and shown on its wrong side."""
    turns = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    return text + _LEFT_TO_RIGHT if turns else text


def is_web_address(text: str | None) -> bool:
    """Whether a text is an address on the web, and nothing else."""
    return text is not None and re.fullmatch(r"https?://\S+", text, re.IGNORECASE) is not None


def _is_mail_address(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"[^\s@:?&]+@[^\s@:?&]+", text) is not None


FILTERS: dict[str, Callable[..., Any]] = {
    "days_after": _days_after,
    "day_after": day_after,
    "heads": _heads,
    "apart": _apart,
}
TESTS: dict[str, Callable[..., bool]] = {"web_address": is_web_address, "mail_address": _is_mail_address}
