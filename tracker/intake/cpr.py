"""Columns called CPR: cards of resuscitation in most places, the personal number of each resident in Bahrain."""

from tracker.intake.rows import Wording
from tracker.intake.text import keys
from tracker.intake.wide import part_of

_BARE = frozenset(
    "card cards no number id cardno cardnumber cert certification certificate date dates training course aed".split()
)
_BASIC = ("bls", "basic life")


def cpr_part(label: str) -> str | None:
    """Give what a header says of a card called CPR, "" if nothing more; None if it is no such header."""
    for key in keys(label):
        if not key.startswith("cpr"):
            continue
        rest = key.removeprefix("cpr")
        part = part_of(rest)
        if part in ("expires_on", "issued_on"):
            return part
        if not rest or rest in _BARE:
            return ""
    return None


def cpr_choices(wording: Wording, part: str) -> tuple[str, ...]:
    """List what a column of dates called CPR may be, the types that are basic life support first."""
    parts = (part,) if part else ("expires_on", "issued_on")
    basic = {type_id for name, type_id in wording.types.items() if any(word in name.casefold() for word in _BASIC)}
    types = sorted(dict.fromkeys(wording.types.values()), key=lambda type_id: type_id not in basic)
    return tuple(f"{type_id}.{part}" for type_id in types for part in parts)
