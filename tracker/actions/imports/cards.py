"""Card rows: which card each is about, and what it adds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.actions.imports.context import Context, asked
from tracker.actions.imports.result import Change, TableReport
from tracker.db.known import KnownCards, fact_of
from tracker.db.tables import cards, verifications
from tracker.domain.facts import Card
from tracker.domain.same_card import Door, amended, find_same, issued_in_future
from tracker.domain.tuples import new
from tracker.intake.rows import CardRow

# People after whom to look whether others wait for work.
BREATH = 200

# The answers to the question whether a card may be issued after today.
FUTURE = ("accept", "reject")


class Source(NamedTuple):
    """Rows about some people's cards, and where to say what becomes of them.

    `beside`: they stand in columns beside a person, who is in whatever becomes of them.
    """

    report: TableReport
    rows: Mapping[str, list[CardRow]]
    beside: bool


# A row, or some of one person, and where to say what becomes of it.
Placed = tuple[TableReport, CardRow]
Portion = tuple[TableReport, list[CardRow]]


@dataclass(slots=True)
class _Working:
    """A card of one person while the files are worked through. `known` is as it was on record, if it was.

    `numbered` is the first row that named its number: two rows that contradict each other, on whatever sheets, would
    change the card at every import, so the later is rejected.
    """

    card: Card
    known: Card | None
    numbered: Placed | None = None
    confirmed_on: tuple[date, ...] = ()


def apply_cards(context: Context, sources: Sequence[Source]) -> None:
    """Decides and records what the rows say, all sources' together."""
    door = Door(context.policy)
    finished: list[tuple[KnownCards, list[_Working]]] = []
    for report, _, beside in sources:
        report.part_of_row = beside
    by_person = _by_person(sources)
    known = context.made.cards_of(by_person)
    for at, (employee_id, theirs) in enumerate(by_person.items()):
        if at % BREATH == 0:
            context.made.keep_going()
        person = known.get(employee_id)
        if person is None:
            for report, rows in theirs:
                report.unknown(rows, employee_id)
        else:
            finished.append((person, _work(context, door, person, theirs)))
    _record(context, finished)
    for report, _, _ in sources:
        report.part_of_row = False
    context.progress(sum(len(rows) for theirs in by_person.values() for _, rows in theirs))


def _by_person(sources: Sequence[Source]) -> dict[str, list[Portion]]:
    found: dict[str, list[Portion]] = {}
    for report, rows, _ in sources:
        for employee_id, theirs in rows.items():
            found.setdefault(employee_id, []).append((report, theirs))
    return found


def _numbers_first(portions: list[Portion]) -> Iterator[Placed]:
    """One person's rows, those with a number first: what a number settles, a day must not guess at."""
    for numbered in (True, False):
        for report, rows in portions:
            for row in rows:
                if bool(row.number) is numbered:
                    yield report, row


def _work(context: Context, door: Door, person: KnownCards, portions: list[Portion]) -> list[_Working]:
    working = [_Working(card, card) for card in person.cards]
    for report, row in _numbers_first(portions):
        card = new(Card, (0, *row[2:7]))
        reason = door.refusal(card)
        if reason:
            report.reject(row.row, row.type, reason)
        elif (
            not issued_in_future(card, context.today)
            or _known_so(context, working, card)
            or _future_accepted(context, person, row, report)
        ):
            _place(context, door, person, working, card, row, report)
    return working


def _known_so(context: Context, working: list[_Working], card: Card) -> bool:
    """Whether the card is on record with that very issue date, so that it was accepted before."""
    match = _match(context, working, card)
    return match is not None and match.card.issued_on == card.issued_on


