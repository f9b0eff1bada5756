"""What imports say, in the words of the pages: sentences of the command line name options that nobody has here."""

import re

from tracker.intake.rows import Kind

OUTCOMES = {
    "new": ("New", "were not on record"),
    "changed": ("Changed", "add to what is on record, or correct it"),
    "moved": ("Moved", "now work in another unit, and no longer in the one before"),
    "leaving": ("Leaving", "are not in the whole roster"),
    "unchanged": ("Unchanged", "say what is on record already"),
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
KIND_WORDS = {"roster": "a roster", "cards": "cards", "absences": "leave", "exemptions": "exemptions", "units": "units"}

# What a sentence of the command line says, as a pattern, and what is said here instead.
_SAID_THERE = (
    (r"; 'tracker (mappings|imports)' lists (what is|them)\.", "."),
    (
        r"If the id has changed, 'tracker person rename-id' puts the record right for good\.",
        "If the id has changed, ask an educator to change it on record.",
    ),
    (
        r"If the record lacks them, 'tracker person rename-id [^']*' puts it right for good\.",
        "If the record lacks them, ask an educator to put the id right there.",
    ),
    (r": 'tracker person rename-id [^']*'\.", "; ask an educator."),
    (r", take renamed or merged people back with 'tracker person undo'", ""),
    (r"With --whole-roster the files", "Where the roster is a whole one, the files"),
    (r"With --whole-roster nobody", "In a whole roster nobody"),
    (r"allow it with --allow-leavers \d+", "say so on the plan"),
    (r"leave that column out: --map 'Header=ignore'", "leave that column unread, in the step before"),
    (r"; to record it, answer \"[^\"]*\" = \"yes\" in an --answers file\.", "."),
    (r", say which in an --answers file: \"[^\"]*\" = \"\.\.\.\"", ", say which"),
    (r"name the columns with --map 'Header=field'", "say what each column is"),
    (r"name it with --map 'Header=field'", "say which it is"),
    (r"from a file that `tracker template` writes", "from one of the empty files"),
    (r"`tracker template (\w+)`", r"the empty file for \1"),
    (r"leave it out of --map", "leave it unread"),
    (r"say what they are with --map( '[^']*')?", "say what the column is"),
    (r"to read it, name it with --sheet", "to read it, show it in the spreadsheet first"),
    (r"name a hidden one with --sheet", "show a hidden one in the spreadsheet first"),
    (r"with --map '([^'=]*)=([^']*)'", r'by saying that "\1" is \2'),
    (r"--map '([^'=]*)=([^']*)'", r'say that "\1" is \2'),
    (r"map it to \"ignore\"", "choose to leave it unread"),
)
_INSTEAD = [(re.compile(pattern), words) for pattern, words in _SAID_THERE]


def said(text: str) -> str:
    """A sentence without what only the command line knows."""
    for pattern, words in _INSTEAD:
        text = pattern.sub(words, text)
    return text


def field_words(field: str) -> str:
    """A field as people call it: `BLS.expires_on` is "BLS: Expires on"."""
    group, _, part = field.rpartition(".")
    words = FIELDS.get(part, part)
    return f"{group}: {words}" if group else words


def choice_words(kind: str, choice: str) -> str:
    """An answer as people say it."""
    if kind == "kind":
        return KIND_WORDS.get(choice, choice).capitalize()
    if choice in CHOICES:
        return CHOICES[choice]
    return field_words(choice) if kind in ("column", "columns") or "." in choice else choice
