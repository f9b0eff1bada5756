"""Which cards are taken in on a day, and what is odd about those that are. RULES: section 3."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracker.domain.days import add_months
from tracker.domain.facts import Card
from tracker.domain.policy import Issuer, Policy
from tracker.domain.same_card import bare_number
from tracker.domain.tuples import new
from tracker.domain.validity import ends_by_rule, has_computed_end, stated_day

# No card on record is so old, and none is good for so long: a day beyond is a slip in a year, or a spreadsheet's zero.
OLDEST_YEARS = 40
LONGEST_YEARS = 15
# Printed days differ from the rule's by some days, or a month's end; more is worth a word.
NEARLY = timedelta(days=31)


class _Kind(NamedTuple):
    """What there is to say of every card of one type and issuer.

    What is odd about it, what its number looks like if the policy says so, and whose days are judged alike: cards
    under the same validity rules of one issuer.
    """

    issuer: Issuer | None
    doubts: tuple[str, ...]
    number: re.Pattern[str] | None
    alike: int


class _Days(NamedTuple):
    """What there is to say of a card's days.

    Why they are not taken in, as a sentence; whether a rule has to say when it ends and none does; whether it would be
    issued after today; how far its printed expiry is from the rule's, as a sentence.
    """

    refusal: str | None
    endless: bool
    in_future: bool
    far: str | None


class Door:
    """Says of cards whether they are taken in on a day; remembers, as cards are much alike."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy, self._today = policy, today
        self._earliest = add_months(today, -12 * OLDEST_YEARS)
        self._latest = add_months(today, 12 * LONGEST_YEARS)
        self._kinds: dict[tuple[object, ...], _Kind] = {}
        self._alike: dict[tuple[object, ...], int] = {}
        self._days: dict[tuple[object, ...], _Days] = {}

    def is_plain(self, card: Card) -> bool:
        """Whether a card is taken in and there is nothing to say or ask about it."""
        kind, days = self._look(card)
        return days == _PLAIN and not kind.doubts and not _looks_odd(kind, card.number)

    def refusal(self, card: Card) -> str | None:
        """Why a card is not taken in, as a sentence; None if it is."""
        _, days = self._look(card)
        if not days.endless:
            return days.refusal
        issuer = card.issuer or "no issuer"
        return f"The policy does not say how long {card.type} cards of {issuer} are good; give its printed expiry."

    def in_future(self, card: Card) -> bool:
        """Whether a card would be issued after today, which has to be asked about."""
        return self._look(card)[1].in_future

    def doubts(self, card: Card) -> Sequence[str]:
        """What is odd about a card that is taken in all the same."""
        kind, days = self._look(card)
        found = [*kind.doubts, *([days.far] if days.far else [])]
        if _looks_odd(kind, card.number):
            whose = kind.issuer.id if kind.issuer else "the issuer"
            found.append(f"The number does not look like one of {whose}'s.")
        return found

    def _look(self, card: Card) -> tuple[_Kind, _Days]:
        _, kind_name, issuer, issued_on, stated, _ = card
        kind = self._kinds.get((kind_name, issuer)) or self._kind(card)
        key = (kind.alike, issued_on, stated)
        days = self._days.get(key)
        if days is None:
            days = self._days[key] = self._judge(card)
        return kind, days

    def _kind(self, card: Card) -> _Kind:
        issuer = self._policy.issuer(card.issuer)
        accepted = issuer is not None and issuer.accepted
        pattern = re.compile(issuer.number_pattern) if issuer and accepted and issuer.number_pattern else None
        rules = self._policy.rules_for(issuer.id if issuer else None, card.type)
        # Rules are few and live as long as the policy, so that each is known by its place in memory.
        alike = self._alike.setdefault((issuer.id if issuer else None, *map(id, rules)), len(self._alike))
        kind = _Kind(issuer, tuple(_doubts(self._policy, card, issuer)), pattern, alike)
        self._kinds[card.type, card.issuer] = kind
        return kind

    def _judge(self, card: Card) -> _Days:
        issued_on, stated = card.issued_on, card.stated
        last = stated_day(stated) if stated else None
        refusal = self._refusal(issued_on, stated, last)
        endless = refusal is None and last is None and not has_computed_end(self._policy, card)
        far = None if refusal or not (last and issued_on) else _far_apart(self._policy, card, last)
        days: _Days = new(_Days, (refusal, endless, issued_on is not None and issued_on > self._today, far))
        return days

    def _refusal(self, issued_on: date | None, stated: str | None, last: date | None) -> str | None:
        if issued_on is not None and issued_on < self._earliest:
            return f"The issue date {issued_on} lies over {OLDEST_YEARS} years back; correct its year."
        if last is None:
            return None if issued_on else "Give the issue date or the printed expiry; the card has neither."
        if last > self._latest:
            return f"The printed expiry {stated} lies over {LONGEST_YEARS} years ahead; correct its year."
        if last < self._earliest:
            return f"The printed expiry {stated} lies over {OLDEST_YEARS} years back; correct its year."
        if issued_on is not None and last < issued_on:
            return f"The printed expiry {stated} lies before the issue date {issued_on}; correct one of them."
        return None


# The days of nearly all cards.
_PLAIN = _Days(refusal=None, endless=False, in_future=False, far=None)


def _far_apart(policy: Policy, card: Card, stated: date) -> str | None:
    """What is odd about a printed expiry far from the one that the policy's rule gives: likely a slip in a year."""
    last = ends_by_rule(policy, card)
    if last is None or -NEARLY <= stated - last <= NEARLY:
        return None
    return (
        f"The printed expiry {card.stated} is far from {last}, which the policy's rule gives for an issue on "
        f"{card.issued_on}; the earlier of the two counts."
    )


def _looks_odd(kind: _Kind, number: str | None) -> bool:
    """Whether a number does not look like its issuer's, with its blanks and dashes or without."""
    pattern = kind.number
    return bool(pattern and number and not pattern.fullmatch(number) and not pattern.fullmatch(bare_number(number)))


def _doubts(policy: Policy, card: Card, issuer: Issuer | None) -> list[str]:
    found = []
    if card.type not in policy.types:
        found.append(f"The policy knows no type '{card.type}', so the card counts for nothing.")
    if issuer is None:
        found.append(
            f"The policy does not list the issuer '{card.issuer}', so the card counts for nothing."
            if card.issuer
            else "The card names no issuer and the policy has no default one, so it counts for nothing."
        )
    elif not issuer.accepted:
        found.append(f"The policy does not accept cards from {issuer.id}, so the card counts for nothing.")
    return found
