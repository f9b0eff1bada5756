"""`tracker card`."""

from datetime import date
from typing import Any

import click

from tracker.cli.session import DAY, NUMBER, open_session, said, stated_expiry
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, Verification


@click.group()
def card() -> None:
    """Record, retract or check one card."""


@card.command()
@click.argument("employee_id")
@click.option("--type", "kind", required=True, help="Such as BLS.")
@click.option("--issuer", help="Such as AHA; the policy's default if not said.")
@click.option("--issued-on", type=DAY, metavar="DAY")
@click.option("--expires-on", metavar="DAY|MONTH", help="As printed: 2028-06-30, or 2028-06.")
@click.option("--number", help="As printed.")
@click.option("--accept-future", is_flag=True, help="An issue date still to come is right.")
def record(employee_id: str, accept_future: bool, **given: Any) -> None:
    """Record a card, or add to one that is known.

    Example: tracker card record 004512 --type BLS --issuer AHA --issued-on 2026-02-03 --number 265501234567
    """
    from tracker.actions.change_card import record_card

    session = open_session()
    kind = said("--type", given["kind"])
    issuer, number = (given[name].strip() or None if given[name] else None for name in ("issuer", "number"))
    wanted = Card(0, kind, issuer, given["issued_on"], stated_expiry(given["expires_on"]), number)
    on_record, doubts = record_card(
        session.database, session.author, employee_id, wanted, session.today, accept_future=accept_future
    )
    click.echo(f"Card {on_record} is on record.")
    for doubt in doubts:
        click.echo(f"Warning: {doubt}", err=True)


@card.command()
@click.argument("employee_id")
@click.argument("card_number", metavar="CARD", type=NUMBER)
@click.option("--why", required=True, help="The reason, for the trail.")
def retract(employee_id: str, card_number: int, why: str) -> None:
    """Take back a card that should not be on record ('tracker explain' shows the numbers of cards).

    Example: tracker card retract 004512 17 --why "somebody else's card"
    """
    from tracker.actions.change_card import retract_card

    session = open_session()
    gone = retract_card(session.database, session.author, employee_id, card_number, said("--why", why))
    click.echo(f"Card {card_number} ({gone.type}) is retracted.")


@card.command()
@click.argument("employee_id")
@click.argument("card_number", metavar="CARD", type=NUMBER)
@click.option("--answer", required=True, type=click.Choice(["confirmed", "not_found", "revoked"]))
@click.option("--on", "checked_on", type=DAY, metavar="DAY", help="When it was checked; today if not said.")
@click.option("--from", "revoked_from", type=DAY, metavar="DAY", help="Revoked from this day; from issue if not said.")
@click.option("--how", default="issuer's page", show_default=True, help="How it was checked.")
def verify(employee_id: str, card_number: int, checked_on: date | None, **given: Any) -> None:
    """Record what the issuer answered about a card.

    Example: tracker card verify 004512 17 --answer confirmed
    """
    from tracker.actions.change_card import verify_card

    if given["revoked_from"] and given["answer"] != "revoked":
        raise BadInput("--from goes only with --answer revoked.")
    session = open_session()
    on = checked_on or session.today
    if on > session.today:
        raise BadInput(f"--on {on} is still to come; say when it was checked.")
    by = session.author.actor
    answer = Verification(0, card_number, given["answer"], given["revoked_from"], on, by, given["how"])
    checked = verify_card(session.database, session.author, employee_id, answer)
    click.echo(f"Card {card_number} ({checked.type}): {given['answer']}.")
