"""The plain lists that offices keep: personnel, the education department, employee health, the nursing office."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from tracker.demo.places import DIRECTORS, UNIT, UNITS
from tracker.demo.records import Card, Hospital, Person

TITLES = {
    "BLS": "Basic Life Support",
    "ACLS": "Advanced Cardiovascular Life Support",
    "PALS": "Pediatric Advanced Life Support",
    "ALS": "Advanced Life Support",
    "NRP": "Neonatal Resuscitation Program",
}
_APPROVERS = ("Dr. Renée Côté-Fallow", "Søren Underbough, RN")


def personnel(path: Path, hospital: Hospital) -> None:
    """What a personnel system exports for a spreadsheet program: UTF-16, tabs, headers of its own."""
    head = (
        "Employee Number", "Employee Name", "Department", "Job Title", "Employee Type", "Hire Date", "Start Date",
        "End Date", "Work Email", "Supervisor Email", "Cost Center", "FTE",
    )  # fmt: skip
    rows = [row for person in hospital.people for row in _jobs(person)]
    # Somebody typed a day that the calendar does not have.
    wrong = "31-Sep-2024"
    rows.append(
        (
            "009998", "Hollowell, Persis", "4 West", "RN", "Full-time", wrong, wrong,
            "", "", UNIT["4 West"].manager_email, "6104", "1.0",
        )
    )  # fmt: skip
    _write(path, [head, *rows], "utf-16", "\t")


def _jobs(person: Person) -> Iterable[Sequence[str]]:
    hired_on = min((post.starts_on for post in person.posts if post.starts_on), default=None)
    for post in person.posts:
        if post.in_hr:
            unit = UNIT[post.unit]
            yield (
                person.employee_id, person.listed_name, post.unit, post.role, post.kind, _named_month(hired_on),
                _named_month(post.starts_on), _named_month(post.ends_on), person.email or "", unit.manager_email,
                str(6100 + UNITS.index(unit)), {"Full-time": "1.0", "Part-time": "0.6"}.get(post.kind, "0.0"),
            )  # fmt: skip


def education(path: Path, hospital: Hospital) -> None:
    """The education department's list of cards, in the order in which they were issued."""
    head = ("employee_id", "certification", "issuer", "issued_on", "expires_on", "card_number", "verified_on")
    held = [(person.employee_id, card) for person in hospital.people for card in person.cards if card.on_file]
    held.sort(key=lambda each: (each[1].issued_on, each[1].number))
    rows = [_card(employee_id, card) for employee_id, card in held]
    employee_id, last = held[-2]
    too_soon = date(last.issued_on.year - 1, 5, 31)
    stranger = _card("009971", last._replace(number="265401990017"))
    slip = (employee_id, *_card("", last)[1:4], f"{too_soon:%Y-%m}", "265401990114", "")
    _write(path, [head, *rows, stranger, slip], "utf-8-sig", ",")


def _card(employee_id: str, card: Card) -> tuple[str, ...]:
    verified_on = f"{card.verified_on}" if card.verified_on else ""
    return (
        employee_id, TITLES[card.type], card.issuer, f"{card.issued_on}", card.printed, card.number, verified_on
    )  # fmt: skip


def leaves(path: Path, hospital: Hospital) -> None:
    """Employee health's list of leaves; never the reason."""
    rows = [
        (person.employee_id, f"{away.starts_on}", f"{away.until or ''}")
        for person in hospital.people
        for away in person.away
    ]
    _write(path, [("employee_id", "from", "until"), *rows], "utf-8", ",")


def exemptions(path: Path, hospital: Hospital) -> None:
    """The nursing office's list of exemptions: an older spreadsheet program, semicolons, accents of cp1252."""
    head = ("employee_id", "requirement", "from", "until", "reason", "approver")
    rows = [
        (
            person.employee_id, excused.requirement, f"{excused.starts_on}", f"{excused.until}", excused.reason,
            _APPROVERS[number % len(_APPROVERS)],
        )
        for number, person in enumerate(hospital.people)
        for excused in person.excused
    ]  # fmt: skip
    # The card's name in the place of the requirement's.
    first = rows[0]
    rows.append((first[0], "ACLS", *first[2:]))
    _write(path, [head, *rows], "cp1252", ";")


def units(path: Path) -> None:
    """Where each unit belongs and who answers for it."""
    rows = [(unit.name, unit.facility, unit.manager_email, DIRECTORS[unit.facility]) for unit in UNITS]
    _write(path, [("unit", "facility", "managers", "director"), *rows], "utf-8", ",")


def _named_month(day: date | None) -> str:
    """A day that cannot be read as another: 04-Mar-2026."""
    return f"{day:%d-%b-%Y}" if day else ""


def _write(path: Path, rows: Iterable[Sequence[str]], encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
