"""Mails in words: their kinds and states, what each tells of somebody, why somebody is told nothing."""

from collections.abc import Mapping

from tracker.domain.reminders import Notice
from tracker.domain.why import spoken

KINDS = {
    "staff_reminder": "Reminder to staff",
    "lapse_notice": "Lapse notice to a manager",
    "manager_digest": "Weekly digest to a manager",
    "escalation": "Escalation",
    "card_rejected": "Answer to a refused card",
}
STATES = {
    "waiting": "Waiting",
    "failed": "Failed",
    "sent": "Sent",
    "withdrawn": "Withdrawn",
}
# Why the next run tells somebody nothing, of those to whom something is due.
REASONS = {
    "no_address": "have no mail address on record",
    "bounced": "cannot be reached, as mail to them comes back",
    "on_leave": "are on leave",
    "exempt": "are exempt",
    "awaiting_check": "handed in a card that waits to be checked",
    "booked": "have booked a class in time",
    "held": "wait until mail is enabled",
    "failed": "could not be delivered to",
}


def told(titles: Mapping[str, str], kind: str, notice: Notice) -> str:
    """What a mail tells of somebody, in short; `titles` are those of requirements, which some causes are."""
    what, by = titles.get(notice.cause, notice.cause), notice.last_day
    if kind == "card_rejected":
        return f"{what} card refused"
    if notice.first_day or notice.stage == "overdue":
        return f"{what} out of compliance" + (f" since {spoken(notice.first_day)}" if notice.first_day else "")
    word = "is due by" if notice.cause in titles else "ends on"
    return f"{what} {word} {spoken(by)}" if by else what
