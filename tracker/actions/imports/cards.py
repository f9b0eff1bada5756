"""Card rows: which card each is about, and what it adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.actions.imports.context import BREATH, Context, asked, called
from tracker.actions.imports.named import rightly_named
from tracker.actions.imports.plain_cards import record_plain
from tracker.actions.imports.result import Change, TableReport
from tracker.actions.imports.source import Source
from tracker.db.known import KnownCards, fact_of
from tracker.db.tables import cards, verifications
from tracker.domain.door import Door
from tracker.domain.facts import Card
from tracker.domain.same_card import amended, find_same
from tracker.domain.tuples import new
from tracker.intake.rows import CardRow

# The answers to the question whether a card may be issued after today.
FUTURE = ("accept", "reject")


# A row, or some of one person, and where to say what becomes of it.
Placed = tuple[TableReport, CardRow]
Portion = tuple[TableReport, Sequence[CardRow]]


@dataclass(slots=True)
class _Hand:
    """One person's cards while the files are worked through: first those on record, then the new ones.

    `numbered` are for each the first row that named its number, if one did: two rows that contradict each other, on
    whatever sheets, would change the card at every import, so the later is rejected. `confirmed` are the places of
    cards among them, and days on which their issuer confirmed them.
    """

    person: KnownCards
    cards: list[Card]
    numbered: list[Placed | None]
    confirmed: list[tuple[int, date]]

    @property
    def on_record(self) -> Sequence[Card]:
        """The first of the cards, as they were."""
        return self.person.cards


def apply_cards(context: Context, sources: Sequence[Source]) -> None:
    """Decides and records what the rows say, all sources' together."""
    finished: list[_Hand] = []
    for source in sources:
        source.report.part_of_row = source.beside
    by_person = _by_person(sources)
    count = sum(len(rows) for theirs in by_person.values() for _, rows in theirs)
    for employee_id in record_plain(context, by_person):
        del by_person[employee_id]
    known = context.made.cards_of(by_person)
    for at, (employee_id, theirs) in enumerate(by_person.items()):
        if at % BREATH == 0:
            context.made.keep_going()
        person = known.get(employee_id)
        if person is None:
            for source, rows in theirs:
                source.report.unknown(rows, employee_id)
        else:
            portions = [(source.report, _rightly_named(source, person, rows)) for source, rows in theirs]
            finished.append(_work(context, person, portions))
    _record(context, finished)
    for source in sources:
        source.report.part_of_row = False
    context.progress(count)


def _rightly_named(source: Source, person: KnownCards, rows: list[CardRow]) -> Sequence[CardRow]:
    if not source.has_names:
        return rows
    return rightly_named(person.employee_id, rows, source.names, person.name, source.called, source.report)


def _by_person(sources: Sequence[Source]) -> dict[str, list[tuple[Source, list[CardRow]]]]:
    found: dict[str, list[tuple[Source, list[CardRow]]]] = {}
    for source in sources:
        for employee_id, theirs in source.rows.items():
            found.setdefault(employee_id, []).append((source, theirs))
    return found


def _numbers_first(portions: list[Portion]) -> list[Placed]:
    """One person's rows, those with a number first: what a number settles, a day must not guess at."""
    placed = [(report, row) for report, rows in portions for row in rows]
    numbers = [row.number for _, row in placed]
    return placed if all(numbers) else sorted(placed, key=_is_unnumbered)


def _is_unnumbered(placed: Placed) -> bool:
    return not placed[1].number


def _work(context: Context, person: KnownCards, portions: list[Portion]) -> _Hand:
    hand = _Hand(person, [*person.cards], [None] * len(person.cards), [])
    door = context.door
    for placed in _numbers_first(portions):
        report, row = placed
        card = new(Card, (0, *row[2:7]))
        refusal = door.refusal(card)
        if refusal:
            report.reject(row.row, row.type, refusal)
        elif not door.in_future(card) or _may_be_future(context, hand, card, placed):
            at = find_same(context.policy, hand.cards, card)
            if at is None:
                _add(context, hand, card, placed)
            else:
                _put_to(context, hand, at, card, placed)
    return hand


def _may_be_future(context: Context, hand: _Hand, card: Card, placed: Placed) -> bool:
    """Whether a card that would be issued after today is taken in: known so already, or said to be right."""
    report, row = placed
    return _known_so(context, hand, card) or _future_accepted(context, hand.person, row, report)


def _known_so(context: Context, hand: _Hand, card: Card) -> bool:
    """Whether the card is on record with that very issue date, so that it was accepted before."""
    at = find_same(context.policy, hand.cards, card)
    return at is not None and hand.cards[at].issued_on == card.issued_on


