"""The columns of a table that was not understood, for somebody to say what they are."""

from collections.abc import Sequence

from tracker.intake.grid import Cells
from tracker.intake.header import Header
from tracker.intake.rows import Heading
from tracker.intake.synonyms import KINDS
from tracker.intake.text import is_blank, is_sensitive, shown
from tracker.intake.vocabulary import Vocabulary

MOST = 60
"""Columns; of a wider table few are to be read."""

_AT_LEAST = 2  # columns; what has one is no table
_ROWS = 3  # below the header
_LONGEST = 40  # letters of a cell


def headings(header: Header, top: Sequence[Cells], vocabulary: Vocabulary) -> list[Heading]:
    """Give the columns with what stands below them; none if nothing does, or if it is no table.

    Args:
        header: where the header stands, or may stand.
        top: the first rows of the sheet.
        vocabulary: what headers mean.
    """
    rows = [cells for cells in top[header.last :] if not all(map(is_blank, cells))][:_ROWS]
    named = [(at, text) for at, text in enumerate(header.labels) if text and not is_sensitive(text)]
    if not rows or len(named) < _AT_LEAST:
        return []
    return [Heading(text, _meant(text, vocabulary), [_below(cells, at) for cells in rows]) for at, text in named[:MOST]]


def _meant(label: str, vocabulary: Vocabulary) -> str:
    found = (vocabulary.meaning(label, kind) for kind in KINDS)
    return next((meaning[0] for meaning in found if meaning), "")


def _below(cells: Cells, at: int) -> str:
    return shown(cells[at]).strip()[:_LONGEST] if at < len(cells) else ""
