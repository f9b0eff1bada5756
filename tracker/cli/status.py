"""`tracker status`, `tracker explain`, `tracker forecast`."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from tracker.actions.ask_standings import (
    Answer,
    PersonAnswer,
    ask_forecast,
    ask_person,
    ask_rows,
    ask_status,
    card_view,
)
from tracker.cli.output import deliver, table
from tracker.cli.session import DAY, as_of_option, employee_option, known_at_option, open_session, unit_option
from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
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
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def status(
    as_of: date | None,
    known_at: str | None,
    unit: str | None,
    employee_id: str | None,
    requirement: str | None,
    form: str,
) -> None:
    """Who stands where on a day: past, present or to come. Capitals mean out of compliance.

    Example: tracker status --unit ICU --as-of 2027-01-31
    """
    session = open_session()
    asked = (session.database, session.scope(unit, employee_id), as_of or session.today, session.instant(known_at))
    if form == "table":
        rows = ask_rows(*asked, session.requirement(requirement))
        header = ("employee", "name", "unit", "role", "requirement", "standing", "until")
        cells = [
            (*row.post[1:3], *row.post[4:], row.requirement, PLAIN[row.standing], _until(row.last)) for row in rows
        ]
        if not cells:
            click.echo("Nobody in this scope comes under a requirement on that day.")
            return
        click.echo(table(header, cells))
        click.echo(f"\n{_in_short([row.standing for row in rows])}")
        return
    found = [_as_json(answer) for answer in ask_status(*asked, session.requirement(requirement))]
    if form == "json":
        deliver(to_json(found), None)
    else:
        keys = list(_KEYS)
        deliver(to_csv(keys, ([_flat(row[key]) for key in keys] for row in found)), None)


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
@click.argument("employee_id")
@as_of_option
@known_at_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def explain(employee_id: str, as_of: date | None, known_at: str | None, form: str) -> None:
    """One person's standings on a day with the reasons, the cards, and the whole timeline.

    Example: tracker explain 004512 --as-of 2027-01-31
    """
    session = open_session()
    day = as_of or session.today
    found = ask_person(session.database, employee_id, day, session.instant(known_at))
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
        click.echo("\nNo requirement matches on that day.")
    _cards(found)
    _timeline(found, day)


def _cards(found: PersonAnswer) -> None:
    rows = [(card.id, card.type, card.issuer, card.number, card.issued_on, card.stated) for card in found.person.cards]
    if rows:
        click.echo("\n" + table(("card", "type", "issuer", "number", "issued", "printed expiry"), rows))


def _timeline(found: PersonAnswer, day: date) -> None:
    units = {assignment.id: assignment.unit for assignment in found.person.assignments}
    rows = [
        (
            segment.requirement,
            units.get(segment.assignment, ""),
            PLAIN[segment.standing],
            "always" if segment.first == ALWAYS else spoken(segment.first),
            _until(segment.last) or "open",
            "← " + spoken(day) if segment.first <= day <= segment.last else "",
        )
        for segment in found.timeline
    ]
    if rows:
        click.echo("\n" + table(("requirement", "unit", "standing", "from", "through", ""), rows))


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
        (unit, requirement, *(f"{line.get(month, (0, 0))[0]}/{line.get(month, (0, 0))[1]}" for month in months))
        for (unit, requirement), line in sorted(cells.items())
    ]
    if not rows:
        return "Nobody in this scope comes under a requirement in these months."
    return "Out of compliance, of those counted:\n" + table(("unit", "requirement", *months), rows)
