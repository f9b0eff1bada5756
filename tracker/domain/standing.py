"""Where a person stands with one requirement on one day. RULES: section 4.

A policy first reads a person's cards into spans of days (`CardReader`); `judge` then decides a day from those.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.days import ALWAYS, Span, add_months, covers, day_before, earlier, overlap
from tracker.domain.facts import Card, Exemption, PersonFacts, Verification
from tracker.domain.policy import Policy, Requirement
from tracker.domain.tuples import new
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
# Those whose last day says how long it still holds.
RUNNING_OUT = frozenset({Standing.CURRENT, Standing.PENDING, Standing.GRACE, Standing.EXEMPT})
# Of several standings, the one to be told where there is room for one.
WORST_FIRST = (
    Standing.MISSING,
    Standing.EXPIRED,
    Standing.PREREQUISITE_GAP,
    Standing.UNVERIFIED,
    Standing.GRACE,
    Standing.PENDING,
    Standing.CURRENT,
    Standing.EXEMPT,
    Standing.ON_LEAVE,
    Standing.NOT_RECORDED,
)


class Held(NamedTuple):
    """A card that a policy does not refuse, with the days on which it is good.

    `worth` are the types that it counts as: its own and those that it is recognised as (one step). `counts` are, for
    each requirement that asks for such a card of its issuer, the days on which it counts there.
    """

    card: Card
    issuer: str
    worth: frozenset[str]
    span: Span
    counts: Mapping[str, Span]
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
    """What else of a person bears on a requirement.

    `start` is the first day of the unbroken stretch on which it has applied, None if it always has or nobody asks;
    `due_by` is a newcomer's deadline, None without one.
    """

    exempt: list[Span]
    absent: list[Span]
    start: date | None
    due_by: date | None
    records_from: date


# The issuer, what such cards are worth, and the requirements that ask for them.
Kind = tuple[str, frozenset[str], list[Requirement]]
# What a `Held` says of a card, the card itself and its issuer's answers aside.
Usable = tuple[str, frozenset[str], Span, Mapping[str, Span]]


class CardReader:
    """Reads people's cards by one policy, and remembers what it worked out, as cards are much alike."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._kinds: dict[tuple[str, str | None], Kind | None] = {}
        self._usable_cards: dict[tuple[object, ...], Usable | None] = {}

    def held(self, person: PersonFacts) -> list[Held]:
        """The person's cards that count for something, if only as a prerequisite, somewhere."""
        if not person.verifications:
            return [new(Held, (card, *usable, False, False)) for card in person.cards if (usable := self._usable(card))]
        answers: dict[int, list[Verification]] = {}
        for answer in person.verifications:
            answers.setdefault(answer.card, []).append(answer)
        found: list[Held] = []
        for card in person.cards:
            usable = self._usable(card)
            if usable:
                theirs = answers.get(card.id)
                if theirs is None:
                    found.append(new(Held, (card, *usable, False, False)))
                elif len(theirs) == 1 and theirs[0].answer == "confirmed":
                    found.append(new(Held, (card, *usable, True, False)))
                elif held := _answered(card, usable, theirs):
                    found.append(held)
        return found

    def read(self, requirement: Requirement, held: list[Held]) -> Reading:
        """The spans of days on which the cards do what the requirement asks."""
        name = requirement.id
        counting = ready = met = [span for one in held if (span := one.counts.get(name))]
        if counting and self.policy.prerequisites[name]:
            parts = self._ready(requirement, held)
            ready = met = [span for _, span in parts]
            if requirement.verified:
                met = [span for one, span in parts if one.confirmed]
        elif counting and requirement.verified:
            met = [one.counts[name] for one in held if one.confirmed and name in one.counts]
        reading: Reading = new(Reading, (requirement, held, counting, ready, met))
        return reading

    def worth(self, card_type: str, issuer: str | None) -> frozenset[str]:
        """The types that a card is worth: its own and those that it is recognised as (one step)."""
        recognised = {
            recognition.counts_as
            for recognition in self.policy.recognitions
            if recognition.type == card_type and recognition.issuer in (None, issuer)
        }
        return frozenset(recognised | {card_type})

    def _ready(self, requirement: Requirement, held: list[Held]) -> list[tuple[Held, Span]]:
        """The days of the cards on which the prerequisites of a type that they stand for are met by cards in date."""
        name = requirement.id
        good = {needed: [one.span for one in held if needed in one.worth] for needed in self.policy.prerequisites[name]}
        found: list[tuple[Held, Span]] = []
        for one in held:
            if name in one.counts:
                for wanted in requirement.any_of:
                    if wanted in one.worth:
                        spans = [one.counts[name]]
                        for needed in self.policy.types[wanted].requires:
                            spans = [both for span in spans for other in good[needed] if (both := overlap(span, other))]
                        found += [(one, span) for span in spans]
        return found

    def _usable(self, card: Card) -> Usable | None:
        """What holds of all cards of the same type, issuer and days; None if they count for nothing."""
        key = card[1:5]
        try:
            return self._usable_cards[key]
        except KeyError:
            found = self._usable_cards[key] = self._worked_out(card)
            return found

    def _worked_out(self, card: Card) -> Usable | None:
        kind = self._kind(card.type, card.issuer)
        found = window(self.policy, card) if kind else None
        if not kind or not found or found.first > found.last:
            return None
        issuer, worth, asking = kind
        span = Span(found.first, found.last)
        counts = {requirement.id: _capped(requirement, span, found.renewal_from) for requirement in asking}
        return issuer, worth, span, counts

    def _kind(self, card_type: str, named: str | None) -> Kind | None:
        """What holds of all cards of a type and issuer; None if the issuer is not accepted."""
        key = (card_type, named)
        if key not in self._kinds:
            issuer = self.policy.issuer(named)
            self._kinds[key] = self._new_kind(card_type, issuer.id) if issuer and issuer.accepted else None
        return self._kinds[key]

    def _new_kind(self, card_type: str, issuer: str) -> Kind:
        worth = self.worth(card_type, issuer)
        asking = [
            requirement
            for requirement in self.policy.requirements
            if not worth.isdisjoint(requirement.any_of)
            and (requirement.issuers is None or issuer in requirement.issuers)
        ]
        return issuer, worth, asking


