"""What ends in the months to come, for programs and for spreadsheets."""

from typing import Any

from tracker.reports.as_csv import table
from tracker.reports.as_json import heading_json
from tracker.reports.expiring import Ending, Expiring, Month, Seats

COLUMNS = ["month", "unit", "type", "seats"]
COLUMNS += ["employee_id", "name", "role", "requirement", "title", "last_day", "types"]


def expiring_json(report: Expiring) -> dict[str, Any]:
    """The report for a program: by month and unit; the seats of each month, and of all."""
    return heading_json(report.heading) | {
        "last_day": report.last_day,
        "people": report.people,
        "seats": _seats(report.seats),
        "months": [
            {
                "month": _name(month),
                "people": month.people,
                "seats": _seats(month.seats),
                "units": [
                    {"unit": unit, "endings": [_ending(one) for one in endings]}
                    for unit, endings in month.units.items()
                ],
            }
            for month in report.months
        ],
    }


def expiring_csv(report: Expiring) -> str:
    """For each month a row for the seats of a type, one for those of each unit, then one for each ending and unit."""
    rows = [row for month in report.months for row in _rows(month)]
    return table(report.heading, COLUMNS, rows)


def _rows(month: Month) -> list[list[Any]]:
    name = _name(month)
    rows: list[list[Any]] = []
    for each in month.seats:
        rows.append(["seats", name, None, each.type, each.people])
        rows += [["unit_seats", name, unit, each.type, people] for unit, people in each.units.items()]
    for unit, endings in month.units.items():
        for one in endings:
            who = (one.employee_id, one.name, one.role, one.requirement, one.title)
            rows.append(["ending", name, unit, None, None, *who, one.last_day, "; ".join(one.types)])
    return rows


def _seats(seats: list[Seats]) -> list[dict[str, Any]]:
    return [
        {
            "type": each.type,
            "people": each.people,
            "units": [{"unit": unit, "people": people} for unit, people in each.units.items()],
        }
        for each in seats
    ]


def _ending(one: Ending) -> dict[str, Any]:
    return {
        "employee_id": one.employee_id,
        "name": one.name,
        "role": one.role,
        "requirement": one.requirement,
        "title": one.title,
        "last_day": one.last_day,
        "types": list(one.types),
    }


def _name(month: Month) -> str:
    return f"{month.first_day:%Y-%m}"
