"""`tracker report`."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracker.cli.output import deliver
from tracker.cli.session import as_of_option, known_at_option, open_session, unit_option

if TYPE_CHECKING:
    from tracker.reports.compliance import Compliance

Command = TypeVar("Command", bound=Callable[..., None])


@click.group()
def report() -> None:
    """Reports to print or hand on."""


def asked(command: Command) -> Command:
    """The options of every report."""
    options = (
        as_of_option,
        known_at_option,
        unit_option,
        click.option(
            "--format",
            "form",
            type=click.Choice(["json", "csv", "html"]),
            default="json",
            show_default=True,
            help="For programs, for a spreadsheet, or a page to print.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The file; the screen if not said.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@report.command()
@asked
def compliance(form: str, output: Path | None, **question: Any) -> None:
    """Counts and rates by unit and requirement, whom nothing matches, and who is out of compliance.

    Example: tracker report compliance --as-of 2026-12-31 --format html -o compliance.html
    """
    from tracker.reports.as_csv import compliance_csv
    from tracker.reports.as_json import compliance_json
    from tracker.reports.forms import to_json
    from tracker.reports.html import compliance_html

    found = _build(**question)
    forms = {
        "json": lambda: to_json(compliance_json(found)),
        "csv": lambda: compliance_csv(found),
        "html": lambda: compliance_html(found),
    }
    deliver(forms[form](), output)


@report.command()
@asked
def exceptions(form: str, output: Path | None, **question: Any) -> None:
    """Who is out of compliance with what, since when and why, written as a surveyor's finding is.

    Example: tracker report exceptions --unit ICU --format html -o exceptions.html
    """
    from tracker.reports.as_csv import exceptions_csv
    from tracker.reports.as_json import exceptions_json
    from tracker.reports.forms import to_json
    from tracker.reports.html import exceptions_html

    found = _build(**question).exceptions
    forms = {
        "json": lambda: to_json(exceptions_json(found)),
        "csv": lambda: exceptions_csv(found),
        "html": lambda: exceptions_html(found),
    }
    deliver(forms[form](), output)


def _build(as_of: date | None, known_at: str | None, unit: str | None) -> "Compliance":
    from tracker.actions.build_compliance import build_compliance

    session = open_session()
    instant = session.instant(known_at)
    return build_compliance(session.database, session.scope(unit, None, instant), as_of or session.today, instant)
