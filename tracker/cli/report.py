"""`tracker report`."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.output import deliver
from tracker.cli.session import as_of_option, known_at_option, open_session, unit_option


@click.group()
def report() -> None:
    """Reports to print or hand on."""


@report.command()
@as_of_option
@known_at_option
@unit_option
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; the screen if not said."
)
def compliance(as_of: date | None, known_at: str | None, unit: str | None, form: str, output: Path | None) -> None:
    """Counts and rates by unit and requirement, whom nothing matches, and who is out of compliance.

    Example: tracker report compliance --as-of 2026-12-31 --format csv -o compliance.csv
    """
    from tracker.actions.build_compliance import build_compliance
    from tracker.reports.forms import compliance_csv, compliance_json, to_json

    session = open_session()
    instant = session.instant(known_at)
    found = build_compliance(session.database, session.scope(unit, None, instant), as_of or session.today, instant)
    deliver(to_json(compliance_json(found)) if form == "json" else compliance_csv(found), output)
