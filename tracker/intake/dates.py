"""Dates as people write them. What could be two days is never guessed.

Read are ISO days and months (`2028-06-30`, `2028-06`), days and months with the month's English
name in any usual order, `06/2028`, `6/28`, `20280630`, and days written with three numbers, whose
order must be known from elsewhere. A year of two digits is 1970 to 2069, as POSIX has it.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from tracker.intake.grid import NEVER_SAVED, Cell, Trouble, Unsaved
from tracker.intake.rows import DateOrder
from tracker.intake.text import quoted, shown

_NAMES = "january february march april may june july august september october november december".split()
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_TIME = re.compile(r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]\.?M\.?)?$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})")
_MONTH_LAST = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})(?:[-/.](\d{4})|/(\d{2}))")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-./]*([a-z]+)\.?[ \-./,]*(\d{4}|\d{2})", re.IGNORECASE)
_NAME_DAY_YEAR = re.compile(r"([a-z]+)\.? ?(\d{1,2})(?:st|nd|rd|th)?(?:, *| +)(\d{4}|\d{2})", re.IGNORECASE)
_NAME_YEAR = re.compile(r"([a-z]+)\.?[ \-/,'\N{RIGHT SINGLE QUOTATION MARK}]*(\d{4}|\d{2})", re.IGNORECASE)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")
_TIME_ALONE = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


class OrderUnknown(Exception):
    """A date reads as two days, and nothing yet says which order of day and month holds."""


def read_date(cell: Cell, order: DateOrder | None) -> str:
    """Give a day (`2028-06-30`) or a month (`2028-06`) as ISO text.

    Args:
        cell: what the file has; not blank.
        order: of the numbers of a slashed date, if known.

    Raises:
        Trouble: it is no date.
        OrderUnknown: it is two, and `order` is None.
    """
    if isinstance(cell, date):
        return _checked(cell).isoformat()
    if isinstance(cell, Unsaved):
        raise Trouble(NEVER_SAVED)
    if isinstance(cell, float):
        if found := _from_digits(shown(cell)):
            return found
        raise Trouble(f"{shown(cell)} is a plain number: format the column as dates and save again.")
    text = _TIME.sub("", cell.strip())
    return _from_iso(text) or _from_names(text) or _from_numbers(text, order) or _from_digits(text) or _refuse(cell)


def order_of(texts: Iterable[str]) -> tuple[set[DateOrder], bool]:
    """Say which orders a file's unambiguous dates prove, and whether some date needs one."""
    proved: set[DateOrder] = set()
    needed = False
    for text in texts:
        match = _NUMBERS.fullmatch(_TIME.sub("", text.strip()))
        if not match:
            continue
        readings = {order: _ordered(match, order) for order in ("dmy", "mdy")}
        if readings["dmy"] and readings["mdy"]:
            needed = needed or readings["dmy"] != readings["mdy"]
        elif readings["dmy"]:
            proved.add("dmy")
        elif readings["mdy"]:
            proved.add("mdy")
    return proved, needed


def last_day(stated: str) -> date:
    """Give the last day that a stated day or month includes."""
    if len(stated) == 10:
        return date.fromisoformat(stated)
    year, month = int(stated[:4]), int(stated[5:])
    return date(year, month, monthrange(year, month)[1])


def month_shown(text: str) -> str | None:
    """Give the month that a text is, `2028-06`; None if it is a day, or no date."""
    try:
        found = read_date(text, None) if text.strip() else ""
    except (OrderUnknown, Trouble):
        return None
    return found if len(found) == 7 else None


def looks_like_a_date(cell: Cell) -> bool:
    """Say whether a cell is a date in any order; eight digits are as likely an id."""
    if _EIGHT_DIGITS.fullmatch(shown(cell).strip()):
        return False
    try:
        return bool(read_date(cell, None))
    except OrderUnknown:
        return True
    except Trouble:
        return False


def _from_iso(text: str) -> str | None:
    if match := _ISO.fullmatch(text):
        return _day(match[1], match[3], match[4], text)
    if match := _MONTH_LAST.fullmatch(text):
        return _month(match[1], match[2], text)
    if match := _MONTH_FIRST.fullmatch(text):
        return _month(match[2] or match[3], match[1], text)
    return None


def _from_digits(text: str) -> str | None:
    """Read `20280630`; day and month first is never meant, as no month is 19 or 20."""
    match = _EIGHT_DIGITS.fullmatch(text)
    try:
        return _checked(date(*map(int, match.groups()))).isoformat() if match else None
    except (ValueError, Trouble):
        return None


def _from_names(text: str) -> str | None:
    if match := _DAY_NAME_YEAR.fullmatch(text):
        day, name, year = match.groups()
    elif match := _NAME_DAY_YEAR.fullmatch(text):
        name, day, year = match.groups()
    elif match := _NAME_YEAR.fullmatch(text):
        (name, year), day = match.groups(), None
    else:
        return None
    month = _month_number(name)
    if month is None:
        return None
    return _day(year, month, day, text) if day else _month(year, month, text)


def _from_numbers(text: str, order: DateOrder | None) -> str | None:
    match = _NUMBERS.fullmatch(text)
    if not match:
        return None
    if order:
        found = _ordered(match, order)
        if not found:
            raise Trouble(f"{quoted(text)} is no day of the calendar in the order {order}.")
        return found.isoformat()
    readings = {found for order in ("dmy", "mdy") if (found := _ordered(match, order))}
    if len(readings) > 1:
        raise OrderUnknown
    if not readings:
        raise Trouble(f"{quoted(text)} is no day of the calendar.")
    return readings.pop().isoformat()


def _ordered(match: re.Match[str], order: str) -> date | None:
    """Read three numbers in an order, or None where they are no day in it."""
    named = dict(zip(order, (match[1], match[3], match[4]), strict=True))
    if len(named["d"]) > 2:  # a year of four digits can only stand last
        return None
    try:
        return _checked(date(_year(named["y"]), int(named["m"]), int(named["d"])))
    except (ValueError, Trouble):
        return None


def _day(year: str, month: str, day: str, text: str) -> str:
    try:
        return _checked(date(_year(year), int(month), int(day))).isoformat()
    except ValueError:
        raise Trouble(f"{quoted(text)} is no day of the calendar.") from None


def _month(year: str, month: str, text: str) -> str:
    try:
        return f"{_checked(date(_year(year), int(month), 1)):%Y-%m}"
    except ValueError:
        raise Trouble(f"{quoted(text)} is no month of the calendar.") from None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return 1900 + year if year >= 70 else 2000 + year


def _checked(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Trouble(f"The year {day.year} cannot be meant.")
    return day


def _month_number(name: str) -> str | None:
    if len(name) < 3:
        return None
    name = "sep" if name.casefold() == "sept" else name.casefold()
    return next((str(at) for at, full in enumerate(_NAMES, 1) if full.startswith(name)), None)


def _refuse(cell: str) -> str:
    if _PLAIN_NUMBER.fullmatch(cell.strip()):
        raise Trouble(
            f"{quoted(cell)} is a plain number: if a spreadsheet program made it of a date, "
            "format the column as dates and save again."
        )
    if _TIME_ALONE.fullmatch(cell.strip()):
        raise Trouble(
            "The cell is a time without a day, as a formula saves it that found nothing: write the date, or clear it."
        )
    raise Trouble(f"{quoted(cell)} is no date.")
