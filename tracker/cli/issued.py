"""`tracker report issued`, `fetch` and `verify`: what was handed out, had again and proved."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, deliver_file, table
from tracker.cli.report_forms import issued_files
from tracker.cli.session import NUMBER, open_session
from tracker.domain.errors import BadInput


@click.command()
@click.option("--limit", type=NUMBER, default=50, show_default=True, help="How many of the latest.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def issued(limit: int, form: str) -> None:
    """The reports that were issued: when, by whom, what was asked.

    Example: tracker report issued
    """
    from tracker.db.issues import issued as latest
    from tracker.reports.forms import to_json

    session = open_session()
    with session.database.read() as connection:
        found = latest(connection, limit)
    if form == "json":
        deliver(to_json([one._asdict() for one in found]), None)
        return
    if not found:
        click.echo("No report was issued yet; add --issue to a report.")
        return
    zone = ZoneInfo(session.timezone)
    rows = [
        (
            one.number,
            f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}",
            one.actor,
            one.kind,
            one.form,
            one.as_of,
            one.sha256[:12],
            "kept" if one.removed is None else f"removed by {one.removed}",
            _asked(one.parameters, zone),
        )
        for one in found
    ]
    header = ("report", f"at ({zone.key})", "by", "kind", "form", "as of", "sha256", "file", "asked")
    click.echo(table(header, rows))


def _asked(parameters: Mapping[str, Any], zone: ZoneInfo) -> str:
    """What was asked, by the site's clock; the policy goes without saying."""
    told = {name: value for name, value in parameters.items() if value and name != "policy"}
    if "known_at" in told:
        told["known_at"] = f"{datetime.fromisoformat(told['known_at']).astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return ", ".join(
        f"{name.replace('_', ' ')}: {'; '.join(value) if isinstance(value, list) else value}"
        for name, value in told.items()
    )


@click.command()
@click.argument("number", type=NUMBER)
@click.option("-o", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to.")
def fetch(number: int, target: Path) -> None:
    """Write a report out once more, to the last byte as it was issued; the trail says who did.

    Example: tracker report fetch 12 -o compliance.pdf
    """
    from tracker.actions.prove_report import fetch_report

    session = open_session()
    _, content = fetch_report(session.database, session.author, issued_files(session), number)
    deliver_file(content, target)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def verify(file: Path | None) -> None:
    """Prove that a file is a report issued here, unaltered; without a file, that all that was issued is as it was.

    \b
    Example: tracker report verify compliance.pdf
             tracker report verify
    """
    from tracker.actions.prove_report import prove_all, prove_report
    from tracker.db.issues import issued as every_one
    from tracker.reports.front import instant

    session = open_session()
    if file is None:
        found = list(prove_all(session.database, issued_files(session)))
        for fault in found:
            click.echo(fault)
        if found:
            sys.exit(IN_PART)
        with session.database.read() as connection:
            gone = sum(one.removed is not None for one in every_one(connection))
        removed = f"; the files of {gone} were removed, past keeping or with people who were erased" if gone else ""
        click.echo(f"All reports issued and kept are as they were{removed}; the trail holds.")
        return
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({(error.strerror or 'it failed').lower()}).") from None
    proof = prove_report(session.database, content)
    for fault in proof.faults:
        click.echo(fault)
    if not proof.issues:
        click.echo(f"{file} is no report that was issued here: it never was, or was altered since.")
    for one in proof.issues:
        at = instant(one.at, session.timezone)
        click.echo(
            f"{file} is report {one.number}, {one.kind} as {one.form.upper()} as of {one.as_of}, issued {at} by "
            f"{one.actor}: entry {one.entry} of the trail."
        )
    if proof.faults or not proof.issues:
        sys.exit(IN_PART)
