"""Where a person stands with one requirement on one day. RULES: section 4.

A policy first reads a person's cards into spans of days (`CardReader`); `judge` then decides a day from those.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.days import Span, add_months, covers, earlier
from tracker.domain.facts import Card, Exemption, PersonFacts
from tracker.domain.policy import Policy, Requirement
from tracker.domain.validity import Window, revoked, window


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
    """A card that a policy does not refuse, with the days on which it is good."""

    card: Card
    issuer: str
    first: date
    last: date
    renewal_from: date | None
    confirmed: bool
    cut_by_revocation: bool


class Reading(NamedTuple):
    """One person's cards as one requirement reads them: spans of days, one a card (and prerequisite), unordered.

    counting: a card counts. ready: and its prerequisites are met. met: and it is confirmed, if it has to be.
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


class CardReader:
    """Reads people's cards by one policy, and remembers what it worked out, as cards are much alike."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._windows: dict[tuple[object, ...], tuple[str, Window] | None] = {}
        self._counts_as: dict[tuple[str, str], frozenset[str]] = {}

    def held(self, person: PersonFacts) -> list[Held]:
        """The person's cards that count for something, if only as a prerequisite, somewhere."""
        if person.verifications:
            return [held for card in person.cards if (held := self._verified(card, person))]
        return [
            Held(card, found[0], found[1].first, found[1].last, found[1].renewal_from, False, False)
            for card in person.cards
            if (found := self._usable(card))
        ]

    def read(self, requirement: Requirement, held: list[Held]) -> Reading:
        """The spans of days on which the cards do what the requirement asks."""
        counting: list[Span] = []
        ready: list[Span] = []
        met: list[Span] = []
        for one in held:
            stands_for = self.stands_for(requirement, one)
            if not stands_for:
                continue
            span = capped(requirement, one)
            if span.last < span.first:
                continue
            counting.append(span)
            spans = self._with_prerequisites(span, stands_for, held)
            ready += spans
            if one.confirmed or not requirement.verified:
                met += spans
        return Reading(requirement, held, counting, ready, met)

    def counts_as(self, card_type: str, issuer: str) -> frozenset[str]:
        """The types that a card is worth: its own and those that it is recognised as (one step)."""
        key = (card_type, issuer)
        found = self._counts_as.get(key)
        if found is None:
            recognised = {
                recognition.counts_as
                for recognition in self.policy.recognitions
                if recognition.type == card_type and recognition.issuer in (None, issuer)
            }
            found = self._counts_as[key] = frozenset(recognised | {card_type})
        return found

    def stands_for(self, requirement: Requirement, held: Held) -> list[str]:
        """The types that the requirement asks for and the card is worth, if its issuer will do."""
        if requirement.issuers is not None and held.issuer not in requirement.issuers:
            return []
        worth = self.counts_as(held.card.type, held.issuer)
        return [wanted for wanted in requirement.any_of if wanted in worth]

    def prerequisite_spans(self, card_type: str, held: list[Held]) -> list[Span]:
        """The days on which some accepted card of that type, or recognised as it, is in date."""
        return [Span(one.first, one.last) for one in held if card_type in self.counts_as(one.card.type, one.issuer)]

    def _with_prerequisites(self, span: Span, stands_for: list[str], held: list[Held]) -> list[Span]:
        spans: list[Span] = []
        for wanted in stands_for:
            so_far = [span]
            for needed in self.policy.types[wanted].requires:
                so_far = [
                    Span(max(one.first, other.first), min(one.last, other.last))
                    for other in self.prerequisite_spans(needed, held)
                    for one in so_far
                    if one.first <= other.last and other.first <= one.last
                ]
            spans += so_far
        return spans

    def _usable(self, card: Card) -> tuple[str, Window] | None:
        """The accepted issuer of a card and the days on which it is good, if any."""
        key = card[1:5]
        try:
            return self._windows[key]
        except KeyError:
            issuer = self.policy.issuer(card.issuer)
            found = window(self.policy, card)
            usable = issuer is not None and issuer.accepted and found is not None and found.first <= found.last
            self._windows[key] = result = (issuer.id, found) if usable and issuer and found else None
            return result

    def _verified(self, card: Card, person: PersonFacts) -> Held | None:
        """The card in the light of what its issuer answered; None if it counts for nothing."""
        usable = self._usable(card)
        answers = [answer for answer in person.verifications if answer.card == card.id]
        if usable is None or latest_is_not_found(person, card):
            return None
        issuer, found = usable
        withdrawn = [answer.revoked_from or found.first for answer in answers if answer.answer == "revoked"]
        cut = revoked(found, min(withdrawn)) if withdrawn else found
        if cut.last < cut.first or (withdrawn and min(withdrawn) <= found.first):
            return None
        confirmed = any(answer.answer == "confirmed" for answer in answers)
        return Held(card, issuer, cut.first, cut.last, cut.renewal_from, confirmed, cut.last < found.last)


def latest_is_not_found(person: PersonFacts, card: Card) -> bool:
    """Whether the issuer's latest answer is that it knows no such card."""
    answers = [answer for answer in person.verifications if answer.card == card.id]
    # max keeps the first of equals, and they come in the order recorded: so the last one of a day wins.
    latest = max(reversed(answers), key=lambda answer: answer.checked_on, default=None)
    return latest is not None and latest.answer == "not_found"


def capped(requirement: Requirement, held: Held) -> Span:
    """The days on which a card counts: no longer than the requirement's own renewal interval."""
    if requirement.renew_every_months is None or held.renewal_from is None:
        return Span(held.first, held.last)
    return Span(held.first, min(held.last, add_months(held.renewal_from, requirement.renew_every_months)))


def exempt_spans(requirement: str, exemptions: tuple[Exemption, ...]) -> list[Span]:
    """The days on which a requirement is not asked of the person."""
    return [Span(one.starts_on, one.until) for one in exemptions if one.requirement == requirement]


def in_grace(reader: CardReader, reading: Reading, day: date) -> bool:
    """Whether the requirement was met a short while ago; what a revocation took away earns no grace."""
    grace = reading.requirement.grace_after_expiry_days
    if not grace:
        return False
    met = reading.met
    if any(one.cut_by_revocation and one.last < day for one in reading.held):
        kept = [one for one in reading.held if not (one.cut_by_revocation and one.last < day)]
        met = reader.read(reading.requirement, kept).met
    earliest = earlier(day, grace)
    return any(first < day and last >= earliest for first, last in met)


def judge(reader: CardReader, reading: Reading, situation: Situation, day: date) -> Standing:
    """The standing on a day on which the requirement applies: the first line of the table that fits."""
    if covers(situation.exempt, day):
        return Standing.EXEMPT
    if covers(situation.absent, day):
        return Standing.ON_LEAVE
    if covers(reading.met, day):
        return Standing.CURRENT
    if day < situation.records_from:
        return Standing.NOT_RECORDED
    if situation.due_by is not None and day <= situation.due_by:
        return Standing.PENDING
    if in_grace(reader, reading, day):
        return Standing.GRACE
    if covers(reading.ready, day):
        return Standing.UNVERIFIED
    if covers(reading.counting, day):
        return Standing.PREREQUISITE_GAP
    if any(span.first < day for span in reading.counting):
        return Standing.EXPIRED
    return Standing.MISSING
