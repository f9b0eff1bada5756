"""Says how somebody hears that a card of theirs was refused, or why they do not."""

from tracker.actions.plan_reminders import RunPlan

NEXT_RUN, ANOTHER_DAY = "next_run", "another_day"
# Why the person is not told of a refusal today, the first that fits.
REASONS = ("left", "no_address", "bounced", "on_leave", "held", "awaiting_check")


def who_tells(plan: RunPlan) -> str:
    """By what the run of the day owes the person: `next_run`, or one of `REASONS`, or `another_day` if they are told of
    another card today."""
    if any(mail.kind == "card_rejected" for mail in plan.mails):
        return NEXT_RUN
    reasons = {reason for _, reason in plan.not_sent}
    return next((reason for reason in REASONS if reason in reasons), ANOTHER_DAY)
