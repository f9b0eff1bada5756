"""Mails as a manager reads of them: their kinds and states, what they say in short, why one is not sent."""

from datetime import date

from tracker.domain.refusals import KIND
from tracker.domain.reminders import Kind

KINDS = {
    "staff_reminder": "staff reminder",
    "lapse_notice": "lapse notice",
    "manager_digest": "weekly digest",
    "escalation": "escalation",
    "card_rejected": "answer to a refused card",
}
STATES = {"queued": "waiting", "sending": "being sent", "sent": "sent", "failed": "failed", "withdrawn": "withdrawn"}
REASONS = {
    "no_address": "no mail address is on record",
    "bounced": "mail to the address comes back",
    "on_leave": "on leave",
    "exempt": "exempt",
    "awaiting_check": "a card was handed in and waits to be checked",
    "booked": "a class is booked in time",
    "held": "mail is not enabled; see 'tracker mail enable'",
    "failed": "the mail could not be delivered",
    "already_sent": "everything was said already",
    "nothing_due": "nothing is due",
    "left": "has left",
}


def told_of(kind: Kind, cause: str, stage: int | str, last_day: date | None, day: date) -> str:
    """What a mail of a day says of one thing, in short: `BLS: 30 days left`, `ACLS overdue`.

    What ends is not said: the card, its days of grace, an exemption, a newcomer's time. A notice does not record it.
    """
    if kind == KIND:
        return f"{cause} not accepted"
    if kind == "escalation":
        return f"{cause} overdue, day {stage} and later"
    if isinstance(stage, str) or last_day is None:
        return f"{cause} {stage}"
    days = (last_day - day).days
    return f"{cause}: last day today" if days == 0 else f"{cause}: {days} {'day' if days == 1 else 'days'} left"
