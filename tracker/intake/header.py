"""Finds the header of a sheet among titles above it and data below it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tracker.intake.grid import Cells
from tracker.intake.text import keys, label
from tracker.intake.vocabulary import Vocabulary

SEARCHED_ROWS = 30
_MOST_COLUMNS = 500  # further ones are not looked at, however many a file claims
_MOST_COMPARED = 60  # columns, where nothing is recognised and closeness is tried
_AT_LEAST = 4  # two known words: one may stand anywhere, and no kind of sheet gets by with one column


class Header(NamedTuple):
    """A header, one label a column, "" over a column without one.

    `first` and `last` are the 1-based rows of the sheet that it takes up (two where a row of
    credentials stands above "Issued", "Expires").
    """

    first: int
    last: int
    labels: list[str]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.labels)


def find_header(vocabulary: Vocabulary, top: Sequence[Cells]) -> Header | None:
    """Find the row with the most recognised fields in the first rows; of equals one with an id, or the first."""
    best = _best(vocabulary, top)
    if best is None:
        return None
    return best[1]._replace(labels=_distinct(best[1].labels))


def header_score(vocabulary: Vocabulary, top: Sequence[Cells]) -> int:
    """Weigh the recognised fields in the header of a sheet that begins with these rows."""
    best = _best(vocabulary, top)
    return best[0] if best else 0


def _best(vocabulary: Vocabulary, top: Sequence[Cells]) -> tuple[int, Header] | None:
    """Find the best row by what is known; only where there is none, by what is close to it."""
    return _best_by(vocabulary, top, vocabulary.knows, _MOST_COLUMNS) or _best_by(
        vocabulary, top, vocabulary.nearly_knows, _MOST_COMPARED
    )


def _best_by(
    vocabulary: Vocabulary, top: Sequence[Cells], knows: Callable[[str], bool], most: int
) -> tuple[int, Header] | None:
    best: tuple[int, Header] | None = None
    above: list[str] = []
    for number, cells in enumerate(top[:SEARCHED_ROWS], start=1):
        labels = [label(cell) for cell in cells[:_MOST_COLUMNS]]
        for candidate in _candidates(number, above, labels, vocabulary):
            score = _score(candidate.labels[:most], vocabulary, knows)
            if score >= _AT_LEAST and (best is None or score > best[0]):
                best = (score, candidate)
        above = labels
    return best


def likeliest_header(top: Sequence[Cells]) -> Header:
    """Give the row with the most texts, to be shown where no header was recognised."""
    rows = [[label(cell) for cell in cells[:_MOST_COLUMNS]] for cells in top[:SEARCHED_ROWS]]
    at = max(range(len(rows)), key=lambda at: sum(map(bool, rows[at])), default=0)
    return Header(at + 1, at + 1, _distinct(rows[at]) if rows else [])


def _candidates(number: int, above: list[str], labels: list[str], vocabulary: Vocabulary) -> list[Header]:
    alone = Header(number, number, labels)
    if not any(above):
        return [alone]
    return [alone, Header(number - 1, number, _joined(above, labels, vocabulary))]


def _joined(above: list[str], labels: list[str], vocabulary: Vocabulary) -> list[str]:
    """Put the groups of the upper row before what the lower says of them: "BLS" + "Issued", "Employee" + "No.".

    A group reaches as far to the right as the upper row is blank: merged cells keep their text in
    the first only. Only what both together mean is put together.
    """
    joined, group = [], ""
    for column in range(max(len(above), len(labels))):
        upper = above[column] if column < len(above) else ""
        lower = labels[column] if column < len(labels) else ""
        group = upper or group
        if group and lower and lower != upper and _belong(group, lower, vocabulary):
            joined.append(f"{group} {lower}")
        else:
            joined.append(lower or upper)
    return joined


def _belong(group: str, lower: str, vocabulary: Vocabulary) -> bool:
    if vocabulary.wide.type_named(group):
        return vocabulary.wide.part_named(lower) is not None
    return vocabulary.knows(f"{group} {lower}")


def _score(labels: list[str], vocabulary: Vocabulary, knows: Callable[[str], bool]) -> int:
    known = {keys(text)[0]: text for text in labels if text and knows(text)}
    meanings = (vocabulary.meaning(text, "roster") for text in known.values())
    return 2 * len(known) + any(found is not None and found[0] == "employee_id" for found in meanings)


def _distinct(labels: list[str]) -> list[str]:
    """Tell headers of the same words apart, so that each can be named: "Expires", "Expires (2)"."""
    seen: dict[str, int] = {}
    distinct = []
    for text in labels:
        seen[text] = seen.get(text, 0) + 1
        distinct.append(f"{text} ({seen[text]})" if text and seen[text] > 1 else text)
    return distinct
