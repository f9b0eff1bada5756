"""Which cards are to be checked with their issuers, and what stands in the way. Pure: facts in, decisions out."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.days import OPEN, add_months
from tracker.domain.facts import Card, PersonFacts
from tracker.domain.policy import Issuer, Policy
from tracker.domain.same_card import bare_number
from tracker.domain.validity import window

# What the AHA's employer page takes at a time.
USUAL_BATCH = 20
# Months by which the end of a month or quarter may lie after the same day, with room.
_TO_THE_END = 4
_CENTER_ID = re.compile(r"[A-Za-z]{2}\d{5}")


class ToCheck(NamedTuple):
    """A card that its issuer has not been asked about."""

    employee_id: str
    card: Card


class Apart(NamedTuple):
    """A card that has to be looked at before its issuer can be asked."""

    employee_id: str
    card: Card
    issuer: str
    reason: str


class Checks(NamedTuple):
    """The cards to check, by issuer, in the order given; and those that cannot go to an issuer as they are."""

    by_issuer: dict[Issuer, list[ToCheck]]
    apart: list[Apart]


def cards_to_check(policy: Policy, people: Iterable[PersonFacts], today: date, shared: Counter[str]) -> Checks:
    """The cards in date, of people who work or will, about whom nobody has answered.

    Those of issuers without a page to check at are left out, as are cards of types that the policy does not know.
    `shared` counts how many people have a card of that number (`bare_number`), whoever is asked about.
    """
    found = Checks({}, [])
    for person in people:
        if not _works(person, today):
            continue
        answered = {answer.card for answer in person.verifications}
        for card in person.cards:
            issuer = policy.issuer(card.issuer)
            if issuer and issuer.check_at and card.id not in answered and _in_date(policy, card, today):
                reason = _hindrance(issuer, card, shared)
                if reason:
                    found.apart.append(Apart(person.employee_id, card, issuer.id, reason))
                else:
                    found.by_issuer.setdefault(issuer, []).append(ToCheck(person.employee_id, card))
    return found


def first_issue(policy: Policy, today: date) -> date | None:
    """The first day of issue by which a rule may still count a card today; None if that says nothing.

    What is printed on a card may end it sooner, or later where no rule knows it.
    """
    lasting = any(rule.ends == "never" or not rule.months for rule in policy.validity)
    if lasting or any(one.extended_to >= today for one in policy.extensions):
        return None
    longest = max((rule.months or 0 for rule in policy.validity), default=0)
    return add_months(today, -longest - _TO_THE_END)


def batches(issuer: Issuer, cards: Sequence[ToCheck]) -> list[list[ToCheck]]:
    """Cards as many at a time as the issuer's page takes; a number that one person has twice is asked about once."""
    first: dict[str, ToCheck] = {}
    for one in cards:
        first.setdefault(bare_number(one.card.number or ""), one)
    once = list(first.values())
    size = issuer.check_batch or USUAL_BATCH
    return [once[start : start + size] for start in range(0, len(once), size)]


def _works(person: PersonFacts, today: date) -> bool:
    """Whether somebody works somewhere today or later."""
    return any((one.ends_on or OPEN) >= today for one in person.assignments)


def _in_date(policy: Policy, card: Card, today: date) -> bool:
    found = window(policy, card)
    return card.type in policy.types and found is not None and found.last >= today


def _hindrance(issuer: Issuer, card: Card, shared: Counter[str]) -> str | None:
    """Why the issuer cannot be asked about a card as it is; None if it can."""
    if not card.number:
        return "It has no number."
    if issuer.number_pattern and not re.fullmatch(issuer.number_pattern, card.number):
        if _CENTER_ID.fullmatch(card.number):
            return "Its number is a Training Center's; the code stands elsewhere on the card."
        return f"Its number does not look like one of {issuer.id}'s."
    if shared[bare_number(card.number)] > 1:
        return "Somebody else has a card of this number."
    return None
