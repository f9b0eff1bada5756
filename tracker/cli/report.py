"""`tracker report`."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from tracker.cli.output import deliver
from tracker.cli.session import as_of_option, employees_option, known_at_option, open_session, unit_option
from tracker.db.connect import Database
from tracker.domain.errors import BadInput
from tracker.domain.scope import OnePerson, Scope, SomePeople

Command = TypeVar("Command", bound=Callable[..., None])
# What each form is for.
FORMS = {"json": "for programs", "csv": "for a spreadsheet", "html": "a page to print"}


@click.group()
def report() -> None:
    """Reports to print or hand on."""


def asked(*forms: str) -> Callable[[Command], Command]:
    """The options of a report about a day that comes in these forms."""
    return _with_options(as_of_option, known_at_option, unit_option, employees_option, with_form(*forms))


def with_form(*forms: str) -> Callable[[Command], Command]:
    """Which form, and where it goes."""
    told = ", ".join(f"{form}: {FORMS[form]}" for form in forms)
    return _with_options(
        click.option(
            "--format",
            "form",
            type=click.Choice(forms),
            default="json",
            show_default=True,
            help=f"{told.capitalize()}.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The file; the screen if not said.",
        ),
    )


def _with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def with_all(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_all


@report.command()
@asked("json", "csv", "html")
def compliance(form: str, output: Path | None, **question: Any) -> None:
    """Counts and rates by unit and requirement, whom nothing matches, and who is out of compliance.

    Example: tracker report compliance --as-of 2026-12-31 --format html -o compliance.html
    """
    from tracker.actions.build_compliance import build_compliance
    from tracker.reports.as_csv import compliance_csv
    from tracker.reports.as_json import compliance_json
    from tracker.reports.forms import to_json
    from tracker.reports.html import compliance_html

    found = build_compliance(*_question(form, **question))
    forms = {
        "json": lambda: to_json(compliance_json(found)),
        "csv": lambda: compliance_csv(found),
        "html": lambda: compliance_html(found),
    }
    deliver(forms[form](), output)


@report.command()
@asked("json", "csv", "html")
@click.option(
    "--look-back",
    "months",
    type=click.IntRange(0, 600),
    default=36,
    show_default=True,
    metavar="MONTHS",
    help="How far back to look for times out of compliance; never before your records begin.",
)
def exceptions(form: str, output: Path | None, months: int, **question: Any) -> None:
    """Who is out of compliance with what, since when and why, written as a surveyor's finding is, and who was.

    As JSON and CSV with every time out of compliance in the months before, and with what is under way.

    Example: tracker report exceptions --unit ICU --format html -o exceptions.html
    """
    from tracker.actions.build_exceptions import build_exceptions
    from tracker.reports.as_csv import exceptions_csv
    from tracker.reports.as_json import exceptions_json
    from tracker.reports.forms import to_json
    from tracker.reports.html import exceptions_html

    found = build_exceptions(*_question(form, **question), months)
    forms = {
        "json": lambda: to_json(exceptions_json(found)),
        "csv": lambda: exceptions_csv(found),
        "html": lambda: exceptions_html(found),
    }
    deliver(forms[form](), output)


@report.command()
@asked("json", "csv")
@click.option(
    "--months",
    type=click.IntRange(0, 600),
    default=6,
    show_default=True,
    help="How many months after this one.",
)
def expiring(form: str, output: Path | None, months: int, **question: Any) -> None:
    """What ends in the months to come if nobody renews: by month and unit, with names, and the seats in classes.

    Example: tracker report expiring --months 3 --format csv -o classes.csv
    """
    from tracker.actions.build_expiring import build_expiring
    from tracker.reports.expiring_forms import expiring_csv, expiring_json
    from tracker.reports.forms import to_json

    found = build_expiring(*_question(form, **question), months)
    deliver(expiring_csv(found) if form == "csv" else to_json(expiring_json(found)), output)


@report.command()
@as_of_option
@click.option(
    "--known-at",
    metavar="INSTANT",
    help="The instant to compare with, such as 2026-05-03T14:00Z; the end of the day asked about if not said.",
)
@employees_option
@with_form("json", "csv")
def history(
    form: str, output: Path | None, as_of: date | None, known_at: str | None, employee_ids: tuple[str, ...]
) -> None:
    """Were these people compliant on a day? As known now, and as the records stood at an instant.

    Each requirement with the standing and why; and where the two differ, since which entry of the trail.

    Example: tracker report history --employee 004512 --as-of 2026-05-01
    """
    from tracker.actions.build_history import build_history
    from tracker.reports.forms import to_json
    from tracker.reports.history_forms import history_csv, history_json

    session = open_session()
    scope = session.people(None, employee_ids)
    if not isinstance(scope, OnePerson | SomePeople):
        raise BadInput("Say about whom: --employee ID, once for each person.")
    found = build_history(session.database, scope, as_of or session.today, session.instant(known_at))
    deliver(history_csv(found) if form == "csv" else to_json(history_json(found)), output)


def _question(
    form: str, as_of: date | None, known_at: str | None, unit: str | None, employee_ids: tuple[str, ...]
) -> tuple[Database, Scope, date, datetime | None]:
    """What a report is asked: of which records, about whom, which day, and known when."""
    session = open_session()
    instant = session.instant(known_at)
    scope = session.people(unit, employee_ids, instant)
    if form == "html" and isinstance(scope, SomePeople):
        raise BadInput("A page is about a unit or one person; say --employee once, or --format json or csv.")
    return session.database, scope, as_of or session.today, instant
