"""Words as people type them: what is empty, what a header boils down to, what must not be read."""

import re
import unicodedata
from datetime import date

from tracker.intake.grid import Cell, Unsaved

EMPTY = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}", "n/a", "na", "#n/a", "none", "pending"})
"""What says "nothing here", in any case. Short on purpose: all else is read or reported."""

_MARKS = frozenset("x xx y yes n no true false \u2713 \u2714 \u2611 \u2612 \u2610 \u2717 \u2718 \u221a".split())
_TOTALS = frozenset("total totals sum sums count subtotal subtotals grandtotal grandtotals".split())
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORD = re.compile(r"[^\W_]+")
_SENSITIVE_WORDS = frozenset({"birth", "birthday", "birthdate", "born", "dob", "ssn", "sin", "nino"})
_SENSITIVE_PARTS = (
    "dateofbirth",
    "birthdate",
    "socialsecurity",
    "nationalinsurance",
    "nationalid",
    "nationalnumber",
    "passwor",
    "passcode",
)
_SENSITIVE_EXACT = frozenset({"pin", "pincode", "pinnumber", "pwd", "passwd"})


def squash(text: str) -> str:
    """Give the letters and digits of a header, so that "Emp. #" and "EMP NUMBER" are the same."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("#", "number")
    return "".join(filter(str.isalnum, folded))


def keys(label: str) -> tuple[str, ...]:
    """Give what a header may be looked up by: as it is, then without what stands in brackets."""
    whole, bare = squash(label), squash(_ASIDE.sub(" ", label))
    return (whole,) if whole == bare or not bare else (whole, bare)


def is_mark(text: str) -> bool:
    """Say whether a text is a mark, such as X or Yes: it says that there is something, and not what."""
    return text.strip().casefold() in _MARKS


def is_total(text: str) -> bool:
    """Say whether a text is what stands before a total, and nobody's name or id."""
    return squash(text) in _TOTALS


def words(text: str) -> list[str]:
    """Give the words of a text in lower case."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def label(cell: Cell) -> str:
    """Give a header as people read it: on one line, without outer blanks."""
    return " ".join(shown(cell).split())


def shown(cell: Cell) -> str:
    """Give the text of any cell, a whole number without a decimal point."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Unsaved):
        return ""
    return str(int(cell)) if cell.is_integer() else repr(cell)


def quoted(text: str) -> str:
    """Quote a cell in a reason, shortened."""
    text = " ".join(text.split())
    return f'"{text[:40]}..."' if len(text) > 43 else f'"{text}"'


def is_blank(cell: Cell) -> bool:
    """Say whether there is nothing at all in a cell."""
    return isinstance(cell, str) and not cell.strip()


def unguarded(text: str) -> str:
    """Take off the apostrophe with which a copy of rejected rows keeps "=..." from being a formula."""
    return text[1:].strip() if text[:1] == "'" and text[1:2] in GUARDED else text


GUARDED = frozenset("=+-@\t")
"""First characters that make a spreadsheet program take a text for a formula."""


def is_sensitive(label: str) -> bool:
    """Say whether a header promises a birth date, a national number or a password: never to be read."""
    whole = squash(label)
    return (
        whole in _SENSITIVE_EXACT
        or whole.startswith(("dob", "ssn"))
        or whole.endswith(("dob", "ssn"))
        or any(part in whole for part in _SENSITIVE_PARTS)
        or not _SENSITIVE_WORDS.isdisjoint(words(label))
    )
