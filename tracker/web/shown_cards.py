"""A person's cards and files as the page lists them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.db.evidence import EvidenceRow
from tracker.domain.days import OPEN
from tracker.domain.door import Door
from tracker.domain.facts import Card, PersonFacts, Refusal, Submission, Verification
from tracker.domain.policy import Policy
from tracker.domain.standing import CardReader, decided_by
from tracker.domain.validity import EXPIRY_MISMATCH, ISSUE_DATE_UNKNOWN, stated_day, window
from tracker.domain.why import spoken
from tracker.web.trail_words import on_their_page

KINDS = {"application/pdf": "PDF"}
FLAGS = {
    EXPIRY_MISMATCH: "The printed expiry and the policy's rule differ; the earlier of the two counts.",
    ISSUE_DATE_UNKNOWN: "The issue date is not recorded.",
}


class ShownCard(NamedTuple):
    """A card in words: as printed, until when it counts (None: no end, or for nothing), what is odd about it."""

    card: Card
    title: str
    expiry: str
    counts: bool
    last: date | None
    answer: str
    is_doubted: bool
    notes: list[str]


class ShownFile(NamedTuple):
    """A file in words."""

    row: EvidenceRow
    what: str
    state: str


def card_words(kind: str, number: str | None, issued_on: date | None) -> str:
    """A card as sentences name it: BLS card 255401052877, issued 5 Jun 2023."""
    told = f"{kind} card {number}" if number else f"{kind} card"
    return f"{told}, issued {spoken(issued_on)}" if issued_on else told


def spoken_expiry(stated: str) -> str:
    """An expiry as printed, a day or a month, as nobody can misread it: 30 Jun 2028, Jun 2028."""
    last = stated_day(stated)
    return spoken(last) if len(stated) > len("2028-06") else f"{last:%b} {last.year}"


def shown_cards(person: PersonFacts, policy: Policy, today: date) -> list[ShownCard]:
    """The cards by a policy: those that count longest first, those that count for nothing last."""
    good = {one.card.id: one.span.last for one in CardReader(policy).held(person)}
    answers = decided_by(person)
    door = Door(policy, today)
    order = sorted(person.cards, key=lambda card: (good.get(card.id, date.min), card.id), reverse=True)
    return [_shown(card, policy, good, answers.get(card.id), door) for card in order]


def _shown(card: Card, policy: Policy, good: Mapping[int, date], answer: Verification | None, door: Door) -> ShownCard:
    kind = policy.types.get(card.type)
    found, doubts = window(policy, card), list(door.doubts(card))
    # A doubt about days that lie far apart says more than the flag does.
    flags = [FLAGS[flag] for flag in (found.flags if found else ()) if flag != EXPIRY_MISMATCH or not doubts]
    last = good.get(card.id)
    answer_doubted = answer is not None and answer.answer != "confirmed"
    return ShownCard(
        card,
        kind.title if kind else card.type,
        spoken_expiry(card.stated) if card.stated else "",
        last is not None,
        None if last == OPEN else last,
        _answered(answer),
        answer_doubted,
        flags + doubts + ([] if flags or doubts or answer_doubted else _longer(card, last)),
    )


def _longer(card: Card, last: date | None) -> list[str]:
    """That a card counts longer than is printed, as where an issuer's cards count to the end of a month."""
    stated = stated_day(card.stated) if card.stated else None
    if stated is None or last in (None, OPEN) or last <= stated:
        return []
    return [f"Printed to end on {spoken(stated)}; by the policy it counts through {spoken(last)}."]


def _answered(answer: Verification | None) -> str:
    if answer is None:
        return "not asked"
    checked = spoken(answer.checked_on)
    if answer.answer == "revoked":
        since = spoken(answer.revoked_from) if answer.revoked_from else "its issue"
        return f"revoked from {since}, checked {checked}"
    return f"{answer.answer.replace('_', ' ')}, checked {checked}"


def shown_files(
    rows: Sequence[EvidenceRow], submissions: Sequence[Submission], refused: Mapping[int, Refusal]
) -> dict[int | None, list[ShownFile]]:
    """The files by the card that they show; None for those that show none yet."""
    waiting = {one.item: one for one in submissions}
    found: dict[int | None, list[ShownFile]] = {}
    for row in rows:
        state = ""
        if row.item in waiting:
            one = waiting[row.item]
            state = f"{one.type}, handed in on {spoken(one.received_on)}, waits to be checked"
        if row.item in refused:
            state = f"not accepted on {spoken(refused[row.item].refused_on)}: {refused[row.item].reason}"
        shown = ShownFile(row._replace(actor=on_their_page(row.actor)), file_words(row.media_type, row.size), state)
        found.setdefault(row.card, []).append(shown)
    return found


def file_words(media_type: str, size: int) -> str:
    """What a file is and how large: PDF, 12 kB."""
    kind = KINDS.get(media_type, f"picture, {media_type.removeprefix('image/').upper()}")
    return f"{kind}, {_size(size)}"


def _size(count: int) -> str:
    return f"{max(count / 1024, 1):.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
