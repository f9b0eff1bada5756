"""`tracker mappings`."""

import click

from tracker.cli.output import table
from tracker.cli.session import NUMBER, open_session


@click.group(invoke_without_command=True)
@click.pass_context
def mappings(ctx: click.Context) -> None:
    """List what is remembered: of files' columns, which header is which field; of types in other words, which they are.

    An import keeps what you said with --map, --kind or answers; files with the same headers, or words, are read by it.

    Example: tracker mappings
    """
    if ctx.invoked_subcommand is not None:
        return
    from tracker.db.mappings import known_mappings

    with open_session().database.read() as connection:
        found = known_mappings(connection)
    rows = [
        (each.id, each.confirmed_on, each.kind, ", ".join(f"{header} → {name}" for header, name in each.fields.items()))
        for each in found
    ]
    click.echo(table(("mapping", "confirmed", "kind", "columns"), rows) if rows else "Nothing is remembered yet.")


@mappings.command()
@click.argument("number", type=NUMBER)
def forget(number: int) -> None:
    """Forget one: the next file with these headers, or words, is understood or asked about as if it were the first.

    Example: tracker mappings forget 3
    """
    from tracker.actions.forget_mapping import forget_mapping

    session = open_session()
    found = forget_mapping(session.database, session.author, number)
    click.echo(f"Mapping {found.id} ({found.kind}: {', '.join(found.fields)}) is forgotten.")
