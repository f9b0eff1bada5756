"""Texts from the records as lines of a mail: nothing unseen in them, and none too long."""

import re
import textwrap
from dataclasses import is_dataclass, replace
from typing import Any

WIDTH = 78
# What would break a line, end it early, or turn its direction round: it has no place in a name or a title.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_BULLET = re.compile(r"\s*(?:- |! |\d+\. )?")


def one_line(text: str) -> str:
    """The text on one line, without what cannot be seen and with single spaces."""
    # Nearly every text is printable throughout, and then there is nothing unseen to look for.
    seen = text if text.isprintable() else _UNSEEN.sub(" ", text)
    return " ".join(seen.split())


def nameless(text: str, most: int = 200) -> str:
    """A server's words on one line, without mail addresses, at a length that can be read and kept."""
    return re.sub(r"\S+@\S+", "(an address)", one_line(text))[:most]


def clean(value: Any) -> Any:
    """The value with every text in it on one line; tuples and contexts keep their types."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, tuple):
        parts = map(clean, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: clean(part) for name, part in vars(value).items()})
    return value


def wrapped(text: str) -> str:
    """The text in lines of at most 78 columns; an address stays whole, and blank lines never come in pairs."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip():
            lines += _pieces(line.rstrip(), " " * _bullet_width(line))
        elif lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _pieces(line: str, indent: str) -> list[str]:
    """A line in pieces that fit, those after the first behind an indent. Where words stand one space apart, as they
    nearly always do, this is what the library does, sooner."""
    if not line.isprintable() or line.startswith(" ") or "  " in line:
        return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    pieces: list[str] = []
    while len(line) > WIDTH:
        # The last space at which the piece fits; a word that is too long ends at its own.
        least = (len(indent) if pieces else 0) + 1
        end = line.rfind(" ", least, WIDTH + 1)
        end = end if end >= 0 else line.find(" ", max(least, WIDTH))
        if end < 0:
            break
        pieces.append(line[:end])
        line = indent + line[end + 1 :]
    return [*pieces, line]


def _bullet_width(line: str) -> int:
    found = _BULLET.match(line)
    return found.end() if found else 0
