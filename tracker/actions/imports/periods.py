"""Rows about days: absences and exemptions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.actions.imports.context import Context
from tracker.actions.imports.named import Beside, rightly_named
from tracker.actions.imports.result import TableReport
from tracker.db.known import known_people
from tracker.db.tables import FactTable, absences, exemptions
from tracker.domain.facts import Absence, Exemption, PersonFacts
from tracker.intake.rows import AbsenceRow, ExemptionRow

Period = Absence | Exemption


class Listed(NamedTuple):
    """A list's rows by employee id, what it calls these people, by row, and where to say what becomes of it.

    `called` is what all lists of its file call people.
    """

    rows: Mapping[str, list[Any]]
    names: Mapping[int, str]
    called: Beside
    report: TableReport


def apply_absences(context: Context, listed: Listed) -> None:
    """Absences: one that begins on the same day is the same; its end may be filled in or corrected."""

    def wanted(row: AbsenceRow) -> Absence:
        return Absence(0, row.starts_on, row.until)

    def merged(known: Absence, new: Absence) -> Absence:
        return known._replace(until=new.until or known.until)

    _apply(context, listed, absences, lambda person: person.absences, wanted, merged)


def apply_exemptions(context: Context, listed: Listed, requirements: set[str]) -> None:
    """Exemptions: one from the same requirement and day is the same. `requirements` are the ids that policies know."""
    usable: dict[str, list[ExemptionRow]] = {}
    for row in (row for theirs in listed.rows.values() for row in theirs):
        if row.requirement in requirements:
            usable.setdefault(row.employee_id, []).append(row)
        else:
            known = ", ".join(sorted(requirements))
            reason = f"The policy has no requirement '{row.requirement}'; it has {known}."
            listed.report.reject(row.row, "requirement", reason)

    def wanted(row: ExemptionRow) -> Exemption:
        return Exemption(0, row.requirement, row.starts_on, row.until, row.approver, row.reason)

    def merged(known: Exemption, new: Exemption) -> Exemption:
        return known._replace(
            until=new.until, approver=new.approver or known.approver, reason=new.reason or known.reason
        )

    _apply(context, listed._replace(rows=usable), exemptions, lambda person: person.exemptions, wanted, merged)


def _apply(
    context: Context,
    listed: Listed,
    table: FactTable,
    of: Callable[[PersonFacts], Sequence[Any]],
    wanted: Callable[[Any], Any],
    merged: Callable[[Any, Any], Any],
) -> None:
    rows, report = listed.rows, listed.report
    known = known_people(context.made.connection, rows, context.timezone).facts
    retracted: list[int] = []
    added: list[tuple[object, ...]] = []
    for employee_id, every in rows.items():
        person = known.get(employee_id)
        if person is None:
            report.unknown(every, employee_id)
            continue
        theirs = rightly_named(employee_id, every, listed.names, person.name, listed.called, report)
        before = {_key(one): one for one in of(person)}
        after = _after(context, employee_id, before, [(row.row, wanted(row)) for row in theirs], merged, report)
        retracted += [before[key].id for key, one in after.items() if key in before and one != before[key]]
        added += [(person.id, *one[1:]) for key, one in after.items() if one != before.get(key)]
    if retracted:
        context.made.retract(table, retracted)
    context.made.record(table, added)
    context.progress(sum(map(len, rows.values())))


def _key(one: Period) -> tuple[str, date]:
    return (one.requirement if isinstance(one, Exemption) else "", one.starts_on)


def _after(
    context: Context,
    employee_id: str,
    before: dict[tuple[str, date], Any],
    rows: list[tuple[int, Any]],
    merged: Callable[[Any, Any], Any],
    report: TableReport,
) -> dict[tuple[str, date], Any]:
    """What holds of one person after these rows."""
    after: dict[tuple[str, date], Any] = {}
    for number, new in rows:
        key = _key(new)
        old = after.get(key) or before.get(key)
        elsewhere = context.named_before(employee_id, *key)
        if elsewhere and merged(old, new) != old:
            reason = f"{elsewhere} says something else of the same days from {new.starts_on}; correct one of them."
            report.reject(number, "until", reason)
            continue
        after[key] = merged(old, new) if old else new
        report.put(number, "new" if old is None else "unchanged" if after[key] == old else "changed")
        context.name(report, number, employee_id, *key)
    return after
