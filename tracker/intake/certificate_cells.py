"""A certificate's text as a sheet of cells, and which value each label stands by.

Values stand to the right of their label, below it or above it; two layouts of one issuer differ in that, and one
card may do both. So no order is taken for granted: a value is taken only if it looks like one and no other label has
a claim to it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from tracker.intake.certificate_words import FITS, Field, label_at

_CELL = re.compile(r"\S+(?: \S+)*")
# A certificate is far smaller; a file that is none must not keep anybody waiting.
_LINES, _CELLS, _CHARACTERS, _LABELS = 400, 20, 300, 150
# A label and its value may be set so many columns apart and still stand under one another.
_SLACK = 4
# A value so near behind its label is the label's own.
_NEAR = 3
# Of two labels with a claim to one value the first here wins: no card's number is ever made of the instructor's.
_RANK: dict[Field, int] = {"instructor": 0, "center": 1, "number": 2, "issued": 3, "renew": 4, "holder": 5, "other": 6}


class Cell(NamedTuple):
    """A text that stands by itself in a line; `label` is what it says a value is."""

    line: int
    start: int
    text: str
    label: Field | None

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def below(self, other: "Cell") -> bool:
        """Whether it stands in the same columns as another cell, or almost."""
        return self.start < other.end + _SLACK and other.start < self.end + _SLACK


@dataclass
class Claims:
    """For each label the values that it may mean; in the end those that it does mean."""

    values: dict[Cell, Cell] = field(default_factory=dict)
    unclear: list[Cell] = field(default_factory=list)

    def of(self, wanted: Field) -> list[tuple[Cell, Cell]]:
        """The labels of a field with their values."""
        return [(label, value) for label, value in self.values.items() if label.label == wanted]


def cells_of(text: str) -> list[list[Cell]]:
    """Cut a text into lines of cells; what stands two blanks apart is another cell, and so is a label."""
    # A PDF may join "fi" into one sign, and set blanks of other kinds.
    lines = [line.expandtabs().rstrip() for line in unicodedata.normalize("NFKC", text).splitlines()]
    return [list(_cells_of_line(number, line)) for number, line in enumerate(list(filter(None, lines))[:_LINES])]


def _cells_of_line(number: int, line: str) -> Iterator[Cell]:
    for part in islice(_CELL.finditer(line), _CELLS):
        yield from _split(number, part.start(), part.group()[:_CHARACTERS])


def _split(line: int, start: int, text: str) -> list[Cell]:
    """Cut a cell that begins with a label into labels and values."""
    begins = label_at(text)
    if begins is None:
        return [Cell(line, start, text, None)]
    found: list[Cell] = []
    at = 0
    while at < len(text):
        label = label_at(text, at)
        if label:
            kind, printed, end = label
            found.append(Cell(line, start + at, printed, kind))
        else:
            end = _next_label(text, at)
            value = text[at:end].strip()
            if value:
                found.append(Cell(line, start + text.index(value, at), value, None))
        at = end + (len(text) - end - len(text[end:].lstrip()))
    return found


def _next_label(text: str, at: int) -> int:
    """Where the next label begins; the end of the text if there is none."""
    for space in re.finditer(r" ", text[at:]):
        if label_at(text, at + space.end()):
            return at + space.start()
    return len(text)


def claims_of(lines: list[list[Cell]]) -> Claims:
    """Find out which value each label stands by."""
    found = Claims()
    options: dict[Cell, set[Cell]] = {}
    labels = [cell for line in lines for cell in line if cell.label]
    for label in labels[:_LABELS]:
        beside = _beside(lines[label.line], label)
        if beside and _fits(label, beside) and beside.start <= label.end + _NEAR:
            found.values[label] = beside
        else:
            options[label] = _options(lines, label, beside)
    # Once a value is somebody's, another label may have only one left.
    while _settle(options, found):
        pass
    taken = set(found.values.values())
    found.unclear = [label for label, cells in options.items() if label not in found.values and cells - taken]
    return found


def _settle(options: dict[Cell, set[Cell]], found: Claims) -> bool:
    """Give the first label that has one value left this value; says whether there was one."""
    taken = set(found.values.values())
    for label in sorted(options, key=lambda cell: _RANK[cell.label or "other"]):
        left = options[label] - taken
        if label not in found.values and len(left) == 1:
            found.values[label] = left.pop()
            return True
    return False


def _fits(label: Cell, value: Cell) -> bool:
    return label.label is not None and value.label is None and FITS[label.label](value.text)


def _beside(line: list[Cell], label: Cell) -> Cell | None:
    after = [cell for cell in line if cell.start > label.start]
    return after[0] if after and after[0].label is None else None


def _options(lines: list[list[Cell]], label: Cell, beside: Cell | None) -> set[Cell]:
    """What stands beside, below or above a label and may be its value."""
    neighbours = [lines[at] for at in (label.line - 1, label.line + 1) if 0 <= at < len(lines)]
    found = [beside, *(_opposite(lines[label.line], line, label) for line in neighbours)]
    return {cell for cell in found if cell and _fits(label, cell)}


def _opposite(row: list[Cell], other: list[Cell], label: Cell) -> Cell | None:
    """The cell of another line that stands opposite to a label: by its place in a row of labels, else by columns."""
    if len(row) > 1 and all(cell.label for cell in row):
        place = row.index(label)
        pieces = _pieces(other) if len(other) == 1 else other
        if len(pieces) == len(row):
            return pieces[place]
    near = [cell for cell in other if cell.below(label)]
    middle = label.start + label.end
    return min(near, key=lambda cell: abs(cell.start + cell.end - middle), default=None)


def _pieces(line: list[Cell]) -> list[Cell]:
    """The words of a line that is one cell, as cells."""
    only = line[0]
    if only.label:
        return line
    return [Cell(only.line, only.start + word.start(), word.group(), None) for word in re.finditer(r"\S+", only.text)]
