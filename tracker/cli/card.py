"""`tracker card`."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from tracker.cli.session import DAY, NUMBER, open_session, said, stated_expiry, unit_option
from tracker.domain.errors import BadInput
from tracker.domain.facts import Answer, Card, Verification


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
@click.argument("employee_id", required=False)
@click.argument("card_number", metavar="[CARD]", type=NUMBER, required=False)
@click.option("--answer", type=click.Choice(["confirmed", "not_found", "revoked"]))
@click.option("--on", "checked_on", type=DAY, metavar="DAY", help="When it was checked; today if not said.")
@click.option("--from", "revoked_from", type=DAY, metavar="DAY", help="Revoked from this day; from issue if not said.")
@click.option("--how", default="issuer's page", show_default=True, help="How it was checked.")
@click.option("--list", "listing", is_flag=True, help="Print what is to be checked, in batches to copy and paste.")
@unit_option
@click.option("--from-file", type=click.Path(path_type=Path, readable=False), help="A CSV file of answers.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How the file's dates are meant.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Of a list or a file.")
@click.pass_context
def verify(ctx: click.Context, /, listing: bool, from_file: Path | None, **given: Any) -> None:
    """Check cards with their issuers: list what to check, record one answer, or a file of answers.

    \b
    Example: tracker card verify --list --unit ICU
             tracker card verify 004512 17 --answer confirmed
             tracker card verify --from-file answers.csv
    """
    from tracker.cli.checks import list_codes, take_answers

    if listing or from_file:
        way = "--list" if listing else "--from-file"
        _only(way, given, ("unit", "form") if listing else ("checked_on", "date_order", "form", "how"), from_file)
        session = open_session()
        if from_file:
            sys.exit(take_answers(session, from_file, given))
        list_codes(session, given["unit"], given["form"])
        return
    _only("An answer about one card", given, ("employee_id", "card_number", *_ANSWER), None)
    for param in ctx.command.params:
        if param.name in ("employee_id", "card_number") and given[param.name] is None:
            raise click.MissingParameter(ctx=ctx, param=param)
    if given["answer"] is None:
        raise click.UsageError("Missing option '--answer': confirmed, not_found or revoked", ctx)
    _record_answer(**{name: given[name] for name in ("employee_id", "card_number", *_ANSWER)})


_ANSWER = ("answer", "checked_on", "revoked_from", "how")
# What goes with none of the three ways if it is as here.
_UNSAID = {"form": "table", "how": "issuer's page"}


def _only(way: str, given: Mapping[str, Any], fitting: Sequence[str], from_file: Path | None) -> None:
    """Refuses what does not go with the way of checking that was chosen."""
    extra = [name for name, value in given.items() if name not in fitting and value != _UNSAID.get(name)]
    if extra or (way == "--list" and from_file):
        raise click.UsageError(
            f"{way} stands by itself: --list goes with --unit and --format; --from-file with --on, --how, --date-order "
            "and --format; an answer about one card with neither"
        )


def _record_answer(employee_id: str, card_number: int, answer: Answer, checked_on: date | None, **given: Any) -> None:
    """Records what the issuer answered about one card."""
    from tracker.actions.change_card import verify_card

    if given["revoked_from"] and answer != "revoked":
        raise BadInput("--from goes only with --answer revoked.")
    session = open_session()
    on = checked_on or session.today
    if on > session.today:
        raise BadInput(f"--on {on} is still to come; say when it was checked.")
    by = session.author.actor
    said_of_it = Verification(0, card_number, answer, given["revoked_from"], on, by, given["how"])
    checked = verify_card(session.database, session.author, employee_id, said_of_it)
    click.echo(f"Card {card_number} ({checked.type}): {answer}.")
