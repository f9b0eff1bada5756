"""`tracker settings`."""

import click

from tracker.cli.output import table
from tracker.settings import described, load


@click.command()
def show() -> None:
    """The settings, and where each came from; secrets are masked.

    Example: tracker settings
    """
    click.echo(table(("setting", "value", "from"), described(load())))
