"""Headers that are misspelt: close to one that is known and far from all others. The cells below have the last word."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tracker.intake.rows import Kind
from tracker.intake.synonyms import CLOSE, KINDS, STRONG, WEAK, meanings
from tracker.intake.text import is_sensitive, keys, squash, words

_SHORTEST = 6  # letters; in a shorter text one letter changed is another word
_SHORTEST_PART = 5  # beside the name of a type
_LONGEST = 40  # letters; the longest header known has fewer
_LONGER = 12  # letters from which on two slips are allowed
_MARGIN = 1  # slips; a field must be closer than another by more than that
_SENSITIVE = (
    "dateofbirth", "birthdate", "birthday", "password", "socialsecurity", "socialsecuritynumber",
    "nationalinsurance", "nationalinsurancenumber", "nationalid", "nationalnumber",
)  # fmt: skip
# What is spelt right and means something else, however close: an employer's name is nobody's.
_OTHER_WORDS = frozenset(
    "employer employers former previous old home personal private alternate emergency preferred maiden"
    " rate state note notes spouse instructor trainer vendor client".split()
)


class Near(NamedTuple):
    """A field that a header is close to, how surely it would mean it, and the slips of the pen between them.

    `close` is false of a field that is there only because it is about as close as another.
    """

    field: str
    sureness: int
    slips: int
    close: bool


def may_be_misspelt(label: str) -> bool:
    """Say whether a header may be looked up by closeness at all."""
    text = squash(label)
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and text.isalpha()
        and not is_sensitive(label)
        and _OTHER_WORDS.isdisjoint(words(label))
        and all(OSA.distance(text, word, score_cutoff=2) > 2 for word in _SENSITIVE)
    )


def near_fields(label: str, kind: Kind) -> list[Near]:
    """List the fields of a kind that a header is close to, the closest first; empty if there is none."""
    known = meanings(kind)
    return _contest(
        Near(known[word][0], WEAK if known[word][1] >= STRONG else CLOSE, slips, slips <= _allowed(key))
        for key in keys(label)
        if len(key) >= _SHORTEST
        for word, slips in _near(key, tuple(known))
    )


def near_parts(rests: Iterable[tuple[str, Mapping[str, str]]]) -> list[Near]:
    """List the `TYPE.part` that a header is close to.

    Args:
        rests: what is left of the header beside the name of a type, and what that could be called → `TYPE.part`.
    """
    return _contest(
        Near(parts[word], WEAK, slips, slips <= _allowed(rest))
        for rest, parts in rests
        if len(rest) >= _SHORTEST_PART
        for word, slips in _near(rest, tuple(parts))
    )


def nearly_known(label: str) -> bool:
    """Say whether a header is close to one that means something in some kind of sheet."""
    return may_be_misspelt(label) and any(near_fields(label, kind) for kind in KINDS)


def _allowed(text: str) -> int:
    return 2 if len(text) >= _LONGER else 1


@lru_cache(maxsize=1024)
def _near(text: str, known: tuple[str, ...]) -> list[tuple[str, int]]:
    most = _allowed(text) + _MARGIN
    found = process.extract(text, known, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(word, int(slips)) for word, slips, _ in found if len(word) >= _SHORTEST_PART]


def _contest(candidates: Iterable[Near]) -> list[Near]:
    """Keep of each field the closest, and only fields about as close as the closest of all."""
    best: dict[str, Near] = {}
    for near in sorted(candidates, key=lambda near: (near.slips, -near.sureness)):
        best.setdefault(near.field, near)
    found = list(best.values())
    if not any(near.close for near in found):
        return []
    return [near for near in found if near.slips <= found[0].slips + _MARGIN]
