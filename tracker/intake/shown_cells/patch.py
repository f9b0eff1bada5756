"""What people see in a cell where its bare value does not say it."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from tracker.intake.grid import UNSAVED, Cell

_MOST_STYLES = 65_536  # Excel takes no more
_MONTH_BUILT_IN = 17  # mmm-yy
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_PADDED = re.compile(r'((?:"[^"]*"|\\.)*)(0{2,})')

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
"""Error cells by the number that Excel's binary formats keep."""


class How(Enum):
    """How a cell is shown."""

    MONTH = 1
    PADDED = 2
    UNSAVED = 3
    TEXT = 4


@dataclass(frozen=True, slots=True)
class Style:
    """A number format that changes what is read; `prefix` and `width` are of a padded number."""

    how: How
    prefix: str = ""
    width: int = 0


NEVER_SAVED_STYLE = Style(How.UNSAVED)
AS_TEXT = Style(How.TEXT)


@dataclass(frozen=True, slots=True)
class Patch:
    """One cell, 0-based column, that is shown otherwise than by its value."""

    column: int
    style: Style
    text: str = ""

    def show(self, cell: Cell) -> Cell:
        """Give the cell as it is seen."""
        how = self.style.how
        if how is How.UNSAVED:
            return UNSAVED
        if how is How.TEXT:
            return self.text
        if how is How.MONTH and isinstance(cell, date) and cell.day == 1:
            return f"{cell:%Y-%m}"
        if how is How.PADDED and isinstance(cell, float) and cell.is_integer() and cell >= 0:
            return f"{self.style.prefix}{int(cell):0{self.style.width}d}"
        return cell


Corner = tuple[int, int]
Merged = tuple[Corner, Corner]
"""The first and the last cell of a merged range: row and column, 0-based."""


@dataclass(slots=True)
class Shown:
    """What is known of a sheet beside its values: cells to patch, by 0-based row, and merged ranges.

    `merged` is None where the format's reader knows them itself. `hidden_rows` counts those not on view;
    `hidden_columns` are theirs, 0-based.
    """

    patches: dict[int, list[Patch]] = field(default_factory=dict)
    merged: list[Merged] | None = None
    hidden_rows: int = 0
    hidden_columns: list[range] = field(default_factory=list)

    def add(self, row: int, patch: Patch) -> None:
        """Add a cell."""
        self.patches.setdefault(row, []).append(patch)


def styles_of(formats: list[int], codes: dict[int, str]) -> dict[int, Style]:
    """Map the cell styles that matter, by their index, to how they show a value.

    Args:
        formats: the number format of each cell style.
        codes: the formats that the workbook defines.
    """
    found = {}
    for index, number in enumerate(formats[:_MOST_STYLES]):
        style = _meaning(codes.get(number, "mmm-yy" if number == _MONTH_BUILT_IN else ""))
        if style:
            found[index] = style
    return found


def _meaning(code: str) -> Style | None:
    """Say how a number format shows a value, if it is a month or a number with zeros before it."""
    positive = code.partition(";")[0]
    padded = _PADDED.fullmatch(positive)
    if padded:
        prefix = re.sub(r'"([^"]*)"|\\(.)', r"\1\2", padded[1])
        return Style(How.PADDED, prefix, len(padded[2]))
    letters = set(_LITERALS.sub("", positive).casefold())
    if {"m", "y"} <= letters and not letters & set("dhs0#"):
        return Style(How.MONTH)
    return None
