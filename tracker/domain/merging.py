"""Two records that turn out to be one person's: what holds of that person then. RULES: section 1.

The record that stays has the last word and the other fills its gaps, so nothing is blanked. Days of the same assignment
are those of both. Where the two contradict each other, a note says so; it names no card's number.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.domain.door import Door
from tracker.domain.errors import BadInput
from tracker.domain.facts import Absence, Assignment, Card, Evidence, Exemption, Keeping, Verification
from tracker.domain.policy import Policy
from tracker.domain.same_assignment import SameRole, days_of, same_days, together
from tracker.domain.same_card import filled, find_same

Periods = Sequence[Absence] | Sequence[Exemption]


@dataclass(slots=True)
class Joined:
    """What becomes of one kind of facts: which of those that stay are `replaced`, by id, and what is `recorded`."""

    replaced: list[int] = field(default_factory=list)
    recorded: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def join_assignments(kept: Sequence[Assignment], gone: Sequence[Assignment], roles: SameRole) -> Joined:
    """Assignments with the same unit, role and employment type and days in common become one."""
    joined = Joined()
    working: list[tuple[Assignment, list[int]]] = [(one, [one.id]) for one in kept]
    for one in sorted(gone, key=days_of):
        whole, ids = one, list[int]()
        while same := next((each for each in working if same_days(each[0], whole, roles)), None):
            working.remove(same)
            first, second = sorted((same[0], whole), key=days_of)
            whole, ids = together(first, second), ids + same[1]
        working.append((whole, ids))
        joined.notes.append(f"{_place(one)} {f'is the same as on record: {_place(whole)}' if ids else 'comes along'}.")
    before = {one.id: one for one in kept}
    for one, ids in working:
        if len(ids) == 1 and one[1:] == before[ids[0]][1:]:
            continue
        joined.replaced += ids
        joined.recorded.append(one)
    return joined


def _place(one: Assignment) -> str:
    return (
        f"{one.unit} ({one.role or 'no role'}) from {one.starts_on or 'always'} until {one.ends_on or 'further notice'}"
    )


def join_cards(
    policy: Policy, kept: Sequence[Card], gone: Sequence[Card], today: date
) -> tuple[Joined, dict[int, int]]:
    """The same cards become one, which keeps its number in the records; returns which card is which.

    Raises BadInput where two are the same and one of them cannot be right.
    """
    joined, same, now = Joined(), dict[int, int](), list(kept)
    # A number first: what it settles, a day must not guess at.
    for card in sorted(gone, key=lambda one: not one.number):
        at = find_same(policy, now, card)
        if at is None:
            joined.recorded.append(card)
            joined.notes.append(f"Card {card.id} ({card.type}) comes along.")
            continue
        known = now[at]
        now[at], same[card.id] = filled(known, card), known.id
        refusal = Door(policy, today).refusal(now[at]) if now[at] != known else None
        if refusal:
            raise BadInput(f"Card {card.id} and card {known.id} are the same and contradict each other. {refusal}")
        joined.notes.append(f"Card {card.id} ({card.type}) is the same as card {known.id}{_but(known, card)}.")
    changed = [one for one, before in zip(now, kept, strict=True) if one != before]
    joined.replaced = [one.id for one in changed]
    joined.recorded += changed
    return joined, same


def _but(known: Any, other: Any, skip: Sequence[str] = ("id", "number")) -> str:
    """Where another record of the same says something else."""
    pairs = [(name, getattr(known, name), getattr(other, name)) for name in known._fields if name not in skip]
    said = [f"{name} {one} and not {two}" for name, one, two in pairs if one and two and one != two]
    return f", of which stays: {', '.join(said)}" if said else ""


def join_answers(kept: Sequence[Verification], gone: Sequence[Verification], same: dict[int, int]) -> Joined:
    """What issuers answered stays with the cards; about a card that was two, in the order in which it was recorded."""
    moved = [one._replace(card=same.get(one.card, one.card)) for one in gone]
    both = {one.card for one in moved}
    again = [one for one in kept if one.card in both]
    ordered = sorted([*again, *moved], key=lambda one: one.id)
    distinct = {one[1:]: one for one in reversed(ordered)}
    recorded = sorted(distinct.values(), key=lambda one: one.id)
    notes = [f"{len(gone)} {'answer' if len(gone) == 1 else 'answers'} of issuers stay with the cards."] if gone else []
    return Joined([one.id for one in again], recorded, notes)


def join_evidence(kept: Sequence[Evidence], gone: Sequence[Evidence], same: dict[int, int]) -> Joined:
    """What shows a card stays with it, under its own number; a file that shows the same card twice does so once."""
    moved = [one._replace(card=same.get(one.card, one.card) if one.card else None) for one in gone]
    known = {(one.sha256, one.card) for one in kept}
    recorded = [one for one in moved if (one.sha256, one.card) not in known]
    return Joined([], recorded, [f"Evidence {one.item} comes along." for one in recorded])


def join_periods(
    kept: Sequence[Absence] | Sequence[Exemption], gone: Sequence[Absence] | Sequence[Exemption]
) -> Joined:
    """Absences, and exemptions from the same requirement, that begin on the same day are the same."""

    def key(one: Any) -> Hashable:
        return getattr(one, "requirement", None), one.starts_on

    # An open end is no gap: the record that stays says that it goes on.
    until = {key(one): one.until for one in kept}
    theirs: list[Any] = [*gone]
    joined = _join(kept, [one._replace(until=until.get(key(one), one.until)) for one in theirs], key)
    for one in gone:
        what = f"The exemption from {one.requirement}" if isinstance(one, Exemption) else "The absence"
        known = next((each for each in kept if key(each) == key(one)), None)
        skip = ("id", "reason", "approver")
        told = f"is on both records{_but(known, one, skip)}" if known else "comes along"
        joined.notes.append(f"{what} that begins on {one.starts_on} {told}.")
    return joined


def join_others(kept: Sequence[Any], gone: Sequence[Any], what: str) -> Joined:
    """Facts of which two are the same only if they say the same, such as bookings."""
    joined = _join(kept, gone, lambda one: one[1:])
    joined.notes += [f"{what} of {one.type} comes along." for one in joined.recorded]
    return joined


def _join(kept: Sequence[Any], gone: Sequence[Any], key: Callable[[Any], Hashable]) -> Joined:
    """Facts of the same key become one, its gaps filled."""
    before = {key(one): one for one in kept}
    after: dict[Hashable, Any] = {}
    for one in gone:
        known = after.get(key(one)) or before.get(key(one))
        after[key(one)] = (
            known._make(a if a is not None else b for a, b in zip(known, one, strict=True)) if known else one
        )
    joined = Joined()
    for each, one in after.items():
        if each in before and one != before[each]:
            joined.replaced.append(before[each].id)
        if one != before.get(each):
            joined.recorded.append(one)
    return joined


def join_keepings(kept: Sequence[Keeping], gone: Sequence[Keeping]) -> Joined:
    """What tells of neither from an earlier day on tells of neither as one."""
    joined = Joined()
    if gone:
        joined.replaced = [one.id for one in kept]
        both = [*kept, *gone]
        joined.recorded = [Keeping(0, max(one.kept_from for one in both), max(one.known_from for one in both))]
    return joined
