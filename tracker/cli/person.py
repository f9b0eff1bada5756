"""`tracker person`."""

import click

from tracker.cli.session import NUMBER, open_session
from tracker.domain.errors import BadInput

dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
why_option = click.option("--why", required=True, help="The reason, for the trail.")


@click.group()
def person() -> None:
    """Another employee id for somebody, two records made one, either taken back."""


@person.command("rename-id")
@click.argument("old")
@click.argument("new")
@why_option
@dry_run_option
def rename_id(old: str, new: str, why: str, dry_run: bool) -> None:
    """Give a person another employee id; ids are compared exactly.

    Example: tracker person rename-id 004512 104512 --why "new payroll system"
    """
    from tracker.actions.change_person import rename_person

    session = open_session()
    old, new, why = _said("OLD", old), _said("NEW", new), _said("--why", why)
    seq, lines = rename_person(session.database, session.author, old, new, why, dry_run=dry_run)
    _tell(seq, lines, dry_run)


@person.command()
@click.argument("gone", metavar="FROM")
@click.argument("kept", metavar="INTO")
@why_option
@dry_run_option
def merge(gone: str, kept: str, why: str, dry_run: bool) -> None:
    """Make two records one: what is known of FROM becomes INTO's, and FROM is nobody any more.

    Example: tracker person merge 004512 104512 --why "rehired under a new id" --dry-run
    """
    from tracker.actions.change_person import merge_people

    session = open_session()
    gone, kept, why = _said("FROM", gone), _said("INTO", kept), _said("--why", why)
    seq, lines = merge_people(session.database, session.author, gone, kept, why, session.today, dry_run=dry_run)
    _tell(seq, lines, dry_run)


@person.command()
@click.argument("entry", type=NUMBER)
@click.option("--why", help="The reason, for the trail.")
@dry_run_option
def undo(entry: int, why: str | None, dry_run: bool) -> None:
    """Take a rename or a merge back, by its entry ('tracker audit log' lists them).

    Example: tracker person undo 12 --why "they are sisters"
    """
    from tracker.actions.change_person import undo_person_change

    session = open_session()
    reason = _said("--why", why) if why is not None else None
    retracted, restored = undo_person_change(session.database, session.author, entry, reason, dry_run=dry_run)
    would = "would be" if dry_run else "were"
    click.echo(f"Entry {entry}: {retracted} facts {would} retracted, {restored} {would} put back.")


def _tell(seq: int, lines: list[str], dry_run: bool) -> None:
    for line in lines:
        click.echo(line)
    if dry_run:
        click.echo("This was a dry run; nothing was changed.")
    else:
        click.echo(f"This is entry {seq} of the trail; 'tracker person undo {seq}' takes it back.")


def _said(what: str, text: str) -> str:
    """A word that has to be said; raises BadInput if it is blank."""
    if not text.strip():
        raise BadInput(f"{what} is blank; say it.")
    return text.strip()
