"""Where a person stands with one requirement on one day. RULES: section 4.

A policy first reads a person's cards into spans of days (`CardReader`); `judge` then decides a day from those.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.days import Span, add_months, covers, day_before, earlier, overlap
from tracker.domain.facts import Card, Exemption, PersonFacts
from tracker.domain.policy import Policy, Requirement
from tracker.domain.validity import window


class Standing(StrEnum):
    """First match wins, in this order, except that `not_recorded` comes after the first three."""

    EXEMPT = "exempt"
    ON_LEAVE = "on_leave"
    CURRENT = "current"
    PENDING = "pending"
    GRACE = "grace"
    PREREQUISITE_GAP = "prerequisite_gap"
    UNVERIFIED = "unverified"
    EXPIRED = "expired"
    MISSING = "missing"
    NOT_RECORDED = "not_recorded"


OUT_OF_COMPLIANCE = frozenset({Standing.PREREQUISITE_GAP, Standing.UNVERIFIED, Standing.EXPIRED, Standing.MISSING})
# Those among whom a rate is taken.
COUNTED = OUT_OF_COMPLIANCE | {Standing.CURRENT, Standing.GRACE}


class Held(NamedTuple):
    """A card that a policy does not refuse, with the days on which it is good.

    `worth` are the types that it counts as: its own and those that it is recognised as (one step).
    """

    card: Card
    issuer: str
    worth: frozenset[str]
    span: Span
    renewal_from: date | None
    confirmed: bool = False
    cut_by_revocation: bool = False


class Reading(NamedTuple):
    """One person's cards as one requirement reads them: spans of days, one a card (and prerequisite), unordered.

    counting: a card counts. ready: and its prerequisites are met. met: and it is confirmed, if it has to be.
    Where nothing more is asked, the next is the very same list.
    """

    requirement: Requirement
    held: list[Held]
    counting: list[Span]
    ready: list[Span]
    met: list[Span]


class Situation(NamedTuple):
    """What else of a person bears on a requirement. `due_by` is a newcomer's deadline, None without one."""

    exempt: list[Span]
    absent: list[Span]
    due_by: date | None
    records_from: date


# An accepted card's issuer, what it is worth, its days, and the day from which a renewal interval counts.
Usable = tuple[str, frozenset[str], Span, date | None]


class CardReader:
    """Reads people's cards by one policy, and remembers what it worked out, as cards are much alike."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._usable_cards: dict[tuple[object, ...], Usable | None] = {}
        self._stands_for: dict[tuple[str, str, str], list[str]] = {}
        self._has_prerequisites = {
            requirement.id: any(policy.types[wanted].requires for wanted in requirement.any_of)
            for requirement in policy.requirements
        }

    def held(self, person: PersonFacts) -> list[Held]:
        """The person's cards that count for something, if only as a prerequisite, somewhere."""
        found = [Held(card, *usable) for card in person.cards if (usable := self._usable(card))]
        if not person.verifications:
            return found
        asked = {answer.card for answer in person.verifications}
        answered = [_answered(one, person) if one.card.id in asked else one for one in found]
        return [one for one in answered if one is not None]

    def read(self, requirement: Requirement, held: list[Held]) -> Reading:
        """The spans of days on which the cards do what the requirement asks."""
        matching = [
            (one, wanted, span)
            for one in held
            if (wanted := self.stands_for(requirement, one)) and (span := capped(requirement, one))
        ]
        counting = ready = [span for _, _, span in matching]
        if self._has_prerequisites[requirement.id]:
            matching = [
                (one, wanted, span)
                for one, wanted, whole in matching
                for span in self._with_prerequisites(whole, wanted, held)
            ]
            ready = [span for _, _, span in matching]
        met = [span for one, _, span in matching if one.confirmed] if requirement.verified else ready
        return Reading(requirement, held, counting, ready, met)

    def worth(self, card_type: str, issuer: str | None) -> frozenset[str]:
        """The types that a card is worth: its own and those that it is recognised as (one step)."""
        recognised = {
            recognition.counts_as
            for recognition in self.policy.recognitions
            if recognition.type == card_type and recognition.issuer in (None, issuer)
        }
        return frozenset(recognised | {card_type})

    def stands_for(self, requirement: Requirement, held: Held) -> list[str]:
        """The types that the requirement asks for and the card is worth, if its issuer will do."""
        key = (requirement.id, held.card.type, held.issuer)
        found = self._stands_for.get(key)
        if found is None:
            accepted = requirement.issuers is None or held.issuer in requirement.issuers
            found = [wanted for wanted in requirement.any_of if accepted and wanted in held.worth]
            self._stands_for[key] = found
        return found

    def _with_prerequisites(self, span: Span, stands_for: list[str], held: list[Held]) -> list[Span]:
        """The days of a card on which each prerequisite of a type that it stands for is met by some card in date."""
        spans: list[Span] = []
        for wanted in stands_for:
            so_far = [span]
            for needed in self.policy.types[wanted].requires:
                so_far = [
                    both
                    for other in held
                    if needed in other.worth
                    for one in so_far
                    if (both := overlap(one, other.span))
                ]
            spans += so_far
        return spans

    def _usable(self, card: Card) -> Usable | None:
        """An card's part in a `Held`, its issuer's answers aside; None if it counts for nothing."""
        key = card[1:5]
        try:
            return self._usable_cards[key]
        except KeyError:
            issuer = self.policy.issuer(card.issuer)
            found = window(self.policy, card)
            usable = None
            if issuer and issuer.accepted and found and found.first <= found.last:
                span = Span(found.first, found.last)
                usable = (issuer.id, self.worth(card.type, issuer.id), span, found.renewal_from)
            self._usable_cards[key] = usable
            return usable


