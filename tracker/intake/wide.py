"""Columns of which each is one credential's: "BLS Exp", "ACLS card #", "Basic Life Support expiry"."""

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
        return next((part for key in keys(text) if (part := _part(key))), None)

    def field(self, label: str) -> str | None:
        """Give `TYPE.part` for a header that says both, else None."""
        for key in keys(label):
            for name, type_id in self._ids.items():
                rest = _without(key, name)
                part = next((p for r in rest if (p := _part(r))), None)
                if part:
                    return f"{type_id}.{part}"
        return None

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


def _without(key: str, name: str) -> list[str]:
    """Take a type's name off the front or off the end of a squashed header."""
    rest = [key[len(name) :]] if key.startswith(name) else []
    return [*rest, key[: -len(name)]] if key.endswith(name) else rest


def _part(rest: str) -> str | None:
    """Say what is left of a header once the type is gone; "cert exp" is as good as "exp"."""
    if rest in _PART_OF:
        return _PART_OF[rest]
    for filler in _FILLERS:
        if rest.startswith(filler) and rest[len(filler) :] in _PART_OF:
            return _PART_OF[rest[len(filler) :]]
    return None
