"""The evidence below a header: what the first cells of a column look like, and which fields that fits."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import islice

from tracker.intake.dates import looks_like_a_date
from tracker.intake.grid import Cell, Sheet, Unsaved
from tracker.intake.header import Header
from tracker.intake.synonyms import NAMES
from tracker.intake.text import EMPTY, is_blank, shown

DATED = frozenset({"starts_on", "ends_on", "issued_on", "expires_on", "verified_on", "from", "until"})
"""The fields that are days or months."""

_SAMPLED_ROWS = 500
_HALF = 0.5
_FEW = 50  # texts; their words are looked at, which takes longer than their shapes
_ADDRESSES = frozenset({"email", "manager_email", "managers", "director"})
_CODES = frozenset({"employee_id", "number"})
# Bahraini personal numbers: year and month of birth, four digits, one to check; perhaps without a zero in front.
_NATIONAL = re.compile(r"\d{2}[01]?\d{6}")
_LONG_NUMBER = re.compile(r"[A-Za-z]{0,4}\d{6,}")


class Below:
    """The first rows below a header, column by column."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self._rows = islice(sheet.rows(), header.last, header.last + _SAMPLED_ROWS)
        self._shapes: dict[int, Counter[str]] = {}

    def dates(self, at: int) -> bool:
        """Say whether a column has a date."""
        return self._of(at)["date"] > 0

    def filled(self, at: int) -> bool:
        """Say whether a column says anything."""
        return self._of(at)["filled"] > 0

    def unnamed(self, labels: Sequence[str]) -> list[int]:
        """Give the columns that say something and have no header."""
        width = max(map(len, self._sample), default=0)
        without = (at for at in range(width) if at >= len(labels) or not labels[at])
        return [at for at in without if self.filled(at)]

    def says_only_na(self, at: int) -> bool:
        """Say whether nothing but "NA" stands in a column."""
        return self._of(at)["na"] > 0 and not self.filled(at)

    def national_numbers(self, at: int) -> bool:
        """Say whether most cells of a column could be national numbers of Bahrain."""
        return self._mostly(at, "national")

    def long_numbers(self, at: int) -> bool:
        """Say whether a column has a number as long as a card's."""
        return self._of(at)["long"] > 0

    def mostly_filled(self, at: int) -> bool:
        """Say whether a column says something in most rows."""
        return self._of(at)["filled"] * 2 >= len(self._sample) > 0

    def mostly(self, at: int, says: Callable[[str], bool]) -> bool:
        """Say whether something is true of most of the first texts of a column."""
        return self.share(at, says) >= _HALF

    def share(self, at: int, says: Callable[[str], bool]) -> float:
        """Say of which share of the first texts of a column something is true, from 0 to 1; 0 if there is none."""
        cells = (row[at] for row in self._sample if at < len(row))
        texts = [*islice((cell for cell in cells if isinstance(cell, str) and cell.strip()), _FEW)]
        return sum(map(says, texts)) / len(texts) if texts else 0

    def fits(self, at: int, field: str) -> bool:
        """Say whether the cells of a column can be a field's; nothing fits where there is nothing."""
        field = field.rpartition(".")[2]
        if not self._of(at)["filled"]:
            return False
        if field in DATED:
            return self._mostly(at, "date")
        if field in _ADDRESSES:
            return self._mostly(at, "address")
        if field in _CODES:
            return self._mostly(at, "code")
        if field in NAMES:
            return self._mostly(at, "words")
        return not (self._mostly(at, "date") or self._mostly(at, "address") or self._mostly(at, "number"))

    def misfits(self, at: int, field: str) -> bool:
        """Say whether a column has cells, and they cannot be a field's."""
        return self._of(at)["filled"] > 0 and not self.fits(at, field)

    def _mostly(self, at: int, shape: str) -> bool:
        found = self._of(at)
        return 0 < found["filled"] <= 2 * found[shape]

    def _of(self, at: int) -> Counter[str]:
        """Count the shapes of a column's cells that are not empty."""
        if at not in self._shapes:
            cells = (row[at] for row in self._sample if at < len(row))
            self._shapes[at] = Counter(shape for cell in cells for shape in _shapes(cell))
        return self._shapes[at]

    @cached_property
    def _sample(self) -> list[list[Cell]]:
        return [row for row in self._rows if not all(map(is_blank, row))]


def _shapes(cell: Cell) -> list[str]:
    """Say what a cell could be; an empty one nothing."""
    if isinstance(cell, Unsaved):
        return []
    text = shown(cell).strip()
    if text.casefold() in EMPTY:
        return ["na"] if text == "NA" else []
    found = ["filled"]
    if looks_like_a_date(cell):
        return [*found, "date"]
    if "@" in text:
        return [*found, "address"]
    if _NATIONAL.fullmatch(text):
        found.append("national")
    if _LONG_NUMBER.fullmatch(text):
        found.append("long")
    if not any(map(str.isalpha, text)):
        found.append("number")
    elif not any(map(str.isdigit, text)):
        found.append("words")
    if any(map(str.isdigit, text)) and " " not in text:
        found.append("code")
    return found