def _answered(held: Held, person: PersonFacts) -> Held | None:
    """The card in the light of what its issuer answered; None if it counts for nothing."""
    answers = [answer for answer in person.verifications if answer.card == held.card.id]
    if latest_is_not_found(person, held.card):
        return None
    first, last = held.span
    for answer in answers:
        if answer.answer == "revoked":
            # A revocation never lengthens a card; without a day it counts from issue.
            last = min(last, day_before(answer.revoked_from or first))
    if last < first:
        return None
    confirmed = any(answer.answer == "confirmed" for answer in answers)
    return held._replace(span=Span(first, last), confirmed=confirmed, cut_by_revocation=last < held.span.last)


def latest_is_not_found(person: PersonFacts, card: Card) -> bool:
    """Whether the issuer's latest answer is that it knows no such card."""
    answers = [answer for answer in person.verifications if answer.card == card.id]
    # max keeps the first of equals, and they come in the order recorded: so the last one of a day wins.
    latest = max(reversed(answers), key=lambda answer: answer.checked_on, default=None)
    return latest is not None and latest.answer == "not_found"


def capped(requirement: Requirement, held: Held) -> Span:
    """The days on which a card counts: no longer than the requirement's own renewal interval."""
    if requirement.renew_every_months is None or held.renewal_from is None:
        return held.span
    first, last = held.span
    return Span(first, min(last, add_months(held.renewal_from, requirement.renew_every_months)))


def exempt_spans(requirement: str, exemptions: tuple[Exemption, ...]) -> list[Span]:
    """The days on which a requirement is not asked of the person."""
    return [Span(one.starts_on, one.until) for one in exemptions if one.requirement == requirement]


def in_grace(reader: CardReader, reading: Reading, day: date) -> bool:
    """Whether the requirement was met a short while ago; what a revocation took away earns no grace."""
    met = reading.met
    if any(one.cut_by_revocation and one.span.last < day for one in reading.held):
        kept = [one for one in reading.held if not (one.cut_by_revocation and one.span.last < day)]
        met = reader.read(reading.requirement, kept).met
    earliest = earlier(day, reading.requirement.grace_after_expiry_days)
    return any(first < day and last >= earliest for first, last in met)


def judge(reader: CardReader, reading: Reading, situation: Situation, day: date) -> Standing:
    """The standing on a day on which the requirement applies: the first line of the table that fits."""
    exempt, absent, due_by, records_from = situation
    if exempt and covers(exempt, day):
        return Standing.EXEMPT
    if absent and covers(absent, day):
        return Standing.ON_LEAVE
    if covers(reading.met, day):
        return Standing.CURRENT
    if day < records_from:
        return Standing.NOT_RECORDED
    if due_by is not None and day <= due_by:
        return Standing.PENDING
    if reading.requirement.grace_after_expiry_days and in_grace(reader, reading, day):
        return Standing.GRACE
    if reading.ready is not reading.met and covers(reading.ready, day):
        return Standing.UNVERIFIED
    if reading.counting is not reading.ready and covers(reading.counting, day):
        return Standing.PREREQUISITE_GAP
    if any(span.first < day for span in reading.counting):
        return Standing.EXPIRED
    return Standing.MISSING
