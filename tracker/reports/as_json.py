"""Reports for programs."""

from typing import Any

from tracker.domain.days import OPEN
from tracker.domain.scope import InUnits, OnePerson, Scope, SomePeople
from tracker.domain.standing import Standing
from tracker.domain.underway import Begun
from tracker.reports.compliance import Compliance
from tracker.reports.exceptions import Exceptions, Finding, Unmatched
from tracker.reports.heading import Heading
from tracker.reports.months import Month
from tracker.reports.tally import Tally


def compliance_json(report: Compliance) -> dict[str, Any]:
    """The compliance report as the command line promises it."""
    target = report.heading.target
    return heading_json(report.heading) | {
        "target_percent": target,
        "total": _tally(report.total, target),
        "facilities": [
            {"facility": place.name} | _tally(place.tally, target) for place in report.facilities if place.name
        ],
        "units": [
            {"unit": unit, "facility": facility} | _tally(tally, target) for facility, unit, tally in report.units
        ],
        "requirements": [{"requirement": name} | _tally(tally, target) for name, tally in report.requirements.items()],
        **_beside(report.exceptions),
        "exceptions": exception_rows(report.exceptions),
        "trend": [_month(each) for each in report.months.trend],
        "forecast": [_month(each) for each in report.months.forecast],
    }


def _month(month: Month) -> dict[str, Any]:
    """The counts of a day that stands for its month."""
    return {
        "month": f"{month.day:%Y-%m}",
        "day": month.day,
        "target_percent": month.target,
        "unmatched_count": month.unmatched,
        "total": _tally(month.total, month.target),
        "units": [{"unit": unit} | _tally(counts, month.target) for unit, counts in month.units.items()],
        "requirements": [
            {"requirement": name} | _tally(counts, month.target) for name, counts in month.requirements.items()
        ],
    }


def exceptions_json(report: Exceptions) -> dict[str, Any]:
    """The exceptions for a program: by requirement, each person once."""
    return heading_json(report.heading) | {
        "people": report.total.people,
        "counted": report.total.counted,
        "out_of_compliance": report.total.lapsed,
        "findings": [
            {
                "requirement": each.requirement.id,
                "title": each.requirement.title,
                "citation": each.requirement.citation,
                "rule": each.rule,
                "out_of_compliance": each.tally.out,
                "counted": each.tally.whole,
                "people": [
                    _finding(finding) | _times(report, finding.employee_id, each.requirement.id)
                    for finding in each.people
                ],
            }
            for each in report.findings
        ],
        **_beside(report),
        **_look_back(report),
    }


def _look_back(report: Exceptions) -> dict[str, Any]:
    """The days looked at, and those who were out of compliance on some of them and are not any more."""
    looked = report.look_back
    if looked is None:
        return {}
    days = {"months": looked.months, "first_day": looked.first_day, "records_from": looked.records_from}
    past = [
        {
            "employee_id": one.employee_id,
            "name": one.name,
            "unit": one.unit,
            "role": one.role,
            "requirement": one.requirement,
            "title": one.title,
            "standing": one.standing,
            **_times(report, one.employee_id, one.requirement),
        }
        for one in looked.past
    ]
    kept = [
        {"employee_id": one, "first_day": None if day == OPEN else day} for one, day in sorted(looked.kept_from.items())
    ]
    return {"look_back": days | {"kept_from": kept, "note": looked.note}, "past": past}


def _times(report: Exceptions, employee_id: str, requirement: str) -> dict[str, Any]:
    """When somebody was out of compliance with a requirement, and what is under way."""
    looked = report.look_back
    if looked is None:
        return {}
    key, as_of = (employee_id, requirement), report.heading.as_of
    return {
        "intervals": [
            {"first_day": one.first_day, "last_day": one.last_day, "days": one.days(as_of)}
            for one in looked.intervals.get(key, [])
        ],
        "underway": begun_row(looked.underway.get(key, Begun())),
    }


def begun_row(begun: Begun) -> dict[str, Any]:
    """What is under way: never why somebody is exempt."""
    return {
        "bookings": [{"type": kind, "class_on": day} for kind, day in begun.bookings],
        "submissions": [{"type": kind, "received_on": day} for kind, day in begun.submissions],
        "exemptions": [{"from": first, "until": last} for first, last in begun.exemptions],
    }


def exception_rows(report: Exceptions) -> list[dict[str, Any]]:
    """The exceptions, a row for each requirement and place of work; by unit, person, requirement."""
    rows = [
        _finding(finding) | place._asdict() | {"requirement": each.requirement.id}
        for each in report.findings
        for finding in each.people
        for place in finding.places
    ]
    return sorted(rows, key=lambda row: (row["unit"], row["employee_id"], row["requirement"], row["role"]))


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "employee_id": finding.employee_id,
        "name": finding.name,
        "unit": finding.unit,
        "role": finding.role,
        "standing": finding.standing,
        "last_valid_day": finding.last_valid_day,
        "out_since": finding.out_since,
        "days_out": finding.days_out,
        "why": finding.why,
    }


def _beside(report: Exceptions) -> dict[str, Any]:
    """What no count shows: people whom no requirement matches, requirements that apply to nobody."""
    return {
        "unmatched": [person.employee_id for person in report.unmatched],
        "unmatched_people": [unmatched_row(person) for person in report.unmatched],
        "unused_requirements": [requirement.id for requirement in report.unused],
    }


def unmatched_row(person: Unmatched) -> dict[str, Any]:
    """Somebody whom no requirement matches."""
    return {"employee_id": person.employee_id, "name": person.name, "unit": person.unit, "role": person.role}


def heading_json(heading: Heading) -> dict[str, Any]:
    """What every report says of itself."""
    trail = heading.trail
    return {
        "as_of": heading.as_of,
        "known_at": heading.known_at,
        "scope": _scope(heading.scope),
        "employees": _named(heading.scope),
        "policy": {"name": heading.policy_name, "sha256": heading.policy_sha256},
        "trail": {"entry": trail.entry, "seal": trail.seal},
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {
        "units": list(scope.units) if isinstance(scope, InUnits) else None,
        "employee_id": scope.employee_id if isinstance(scope, OnePerson) else None,
    }


def _named(scope: Scope) -> list[str] | None:
    """The people whom a report is about, if it is about some by name."""
    if isinstance(scope, OnePerson):
        return [scope.employee_id]
    return list(scope.employee_ids) if isinstance(scope, SomePeople) else None


def _tally(tally: Tally, target: float) -> dict[str, Any]:
    return {
        "people": tally.people,
        "counted": tally.counted,
        "compliant": tally.compliant,
        "standings": {standing.value: tally.standings[standing] for standing in Standing},
        "rate": tally.rate,
        "percent": tally.percent,
        "meets_target": tally.meets(target),
    }
