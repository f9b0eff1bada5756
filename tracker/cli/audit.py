"""`tracker audit`."""

import sys

import click

from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, table
from tracker.cli.session import open_session
from tracker.domain.errors import BadInput


@click.group()
def audit() -> None:
    """Who did what; proof that nothing was altered."""


@audit.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many of the latest.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def log(limit: int, form: str) -> None:
    """The latest changes: who, when, from where, why.

    Example: tracker audit log --limit 20
    """
    from tracker.db.trail import entries
    from tracker.reports.forms import to_json

    with open_session().database.read() as connection:
        found = entries(connection, limit)
    if form == "json":
        deliver(to_json([entry._asdict() for entry in found]), None)
        return
    rows = [
        (
            entry.seq,
            f"{entry.at:%Y-%m-%d %H:%M:%S} UTC",
            entry.actor,
            entry.source,
            entry.action,
            entry.subject,
            entry.note,
        )
        for entry in found
    ]
    click.echo(table(("entry", "at", "by", "from", "what", "of", "note"), rows) if rows else "Nothing was changed yet.")


@audit.command()
@click.option(
    "--expect", metavar="ENTRY:SEAL", help="An entry and its seal, noted elsewhere: shows whether the end was cut off."
)
def verify(expect: str | None) -> None:
    """Prove that no entry, and no fact, was changed, removed or reordered.

    Example: tracker audit verify --expect 12:9f3a...
    """
    from tracker.db.trail import faults, head, seal_of

    with open_session().database.read() as connection:
        found = list(faults(connection))
        last = head(connection)
        if expect is not None:
            number, _, noted = expect.partition(":")
            if not number.isdigit() or not noted:
                raise BadInput(
                    f"'{expect}' is no entry and seal; write them as 'tracker audit verify' prints them, 12:9f3a..."
                )
            if seal_of(connection, int(number)) != noted:
                found.append(f"Entry {number} does not have the seal that was noted.")
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(IN_PART)
    click.echo(f"All {last[0]} entries hold; the last is {last[0]}:{last[1]}" if last else "Nothing was changed yet.")
