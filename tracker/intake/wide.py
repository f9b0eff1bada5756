"""Columns of which each is one credential's: "BLS Exp", "ACLS card #", "Basic Life Support expiry"."""

from collections.abc import Iterator
from functools import cached_property

from tracker.intake.closeness import Near, may_be_misspelt, near_parts
from tracker.intake.rows import Wording
from tracker.intake.text import keys, squash, words

PARTS = ("issuer", "issued_on", "expires_on", "number")
"""What a column can say of a card, in the order in which a card's row has them."""

_ENDINGS = {
    "issuer": "issuer issuedby provider issuingbody certifyingbody agency organization organisation",
    "issued_on": """
        issue issued issuedate issuedon dateissued dateofissue taken takenon datetaken completed
        completedon completion completiondate datecompleted obtained dateobtained earned
    """,
    "expires_on": """
        exp expdate expires expireson expire expiredate expiry expirydate expiration expirationdate
        expdt dateofexpiry validuntil validto validthrough validthru goodthrough renewby
    """,
    "number": """
        number no id cardnumber cardno cardid ecard ecardcode ecardnumber code certificatenumber
        certificateno certnumber certno certificationnumber
    """,
}
_PART_OF = {ending: part for part, text in _ENDINGS.items() for ending in text.split()}
_FILLERS = ("card", "certification", "certificate", "cert")
_BESIDE = "cpr"  # as in "CPR/BLS": says no more than the type beside it
_LONG_NAME = 10  # letters; a longer name of a type may be misspelt itself
_NOT_A_CARDS_DATE = frozenset(
    "booked booking class enrolled enrollment scheduled verified instructor required status notes"
    " comment comments".split()
)


class WideNames:
    """Knows which headers speak of which type of card.

    Args:
        wording: what the site's policy calls its types.
    """

    def __init__(self, wording: Wording) -> None:
        named = sorted(wording.types.items(), key=lambda item: -len(item[0]))
        self._ids = {squash(name): type_id for name, type_id in named if squash(name)}
        self._by_words = [(words(name), type_id) for name, type_id in named if words(name)]

    def type_named(self, text: str) -> str | None:
        """Give the id of the type that a text names, whole and in any case."""
        return next((self._ids[key] for key in keys(text) if key in self._ids), None)

    def part_named(self, text: str) -> str | None:
        """Give what a header says of a card whose type stands in the header above it."""
        return next((part for key in keys(text) if (part := part_of(key))), None)

    def field(self, label: str) -> str | None:
        """Give `TYPE.part` for a header that says both, else None."""
        for type_id, rest in self._rests(label):
            if part := part_of(rest):
                return f"{type_id}.{part}"
        return None

    def near_fields(self, label: str) -> list[Near]:
        """List the `TYPE.part` that a misspelt header is close to, the closest first."""
        if not may_be_misspelt(label):
            return []
        rests = [
            (rest, {ending: f"{type_id}.{part}" for ending, part in _PART_OF.items()})
            for type_id, rest in self._rests(label)
        ]
        return near_parts(rests) or near_parts([(squash(label), self._spelt_out)])

    def group(self, label: str) -> str | None:
        """Give the type whose name, or whose name and "card", is all of a header."""
        type_id = self.type_named(label)
        if type_id:
            return type_id
        return next((type_id for type_id, rest in self._rests(label) if rest in _FILLERS), None)

    def types_in(self, label: str) -> list[str]:
        """Give the types whose names stand in a header, in their order: two for "BLS/ACLS Exp"."""
        left, found = words(label), dict[int, str]()
        for name, type_id in self._by_words:
            for at in range(len(left) - len(name) + 1):
                if left[at : at + len(name)] == name:
                    left[at : at + len(name)] = [""] * len(name)
                    found[at] = type_id
        return list(dict.fromkeys(found[at] for at in sorted(found)))

    def bare_type(self, label: str) -> str | None:
        """Give the type that a header names without saying what of it: "BLS", "BLS Date"."""
        said = words(label)
        for name, type_id in self._by_words:
            length = len(name)
            if said[:length] == name:
                rest = said[length:]
            elif said[-length:] == name:
                rest = said[:-length]
            else:
                continue
            return type_id if _NOT_A_CARDS_DATE.isdisjoint(rest) else None
        return None

    def _rests(self, label: str) -> Iterator[tuple[str, str]]:
        """Give each type that a header begins or ends with, and what is left of the header."""
        for key in keys(label):
            alone = key.replace(_BESIDE, "", 1)
            for text in (key, alone) if alone != key and _BESIDE not in self._ids else (key,):
                for name, type_id in self._ids.items():
                    for rest in _without(text, name):
                        yield type_id, rest

    @cached_property
    def _spelt_out(self) -> dict[str, str]:
        """All that may be said of the types with long names: "basiclifesupportexpires" → "BLS.expires_on"."""
        return {
            whole: f"{type_id}.{part}"
            for name, type_id in self._ids.items()
            if len(name) >= _LONG_NAME
            for ending, part in _PART_OF.items()
            for whole in (name + ending, ending + name)
        }


def _without(key: str, name: str) -> list[str]:
    """Take a type's name off the front or off the end of a squashed header."""
    rest = [key[len(name) :]] if key.startswith(name) else []
    return [*rest, key[: -len(name)]] if key.endswith(name) else rest


def part_of(rest: str) -> str | None:
    """Say what is left of a header once the type is gone; "cert exp" is as good as "exp"."""
    if rest in _PART_OF:
        return _PART_OF[rest]
    for filler in _FILLERS:
        if rest.startswith(filler) and rest[len(filler) :] in _PART_OF:
            return _PART_OF[rest[len(filler) :]]
    return None
