"""Standings as pages mark them: a word always, and a shape that tells it apart without its colour."""

from typing import NamedTuple

from tracker.domain.listing import Stand
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.reports.words import WORDS

_LOOKS = {Standing.CURRENT: "current", Standing.GRACE: "grace", Standing.PENDING: "pending"}


class Mark(NamedTuple):
    """What a standing is called, and which shape and colour it has (`style.css`)."""

    words: str
    look: str


def mark_of(stand: Stand | None) -> Mark:
    """The mark of somebody's standing; of whom no requirement matches, that."""
    if stand is None:
        return Mark("no requirement", "aside")
    words = WORDS[stand.standing][0]
    if stand.expiring:
        return Mark(f"{words}, ends soon", "soon")
    return Mark(words, look_of(stand.standing))


def look_of(standing: Standing) -> str:
    """The shape and colour of a standing."""
    return "out" if standing in OUT_OF_COMPLIANCE else _LOOKS.get(standing, "aside")
