"""`tracker retention`."""

import click

from tracker.cli.session import open_session

# What the kinds of record are called on the screen.
KINDS = {
    "cards": "cards, with their corrections",
    "verifications": "answers of issuers",
    "absences": "absences",
    "exemptions": "exemptions",
    "bookings": "classes",
    "evidence": "pieces of evidence, with their files",
    "refusals": "refusals of cards",
    "submissions": "cards that waited to be checked",
    "mails": "mails",
    "rejects": "copies of rejected rows",
    "issues": "files of issued reports",
}


@click.command()
@click.option("--apply/--dry-run", "applies", default=False, help="Remove it; if not said, it is only counted.")
def retention(applies: bool) -> None:
    """Count, or remove, what the policy says is past keeping; the scheduler removes it every day.

    Example: tracker retention --apply
    """
    from tracker.actions.remove_old_records import remove_old_records

    session = open_session()
    folder = session.settings.data_dir.expanduser()
    done = remove_old_records(session.database, session.author, folder, session.today, dry_run=not applies)
    for kind, count in done.items():
        click.echo(f"{count:>8}  {KINDS[kind]}")
    if not done:
        click.echo("Nothing is past keeping; '[retention]' in the policy says for how long what is kept.")
    elif applies:
        click.echo("This was removed; 'tracker db compact' overwrites the bytes.")
    else:
        click.echo("This would be removed, counted as of today; '--apply' removes it for good.")
