"""From when until when a card is good. RULES: section 3."""

import re
from datetime import date
from typing import NamedTuple

from tracker.domain.days import (
    ALWAYS,
    OPEN,
    add_months,
    month_end,
    month_start,
    quarter_end,
    quarter_start,
)
from tracker.domain.facts import Card
from tracker.domain.policy import Policy, ValidityRule

EXPIRY_MISMATCH = "expiry-mismatch"
ISSUE_DATE_UNKNOWN = "issue-date-unknown"


class Window(NamedTuple):
    """The days on which a card is good, both included, and what is odd about it.

    `renewal_from` is the day from which a requirement's own renewal interval counts; None where there is no cap.
    """

    first: date
    last: date
    renewal_from: date | None
    flags: tuple[str, ...] = ()


def rule_for(policy: Policy, issuer: str | None, card_type: str, issued_on: date | None) -> ValidityRule | None:
    """The rule that governs a card: the most specific, and of those the latest, that was in force at its issue."""
    for rule in policy.rules_for(issuer, card_type):
        if issued_on is None or rule.valid_from <= issued_on:
            return rule
    return None


def has_computed_end(policy: Policy, card: Card) -> bool:
    """Whether the policy says until when a card with an issue date is good, whatever is printed on it."""
    issuer = policy.issuer(card.issuer)
    rule = rule_for(policy, issuer.id if issuer else None, card.type, card.issued_on)
    return rule is not None and (rule.ends == "never" or rule.months is not None)


def stated_day(stated: str) -> date:
    """The printed expiry as a day; a month is its last day."""
    return date.fromisoformat(stated) if len(stated) > len("2028-06") else month_end(date.fromisoformat(stated + "-01"))


def is_stated(text: str) -> bool:
    """Whether a text is a printed expiry as it is recorded: 2028-06 or 2028-06-30."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
        return False
    try:
        stated_day(text)
    except ValueError:
        return False
    return True


def window(policy: Policy, card: Card) -> Window | None:
    """The days on which the card is good by this policy, revocations aside; None where no rule and no print says."""
    issuer = policy.issuer(card.issuer)
    rule = rule_for(policy, issuer.id if issuer else None, card.type, card.issued_on)
    stated = _stated(rule, card.stated)
    if card.issued_on is None:
        found = _without_issue_date(rule, stated)
    else:
        found = _with_issue_date(rule, card.issued_on, stated)
    if found is None or issuer is None:
        return found
    last = _extended(policy, issuer.id, found.last)
    return found if last == found.last else found._replace(last=last)


def ends_by_rule(policy: Policy, card: Card) -> date | None:
    """The last day on which a card is good by the policy's rule for its issue, whatever is printed on it; None where
    the rule gives no day."""
    issuer = policy.issuer(card.issuer)
    rule = rule_for(policy, issuer.id if issuer else None, card.type, card.issued_on)
    if rule is None or rule.ends in ("printed", "never") or card.issued_on is None:
        return None
    last = _computed(rule, card.issued_on, None)
    return _extended(policy, issuer.id, last) if issuer and last else last


def _stated(rule: ValidityRule | None, stated: str | None) -> date | None:
    if stated is None:
        return None
    day = stated_day(stated)
    return month_end(day) if rule and rule.ends == "month_end" else day


def _with_issue_date(rule: ValidityRule | None, issued_on: date, stated: date | None) -> Window | None:
    computed = _computed(rule, issued_on, stated)
    if computed is None and stated is None:
        return None
    last = min(day for day in (computed, stated) if day is not None)
    differ = computed is not None and stated is not None and computed != stated
    return Window(issued_on, last, issued_on, (EXPIRY_MISMATCH,) if differ else ())


def _computed(rule: ValidityRule | None, issued_on: date, stated: date | None) -> date | None:
    """The last valid day by the rule alone, None if it says nothing."""
    if rule is None:
        return None
    if rule.ends == "never":
        return OPEN
    if rule.ends == "printed" and stated is not None:
        return stated
    if rule.months is None:
        return None
    same_day = add_months(issued_on, rule.months)
    if rule.ends == "month_end":
        return month_end(same_day)
    return quarter_end(same_day) if rule.ends == "quarter_end" else same_day


def _without_issue_date(rule: ValidityRule | None, stated: date | None) -> Window | None:
    """A card of which only the end is known counts from the first day that the rule allows."""
    if stated is None:
        return None
    if rule is None or rule.months is None:
        # "Never" and a printed day differ, whenever the card was issued.
        never = rule is not None and rule.ends == "never"
        return Window(ALWAYS, stated, None, (EXPIRY_MISMATCH, ISSUE_DATE_UNKNOWN) if never else (ISSUE_DATE_UNKNOWN,))
    first = add_months(stated, -rule.months)
    if rule.ends == "month_end":
        first = month_start(first)
    elif rule.ends == "quarter_end":
        first = quarter_start(first)
    return Window(first, stated, first, (ISSUE_DATE_UNKNOWN,))


def _extended(policy: Policy, issuer: str, last: date) -> date:
    """The last valid day after the extensions that the site adopted."""
    for extension in policy.extensions:
        if extension.issuer == issuer and extension.ended_first <= last <= extension.ended_last:
            last = max(last, extension.extended_to)
    return last
