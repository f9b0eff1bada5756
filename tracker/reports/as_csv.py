"""Reports as tables for spreadsheets."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tracker.domain.standing import Standing
from tracker.domain.underway import Begun
from tracker.reports.as_json import exception_rows, unmatched_row
from tracker.reports.compliance import Compliance
from tracker.reports.exceptions import Exceptions, Findings
from tracker.reports.forms import to_csv
from tracker.reports.heading import Heading
from tracker.reports.look_back import LookBack
from tracker.reports.months import Month
from tracker.reports.named import Named
from tracker.reports.tally import Tally

WHAT = ["as_of", "known_at", "policy", "row"]
COUNTS = ["people", "people_counted", "people_compliant", *(standing.value for standing in Standing)]
COUNTS += ["rate", "percent", "meets_target"]
PERSON = ["employee_id", "unit", "role", "requirement", "standing", "since"]
PERSON += ["last_valid_day", "out_since", "days_out", "why"]
MONTH = ["month", "day"]
FINDING = ["requirement", "title", "citation", "out_of_compliance", "people_counted"]
WHO = ["employee_id", "name", "unit", "role", "standing"]
FINDING += [*WHO, "last_valid_day", "out_since", "days_out", "why"]
UNDERWAY = ["booked", "waiting_since", "exempt"]
INTERVAL = ["first_day", "last_day", "days"]


def compliance_csv(report: Compliance) -> str:
    """The report as one table: a row for all, one a facility, unit, requirement, person unmatched, exception."""
    target = report.heading.target
    rows = [_counts("all", "", report.total, target)]
    rows += [_counts("facility", place.name, place.tally, target) for place in report.facilities if place.name]
    rows += [_counts("unit", unit, tally, target) for _, unit, tally in report.units]
    rows += [_counts("requirement", name, tally, target) for name, tally in report.requirements.items()]
    rows += [_person("unmatched", unmatched_row(person)) for person in report.exceptions.unmatched]
    rows += [_person("exception", row) for row in exception_rows(report.exceptions)]
    rows += [row for each in report.months.trend for row in _month("trend", each)]
    rows += [row for each in report.months.forecast for row in _month("forecast", each)]
    return table(report.heading, ["name", *COUNTS, *PERSON, *MONTH], rows)


def exceptions_csv(report: Exceptions) -> str:
    """A row for each requirement, each followed by one for each person out of compliance; then those unmatched.

    Last a row for each time out of compliance in the look-back, of those who are out now and of those who are not.
    """
    rows = [row for each in report.findings for row in _findings(each, report.look_back)]
    for person in report.unmatched:
        known = unmatched_row(person)
        rows.append(["unmatched", *(known.get(column) for column in FINDING)])
    return table(report.heading, [*FINDING, *UNDERWAY, *INTERVAL], rows + _intervals(report))


def _findings(each: Findings, looked: LookBack | None) -> list[list[Any]]:
    requirement = each.requirement
    what = [requirement.id, requirement.title, requirement.citation, each.tally.out, each.tally.whole]
    rows: list[list[Any]] = [["requirement", *what]]
    for one in each.people:
        days = (one.last_valid_day, one.out_since, one.days_out)
        told = ["exception", *what, *_who(one), one.standing.value, *days, " ".join(one.why)]
        rows.append([*told, *_underway(looked, one.employee_id, requirement.id)])
    return rows


def _intervals(report: Exceptions) -> list[list[Any]]:
    """The times out of compliance, by requirement and employee id."""
    looked = report.look_back
    if looked is None:
        return []
    people: list[tuple[str, str, Named, Standing | None]] = [
        (each.requirement.id, each.requirement.title, one, one.standing)
        for each in report.findings
        for one in each.people
    ]
    people += [(one.requirement, one.title, one, one.standing) for one in looked.past]
    rows: list[list[Any]] = []
    for requirement, title, one, standing in sorted(people, key=lambda row: (row[0], row[2].employee_id)):
        told = ["interval", requirement, title, None, None, None, *_who(one), standing and standing.value]
        told += [None] * (len(FINDING) + 1 - len(told))
        told += _underway(looked, one.employee_id, requirement)
        times = looked.intervals.get((one.employee_id, requirement), [])
        rows += [[*told, time.first_day, time.last_day, time.days(report.heading.as_of)] for time in times]
    return rows


def _who(one: Named) -> list[Any]:
    return [one.employee_id, one.name, one.unit, one.role]


def _underway(looked: LookBack | None, employee_id: str, requirement: str) -> list[str | None]:
    """Classes booked, cards that wait, days of exemption, each as one text."""
    if looked is None:
        return [None] * len(UNDERWAY)
    begun = looked.underway.get((employee_id, requirement), Begun())
    exempt = [f"{first} to {last}" for first, last in begun.exemptions]
    return [_listed(begun.bookings), _listed(begun.submissions), "; ".join(exempt)]


def _listed(things: Iterable[tuple[str, date]]) -> str:
    return "; ".join(f"{kind} {day}" for kind, day in things)


def table(heading: Heading, header: list[str], rows: list[list[Any]]) -> str:
    """Rows under a header; those of a kind that has fewer columns end sooner, and are filled up."""
    what = [heading.as_of, heading.known_at, heading.policy_name]
    width = 1 + len(header)
    return to_csv([*WHAT, *header], ([*what, *row, *[None] * (width - len(row))] for row in rows))


def _counts(kind: str, name: str | None, tally: Tally, target: float) -> list[Any]:
    counts = [tally.standings[standing] for standing in Standing]
    rate = None if tally.rate is None else int(tally.rate * 10_000) / 10_000
    figures = [tally.people, tally.counted, tally.compliant, *counts, rate, tally.percent, tally.meets(target)]
    return [kind, name, *figures, *[None] * len(PERSON)]


def _month(kind: str, month: Month) -> list[list[Any]]:
    """A row for all, one a unit, one a requirement; none for a day on which nobody worked."""
    if not month.total.people:
        return []
    rows = [_counts(f"{kind}_all", "", month.total, month.target)]
    rows += [_counts(f"{kind}_unit", unit, tally, month.target) for unit, tally in month.units.items()]
    rows += [_counts(f"{kind}_requirement", name, tally, month.target) for name, tally in month.requirements.items()]
    return [[*row, f"{month.day:%Y-%m}", month.day] for row in rows]


def _person(kind: str, row: dict[str, Any]) -> list[Any]:
    told = row | {"why": " ".join(row.get("why", []))}
    return [kind, row["name"], *[None] * len(COUNTS), *(told.get(column) for column in PERSON)]