def _add(context: Context, hand: _Hand, card: Card, placed: Placed) -> None:
    """Makes one row a new card."""
    report, row = placed
    hand.cards.append(card)
    hand.numbered.append(placed if card.number else None)
    report.put(row.row, "new")
    if report.part_of_row:
        report.new_cards.append(row)
    for doubt in context.door.doubts(card):
        report.note(row.row, "new", row.type, doubt)
    if row.verified_on:
        _confirm(hand, len(hand.cards) - 1, row, row.verified_on, report)


def _put_to(context: Context, hand: _Hand, at: int, card: Card, placed: Placed) -> None:
    """Puts one row to the card that it is about."""
    (report, row), held = placed, hand.cards
    after = amended(context.policy, held[at], card)
    reason = _contradiction(context.door, hand, at, after, card)
    if reason:
        report.reject(row.row, row.type, reason)
        return
    report.put(row.row, "unchanged" if after == held[at] else "changed")
    _tell(hand.person, held[at], after, row, report)
    held[at] = after
    if card.number and hand.numbered[at] is None:
        hand.numbered[at] = placed
    if row.verified_on:
        _confirm(hand, at, row, row.verified_on, report)


def _contradiction(door: Door, hand: _Hand, at: int, after: Card, card: Card) -> str | None:
    """Why a row that would change a card must not; None if it may, or changes nothing."""
    if after == hand.cards[at]:
        return None
    elsewhere = hand.numbered[at] if card.number else None
    if elsewhere:
        report, row = elsewhere
        first = f"Row {row.row} of {report.sheet or report.file}"
        return f"{first} says something else about the card {card.number}; correct one of them."
    return door.refusal(after)


def _tell(person: KnownCards, old: Card, new: Card, row: CardRow, report: TableReport) -> None:
    """Says what a row changes of a known card."""
    for name in ("issuer", "issued_on", "stated", "number"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            shown = "expires_on" if name == "stated" else name
            change = Change(shown, before and str(before), str(after), "cards")
            whose = f"{called(person.employee_id, person.name)}, {new.type}"
            report.changed(row.row, f"{row.type}.{shown}", whose, change)


def _confirm(hand: _Hand, at: int, row: CardRow, day: date, report: TableReport) -> None:
    """A day of verification is the answer `confirmed`, unless that is on record already."""
    if (at, day) in hand.confirmed:
        return
    on_record = hand.person.cards
    known = on_record[at].id if at < len(on_record) else None
    if any(
        answer.card == known and answer.answer == "confirmed" and answer.checked_on == day
        for answer in hand.person.verifications
    ):
        return
    hand.confirmed.append((at, day))
    if report.outcomes.get(row.row) == "unchanged":
        report.outcomes[row.row] = "changed"


def _future_accepted(context: Context, person: KnownCards, row: CardRow, report: TableReport) -> bool:
    """Whether a card that would be issued after today was said to be right; asks if nothing was said."""
    identity = f"{person.employee_id}:{row.type}:{row.issued_on}"
    answer = context.settled.answer(f"future:{identity}", FUTURE)
    if answer is None:
        text = (
            f"Row {row.row}: the {row.type} card of {called(person.employee_id, person.name)} would be issued on "
            f"{row.issued_on}, which is still to come. Is that right?"
        )
        report.questions.append(asked("future", identity, text, FUTURE, "--answers"))
        report.put(row.row, "question")
    elif answer == "reject":
        report.reject(row.row, f"{row.type}.issued_on", "The issue date lies in the future.")
    return answer == "accept"


def _record(context: Context, finished: list[_Hand]) -> None:
    made = context.made
    next_card = made.next_id(cards)
    corrected = [hand.person.id for hand in finished if hand.on_record and _corrected(hand)]
    fact_ids = fact_of(made.connection, cards, corrected) if corrected else {}
    retracted: list[int] = []
    rows: list[tuple[object, ...]] = []
    answers: list[tuple[object, ...]] = []
    for hand in finished:
        person, known = hand.person.id, hand.on_record
        numbers: list[int] = []
        for at, card in enumerate(hand.cards):
            if at >= len(known):
                number = next_card + len(rows)
                rows.append((person, number, *card[1:]))
            else:
                number = card.id
                if card != known[at]:
                    retracted.append(fact_ids[number])
                    rows.append((person, number, *card[1:]))
            numbers.append(number)
        for at, day in hand.confirmed:
            answers.append((person, numbers[at], "confirmed", None, day, context.actor, "import"))
    if retracted:
        made.retract(cards, retracted)
    made.record(cards, rows)
    made.record(verifications, answers)


def _corrected(hand: _Hand) -> bool:
    return any(card != known for card, known in zip(hand.cards, hand.on_record, strict=False))
