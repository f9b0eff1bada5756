"""A digital certificate of the AHA or the Red Cross, read into the card that it seems to show.

Fields are found by their labels, never by their looks alone, and nothing is guessed: what cannot be read, or reads as
two things, stays empty with the reason, for a person to say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tracker.intake.certificate_cells import Cell, Claims, cells_of, claims_of
from tracker.intake.certificate_course import course_of
from tracker.intake.certificate_words import CENTER_ID, FITS, Field
from tracker.intake.dates import OrderUnknown, read_date
from tracker.intake.grid import Trouble
from tracker.intake.rows import DateOrder

AHA = "American Heart Association"
RED_CROSS = "American Red Cross"
RQI = "RQI"
# The AHA's eCards print the month first (its course card reference guide); the Red Cross's certificates are American.
_ORDER: dict[str, DateOrder] = {AHA: "mdy", RQI: "mdy", RED_CROSS: "mdy"}
# 2 digits of the year, 3 of the course, 7 more: the same guide. The codes of RQI contain letters.
_ECARD = re.compile(r"\d{12}")
_COMPLETED = re.compile(r"\s*\bhas successfully completed\b", re.IGNORECASE)


class Found(NamedTuple):
    """What was read of a field, and where on the certificate."""

    value: str
    where: str


@dataclass(slots=True)
class Certificate:
    """What a certificate says of its card. `unread` gives for each field that is missing the reason.

    The keys of both are `holder`, `type`, `issuer`, `issued_on`, `stated` and `number`, in that order.
    """

    found: dict[str, Found] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """What was read of a field."""
        return self.found[name].value if name in self.found else None

    @property
    def issued_on(self) -> date | None:
        """The day of issue."""
        day = self.value("issued_on")
        return date.fromisoformat(day) if day else None


def read_certificate(text: str, types: Mapping[str, str]) -> Certificate:
    """Read the text of a certificate.

    Args:
        text: as it stands on the page, columns side by side or one line after the other.
        types: what the site's policy calls its types of card → their ids.
    """
    lines = cells_of(text)
    claims = claims_of(lines)
    number = _number(claims)
    issuer = _issuer(lines, claims, number)
    order = _ORDER.get(issuer.value) if isinstance(issuer, Found) else None
    stated = _date(claims, "renew", order, "renewal or expiry date")
    issued = _issued(claims, order, stated)
    course = course_of(lines, claims, types)
    read = {
        "holder": _holder(lines, claims),
        "type": Found(*course) if isinstance(course, tuple) else course,
        "issuer": issuer,
        "issued_on": issued,
        "stated": stated,
        "number": _fitting(number, issuer),
    }
    result = Certificate()
    for name, outcome in read.items():
        if isinstance(outcome, Found):
            result.found[name] = outcome
        else:
            result.unread[name] = outcome
    return result


def _single(claims: Claims, wanted: Field, called: str) -> tuple[Cell, Cell] | str:
    """The one label of a field with its value, or why there is none."""
    pairs = claims.of(wanted)
    if len({value.text for _, value in pairs}) > 1:
        return f"The certificate gives more than one {called}."
    unclear = [label for label in claims.unclear if label.label == wanted]
    if unclear and not pairs:
        return f'More than one value stands by "{unclear[0].text}".'
    return pairs[0] if pairs else f"No {called} stands by its label."


def _number(claims: Claims) -> Found | str:
    """The card's number; never the Training Center's or the instructor's."""
    pair = _single(claims, "number", "code or certificate number")
    if isinstance(pair, str):
        return pair
    label, value = pair
    others = {cell.text for kind in ("instructor", "center") for _, cell in claims.of(kind)}
    if value.text in others or CENTER_ID.fullmatch(value.text):
        return f"What stands by \"{label.text}\" is the instructor's or the Training Center's number."
    return Found(value.text.upper(), _by(label))


def _fitting(number: Found | str, issuer: Found | str) -> Found | str:
    """The number, if it looks like one of the issuer's."""
    if isinstance(number, str) or isinstance(issuer, str) or issuer.value != AHA or _ECARD.fullmatch(number.value):
        return number
    return "What stands by the label is no eCard code, which has 12 digits."


def _issuer(lines: list[list[Cell]], claims: Claims, number: Found | str) -> Found | str:
    """Who issued it, by its name on the certificate; values such as the Training Center's name do not count."""
    values = set(claims.values.values())
    words = " ".join(cell.text for line in lines for cell in line if cell not in values).casefold()
    named = {name for name in (AHA, RED_CROSS) if name.casefold() in " ".join(words.split())}
    if len(named) > 1:
        return "The certificate names two issuers."
    is_rqi = bool(re.search(r"\brqi\b", words))
    if AHA in named or (is_rqi and not named):
        return _of_the_heart_association(number, is_rqi=is_rqi)
    return Found(named.pop(), "named on it") if named else "No issuer that is known here is named on it."


def _of_the_heart_association(number: Found | str, *, is_rqi: bool) -> Found | str:
    """The AHA, or RQI, whose cards hold by other rules: the code tells them apart."""
    if isinstance(number, Found) and any(map(str.isalpha, number.value)):
        return Found(RQI, "the code contains letters")
    if is_rqi and not (isinstance(number, Found) and _ECARD.fullmatch(number.value)):
        return "RQI is named on it, but no code tells whether it is a card of the AHA or of RQI."
    return Found(AHA, "named on it")


def _holder(lines: list[list[Cell]], claims: Claims) -> Found | str:
    """Whose card it is: what stands before "has successfully completed", or by a label."""
    for line in lines:
        for cell in line:
            completed = _COMPLETED.search(cell.text)
            if not completed:
                continue
            before = cell.text[: completed.start()]
            if not before and cell.line:
                above = lines[cell.line - 1]
                before = above[0].text if len(above) == 1 and not above[0].label else ""
            if FITS["holder"](before):
                return Found(before, 'before "has successfully completed"')
    pair = _single(claims, "holder", "name")
    return pair if isinstance(pair, str) else Found(pair[1].text, _by(pair[0]))


def _date(claims: Claims, wanted: Field, order: DateOrder | None, called: str) -> Found | str:
    pair = _single(claims, wanted, called)
    if isinstance(pair, str):
        return pair
    label, value = pair
    try:
        return Found(read_date(value.text, order), _by(label))
    except OrderUnknown:
        return f'What stands by "{label.text}" can be read as two days.'
    except Trouble:
        return f'What stands by "{label.text}" is no day.'


def _issued(claims: Claims, order: DateOrder | None, stated: Found | str) -> Found | str:
    """The day of issue. One that goes with the printed month only if day and month are swapped is not read."""
    issued = _date(claims, "issued", order, "issue date")
    if isinstance(issued, str):
        return issued
    if len(issued.value) < len("2028-06-30"):
        return "The issue date is a month only."
    if isinstance(stated, Found) and order:
        month, day, until = issued.value[5:7], issued.value[8:], stated.value[5:7]
        if until not in (month, day) or until == month:
            return issued
        return "The issue date can be read as two days, and the printed renewal speaks for the other one."
    return issued


def _by(label: Cell) -> str:
    return f'by "{" ".join(label.text.split())}"'