def _place(
    context: Context,
    door: Door,
    person: KnownCards,
    working: list[_Working],
    card: Card,
    row: CardRow,
    report: TableReport,
) -> None:
    """Puts one row to the card that it is about, or makes it a new one."""
    match = _match(context, working, card) if working else None
    if match is None:
        match = _Working(card, None)
        working.append(match)
        report.put(row.row, "new")
        for doubt in door.doubts(card):
            report.note(row.row, "new", row.type, doubt)
    else:
        after = amended(context.policy, match.card, card)
        reason = door.refusal(after) if after != match.card else None
        elsewhere = match.numbered if card.number else None
        if elsewhere and after != match.card:
            first = f"Row {elsewhere[1].row} of {elsewhere[0].sheet or elsewhere[0].file}"
            reason = f"{first} says something else about the card {card.number}; correct one of them."
        if reason:
            report.reject(row.row, row.type, reason)
            return
        report.put(row.row, "unchanged" if after == match.card else "changed")
        _tell(person, match.card, after, row, report)
        match.card = after
    if card.number and match.numbered is None:
        match.numbered = (report, row)
    if row.verified_on:
        _confirm(person, match, row, row.verified_on, report)


def _tell(person: KnownCards, old: Card, new: Card, row: CardRow, report: TableReport) -> None:
    """Says what a row changes of a known card."""
    for name in ("issuer", "issued_on", "stated", "number"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            shown = "expires_on" if name == "stated" else name
            change = Change(shown, before and str(before), str(after), "cards")
            report.changed(row.row, f"{row.type}.{shown}", f"{person.employee_id}, {new.type}", change)


def _match(context: Context, working: list[_Working], card: Card) -> _Working | None:
    same = find_same(context.policy, [one.card for one in working], card)
    return None if same is None else working[same]


def _confirm(person: KnownCards, match: _Working, row: CardRow, day: date, report: TableReport) -> None:
    """A day of verification is the answer `confirmed`, unless that is on record already."""
    if day in match.confirmed_on:
        return
    on_record = match.known and any(
        answer.card == match.known.id and answer.answer == "confirmed" and answer.checked_on == day
        for answer in person.verifications
    )
    if not on_record:
        match.confirmed_on += (day,)
        if report.outcomes.get(row.row) == "unchanged":
            report.outcomes[row.row] = "changed"


def _future_accepted(context: Context, person: KnownCards, row: CardRow, report: TableReport) -> bool:
    """Whether a card that would be issued after today was said to be right; asks if nothing was said."""
    identity = f"{person.employee_id}:{row.type}:{row.issued_on}"
    answer = context.settled.answer(f"future:{identity}", FUTURE)
    if answer is None:
        text = (
            f"Row {row.row}: the {row.type} card of {person.employee_id} would be issued on {row.issued_on}, "
            "which is still to come. Is that right?"
        )
        report.questions.append(asked("future", identity, text, FUTURE, "--answers"))
        report.put(row.row, "question")
    elif answer == "reject":
        report.reject(row.row, f"{row.type}.issued_on", "The issue date lies in the future.")
    return answer == "accept"


def _record(context: Context, finished: list[tuple[KnownCards, list[_Working]]]) -> None:
    made = context.made
    next_card = made.next_id(cards)
    corrected = [person.id for person, working in finished if person.cards and any(map(_corrected, working))]
    fact_ids = fact_of(made.connection, cards, corrected) if corrected else {}
    retracted: list[int] = []
    rows: list[tuple[object, ...]] = []
    answers: list[tuple[object, ...]] = []
    for person, working in finished:
        for one in working:
            known, card = one.known, one.card
            if known is None:
                number = next_card + len(rows)
                rows.append((person.id, number, *card[1:]))
            else:
                number = known.id
                if card != known:
                    retracted.append(fact_ids[number])
                    rows.append((person.id, number, *card[1:]))
            if one.confirmed_on:
                confirmed = (person.id, number, "confirmed", None)
                answers += [(*confirmed, day, context.actor, "import") for day in one.confirmed_on]
    if retracted:
        made.retract(cards, retracted)
    made.record(cards, rows)
    made.record(verifications, answers)


def _corrected(one: _Working) -> bool:
    return one.known is not None and one.card != one.known
