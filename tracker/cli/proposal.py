"""A card that a certificate shows, put to a person: confirmed on the terminal, or as the command that confirms it."""

import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from tracker.actions.change_card import record_card
from tracker.actions.evidence.keep import Kept, attach_evidence
from tracker.actions.evidence.propose import Proposal, propose_card
from tracker.actions.evidence.wait import wait_to_be_checked
from tracker.cli.errors import IN_PART
from tracker.cli.output import table
from tracker.cli.session import Session, stated_expiry
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card
from tracker.domain.scope import OnePerson

Typed = TypeVar("Typed")
# Each field of a card: what the screen calls it, its option, and what stands for it where it is not known.
FIELDS = {
    "type": ("type", "--type", "TYPE"),
    "issuer": ("issuer", "--issuer", "ISSUER"),
    "issued_on": ("issued on", "--issued-on", "DAY"),
    "stated": ("printed expiry", "--expires-on", "DAY"),
    "number": ("number", "--number", "NUMBER"),
}


class Asked(NamedTuple):
    """Whose file it is, what is kept of it, and what it seems to show."""

    session: Session
    employee_id: str
    file: Path
    kept: Kept

    def proposal(self) -> Proposal:
        """The card that its text shows."""
        scope = OnePerson(self.employee_id)
        return propose_card(self.session.database, scope, self.kept.text, self.session.today)


def settle(asked: Asked, *, yes: bool, accept_name: bool) -> int:
    """Puts the proposed card to a person, or records it if that was said; returns the exit code."""
    if not asked.kept.text.strip():
        click.echo("There is no text in it to read: the card's fields are to be typed.")
        return _leave(asked, Card(0, "", None, None, None, None), IN_PART if yes else 0)
    proposal = asked.proposal()
    _show(proposal)
    if not yes:
        asks = sys.stdin.isatty()
        return _ask(asked, proposal, accept_name=accept_name) if asks else _wait(asked, proposal)
    if not proposal.same_name and not accept_name:
        click.echo("No card is recorded: look at the name, and say --accept-name if it is right.", err=True)
        return _leave(asked, proposal.card, IN_PART)
    if not proposal.complete:
        click.echo("No card is recorded: its type and one of the two days have to be known.", err=True)
        return _leave(asked, proposal.card, IN_PART)
    return _record(asked, proposal.card)


def warn_of_another(asked: Asked) -> None:
    """Says if a certificate is about another card than the one that it is kept for, or names somebody else."""
    if not asked.kept.text.strip():
        return
    proposal = asked.proposal()
    if asked.kept.card and proposal.is_other_number(asked.kept.card):
        click.echo("Warning: The number on the certificate is not the card's.", err=True)
    if proposal.is_other_name:
        click.echo("Warning: The name on the certificate is not the one on record.", err=True)


def _show(proposal: Proposal) -> None:
    """What was read, where it stands, and what could not be read."""
    read = proposal.certificate
    rows = []
    for key, (called, _, _) in FIELDS.items():
        value = getattr(proposal.card, key) or ""
        why = read.found[key].where if key in read.found else read.unread.get(key, "")
        rows.append((called, value, why))
    click.echo("The certificate shows this card:\n\n" + table(("field", "read", "where, or why not"), rows) + "\n")
    if proposal.same_name:
        return
    on_record = proposal.name or "no name is on record"
    shown = read.value("holder")
    click.echo(
        f"The certificate names {shown}; on record: {on_record}."
        if shown
        else f"No name could be read on it; on record: {on_record}."
    )


def _ask(asked: Asked, proposal: Proposal, *, accept_name: bool) -> int:
    """Asks for what is missing, then whether it is right; returns the exit code."""
    card = _completed(proposal.card)
    if not proposal.same_name and not accept_name and not click.confirm("Is it this person's card all the same?"):
        return _leave(asked, card, 0)
    if not click.confirm(f"Record this {card.type} card?"):
        return _leave(asked, card, 0)
    return _record(asked, card)


def _completed(card: Card) -> Card:
    """A card with what a person types in; what is not known may be left blank, but for the type and one day."""
    kind = card.type or str(click.prompt("Type, such as BLS")).strip()
    issuer = card.issuer or _typed("Issuer", str)
    issued = card.issued_on or _typed("Issued on, such as 2026-01-31", _day)
    stated = card.stated
    while not stated:
        stated = _typed("Printed expiry, such as 2028-06", stated_expiry)
        if issued:
            break
    number = card.number or _typed("Number", str)
    return Card(0, kind, issuer, issued, stated, number)


def _typed(question: str, read: Callable[[str], Typed]) -> Typed | None:
    """What is typed in answer to a question, asked again until it can be read; None if it is left blank."""
    while True:
        text = str(click.prompt(f"{question} (blank if none)", default="", show_default=False)).strip()
        try:
            return read(text) if text else None
        except BadInput as error:
            click.echo(str(error), err=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"'{text}' is no day; write it as 2026-01-31.") from None


def _record(asked: Asked, card: Card) -> int:
    """Records the card and says that the file shows it; returns the exit code."""
    session = asked.session
    try:
        number, doubts = record_card(session.database, session.author, asked.employee_id, card, session.today)
    except BadInput as error:
        click.echo(f"No card is recorded: {error}", err=True)
        return _leave(asked, card, IN_PART)
    attach_evidence(session.database, session.author, asked.employee_id, asked.kept.item, number)
    click.echo(f"Card {number} is on record, and evidence {asked.kept.item} shows it.")
    for doubt in doubts:
        click.echo(f"Warning: {doubt}", err=True)
    return 0


def _wait(asked: Asked, proposal: Proposal) -> int:
    """Nobody is there to confirm the card, so it waits to be checked; returns the exit code."""
    session = asked.session
    kind = wait_to_be_checked(
        session.database, session.author, asked.employee_id, asked.kept.item, proposal, session.today
    )
    if kind:
        click.echo(f"Until then the {kind} card waits to be checked: for two weeks no reminder asks for one.\n")
    return _leave(asked, proposal.card, 0)


def _leave(asked: Asked, card: Card, code: int) -> int:
    """Prints the commands that record the card and attach the file; returns the exit code."""
    words = ["tracker", "card", "record", asked.employee_id]
    for key, (_, option, instead) in FIELDS.items():
        value = getattr(card, key)
        if value or (key != "stated" and not (key == "issued_on" and card.stated)):
            words += [option, str(value or instead)]
    click.echo("To record the card, with capitals filled in or left out, and then say that this file shows it:\n")
    click.echo(f"    {shlex.join(words)}")
    click.echo(f"    {shlex.join(['tracker', 'evidence', 'add', asked.employee_id, str(asked.file)])} --card CARD")
    return code
