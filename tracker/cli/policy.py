"""`tracker policy`."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.output import deliver, progress, table
from tracker.cli.session import DAY, open_session
from tracker.domain.errors import BadInput
from tracker.domain.policy import Policy
from tracker.domain.policy_check import warnings_of
from tracker.domain.policy_text import read_policy
from tracker.packs import pack_names, pack_text

effective_option = click.option(
    "--effective", type=DAY, metavar="DAY", help="The first day it is in force; today if not said."
)


def text_of(file_or_pack: str) -> str:
    """The text of a policy file or of one that ships; raises BadInput if there is neither."""
    path = Path(file_or_pack)
    try:
        if path.is_file():
            return path.read_text("utf-8")
        if file_or_pack in pack_names():
            return pack_text(file_or_pack)
    except UnicodeDecodeError:
        raise BadInput(f"{file_or_pack} is no text in UTF-8; save it as a plain text file.") from None
    raise BadInput(f"There is no file '{file_or_pack}', and no pack of that name; packs are {', '.join(pack_names())}.")


@click.group()
def policy() -> None:
    """Look at policies, try one out, put one in force."""


@policy.command()
def packs() -> None:
    """List the policies that ship. Each is a start: copy it, make it your own, apply it.

    Example: tracker policy packs
    """
    rows = []
    for name in pack_names():
        found = read_policy(text_of(name))
        rows.append((name, found.timezone, ", ".join(found.types), len(found.requirements)))
    click.echo(table(("pack", "time zone", "types of card", "requirements"), rows))


@policy.command()
@click.argument("pack", required=False)
def show(pack: str | None) -> None:
    """Print the text of a pack, or of the policy in force today.

    Example: tracker policy show us-hospital > my-policy.toml
    """
    if pack is not None:
        deliver(text_of(pack), None)
        return
    from tracker.db.policies import text_in_force

    session = open_session()
    with session.database.read() as connection:
        deliver(text_in_force(connection, session.today), None)


@policy.command()
@click.argument("file")
def check(file: str) -> None:
    """Say whether a policy can be used, and what looks wrong in it.

    Example: tracker policy check my-policy.toml
    """
    from tracker.db.known import role_names, unit_names

    found = read_policy(text_of(file))
    with open_session().database.read() as connection:
        warnings = warnings_of(found, unit_names(connection), role_names(connection))
    click.echo(f"'{found.name}' can be used: {_summary(found)}.")
    for warning in warnings:
        click.echo(f"Warning: {warning}.", err=True)


@policy.command()
@click.argument("file")
@effective_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def diff(file: str, effective: date | None, form: str) -> None:
    """Show whose standing a policy would change, from what to what, on which day. Changes nothing.

    Example: tracker policy diff my-policy.toml --effective 2027-01-01
    """
    from tracker.actions.apply_policy import differences
    from tracker.domain.scope import EVERYONE
    from tracker.reports.forms import to_json

    session = open_session()
    text = text_of(file)
    timezone = read_policy(text).timezone
    found = list(differences(session.database, EVERYONE, text, effective, session.day_in(timezone)))
    if form == "json":
        keys = ("employee_id", "unit", "requirement", "from", "to", "day")
        deliver(to_json([dict(zip(keys, one, strict=True)) for one in found]), None)
        return
    if not found:
        click.echo("Nobody's standing would change.")
        return
    header = ("employee", "unit", "requirement", "from", "to", "on")
    rows = [(*one[:3], one.before or "not asked", one.after or "not asked", one.day) for one in found]
    click.echo(table(header, rows))


@policy.command()
@click.argument("file_or_pack")
@effective_option
def apply(file_or_pack: str, effective: date | None) -> None:
    """Put a policy in force: the first for all days, a later one from its effective day.

    Example: tracker policy apply my-policy.toml --effective 2027-01-01
    """
    from tracker.actions.apply_policy import apply_policy
    from tracker.db.known import people_count

    session = open_session()
    text = text_of(file_or_pack)
    today = session.day_in(read_policy(text).timezone)
    with session.database.read() as connection:
        people = people_count(connection)
    with progress("Building timelines", people) as forward:
        done = apply_policy(session.database, session.author, text, effective, today, forward)
    since = f"from {done.effective}" if done.effective else "for all days"
    if done.changed:
        click.echo(f"'{done.policy.name}' is in force {since}: {_summary(done.policy)}.")
        if effective and done.effective is None:
            click.echo("It is the first policy, so it is in force for all days, whatever --effective says.", err=True)
    else:
        click.echo(f"'{done.policy.name}' was in force {since} already; nothing was changed.")


def _summary(found: Policy) -> str:
    accepted = sum(issuer.accepted for issuer in found.issuers)
    return f"{len(found.requirements)} requirements, {len(found.types)} types of card, {accepted} accepted issuers"
