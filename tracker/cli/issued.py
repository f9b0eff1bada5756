"""`tracker report issued`, `fetch` and `verify`: what was handed out, had again and proved."""

import json
import sys
from pathlib import Path

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

    with open_session().database.read() as connection:
        found = latest(connection, limit)
    if form == "json":
        deliver(to_json([one._asdict() for one in found]), None)
        return
    rows = [
        (
            one.number,
            f"{one.at:%Y-%m-%d %H:%M} UTC",
            one.actor,
            one.kind,
            one.form,
            one.as_of,
            one.sha256[:12],
            "kept" if one.removed is None else f"removed by {one.removed}",
            json.dumps({name: value for name, value in one.parameters.items() if value and name != "policy"}),
        )
        for one in found
    ]
    header = ("report", "at", "by", "kind", "form", "as of", "sha256", "file", "asked")
    click.echo(table(header, rows) if rows else "No report was issued yet; add --issue to a report.")


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
        at = f"{one.at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(
            f"{file} is report {one.number}, {one.kind} as {one.form.upper()} as of {one.as_of}, issued {at} by "
            f"{one.actor}: entry {one.entry} of the trail."
        )
    if proof.faults or not proof.issues:
        sys.exit(IN_PART)
