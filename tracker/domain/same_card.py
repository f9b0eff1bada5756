"""When two records are about one card, and what a later one adds. RULES: section 1."""

import re
from collections.abc import Sequence
from datetime import date

from tracker.domain.facts import Card
from tracker.domain.policy import Policy, words
from tracker.domain.validity import window

_BETWEEN = re.compile(r"[\s\u2010-\u2015-]+")


def find_same(policy: Policy, known: Sequence[Card], card: Card) -> int | None:
    """Which of some known cards of a person a record is about; None if it is a new one.

    The one of the same type and number; or, where one of the two has no number, one of a compatible issuer with the
    same last valid day.
    """
    kind, number = card.type, card.number
    if number:
        for at, one in enumerate(known):
            if one.type == kind and one.number and (one.number == number or _same_number(one.number, number)):
                return at
    for at, one in enumerate(known):
        if one.type == kind and not (number and one.number) and _same_end(policy, one, card):
            return at
    return None


def _same_number(one: str, other: str) -> bool:
    """Whether two numbers that differ are the same but for blanks and dashes; most are nothing but digits."""
    return not (one.isdecimal() and other.isdecimal()) and bare_number(one) == bare_number(other)


def bare_number(number: str) -> str:
    """A number as it is compared: people put blanks and dashes between its parts, or leave them out."""
    return _BETWEEN.sub("", number).casefold()


def _same_end(policy: Policy, known: Card, card: Card) -> bool:
    """Whether two records are of compatible issuers and end on the same day, read as of the issuer that one names.

    Nor may the known card end on another day for what the record would add: the record would then not find it again.
    """
    if not compatible(policy, known.issuer, card.issuer):
        return False
    issuer = known.issuer or card.issuer
    end = _end(policy, known)
    return (
        end is not None
        and _end(policy, card._replace(issuer=card.issuer or issuer)) == end
        and (known.issuer == issuer or _end(policy, known._replace(issuer=issuer)) == end)
        and _end(policy, amended(policy, known, card)) == end
    )


def _end(policy: Policy, card: Card) -> date | None:
    found = window(policy, card)
    return found.last if found else None


def amended(policy: Policy, known: Card, row: Card) -> Card:
    """The known card with what the row adds; what the row leaves blank stays.

    A row with the card's number corrects it; one without only fills gaps. What says the same in other words, such as
    a month for its last day, changes nothing.
    """
    gaps_filled = filled(known, row)
    if not row.number:
        return gaps_filled
    corrected = gaps_filled._replace(
        issuer=row.issuer or known.issuer, issued_on=row.issued_on or known.issued_on, stated=row.stated or known.stated
    )
    return gaps_filled if _same_words(policy, gaps_filled, corrected) else corrected


def filled(known: Card, other: Card) -> Card:
    """The known card with its gaps filled from another record of it."""
    return known._replace(
        issuer=known.issuer or other.issuer,
        issued_on=known.issued_on or other.issued_on,
        stated=known.stated or other.stated,
        number=known.number or other.number,
    )


def _same_words(policy: Policy, one: Card, other: Card) -> bool:
    """Whether two records of a card mean the same: their issuer and their days."""
    same_issuer = policy.issuer(one.issuer) is policy.issuer(other.issuer)
    if policy.issuer(one.issuer) is None:
        same_issuer = words(one.issuer or "") == words(other.issuer or "")
    return same_issuer and one.issued_on == other.issued_on and window(policy, one) == window(policy, other)


def compatible(policy: Policy, one: str | None, other: str | None) -> bool:
    """Whether two cards may be of the same issuer, by what they call it; one may name none."""
    if not one or not other:
        return True
    first, second = policy.issuer(one), policy.issuer(other)
    return first is second if first or second else words(one) == words(other)
