"""Tables as CSV and JSON. A cell that a spreadsheet would take for a formula leaves as text."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from tracker.domain.standing import Standing
from tracker.reports.compliance import Compliance, Line, Tally

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_json(value: Any) -> str:
    """A value as JSON: dates as ISO texts, names in their own script."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(header)
    # Texts are quoted throughout: where a spreadsheet splits at semicolons, half a cell must not become a formula.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def compliance_json(report: Compliance) -> dict[str, Any]:
    """The compliance report as the command line promises it."""
    return {
        "as_of": report.as_of,
        "known_at": report.known_at,
        "policy": {"name": report.policy_name, "sha256": report.policy_sha256},
        "target_percent": report.target,
        "total": _tally(report.total),
        "units": [{"unit": unit} | _tally(tally) for unit, tally in report.units.items()],
        "requirements": [{"requirement": name} | _tally(tally) for name, tally in report.requirements.items()],
        "unmatched": report.unmatched,
        "exceptions": [exception(line) for line in report.exceptions],
    }


def compliance_csv(report: Compliance) -> str:
    """The compliance report as one table: a row for all, one a unit, requirement, person unmatched, exception."""
    standings = [standing.value for standing in Standing]
    header = ["as_of", "known_at", "policy", "row", "name", "people", "people_counted", "people_compliant", *standings]
    header += ["rate", "employee_id", "unit", "role", "requirement", "standing", "since"]
    rows = [_row("all", "", report.total)]
    rows += [_row("unit", unit, tally) for unit, tally in report.units.items()]
    rows += [_row("requirement", name, tally) for name, tally in report.requirements.items()]
    blank = [""] * (len(standings) + 4)
    rows += [["unmatched", "", *blank, employee_id, *[""] * 5] for employee_id in report.unmatched]
    for line in report.exceptions:
        since = "" if line.since == date.min else line.since
        who = [line.employee_id, line.unit, line.role, line.requirement, line.standing.value, since]
        rows.append(["exception", line.name, *blank, *who])
    what = [report.as_of, report.known_at or "", report.policy_name]
    return to_csv(header, ([*what, *row] for row in rows))


def exception(line: Line) -> dict[str, Any]:
    """Somebody out of compliance, for a program."""
    return {
        "employee_id": line.employee_id,
        "name": line.name,
        "unit": line.unit,
        "role": line.role,
        "requirement": line.requirement,
        "standing": line.standing,
        "since": None if line.since == date.min else line.since,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "people": tally.people,
        "counted": tally.counted,
        "compliant": tally.compliant,
        "standings": {standing.value: tally.standings[standing] for standing in Standing},
        "rate": tally.rate,
    }


def _row(kind: str, name: str, tally: Tally) -> list[Any]:
    counts = [tally.standings[standing] for standing in Standing]
    rate = "" if tally.rate is None else round(tally.rate, 4)
    return [kind, name, tally.people, tally.counted, tally.compliant, *counts, rate, *[""] * 6]


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value.isoformat() if isinstance(value, date | datetime) else value
