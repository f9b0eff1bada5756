"""`tracker db`."""

import sys

import click

from tracker.cli.errors import IN_PART
from tracker.cli.output import progress
from tracker.cli.session import open_session


@click.group()
def db() -> None:
    """Set the database up, check it."""


@db.command()
@click.option("--rebuild", "anew", is_flag=True, help="Build the timelines anew even if nothing asks for it.")
def upgrade(anew: bool) -> None:
    """Bring the database to the shape that this version needs, and its timelines up to date.

    Example: tracker db upgrade
    """
    from tracker.db.connect import Database
    from tracker.db.known import people_count
    from tracker.db.migrate import upgrade as migrate
    from tracker.db.timelines import rebuild, sweep

    database = Database(open_session().settings.database)
    migrate(database)
    with database.read() as connection:
        people = people_count(connection)
    with progress("Building timelines", people) as forward:
        rebuilt = rebuild(database, even_if_current=anew, progress=forward)
    sweep(database)
    click.echo("The database is up to date; " + ("the timelines were rebuilt." if rebuilt else "the timelines stand."))


@db.command()
@click.option("--sample", default=500, show_default=True, help="How many people, chosen at random; 0 for all.")
def check(sample: int) -> None:
    """Compare stored timelines with a fresh computation.

    Example: tracker db check --sample 0
    """
    from tracker.db.timelines import differing

    with open_session().database.read() as connection:
        wrong = differing(connection, sample or None)
    if wrong:
        click.echo(f"The stored timelines of {len(wrong)} people differ from the facts: {', '.join(wrong[:20])}.")
        click.echo("Please report this; 'tracker db upgrade --rebuild' makes them anew.", err=True)
        sys.exit(IN_PART)
    click.echo("The stored timelines are what the facts say.")


@db.command()
def compact() -> None:
    """Overwrite the bytes of what was removed or erased, and give its room back.

    Example: tracker db compact
    """
    if not open_session().database.compact():
        click.echo("Another program reads the database, so some of it is left; stop it and try again.", err=True)
        sys.exit(IN_PART)
    click.echo("What was removed is overwritten.")
