"""Values and texts as people read them, in whatever form."""

import unicodedata
from datetime import date

from tracker.domain.why import spoken
from tracker.reports.document import Kind, Value

# Marks that turn what follows them about, and so make one name look like another.
REVERSING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def visible(text: str) -> str:
    """A text without characters that steer: in a name they are a mishap or a trick, and no page may hold them."""
    return "".join(" " if char in REVERSING or unicodedata.category(char) == "Cc" else char for char in text)


def shown(value: Value, kind: Kind) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if kind == "percent" and isinstance(value, float | int):
        return f"{value:.1f}\N{NO-BREAK SPACE}%"
    return spoken(value) if isinstance(value, date) else str(value)


def room_of(text: str) -> int:
    """How many characters of a line a text takes: those of wide scripts count twice, marks on letters not at all."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
