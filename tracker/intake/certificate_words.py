"""What certificates call their fields, and what the values of each look like.

The AHA's labels are those of its eCards, older and newer: "Issue Date", "Renew By" or "Recommended Renewal Date",
"eCard Code", beside "Training Center ID" and "Instructor ID" (cpr.heart.org, course card information; training sites'
guides to reading an eCard). The Red Cross prints "Certificate ID" and "Date Completed".
"""

import re
from collections.abc import Callable
from typing import Literal

from tracker.intake.dates import looks_like_a_date

Field = Literal["holder", "issued", "renew", "number", "instructor", "center", "other"]

_LABELS: dict[Field, tuple[str, ...]] = {
    "holder": ("student name", "participant name", "participant", "name of student", "issued to", "awarded to", "name"),
    # Not "course date": the months of a card count from its issue, up to 20 business days later.
    "issued": ("issue date", "date issued", "date of issue", "issued on", "date completed", "completion date"),
    "renew": (
        "recommended renewal date",
        "renewal date",
        "renew by",
        "expiration date",
        "expiry date",
        "expires on",
        "expires",
        "valid until",
        "valid through",
    ),
    "number": (
        "ecard code",
        "ecard number",
        "card code",
        "certificate id",
        "certificate number",
        "certificate no",
        "rqi ecredential code",
        "ecredential code",
    ),
    "instructor": ("instructor id", "instructor number", "instructor no", "instructor id number"),
    "center": ("training center id", "training center number", "training center code", "tc id", "tc number"),
    # What else stands on a card. Its values are nobody's name, type or number.
    "other": (
        "training center name",
        "training center",
        "training center city state",
        "training center city",
        "training center address",
        "training center phone number",
        "training center phone",
        "training site name",
        "training site",
        "tc info",
        "tc city state",
        "tc phone",
        "tc address",
        "course location",
        "course date",
        "instructor name",
        "instructor",
        "lead instructor",
        "valid period",
        "validity period",
        "qr code",
        "phone number",
        "phone",
    ),
}
FIELDS: dict[str, Field] = {label: field for field, labels in _LABELS.items() for label in labels}

# The most words of a label that may stand within a line; the longest is tried first.
_MOST_WORDS = max(len(label.split()) for label in FIELDS)
_WORD = re.compile(r"[A-Za-z]+")
# What may stand between the words of a label, and after it: "TC ID #:", "City, State".
_BETWEEN = re.compile(r"[ ,./#()-]{1,3}")
_AFTER = re.compile(r"(?:[ ]?(?:#|No\.|[.:]))*")

# "Two letters and five digits": what is often written down in place of the code.
CENTER_ID = re.compile(r"[A-Za-z]{2}\d{5}")
_NUMBER = re.compile(r"[A-Za-z0-9]{5,30}")
_INSTRUCTOR = re.compile(r"\d{5,14}")
_NAME = re.compile(r"[^\W\d_][^\d_@]{2,79}")


def label_at(text: str, start: int = 0) -> tuple[Field, str, int] | None:
    """Find the label that a text begins with: its field, its words as printed, and where it ends."""
    words: list[re.Match[str]] = []
    at = start
    while len(words) < _MOST_WORDS and (word := _WORD.match(text, at)):
        words.append(word)
        gap = _BETWEEN.match(text, word.end())
        if not gap:
            break
        at = gap.end()
    for count in range(len(words), 0, -1):
        field = FIELDS.get(" ".join(word.group().casefold() for word in words[:count]))
        if not field:
            continue
        end = words[count - 1].end()
        after = _AFTER.match(text, end)
        rest = after.end() if after else end
        following = rest + len(text[rest:]) - len(text[rest:].lstrip())
        # "Name of the course", "issued on behalf of": what goes on in small letters is a sentence; "eCard Code" is not.
        if not text[following : following + 1].islower() or label_at(text, following):
            return field, text[start:end], rest
    return None


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and any(map(str.isdigit, text)) and not CENTER_ID.fullmatch(text)


# Whether a text may be the value of a field.
FITS: dict[Field, Callable[[str], bool]] = {
    "holder": lambda text: bool(_NAME.fullmatch(text)),
    "issued": looks_like_a_date,
    "renew": looks_like_a_date,
    "number": _is_number,
    "instructor": lambda text: bool(_INSTRUCTOR.fullmatch(text)),
    "center": lambda text: bool(CENTER_ID.fullmatch(text)) or text.isdigit(),
    "other": lambda text: not looks_like_a_date(text),
}
