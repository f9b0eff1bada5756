"""What rows of files say, in a few words: for whoever looks at what was read, or at what would be new."""

from datetime import date
from typing import Any

from tracker.domain.validity import stated_day
from tracker.domain.why import spoken
from tracker.intake.rows import AbsenceRow, CardRow, ExemptionRow, RosterRow, UnitRow


def cell(value: Any) -> str:
    """A value as it was read."""
    return spoken(value) if isinstance(value, date) else str(value or "")


def expiry(stated: str) -> str:
    """An expiry as it is printed, a day or a month: 30 Jun 2028, Jun 2028."""
    day = spoken(stated_day(stated))
    return day if len(stated) > len("2028-06") else day.partition(" ")[2]


def card(row: CardRow) -> str:
    """A card: its type, number and days."""
    return ", ".join((" ".join(filter(None, (row.type, row.number))), *_days(row)))


def new_card(row: CardRow) -> str:
    """A card that is not on record."""
    return ", ".join((" ".join(filter(None, ("New", row.type, "card", row.number))), *_days(row))) + "."


def _days(row: CardRow) -> list[str]:
    issued = [f"issued {spoken(row.issued_on)}"] if row.issued_on else []
    return issued + ([f"expires {expiry(row.stated)}"] if row.stated else [])


def place(row: RosterRow, *, newcomer: bool) -> str:
    """Where somebody works by a row, who is new, or is new there.

    Not "newcomer", which is what the pages call somebody whose deadline is still to come.
    """
    where = f"{row.role} in {row.unit}" if row.role else f"{row.unit}"
    days = [
        f"from {spoken(row.starts_on)}" if row.starts_on else "",
        f"until {spoken(row.ends_on)}" if row.ends_on else "",
    ]
    return " ".join(filter(None, ("New on record:" if newcomer else "New place of work:", where, *days))) + "."


def listed(row: Any) -> str:
    """A row of a list of cards, leave, exemptions or units, of which all is new or changed; blank of another."""
    if isinstance(row, CardRow):
        return new_card(row)
    if isinstance(row, AbsenceRow):
        return f"Leave {_span(row.starts_on, row.until)}."
    if isinstance(row, ExemptionRow):
        return f"Exemption from '{row.requirement}' {_span(row.starts_on, row.until)}."
    return _unit(row) if isinstance(row, UnitRow) else ""


def _span(first: date, last: date | None) -> str:
    return f"from {spoken(first)} until {spoken(last)}" if last else f"from {spoken(first)}, without an end"


def _unit(row: UnitRow) -> str:
    said = [
        f"{word} {value.replace(';', ', ')}"
        for word, value in (("facility", row.facility), ("managers", row.managers), ("director", row.director))
        if value
    ]
    return f"Unit {row.unit}{': ' if said else ''}{'; '.join(said)}."
