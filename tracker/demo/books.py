"""The workbooks of unit managers: a row a person, a column a card, and whatever else a manager wants to see there."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.demo.cast import TRAVELER
from tracker.demo.places import CRITICAL_CARE_BOOK, UNIT, WOMEN_CHILDREN_BOOK
from tracker.demo.records import Card, Hospital, Person, Post

Cell = str | date | None


class Month(NamedTuple):
    """A cell that holds the first of a month and shows the month alone."""

    first: date


def critical_care(path: Path, hospital: Hospital) -> None:
    """The ICU's and the ED's book: a sheet a unit, titles above, a legend below, months as people type them."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2026, 1, 15, 7, 30)})  # noqa: DTZ001 a workbook keeps no zone
        for unit in CRITICAL_CARE_BOOK:
            kinds = ("BLS", "ACLS", "PALS") if unit == "ED" else ("BLS", "ACLS")
            _critical_sheet(book, unit, kinds, hospital)


def _critical_sheet(book: Workbook, unit: str, kinds: Sequence[str], hospital: Hospital) -> None:
    head = [
        "Emp ID", "Name", "Unit", "Position", "Employee Type", "Start Date", "Contract End", "E-mail",
        *(name for kind in kinds for name in (f"{kind} Exp", f"{kind} Issuer")), "Notes",
    ]  # fmt: skip
    sheet = book.add_worksheet(unit)
    title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    updated = f"updated {hospital.today:%B %Y} by {UNIT[unit].manager.first} {UNIT[unit].manager.last}"
    sheet.merge_range(0, 0, 0, len(head) - 1, f"{unit} - LIFE SUPPORT CERTIFICATIONS", title)
    sheet.merge_range(1, 0, 1, len(head) - 1, updated, book.add_format({"italic": True, "align": "center"}))
    rows: list[Sequence[Cell | Month]] = [head]
    rows += [_critical_row(person, post, kinds, hospital.today) for person, post in _listed(hospital, (unit,))]
    if unit == "ICU":
        rows.append([None, "Sparrowhawke, Lou", "ICU", "RN", None, None, None, None, "new, no badge yet"])
    below = _Writer(book, sheet).rows(rows, 3)
    for number, line in enumerate(("LEGEND", "n/a = not needed for the role", "enrolled = class booked"), below + 1):
        sheet.write_string(number, 0, line)
    sheet.freeze_panes(4, 2)
    sheet.set_column(0, len(head) - 1, 14)


def _critical_row(person: Person, post: Post, kinds: Sequence[str], today: date) -> Sequence[Cell | Month]:
    ends_on = post.ends_on if post.kind == TRAVELER else None
    note = "travel contract" if post.kind == TRAVELER else None
    cells = [
        cell
        for kind in kinds
        for cell in (_critical_cell(person, post, kind, today), _other_issuer(person.noted(kind, today)))
    ]
    return [
        person.employee_id, person.listed_name, post.unit, post.role, post.kind, post.starts_on, ends_on,
        person.email, *cells, note,
    ]  # fmt: skip


def _critical_cell(person: Person, post: Post, kind: str, today: date) -> Cell | Month:
    """A month in one of the ways in which people type it, or the day that a card names."""
    typed, card = dict(person.cells).get(kind), person.noted(kind, today)
    if typed:
        return typed
    if card is None:
        return None if kind in UNIT[post.unit].types(post.role) else "n/a"
    if card.dated:
        return card.ends_on
    ways: tuple[Cell | Month, ...] = (
        Month(card.ends_on.replace(day=1)),
        f"{card.ends_on:%b %Y}",
        f"{card.ends_on:%m/%Y}",
        f"{card.ends_on.month}/{card.ends_on:%y}",
    )
    return ways[int(card.number[-2:], 36) % len(ways)]


def _other_issuer(card: Card | None) -> str | None:
    """Who issued a card, where it was not the one whose cards nearly everybody has."""
    return card.issuer.removeprefix("American ") if card and card.dated else None


def women_children(path: Path, hospital: Hospital) -> None:
    """The children's hospital's book: one sheet, US dates as text, and no day after the twelfth.

    So none says whether the day or the month stands first.
    """
    head = [
        "Staff ID", "Staff Member", "Dept", "Job Title", "Contract Type", "Start", "End",
        "BLS Exp.", "NRP", "PALS Exp.",
    ]  # fmt: skip
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2026, 1, 15, 7, 30)})  # noqa: DTZ001 a workbook keeps no zone
        sheet = book.add_worksheet("Staff")
        sheet.write_string(0, 0, "Women's & Children's - who is due?", book.add_format({"bold": True}))
        rows: list[Sequence[Cell | Month]] = [head]
        for person, post in _listed(hospital, WOMEN_CHILDREN_BOOK):
            cells = [_first_of_month(person, kind, hospital.today) for kind in ("BLS", "NRP", "PALS")]
            rows.append(
                [person.employee_id, person.listed_name, post.unit, post.role, post.kind, *_contract(post), *cells]
            )
        _Writer(book, sheet).rows(rows, 2)
        sheet.set_column(0, len(head) - 1, 16)


def _contract(post: Post) -> tuple[str | None, str | None]:
    """A traveler's first and last day; of the others personnel knows it."""
    if post.kind != TRAVELER or post.starts_on is None or post.ends_on is None:
        return None, None
    return _us(post.starts_on), _us(post.ends_on)


def _first_of_month(person: Person, kind: str, today: date) -> str | None:
    """The month of a card that names one. Cards that name a day are left to the education department."""
    card: Card | None = person.noted(kind, today)
    typed = dict(person.cells).get(kind)
    return typed or (_us(card.ends_on.replace(day=1)) if card and not card.dated else None)


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _listed(hospital: Hospital, units: Sequence[str]) -> Iterable[tuple[Person, Post]]:
    """Who stands on the list of some units: those at work there, and one whom the manager forgot to take off."""
    for unit in units:
        for person in hospital.people:
            for post in person.posts:
                if post.unit == unit and (post.open_on(hospital.today) or post.settled == "ended"):
                    yield person, post


class _Writer:
    """Writes rows of cells into a sheet."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._day: Format = book.add_format({"num_format": "mm/dd/yyyy"})
        self._month: Format = book.add_format({"num_format": "mmm yyyy"})
        self._head: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})

    def rows(self, rows: Iterable[Sequence[Cell | Month]], top: int) -> int:
        """Writes a header and what stands under it from a 0-based row on; gives the row after the last."""
        number = top
        for number, row in enumerate(rows, top):
            for column, cell in enumerate(row):
                self._cell(number, column, cell, self._head if number == top else None)
        return number + 1

    def _cell(self, row: int, column: int, cell: Cell | Month, form: Format | None) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(row, column, cell, form)
        elif isinstance(cell, Month):
            self._sheet.write_datetime(row, column, cell.first, self._month)
        elif cell is not None:
            self._sheet.write_datetime(row, column, cell, self._day)
