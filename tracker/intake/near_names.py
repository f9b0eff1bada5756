"""Names on record that a name in a file is close to, for people to choose from."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from tracker.domain.names import plain_words

MOST = 5
"""Names that somebody is asked to choose from: who is not among the nearest is not found by more of them."""

_CLOSE = 85  # of 100: "Jon Smith" is close to "John Smith", and "Jane Smith" is not
_LOOKED_AT = 50  # of equals, such as all of one first name


class NearNames:
    """Finds the nearest of many names, in whatever order their words stand.

    Args:
        known: names by what they are names of.
    """

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self._keys: dict[str, list[str]] = {}
        for key, name in known:
            self._keys.setdefault(_spelt(name), []).append(key)
        self._names: Sequence[str] = [*self._keys]

    def of(self, name: str) -> list[str]:
        """Give what the nearest names are of, the nearest first; none if no name is near."""
        said = _spelt(name)
        found = process.extract(said, self._names, scorer=fuzz.token_set_ratio, score_cutoff=_CLOSE, limit=_LOOKED_AT)
        # A name of which the other has all words is as near as the same; the same goes first.
        ranked = sorted(found, key=lambda one: (-one[1], -fuzz.ratio(said, one[0]), one[0]))
        return [key for spelt, _, _ in ranked for key in sorted(self._keys[spelt])][:MOST]


def _spelt(name: str) -> str:
    return " ".join(sorted(plain_words(name)))
