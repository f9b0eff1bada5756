"""Whether people were compliant on a day, for programs and for spreadsheets."""

from typing import Any

from tracker.reports.as_csv import table
from tracker.reports.as_json import heading_json
from tracker.reports.history import Answer, History, Told, Turn

PERSON = ["employee_id", "name", "known", "units", "on_record", "compliant", "differs", "since_entry", "since"]
COLUMNS = [*PERSON, "requirement", "title", "standing", "why"]


def history_json(report: History) -> dict[str, Any]:
    """The report for a program: `now` is what is known now, `then` what was on record at `known_at`."""
    trail = report.trail
    return heading_json(report.heading) | {
        "known_at": report.instant,
        "trail_then": {"entry": trail.entry, "seal": trail.seal} if trail else None,
        "people": [
            {
                "employee_id": one.employee_id,
                "name": one.name,
                "now": _answer(one.now),
                "then": _answer(one.then),
                "differs": one.differs,
                "since": _turn(one.since),
            }
            for one in report.people
        ],
    }


def history_csv(report: History) -> str:
    """For each person and answer a row, then one for each requirement."""
    rows: list[list[Any]] = []
    for one in report.people:
        for known, answer in (("now", one.now), ("then", one.then)):
            told = _person(one, known, answer)
            rows.append(["answer", *told])
            rows += [
                ["standing", *told, each.requirement, each.title, each.standing.value, " ".join(each.why)]
                for each in answer.stood
            ]
    return table(report.heading._replace(known_at=report.instant), COLUMNS, rows)


def _person(one: Told, known: str, answer: Answer) -> list[Any]:
    said = [answer.on_record, answer.compliant, one.differs]
    since = (one.since.entry, one.since.at) if one.since else (None, None)
    return [one.employee_id, one.name, known, "; ".join(answer.units), *said, *since]


def _answer(answer: Answer) -> dict[str, Any]:
    policy = answer.policy
    return {
        "policy": {"name": policy[0], "sha256": policy[1]} if policy else None,
        "on_record": answer.on_record,
        "units": answer.units,
        "compliant": answer.compliant,
        "standings": [
            {"requirement": one.requirement, "title": one.title, "standing": one.standing, "why": one.why}
            for one in answer.stood
        ],
    }


def _turn(turn: Turn | None) -> dict[str, Any] | None:
    return turn._asdict() if turn else None
