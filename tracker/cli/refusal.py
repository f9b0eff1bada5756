"""`tracker evidence refuse` and `refuse-undo`: the answer to a card that was handed in and is not accepted."""

import click

from tracker.cli.session import ITEM, Session, open_session, said
from tracker.domain.scope import OnePerson

# Why the person is not told of a refusal today, and what there is to do.
NOT_TOLD = {
    "left": "has left, so no mail goes.",
    "no_address": "has no mail address on record, so no mail goes: tell them in another way why, and what to send.",
    "bounced": "cannot be reached by mail, as it comes back: tell them in another way why, and what to send.",
    "on_leave": "is on leave and gets the mail after it; if that is too late, tell them in another way.",
    "held": "gets no mail before mail is enabled; see 'tracker mail enable'.",
    "awaiting_check": "has another such card that waits to be checked, and gets no mail while it does.",
}


@click.command()
@click.argument("employee_id")
@ITEM
@click.option("--why", required=True, help="Why it is not accepted; the person reads it, so write to them.")
@click.option("--instead", help="What to send instead; a readable photo or PDF if not said.")
def refuse(employee_id: str, item: int, why: str, instead: str | None) -> None:
    """Do not accept a card that waits to be checked; the next run tells the person why.

    The file stays on record and counts for nothing.

    Example: tracker evidence refuse 004512 3 --why "It ended in May." --instead "The card of this year."
    """
    from tracker.actions.evidence.refuse import refuse_card

    session = open_session()
    words = said("--why", why), said("--instead", instead) if instead is not None else None
    kind = refuse_card(session.database, session.author, employee_id, item, *words, session.today)
    click.echo(f"Evidence {item} is refused: the {kind} card does not wait to be checked any more.")
    _say_who_tells(session, employee_id)


@click.command("refuse-undo")
@click.argument("employee_id")
@ITEM
@click.option("--why", required=True, help="The reason, for the trail.")
def refuse_undo(employee_id: str, item: int, why: str) -> None:
    """Take a refusal back; the card waits to be checked again, and what was not told yet is not told.

    Example: tracker evidence refuse-undo 004512 3 --why "the wrong one"
    """
    from tracker.actions.evidence.refuse import undo_refusal

    session = open_session()
    undone = undo_refusal(session.database, session.author, employee_id, item, said("--why", why))
    again = f"; the {undone.refusal.type} card waits to be checked again" if undone.waits else ""
    click.echo(f"The refusal of evidence {item} is taken back{again}.")
    if undone.told:
        click.echo(f"The mail about it has gone, so tell {employee_id} that it was a mistake.", err=True)


def warn_of_refusal(session: Session, employee_id: str, item: int) -> None:
    """Says if a file that is handed in was refused before."""
    from tracker.actions.evidence.look import list_refusals

    one = list_refusals(session.database, OnePerson(employee_id)).get(item)
    if one:
        click.echo(
            f"Warning: This file was refused on {one.refused_on} ({one.reason}), so it does not wait to be checked; "
            f"record its card if it is right after all, or see 'tracker evidence refuse-undo'.",
            err=True,
        )


def _say_who_tells(session: Session, employee_id: str) -> None:
    """How the person hears of a refusal, or why they do not."""
    from tracker.actions.enable_mail import mail_gate
    from tracker.actions.evidence.who_tells import ANOTHER_DAY, NEXT_RUN, who_tells
    from tracker.actions.plan_reminders import plan_one

    gate = mail_gate(session.database, session.settings)
    how = who_tells(plan_one(session.database, gate, session.today, employee_id, asked=True))
    if how == NEXT_RUN:
        click.echo(f"The next run tells {employee_id}; 'tracker remind --employee {employee_id}' does so now.")
    elif how == ANOTHER_DAY:
        click.echo(f"{employee_id} was told of another card today, and is told of this one by the next day's run.")
    else:
        click.echo(f"{employee_id} {NOT_TOLD[how]}", err=True)
