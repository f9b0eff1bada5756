"""`tracker person`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver_file
from tracker.cli.session import NUMBER, Session, open_session
from tracker.domain.errors import BadInput

if TYPE_CHECKING:
    from tracker.actions.erase_person import Erased
    from tracker.actions.kept_files import KeptFiles

dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
why_option = click.option("--why", required=True, help="The reason, for the trail.")


@click.group()
def person() -> None:
    """Another employee id for somebody, two records made one, either taken back; all on record out, or erased."""


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


@person.command()
@click.argument("employee_id")
@click.option("-o", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The ZIP to write.")
def export(employee_id: str, target: Path) -> None:
    """Hand out all that is on record of a person: facts with their history, mails, evidence, entries of the trail.

    Example: tracker person export 004512 -o 004512.zip
    """
    from tracker.actions.export_person import export_person

    session = open_session()
    found = export_person(session.database, session.author, _files(session), employee_id)
    deliver_file(found.content, target)
    if found.lacking:
        shown = ", ".join(map(str, found.lacking))
        click.echo(f"The file of evidence {shown} is gone or altered, and left out; see 'tracker evidence check'.")
        sys.exit(IN_PART)


@person.command()
@click.argument("employee_id")
@click.option("--reason", required=True, help="Why, for the trail, where it stays: name nobody in it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@dry_run_option
def erase(employee_id: str, reason: str, yes: bool, dry_run: bool) -> None:
    """Erase a person where the law asks: name, addresses, cards, evidence, history. It cannot be taken back.

    Export first what has to be kept or handed out; backups and files that were written stay as they are.

    Example: tracker person erase 004512 --reason "request 2026-17" --dry-run
    """
    from tracker.actions.erase_person import erase_person
    from tracker.settings import secret_key

    session, why = open_session(), _said("--reason", reason)
    secret = secret_key(session.settings)
    if not dry_run and not yes:
        if not sys.stdin.isatty():
            raise BadInput("Nobody is there to ask, and it cannot be taken back; say --yes, or look with --dry-run.")
        would = erase_person(
            session.database, session.author, _files(session), employee_id, why, secret=secret, dry_run=True
        )
        _tell_erased(would, "would be")
        click.confirm(f"Erase {employee_id} for good?", abort=True)
    done = erase_person(
        session.database, session.author, _files(session), employee_id, why, secret=secret, dry_run=dry_run
    )
    _tell_erased(done, "would be" if dry_run else "were")
    if dry_run:
        click.echo("This was a dry run; nothing was changed.")
        return
    click.echo(f"This is entry {done.entry} of the trail, which still proves itself; it cannot be taken back.")
    for digest in done.left:
        click.echo(f"The file {digest} of the folder 'evidence' or 'issued' could not be removed; delete it.", err=True)
    if not done.is_overwritten:
        click.echo("Another program reads the database; run 'tracker db compact' later, which overwrites it.", err=True)
    if done.left or not done.is_overwritten:
        sys.exit(IN_PART)


def _tell_erased(done: "Erased", were: str) -> None:
    facts = ", ".join(f"{count} {kind}" for kind, count in done.facts.items())
    click.echo(f"Facts that {were} erased: {facts}; files of evidence: {done.files}.")
    if done.reports:
        listed = ", ".join(map(str, done.reports))
        click.echo(f"Issued reports whose files {were} removed, as they name the person: {listed}.")
    click.echo("Mails that were sent, backups and files written with -o are out of reach; see docs/administrators.md.")
    if done.answers_for:
        click.echo(
            f"Note: {done.answers_for} facts about others name an address of theirs as a manager's or director's; "
            "import the units, or the roster, with another one."
        )


def _files(session: Session) -> "KeptFiles":
    from tracker.actions.kept_files import KeptFiles

    return KeptFiles(session.settings.data_dir.expanduser())


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
