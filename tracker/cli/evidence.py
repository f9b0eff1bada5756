"""`tracker evidence`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, deliver_file, table
from tracker.cli.refusal import refuse, refuse_undo, warn_of_refusal
from tracker.cli.session import ITEM, NUMBER, Session, open_session, said
from tracker.domain.scope import EVERYONE, OnePerson

if TYPE_CHECKING:
    from tracker.actions.kept_files import KeptFiles

KEYS = ("evidence", "card", "media_type", "size", "sha256", "name", "at", "actor")
REFUSED = ("refused_on", "refused_by", "reason", "instead")


@click.group()
def evidence() -> None:
    """Keep the PDFs and pictures that show a card."""


evidence.add_command(refuse)
evidence.add_command(refuse_undo)


@evidence.command()
@click.argument("employee_id")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--card", "card_number", type=NUMBER, metavar="CARD", help="The card that it shows, if it is on record.")
@click.option("--yes", is_flag=True, help="Record the card as the certificate shows it, without asking.")
@click.option("--accept-name", is_flag=True, help="Another name on the certificate is right.")
def add(employee_id: str, file: Path, card_number: int | None, yes: bool, accept_name: bool) -> None:
    """Keep a PDF or a picture of a card; a digital certificate is read into a card that you confirm.

    Example: tracker evidence add 004512 bls-ecard.pdf
    """
    from tracker.actions.evidence.keep import keep_evidence
    from tracker.cli.proposal import Asked, settle, warn_of_another

    session = open_session()
    # Where there is no policy yet, better said before anything is kept.
    _ = session.today
    kept = keep_evidence(session.database, session.author, _files(session), employee_id, file, card_number)
    shows = f" of card {kept.card}" if kept.card else ""
    known = "" if kept.is_new else " already"
    click.echo(f"Evidence {kept.item}{shows} is kept{known}.")
    warn_of_refusal(session, employee_id, kept.item)
    asked = Asked(session, employee_id, file, kept)
    if kept.card:
        warn_of_another(asked)
    else:
        sys.exit(settle(asked, yes=yes, accept_name=accept_name))


@evidence.command("list")
@click.argument("employee_id")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def list_all(employee_id: str, form: str) -> None:
    """What is kept about a person, and which card each file shows.

    Example: tracker evidence list 004512
    """
    from tracker.actions.evidence.look import list_evidence, list_refusals
    from tracker.reports.forms import to_json

    database, scope = open_session().database, OnePerson(employee_id)
    found, refused = list_evidence(database, scope), list_refusals(database, scope)
    if form == "json":
        listed = [
            {
                "evidence": one.item,
                **{key: getattr(one, key) for key in KEYS[1:]},
                **{key: getattr(refused.get(one.item), key, None) for key in REFUSED},
            }
            for one in found
        ]
        deliver(to_json(listed), None)
    elif found:
        rows = [
            (
                one.item,
                one.card or (f"refused on {refused[one.item].refused_on}" if one.item in refused else None),
                one.media_type,
                _size(one.size),
                f"{one.at:%Y-%m-%d %H:%M} UTC",
                one.actor,
                one.name,
            )
            for one in found
        ]
        click.echo(table(("evidence", "card", "kind", "size", "at", "by", "file"), rows))
    else:
        click.echo("Nothing is kept.")


@evidence.command()
@click.argument("employee_id")
@ITEM
@click.option("-o", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to.")
def get(employee_id: str, item: int, target: Path) -> None:
    """Write a file out to look at; the trail names who did.

    Example: tracker evidence get 004512 3 -o card.pdf
    """
    from tracker.actions.evidence.look import get_evidence

    session = open_session()
    _, data = get_evidence(session.database, session.author, _files(session), OnePerson(employee_id), item)
    deliver_file(data, target)


@evidence.command()
@click.argument("employee_id")
@ITEM
@click.option("--why", required=True, help="The reason, for the trail.")
def retract(employee_id: str, item: int, why: str) -> None:
    """Take back a file that should not be on record.

    Example: tracker evidence retract 004512 3 --why "somebody else's card"
    """
    from tracker.actions.evidence.keep import retract_evidence

    session = open_session()
    retract_evidence(session.database, session.author, employee_id, item, said("--why", why))
    click.echo(f"Evidence {item} is retracted.")


@evidence.command()
def check() -> None:
    """See that every file is there, and is what was kept: after a restore, for one.

    Example: tracker evidence check
    """
    from tracker.actions.evidence.look import check_evidence

    session = open_session()
    wrong = list(check_evidence(session.database, _files(session), EVERYONE))
    if wrong:
        shown = ", ".join(map(str, wrong[:20])) + (" ..." if len(wrong) > 20 else "")
        click.echo(f"The file of {len(wrong)} pieces of evidence is gone or altered: {shown}.")
        click.echo("Put the folder 'evidence' back from a backup, or keep the files anew.", err=True)
        sys.exit(IN_PART)
    click.echo("Every file of evidence is what was kept.")


def _files(session: Session) -> "KeptFiles":
    from tracker.actions.kept_files import KeptFiles

    return KeptFiles(session.settings.data_dir.expanduser())


def _size(count: int) -> str:
    return f"{count / 1024:.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
