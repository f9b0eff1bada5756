"""The cells of a sheet, before anything of them is understood."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date


class Unsaved:
    """A formula whose value was never saved, so that nobody but a spreadsheet program knows it."""

    __slots__ = ()


UNSAVED = Unsaved()
NEVER_SAVED = "The formula's value was never saved: open the file, save it and try again."

Cell = str | float | date | Unsaved
"""A blank cell is the empty text."""

Cells = list[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file, which is called `file` but for its ending; `name` is None for a text, which has only one.

    `rows` may be called again and again, starts at the sheet's first row, leaves out none and
    gives lists that are the caller's own. `across` are the rows (1-based) with a cell merged over
    several columns; `hidden` the columns (as places in a row) that are not on view.
    """

    name: str | None
    rows: Callable[[], Iterator[Cells]]
    across: frozenset[int] = frozenset()
    hidden: tuple[range, ...] = ()
    file: str = ""


class Trouble(Exception):
    """A cell that cannot be used. `reason` is a sentence for people; `field` is named where it matters."""

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class NothingThere(Trouble):
    """A cell that is empty for all that its row means, and of which that has to be said."""
