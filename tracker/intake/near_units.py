"""Names of units that look like a slip of the pen: IUC beside the ICU, Telemetery beside Telemetry.

4 West and 5 West, ICU and CCU, Surgery A and Surgery B are units of their own.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tracker.domain.names import plain
from tracker.domain.policy import words

MOST = 3
"""Units that somebody is asked to choose from."""

_PART = re.compile(r"\d+|[^\W\d_]+")
_SHORTEST = 3  # letters; ER and RE are two abbreviations
_SHORT = 6  # letters; in a shorter word only two that changed places are a slip, as one other letter is another word
_LONG = 12  # letters from which on two slips are allowed
_SLIPS = 2  # in a name


class _Name(NamedTuple):
    """A name as it is compared: its words, in small letters without accents and signs, and its numbers."""

    words: Sequence[str]
    numbers: Sequence[str]

    @property
    def letters(self) -> str:
        return "".join(self.words)


class NearUnits:
    """Finds the units of which a name may be a slip.

    Args:
        known: units as they are spelt.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {unit: _name(unit) for unit in known}
        self._letters = {unit: name.letters for unit, name in self._known.items()}

    def of(self, unit: str, may_be: Callable[[str], bool] = lambda one: True) -> list[str]:
        """Give the nearest that it may be, the nearest first; none if there is none, or if it is one of them itself."""
        said = _name(unit)
        near = process.extract(said.letters, self._letters, scorer=OSA.distance, score_cutoff=_SLIPS, limit=None)
        possible = [one for _, _, one in near if may_be(one)]
        found = [(slips, one) for one in possible if (slips := _slips(said, self._known[one])) is not None]
        return [] if any(words(one) == words(unit) for _, one in found) else [one for _, one in sorted(found)][:MOST]


def _name(unit: str) -> _Name:
    parts = _PART.findall(plain(unit))
    numbers = [part.lstrip("0") for part in parts if part.isdigit()]
    return _Name([part for part in parts if not part.isdigit()], numbers)


def _slips(said: _Name, known: _Name) -> int | None:
    """How many slips of the pen make one name of the other; None if it is another name."""
    if said.numbers != known.numbers or not said.words:
        return None
    if said.letters == known.letters:
        return 0  # blanks and signs apart
    if len(said.words) != len(known.words):
        return None
    each = [_slips_of_word(*pair) for pair in zip(said.words, known.words, strict=True)]
    found = sum(slips for slips in each if slips is not None)
    return None if None in each or found > _SLIPS else found


def _slips_of_word(said: str, known: str) -> int | None:
    if said == known:
        return 0
    slips = int(OSA.distance(said, known))
    if min(len(said), len(known)) < _SHORT:
        swapped = slips == 1 and len(said) >= _SHORTEST and _letters(said) == _letters(known)
        return 1 if swapped else None
    return slips if slips <= (2 if min(len(said), len(known)) >= _LONG else 1) else None


def _letters(word: str) -> Collection[str]:
    return sorted(word)
