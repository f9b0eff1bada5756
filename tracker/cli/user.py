"""`tracker user`: who may sign in."""

from datetime import date
from typing import Any

import click

from tracker import clock
from tracker.cli.output import deliver, table
from tracker.cli.session import DAY, Session, open_session
from tracker.db.accounts import Account
from tracker.domain.access import Grant, Role
from tracker.settings import Settings

role_option = click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What they are."
)
units_option = click.option("--unit", "units", metavar="UNIT", multiple=True, help="A manager's unit; once for each.")
person_option = click.option("--employee", "employee_id", metavar="ID", help="Who staff are.")
until_option = click.option("--until", type=DAY, metavar="DAY", help="The last day; an auditor needs one.")


@click.group()
def user() -> None:
    """Who may sign in to the web app, and see what.

    An administrator runs it, an educator keeps everybody's cards, a manager those of some units, an auditor looks at
    everything until a day, staff see themselves.
    """


@user.command()
@click.argument("email")
@click.option("--name", help="What to call them; the address if not said.")
@role_option
@units_option
@person_option
@until_option
def add(
    email: str, name: str | None, role: str, units: tuple[str, ...], employee_id: str | None, until: date | None
) -> None:
    """Give somebody access; prints the link by which they choose a password, good once and for three days.

    Example: tracker user add dana@hospital.example --role manager --unit "ICU 4W"
    """
    from tracker.actions.access.give import add_user

    session = open_session()
    grant = _grant(session, role, units, employee_id, until)
    token = add_user(session.database, session.author, email, name or email, grant, clock.now())
    _tell_link(session.settings, email, token)


@user.command()
@click.argument("email")
@role_option
@units_option
@person_option
@until_option
def change(email: str, role: str, units: tuple[str, ...], employee_id: str | None, until: date | None) -> None:
    """Give somebody another role, other units or another last day; it counts at once.

    Example: tracker user change dana@hospital.example --role manager --unit "ICU 4W" --unit PACU
    """
    from tracker.actions.access.give import change_access

    session = open_session()
    change_access(session.database, session.author, email, _grant(session, role, units, employee_id, until))
    click.echo(f"{email} has access as {role} now.")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Take somebody's access back, at once; they are signed out everywhere.

    Example: tracker user disable dana@hospital.example
    """
    from tracker.actions.access.give import end_access

    session = open_session()
    end_access(session.database, session.author, email)
    click.echo(f"{email} has no access any more.")


@user.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a link by which somebody chooses a new password, good once and for three days.

    Example: tracker user link dana@hospital.example
    """
    from tracker.actions.access.give import new_link

    session = open_session()
    _tell_link(session.settings, email, new_link(session.database, session.author, email, clock.now()))


@user.command("list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def show(form: str) -> None:
    """Who has access, as what, until when.

    Example: tracker user list
    """
    from tracker.db.accounts import all_accounts
    from tracker.reports.forms import to_json

    with open_session().database.read() as connection:
        found = [(one, one.grant) for one in all_accounts(connection) if one.grant]
    if form == "json":
        deliver(to_json([_as_json(*each) for each in found]), None)
        return
    lines = [
        (
            account.email,
            account.name,
            grant.role.value,
            ", ".join(grant.units) or grant.employee_id or "everybody",
            grant.until,
            "" if account.password else "has chosen no password yet",
        )
        for account, grant in found
    ]
    header = ("address", "name", "role", "sees", "until", "")
    click.echo(table(header, lines) if lines else "Nobody has access yet; 'tracker user add' gives it.")


def _as_json(account: Account, grant: Grant) -> dict[str, Any]:
    return {
        "email": account.email,
        "name": account.name,
        "role": grant.role.value,
        "units": list(grant.units),
        "employee_id": grant.employee_id,
        "until": grant.until,
        "password": account.password is not None,
    }


def _grant(session: Session, role: str, units: tuple[str, ...], employee_id: str | None, until: date | None) -> Grant:
    return Grant(Role(role), tuple(session.unit(unit) for unit in units), employee_id, until)


def _tell_link(settings: Settings, email: str, token: str) -> None:
    base = (settings.base_url or "http://127.0.0.1:8000").rstrip("/")
    click.echo(f"{base}/link/{token}")
    click.echo(f"Hand this link to {email}: it opens once, within three days, to choose a password.", err=True)
