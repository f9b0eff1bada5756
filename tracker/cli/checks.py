"""Cards to check with their issuers, ready to paste; and the answers that come back in a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, table
from tracker.cli.session import Session
from tracker.domain.scope import EVERYONE

if TYPE_CHECKING:
    from tracker.actions.check_cards import Answered
    from tracker.domain.checking import Checks


def list_codes(session: Session, unit: str | None, form: str) -> None:
    """Prints the numbers to check with each issuer, as many at a time as its page takes."""
    from tracker.actions.check_cards import list_checks
    from tracker.reports.forms import to_json

    found = list_checks(session.database, session.scope(unit, None), session.today)
    if form == "json":
        deliver(to_json(_as_json(found)), None)
    else:
        _tell(found)


def take_answers(session: Session, path: Path, given: Mapping[str, Any]) -> int:
    """Records the answers in a file, and says which rows were rejected; returns the exit code."""
    from tracker.actions.check_cards import record_answers
    from tracker.intake.answers import Settled, read_answers
    from tracker.reports.forms import to_json

    answers = read_answers(path, Settled(session.today, given["checked_on"], given["date_order"]))
    result = record_answers(session.database, session.author, EVERYONE, answers, given["how"])
    if given["form"] == "json":
        rejected = [{"row": one.row, "field": one.field, "reason": one.reason} for one in result.rejected]
        counts = {"recorded": result.recorded, "unchanged": result.unchanged}
        deliver(to_json({**counts, "rejected": rejected}), None)
    else:
        _tell_answers(result)
    return IN_PART if result.rejected else 0


def _tell(found: "Checks") -> None:
    from tracker.domain.checking import batches

    for issuer, cards in found.by_issuer.items():
        cut = batches(issuer, cards)
        count = sum(map(len, cut))
        click.echo(f"{issuer.id}: {count} {'number' if count == 1 else 'numbers'} to check at {issuer.check_at}\n")
        for at, batch in enumerate(cut, 1):
            click.echo(f"{issuer.id}, batch {at} of {len(cut)}:")
            click.echo("\n".join(one.card.number or "" for one in batch) + "\n")
    if found.apart:
        rows = [
            (one.employee_id, one.card.id, one.card.type, one.issuer, one.card.number, one.reason)
            for one in found.apart
        ]
        click.echo("To be put right first:\n")
        click.echo(table(("employee", "card", "type", "issuer", "number", "reason"), rows))
    if not found.by_issuer and not found.apart:
        click.echo("Nothing is to be checked. An issuer's cards are listed if the policy has a check_at for it.")


def _as_json(found: "Checks") -> dict[str, Any]:
    from tracker.domain.checking import batches

    return {
        "issuers": [
            {
                "issuer": issuer.id,
                "check_at": issuer.check_at,
                "batches": [
                    [{"number": one.card.number, "employee_id": one.employee_id, "card": one.card.id} for one in batch]
                    for batch in batches(issuer, cards)
                ],
            }
            for issuer, cards in found.by_issuer.items()
        ],
        "apart": [
            {
                "employee_id": one.employee_id,
                "card": one.card.id,
                "type": one.card.type,
                "issuer": one.issuer,
                "number": one.card.number,
                "reason": one.reason,
            }
            for one in found.apart
        ],
    }


def _tell_answers(result: "Answered") -> None:
    if result.rejected:
        click.echo(
            table(("row", "field", "reason"), [(one.row, one.field, one.reason) for one in result.rejected]) + "\n"
        )
    click.echo(
        f"Answers: {result.recorded} recorded, {result.unchanged} known already, {len(result.rejected)} rejected."
    )
