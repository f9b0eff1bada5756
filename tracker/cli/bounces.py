"""`tracker mail bounces`."""

from typing import Any

import click

from tracker.cli.output import deliver, table
from tracker.cli.session import open_session


@click.command()
@click.option("--lift", "address", metavar="ADDRESS", help="Send mails to this address again.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def bounces(address: str | None, form: str) -> None:
    """List the addresses from which mail comes back, and whose they are; nothing is sent to them.

    An address stays on the list until its mark is lifted. Whoever gets another address is sent mails again at once.

    Example: tracker mail bounces --lift ada@example.org
    """
    session = open_session()
    if address is not None:
        from tracker.actions.lift_bounce import lift_bounce

        found = lift_bounce(session.database, session.author, address)
        click.echo(f"Mails go to {found.address} again, from the next run on.")
        return
    listed = _listed(session.database)
    if form == "json":
        from tracker.reports.forms import to_json

        deliver(to_json(listed), None)
        return
    rows = [
        (one["address"], _whose(one), one["since"], one["mail"], f"{one['status'] or ''} {one['said']}".strip())
        for one in listed
    ]
    headers = ("address", "of", "since", "mail", "the server said")
    click.echo(table(headers, rows) if rows else "Mail comes back from no address.")


def _listed(database: Any) -> list[dict[str, Any]]:
    from tracker.db.bounces import bounces_that_hold, people_at
    from tracker.db.digests import managers_marked
    from tracker.db.former import ids_now

    with database.read() as connection:
        found = bounces_that_hold(connection)
        people, managers = people_at(connection, found.keys()), managers_marked(connection)
        called = ids_now(connection, people.keys())
    return [
        {
            "address": one.address,
            "employees": sorted(called[number] for number, own in people.items() if own == key),
            "manager": key in managers,
            "since": one.day,
            "mail": one.mail_id,
            "status": one.status,
            "said": one.said,
        }
        for key, one in found.items()
    ]


def _whose(one: dict[str, Any]) -> str:
    return ", ".join([*one["employees"], *(["a manager or director"] if one["manager"] else [])]) or "nobody any more"
