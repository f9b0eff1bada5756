"""What imports speak of, in the words of the pages."""

import re
from datetime import date

from tracker.domain.why import spoken
from tracker.intake.rows import Kind
from tracker.web.said import said

# A day that is no part of a name, of anything quoted or of what is to be written.
_DAY = re.compile(r"(?<![\w\".-])(?<!\bas )[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w\"-]|\.\w)")

OUTCOMES = {
    "new": ("New", "bring somebody or something that is not on record"),
    "changed": ("Changed", "add to what is on record, or correct it"),
    "moved": ("Moved", "now work in another unit, and no longer in the one before"),
    "leaving": ("Leaving", "are not in the whole roster"),
    "unchanged": ("Unchanged", "say what is on record already, or the same as a row above"),
    "rejected": ("Rejected", "do not go in; the reason is beside each"),
    "cells": ("Cells left out", "go in but for one cell"),
    "unmatched": ("No requirement", "work somewhere, but no requirement asks anything of them"),
}
KINDS: dict[Kind, str] = {
    "roster": "Roster: who works where",
    "cards": "Cards",
    "absences": "Leave",
    "exemptions": "Exemptions",
    "units": "Units",
}
FIELDS = {
    "employee_id": "Employee id",
    "name": "Name",
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "email": "E-mail",
    "unit": "Unit",
    "role": "Role",
    "employment_type": "Employment type",
    "starts_on": "First day in the unit",
    "ends_on": "Last day in the unit",
    "manager_email": "Manager's e-mail",
    "type": "Type of card",
    "issuer": "Issuer",
    "issued_on": "Issued on",
    "expires_on": "Expires on",
    "stated": "Expires on",
    "number": "Number",
    "verified_on": "Confirmed by the issuer on",
    "from": "First day",
    "until": "Last day",
    "requirement": "Requirement",
    "reason": "Reason",
    "approver": "Approved by",
    "facility": "Facility",
    "managers": "Managers",
    "director": "Director",
    "cards": "Cards beside",
}
# The name of a field, maybe of a type of card; of one word alone only where a field is all that can be meant.
_NAMES = "|".join(sorted(map(re.escape, FIELDS), key=len, reverse=True))
_LONG = "|".join(sorted((name for name in FIELDS if "_" in name), key=len, reverse=True))
_FIELD = re.compile(
    rf"(?<![\w\".-])(?:[A-Z][\w/+-]*\.(?:{_NAMES})|{_LONG}|(?<=could all be )(?:{_NAMES}))(?![\w\"@-]|\.\w)"
)
IGNORE = "ignore"
ORDERS = (
    ("", "As the dates show"),
    ("dmy", "Day first: 30/06/2028"),
    ("mdy", "Month first: 06/30/2028"),
    ("ymd", "Year first: 2028-06-30"),
)
CHOICES = {
    "moved": "Moved: works there now, and no longer where they are known",
    "also": "Works in both",
    "ended": "That end stands: they have left",
    "open": "They still work there",
    "accept": "Yes, that is right",
    "reject": "No, leave the card out",
    "skip": "Nobody of these: leave the row out",
    "new": "Somebody new",
    "same": "The same person",
    "none": "None of these: leave those rows out",
    "ignore": "Something else: do not read it",
    "yes": "Yes",
    "no": "No",
    "dmy": "The day is first: 30/06/2028",
    "mdy": "The month is first: 06/30/2028",
    "ymd": "The year is first: 2028-06-30",
}
# A unit may be called like an answer to another question.
UNIT_CHOICES = {"new": "A new unit", "skip": "Neither: leave its rows out"}
KIND_WORDS = {"roster": "a roster", "cards": "cards", "absences": "leave", "exemptions": "exemptions", "units": "units"}


def told(text: str) -> str:
    """A sentence of an import in the words of the pages: its fields as they are called there, its days in letters.

    What is quoted from a file stays as it stands there.
    """
    return _DAY.sub(_spoken, _FIELD.sub(_called, said(text)))


def _called(found: re.Match[str]) -> str:
    return f'"{field_words(found[0])}"'


def _spoken(found: re.Match[str]) -> str:
    try:
        return spoken(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def field_words(field: str) -> str:
    """A field as people call it: `BLS.expires_on` is "BLS: Expires on"."""
    group, _, part = field.rpartition(".")
    words = FIELDS.get(part, part)
    return f"{group}: {words}" if group else words


def choice_words(kind: str, choice: str) -> str:
    """An answer as people say it."""
    if kind == "kind":
        return KIND_WORDS.get(choice, choice).capitalize()
    if kind == "unit":
        return UNIT_CHOICES.get(choice, choice)
    if choice in CHOICES:
        return CHOICES[choice]
    return field_words(choice) if kind in ("column", "columns") or "." in choice else choice
