"""Notes of classes in cells for dates: "enrolled 1/9/26", "in class 12/3", "signed up". They are no dates of cards."""

import re
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from tracker.intake.dates import OrderUnknown, read_date
from tracker.intake.grid import Trouble
from tracker.intake.rows import DateOrder
from tracker.intake.text import words

_BOOKED = frozenset(
    "enrolled enroled enrollment enrolment booked scheduled rescheduled registered attending class session".split()
)
_SIGNED_UP = ("signed", "up")
# What has to be done, did not come about, or is over.
_NOT = frozenset(
    "no not never need needs needed must should to tbd please cancelled canceled missed dropped withdrew failed"
    " waitlist waitlisted took taken completed complete attended passed done finished was had"
    " unless if when reschedule isnt wasnt".split()
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = re.compile(
    r"(?<![\w/.-])(?:"
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}"
    r"|\d{1,2}([/.-])\d{1,2}\2(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ \-./]*{_MONTH}[ \-./,]*(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?(?:, *| +)(?:\d{{4}}|\d{{2}})"
    r")(?![\w/-]|\.\d)",
    re.IGNORECASE,
)


class ClassNote(NamedTuple):
    """A cell that says that a class is booked, whose and for which type; `reason` is why the cell is left out.

    `name` is what stands beside the employee id.
    """

    row: int
    employee_id: str
    field: str
    type: str
    text: str
    reason: str
    name: str | None


def says_booked(text: str) -> bool:
    """Say whether a text tells that a class is booked: still to come, and neither missing nor called off."""
    said = words(text.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    return _NOT.isdisjoint(said) and (not _BOOKED.isdisjoint(said) or _SIGNED_UP in pairwise(said))


def class_day(text: str, order: DateOrder | None) -> date | None:
    """Give the one day that a text names, with its year; None if there is none, or it reads two ways.

    Args:
        text: the cell's.
        order: of the numbers of the file's dates, if known.
    """
    found = [match[0] for match in _DAY.finditer(text)]
    if len(found) != 1:
        return None
    try:
        return date.fromisoformat(read_date(found[0], order))
    except (OrderUnknown, Trouble):
        return None
