"""`tracker status`, `tracker explain`, `tracker forecast`."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

import click

from tracker.actions.ask_standings import (
    Answer,
    PersonAnswer,
    ask_forecast,
    ask_person,
    ask_rows,
    ask_status,
    ask_unmatched,
    card_view,
)
from tracker.cli.output import deliver, table
from tracker.cli.session import DAY, as_of_option, employee_option, known_at_option, open_session, unit_option
from tracker.db.connect import Database
from tracker.db.standings import StandingRow
from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.scope import EVERYONE, Scope
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing, decided_by
from tracker.domain.why import spoken
from tracker.reports.forms import to_csv, to_json

PLAIN = {
    "exempt": "exempt",
    "on_leave": "on leave",
    "current": "current",
    "pending": "newcomer",
    "grace": "in grace",
    "prerequisite_gap": "PREREQUISITE GAP",
    "unverified": "UNVERIFIED",
    "expired": "EXPIRED",
    "missing": "MISSING",
    "not_recorded": "not recorded",
}


@click.command()
@as_of_option
@known_at_option
@unit_option
@employee_option
@click.option("--requirement", metavar="ID", help="Only this requirement.")
@click.option("--out", "only_out", is_flag=True, help="Only what is out of compliance.")
@click.option("--expiring", "only_expiring", is_flag=True, help="Only what is current and ends soon.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def status(form: str, only_out: bool, only_expiring: bool, **given: Any) -> None:
    """Who stands where on a day: past, present or to come. Capitals mean out of compliance.

    Example: tracker status --unit ICU --as-of 2027-01-31 --out
    """
    session = open_session()
    instant = session.instant(given["known_at"])
    scope = session.scope(given["unit"], given["employee_id"], instant)
    requirement = session.requirement(given["requirement"])
    question = Question(session.database, scope, given["as_of"] or session.today, instant, requirement)
    if form == "table" and not only_expiring:
        rows = [row for row in ask_rows(*question) if not only_out or row.standing in OUT_OF_COMPLIANCE]
        _table(rows, ask_unmatched(*question[:4]))
        return
    answers = [
        answer
        for answer in ask_status(*question)
        if (not only_out or answer.row.standing in OUT_OF_COMPLIANCE) and (not only_expiring or answer.expiring)
    ]
    if form == "table":
        _table([answer.row for answer in answers], ask_unmatched(*question[:4]))
    elif form == "json":
        deliver(to_json([_as_json(answer) for answer in answers]), None)
    else:
        found = [_as_json(answer) for answer in answers]
        deliver(to_csv(_KEYS, ([_flat(row[key]) for key in _KEYS] for row in found)), None)


class Question(NamedTuple):
    """What is asked about standings."""

    database: Database
    scope: Scope
    as_of: date
    known_at: datetime | None
    requirement: str | None


def _table(rows: list[StandingRow], unmatched: list[str]) -> None:
    header = ("employee", "name", "unit", "role", "requirement", "standing", "until")
    cells = [(*row.post[1:3], *row.post[4:], row.requirement, PLAIN[row.standing], _until(row.last)) for row in rows]
    if cells:
        click.echo(table(header, cells))
        click.echo(f"\n{_in_short([row.standing for row in rows])}")
    else:
        click.echo("Nothing in this scope on that day.")
    tell_unmatched(unmatched)


def tell_unmatched(employee_ids: list[str]) -> None:
    """Says whom no requirement matches, wherever figures are: a role spelt another way is no perfection."""
    count = len(employee_ids)
    if count:
        whom = "1 person" if count == 1 else f"{count} people"
        shown = ", ".join(employee_ids[:20]) + (" ..." if count > 20 else "")
        click.echo(f"No requirement matches {whom} (is a role or unit spelt another way?): {shown}")


def _in_short(standings: list[Standing]) -> str:
    """The counts in one line, the worst first."""
    counts = Counter(standings)
    order = [standing for standing in Standing if standing in OUT_OF_COMPLIANCE]
    order += [standing for standing in Standing if standing not in OUT_OF_COMPLIANCE]
    return ", ".join(f"{counts[one]} {PLAIN[one]}" for one in order if counts[one])


_KEYS = (
    "employee_id name unit role requirement standing since until due_by days_left expiring flags cards why"
).split()


def _as_json(answer: Answer) -> dict[str, Any]:
    post = answer.row.post
    return {
        "employee_id": post.employee_id,
        "name": post.name,
        "unit": post.unit,
        "role": post.role,
        "requirement": answer.row.requirement,
        "standing": answer.row.standing,
        "since": answer.since,
        "until": answer.until,
        "due_by": answer.why.due_by,
        "days_left": answer.days_left,
        "expiring": answer.expiring,
        "flags": answer.flags,
        "cards": [card_view(view) for view in answer.why.cards],
        "why": answer.why.reasons,
    }


def _flat(value: Any) -> Any:
    """A value in one cell."""
    if isinstance(value, list):
        return " ".join(_one(each) for each in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _one(value: Any) -> str:
    return f"{value['type']}:{value['number'] or value['id']}" if isinstance(value, dict) else str(value)


def _until(last: date) -> str:
    return "" if last == OPEN else spoken(last)


@click.command()
@click.argument("whom", metavar="EMPLOYEE")
@as_of_option
@known_at_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def explain(whom: str, as_of: date | None, known_at: str | None, form: str) -> None:
    """One person's standings on a day with the reasons, the cards, and the whole timeline.

    EMPLOYEE is an employee id, or a name if only one person has it.

    \b
    Example: tracker explain 004512 --as-of 2027-01-31
             tracker explain "Ada Ali"
    """
    session = open_session()
    day = as_of or session.today
    found = ask_person(session.database, EVERYONE, whom, day, session.instant(known_at))
    if form == "json":
        deliver(to_json(_person_json(found, day)), None)
        return
    person = found.person
    click.echo(f"{person.name or 'Name not recorded'} ({person.employee_id}) on {spoken(day)}")
    for answer in found.answers:
        post = answer.row.post
        days = f", {answer.days_left} days left" if answer.days_left is not None else ""
        standing = f"{PLAIN[answer.row.standing]}{days}"
        click.echo(f"\n{answer.row.requirement} as {post.role or 'no role'} in {post.unit}: {standing}")
        for reason in answer.why.reasons:
            click.echo(f"  {reason}")
    if not found.answers:
        working = any((one.starts_on or ALWAYS) <= day <= (one.ends_on or OPEN) for one in person.assignments)
        click.echo("\nNo requirement matches on that day." if working else "\nWorks nowhere on that day.")
    _places(found)
    _cards(found)
    _timeline(found, day)


def _places(found: PersonAnswer) -> None:
    """Where the person works or worked, and the days away or exempt."""
    person = found.person
    rows = [
        (f"{one.role or 'no role'} in {one.unit}", one.employment_type, *_from_to(one.starts_on, one.ends_on))
        for one in person.assignments
    ]
    rows += [("on leave", "", *_from_to(one.starts_on, one.until)) for one in person.absences]
    rows += [(f"exempt from {one.requirement}", "", *_from_to(one.starts_on, one.until)) for one in person.exemptions]
    if rows:
        click.echo("\n" + table(("what", "employment", "from", "through"), rows))


def _from_to(first: date | None, last: date | None) -> tuple[str, str]:
    return spoken(first) if first else "start not recorded", spoken(last) if last else "open"


def _cards(found: PersonAnswer) -> None:
    answers = {card: f"{one.answer} {spoken(one.checked_on)}" for card, one in decided_by(found.person).items()}
    header = ["card", "type", "issuer", "number", "issued", "printed expiry", "issuer says"]
    rows = [
        [card.id, card.type, card.issuer, card.number, card.issued_on, card.stated, answers.get(card.id, "")]
        for card in found.person.cards
    ]
    if any(one.card for one in found.evidence):
        header.append("evidence")
        for row in rows:
            row.append(", ".join(str(one.item) for one in found.evidence if one.card == row[0]))
    if rows:
        click.echo("\n" + table(header, rows))


def _timeline(found: PersonAnswer, day: date) -> None:
    units = {assignment.id: assignment.unit for assignment in found.person.assignments}
    rows = [
        (
            segment.requirement,
            units.get(segment.assignment, ""),
            PLAIN[segment.standing],
            "always" if segment.first == ALWAYS else spoken(segment.first),
            _until(segment.last) or "open",
            "←" if segment.first <= day <= segment.last else "",
        )
        for segment in found.timeline
    ]
    if rows:
        click.echo("\n" + table(("requirement", "unit", "standing", "from", "through", "day"), rows))


def _person_json(found: PersonAnswer, day: date) -> dict[str, Any]:
    units = {assignment.id: assignment.unit for assignment in found.person.assignments}
    return {
        "employee_id": found.person.employee_id,
        "name": found.person.name,
        "as_of": day,
        "standings": [_as_json(answer) for answer in found.answers],
        "timeline": [
            {
                "unit": units.get(segment.assignment),
                "requirement": segment.requirement,
                "standing": segment.standing,
                "first": None if segment.first == ALWAYS else segment.first,
                "last": None if segment.last == OPEN else segment.last,
                "ends_by": segment.ends_by or None,
            }
            for segment in found.timeline
        ],
    }


_FORECAST_KEYS = ("month", "unit", "requirement", "standing", "count")


@click.command()
@click.option("--from", "first", type=DAY, metavar="DAY", help="The month to begin with; this one if not said.")
@click.option("--months", type=click.IntRange(1, 120), default=12, show_default=True)
@unit_option
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def forecast(first: date | None, months: int, unit: str | None, form: str) -> None:
    """Standings to come if nobody renews, counted on each month's last day.

    Example: tracker forecast --months 6 --unit ICU
    """
    session = open_session()
    found = ask_forecast(session.database, session.scope(unit, None), first or session.today, months)
    if form == "json":
        deliver(to_json([dict(zip(_FORECAST_KEYS, one, strict=True)) for one in found]), None)
    elif form == "csv":
        deliver(to_csv(_FORECAST_KEYS, found), None)
    else:
        click.echo(_pivot(found))
        tell_unmatched(ask_unmatched(session.database, session.scope(unit, None), session.today, None))


def _share(out: int, counted: int) -> str:
    return f"{out}/{counted}" if counted else "–"


def _pivot(found: Iterable[tuple[str, str, str, str, int]]) -> str:
    """A row a unit and requirement, a column a month: how many are out of compliance then, of how many counted."""
    from tracker.domain.standing import COUNTED, OUT_OF_COMPLIANCE

    months: dict[str, None] = {}
    cells: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for month, unit, requirement, standing, count in found:
        months[month] = None
        line = cells.setdefault((unit, requirement), {})
        out, counted = line.get(month, (0, 0))
        line[month] = (out + count * (standing in OUT_OF_COMPLIANCE), counted + count * (standing in COUNTED))
    rows = [
        (unit, requirement, *(_share(*line.get(month, (0, 0))) for month in months))
        for (unit, requirement), line in sorted(cells.items())
    ]
    if not rows:
        return "Nobody in this scope comes under a requirement in these months."
    return "Out of compliance, of those counted:\n" + table(("unit", "requirement", *months), rows)