def _answered(card: Card, usable: Usable, answers: list[Verification]) -> Held | None:
    """The card in the light of what its issuer answered; None if it counts for nothing."""
    decided = deciding(answers)
    if decided.answer == "not_found":
        return None
    issuer, worth, (first, last), counts = usable
    until = last
    if decided.answer == "revoked":
        # Without a day it counts from issue.
        revoked = decided.revoked_from or first
        if revoked <= first:
            # Not by the day before: a card that always counted has none before its first.
            return None
        # A revocation never lengthens a card.
        until = min(last, day_before(revoked))
    confirmed = any(answer.answer == "confirmed" for answer in answers)
    if until < last:
        counts = {name: Span(span.first, min(span.last, until)) for name, span in counts.items()}
    return Held(card, issuer, worth, Span(first, until), counts, confirmed, until < last)


def latest_is_not_found(person: PersonFacts, card: Card) -> bool:
    """Whether the issuer's latest answer is that it knows no such card."""
    decided = decided_by(person).get(card.id)
    return decided is not None and decided.answer == "not_found"


def decided_by(person: PersonFacts) -> dict[int, Verification]:
    """Of each card that its issuer was asked about, by its number, the answer that decides what it is worth."""
    answers: dict[int, list[Verification]] = {}
    for answer in person.verifications:
        answers.setdefault(answer.card, []).append(answer)
    return {card: deciding(theirs) for card, theirs in answers.items()}


def deciding(answers: Sequence[Verification]) -> Verification:
    """Of the answers about a card, in the order recorded, the one that decides: the latest by the day of checking.

    But what was revoked stays revoked, from the earliest day that was said, unless it is not found any more.
    """
    # max keeps the first of equals: so the last one of a day wins.
    latest = max(reversed(answers), key=lambda answer: answer.checked_on)
    revoked = [answer for answer in answers if answer.answer == "revoked"]
    if latest.answer == "not_found" or not revoked:
        return latest
    return min(revoked, key=lambda answer: answer.revoked_from or ALWAYS)


def _capped(requirement: Requirement, span: Span, renewal_from: date | None) -> Span:
    """The days on which a card counts: no longer than the requirement's own renewal interval."""
    if requirement.renew_every_months is None or renewal_from is None:
        return span
    return Span(span.first, min(span.last, add_months(renewal_from, requirement.renew_every_months)))


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
    exempt, absent, _, due_by, records_from = situation
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
    for first, _ in reading.counting:
        if first < day:
            return Standing.EXPIRED
    return Standing.MISSING
