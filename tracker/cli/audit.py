"""`tracker audit`."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from tracker import clock
from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, deliver_file, table
from tracker.cli.session import NUMBER, open_session
from tracker.domain.errors import BadInput

COLUMNS = ("entry", "at", "by", "from", "what", "of", "note")

written_option = click.option(
    "-o", "target", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; else it is printed."
)


@click.group()
def audit() -> None:
    """Who did what; proof that nothing was altered."""


@audit.command()
@click.option("--employee", "employee_id", metavar="ID", help="Only what is about this person, whatever they did.")
@click.option("--actor", help="Only what this user did, as the column 'by' names them.")
@click.option("--source", help="Only from there: cli, web, api or job.")
@click.option("--action", help="Only this, as the column 'what' names it, such as card-record.")
@click.option("--import", "batch", type=NUMBER, metavar="BATCH", help="Only this import, and its undo.")
@click.option("--since", metavar="WHEN", help="From this day or instant on: 2026-05-03 or 2026-05-03T14:00Z.")
@click.option("--until", metavar="WHEN", help="Up to this day or instant, included.")
@click.option("--limit", type=NUMBER, default=50, show_default=True, help="How many of the latest.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
@written_option
def log(limit: int, form: str, target: Path | None, since: str | None, until: str | None, **asked: Any) -> None:
    """The latest changes: who, when, from where, why.

    Example: tracker audit log --employee 004512 --since 2026-05-01 --limit 20
    """
    from tracker.db.trail import Entry
    from tracker.db.trail_log import Asked
    from tracker.db.trail_log import log as find
    from tracker.reports.forms import to_csv, to_json

    session = open_session()
    wanted = Asked(**asked, since=session.instant(since, day_begins=True), until=session.instant(until))
    with session.database.read() as connection:
        found = find(connection, wanted, limit)
    if form == "json":
        deliver(to_json([entry._asdict() for entry in found]), target)
    elif form == "csv":
        deliver(to_csv(Entry._fields, found), target)
    else:
        rows = [(entry.seq, f"{entry.at:%Y-%m-%d %H:%M:%S} UTC", *entry[2:]) for entry in found]
        nothing = "No entry fits." if wanted != Asked() else "Nothing was changed yet."
        deliver(table(COLUMNS, rows) if rows else nothing, target)


@audit.command()
@click.option(
    "--expect", metavar="ENTRY:SEAL", help="An entry and its seal, noted elsewhere: shows whether the end was cut off."
)
@click.option(
    "--head",
    "noted",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The same from a file that 'tracker audit head' wrote.",
)
def verify(expect: str | None, noted: Path | None) -> None:
    """Prove that no entry, and no fact, was changed, removed or reordered.

    Example: tracker audit verify --expect 12:9f3a...
    """
    from tracker.actions.check_trail import check_trail
    from tracker.db.trail_export import against_head, against_noted

    document, session = _document(noted) if noted else None, open_session()
    checked = check_trail(session.database, session.settings.data_dir, session.author.actor, clock.now())
    with session.database.read() as connection:
        unlike = [
            against_noted(connection, expect) if expect is not None else None,
            against_head(connection, document) if noted else None,
        ]
    found = [*checked.faults, *filter(None, unlike)]
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(IN_PART)
    last = f"All {checked.entries} entries hold; the last is {checked.entries}:{checked.seal}"
    click.echo(last if checked.entries else "Nothing was changed yet.")


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise BadInput(f"{path} cannot be read ({reason}); name a file that 'tracker audit head' wrote.") from None
    except ValueError:
        raise BadInput(f"{path} is no head of a trail; name a file that 'tracker audit head' wrote.") from None


@audit.command()
@written_option
def head(target: Path | None) -> None:
    """The last entry and its seal, to be kept where nobody who has the database can change it.

    Example: tracker audit head -o head.json
    """
    from tracker.db.trail_export import head_of
    from tracker.reports.forms import to_json

    with open_session().database.read() as connection:
        found = head_of(connection)
    if found is None:
        raise BadInput("Nothing was changed yet, so the trail has no head; come again after 'tracker policy apply'.")
    deliver(to_json(found), target)


@audit.command()
@click.option("-o", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
def export(target: Path) -> None:
    """Write the chain of entries, digests and seals, a JSON object a line, for others to prove.

    Example: tracker audit export -o trail.jsonl
    """
    from tracker.db.trail_export import chain

    with open_session().database.read() as connection:
        lines = [json.dumps(entry, ensure_ascii=False) for entry in chain(connection)]
    deliver_file("".join(f"{line}\n" for line in lines).encode(), target)
