"""When two records are about one card, what a later one adds, and what is refused at the door. RULES: sections 1, 3."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracker.domain.days import add_months
from tracker.domain.facts import Card
from tracker.domain.policy import Policy, words
from tracker.domain.tuples import new
from tracker.domain.validity import ends_by_rule, has_computed_end, stated_day, window

# No card on record is so old, and none is good for so long: a day beyond is a slip in a year, or a spreadsheet's zero.
OLDEST_YEARS = 40
LONGEST_YEARS = 15
# Printed days differ from the rule's by some days, or a month's end; more is worth a word.
NEARLY = timedelta(days=31)
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
    return not (one.isdecimal() and other.isdecimal()) and _bare(one) == _bare(other)


def _bare(number: str) -> str:
    """A number as it is compared: people put blanks and dashes between its parts, or leave them out."""
    return _BETWEEN.sub("", number).casefold()


def _same_end(policy: Policy, known: Card, card: Card) -> bool:
    """Whether two records are of compatible issuers and end on the same day, read as of the issuer that one names.

    Nor may the known card end on another day for what the record would add: the record would then not find it again.
    """
    if not _compatible(policy, known.issuer, card.issuer):
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


class _LastDays(dict[str, date]):
    """The days that printed expiries are, which are few."""

    def __missing__(self, stated: str) -> date:
        self[stated] = day = stated_day(stated)
        return day


class View(NamedTuple):
    """What there is to say of every card of one type and issuer with the same days.

    Why it is not taken in, as a sentence; whether it would be issued after today, which has to be asked about; what is
    odd about it though it is taken in; what its number looks like, if the policy says so.
    """

    refusal: str | None
    in_future: bool
    doubts: tuple[str, ...]
    number: re.Pattern[str] | None


class Door:
    """Says of cards whether they are taken in on a day; remembers, as cards are much alike."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy, self._today = policy, today
        self._earliest = add_months(today, -12 * OLDEST_YEARS)
        self._latest = add_months(today, 12 * LONGEST_YEARS)
        self._views: dict[tuple[object, ...], View] = {}
        # Of several views: what printed expiries mean, the rule's days, what is odd about a type and an issuer.
        self._last_days = _LastDays()
        self._by_rule: dict[tuple[object, ...], date | None] = {}
        self._about: dict[tuple[object, ...], tuple[tuple[str, ...], re.Pattern[str] | None]] = {}

    def view(self, card: Card) -> View:
        """What there is to say of a card but for its number."""
        key = card[1:5]
        known = self._views.get(key)
        if known is None:
            known = self._views[key] = self._view(card)
        return known

    def refusal(self, card: Card) -> str | None:
        """Why a card is not taken in, as a sentence; None if it is."""
        return self.view(card).refusal

    def doubts(self, card: Card, view: View) -> Sequence[str]:
        """What is odd about a card that is taken in all the same, its number included; `view` is the card's."""
        pattern, number = view.number, card.number
        if not (pattern and number) or pattern.fullmatch(number) or pattern.fullmatch(_bare(number)):
            return view.doubts
        issuer = self._policy.issuer(card.issuer)
        return [*view.doubts, f"The number does not look like one of {issuer.id if issuer else 'the issuer'}'s."]

    def _view(self, card: Card) -> View:
        kind = card[1:3]
        about = self._about.get(kind)
        if about is None:
            about = self._about[kind] = (tuple(_doubts(self._policy, card)), _number_pattern(self._policy, card))
        doubts, pattern = about
        refusal = self._refusal(card)
        if refusal is None and (far := self._far_apart(card)):
            doubts = (*doubts, far)
        in_future = card.issued_on is not None and card.issued_on > self._today
        view: View = new(View, (refusal, in_future, doubts, pattern))
        return view

    def _refusal(self, card: Card) -> str | None:
        stated, issued_on = card.stated, card.issued_on
        if issued_on is not None and issued_on < self._earliest:
            return f"The issue date {issued_on} lies over {OLDEST_YEARS} years back; correct its year."
        if stated is None:
            return _without_print(self._policy, card)
        last = self._last_days[stated]
        if last > self._latest:
            return f"The printed expiry {stated} lies over {LONGEST_YEARS} years ahead; correct its year."
        if last < self._earliest:
            return f"The printed expiry {stated} lies over {OLDEST_YEARS} years back; correct its year."
        if issued_on is not None and last < issued_on:
            return f"The printed expiry {stated} lies before the issue date {issued_on}; correct one of them."
        return None

    def _far_apart(self, card: Card) -> str | None:
        """What is odd about a printed expiry far from the one that the policy's rule gives: likely a slip in a year."""
        if card.stated is None or card.issued_on is None:
            return None
        key = card[1:4]
        if key not in self._by_rule:
            self._by_rule[key] = ends_by_rule(self._policy, card)
        last = self._by_rule[key]
        if last is None or -NEARLY <= self._last_days[card.stated] - last <= NEARLY:
            return None
        return (
            f"The printed expiry {card.stated} is far from {last}, which the policy's rule gives for an issue on "
            f"{card.issued_on}; the earlier of the two counts."
        )


def _without_print(policy: Policy, card: Card) -> str | None:
    """Why a card without a printed expiry is not taken in; None if it is."""
    if card.issued_on is None:
        return "Give the issue date or the printed expiry; the card has neither."
    if has_computed_end(policy, card):
        return None
    issuer = card.issuer or "no issuer"
    return f"The policy does not say how long a {card.type} card of {issuer} is good; give its printed expiry."


def _doubts(policy: Policy, card: Card) -> list[str]:
    found = []
    issuer = policy.issuer(card.issuer)
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


def _number_pattern(policy: Policy, card: Card) -> re.Pattern[str] | None:
    """What the numbers of the card's issuer look like, if the policy says so."""
    issuer = policy.issuer(card.issuer)
    return re.compile(issuer.number_pattern) if issuer and issuer.accepted and issuer.number_pattern else None


def _compatible(policy: Policy, one: str | None, other: str | None) -> bool:
    if not one or not other:
        return True
    first, second = policy.issuer(one), policy.issuer(other)
    return first is second if first or second else words(one) == words(other)
