"""Card rows about which nothing has to be decided: so it is with nearly all of a first import."""

from collections.abc import Mapping, Sequence

from tracker.actions.imports.context import BREATH, Context
from tracker.actions.imports.source import Source
from tracker.db.tables import cards, verifications
from tracker.domain.facts import Card
from tracker.domain.tuples import new
from tracker.intake.rows import CardRow


def record_plain(context: Context, by_person: Mapping[str, Sequence[tuple[Source, list[CardRow]]]]) -> set[str]:
    """Records the rows of those newcomers of whom all are plain; returns who they are.

    Plain is: no two of a person's rows can be about one card, there is nothing to say of any, and they call nobody by
    a name. Whatever else there is to decide of a row is decided in `cards`.
    """
    made, is_plain = context.made, context.door.is_plain
    newcomers = made.without_cards(by_person)
    taken: set[str] = set()
    found: list[tuple[int, CardRow]] = []
    for at, (employee_id, person) in enumerate(newcomers.items()):
        if at % BREATH == 0:
            made.keep_going()
        theirs = by_person[employee_id]
        source, rows = theirs[0]
        if len(theirs) == 1 and not source.has_names and _are_different(rows) and all(map(is_plain, map(_card, rows))):
            taken.add(employee_id)
            found += [(person, row) for row in rows]
            for row in rows:
                source.report.put(row.row, "new")
            if source.beside:
                source.report.new_cards += rows
    first = made.next_id(cards)
    made.record(cards, [(person, number, *row[2:7]) for number, (person, row) in enumerate(found, first)])
    answers = [
        (person, number, "confirmed", None, row.verified_on, context.actor, "import")
        for number, (person, row) in enumerate(found, first)
        if row.verified_on
    ]
    made.record(verifications, answers)
    return taken


def _card(row: CardRow) -> Card:
    # Both have type, issuer, days and number in this order.
    card: Card = new(Card, (0, *row[2:7]))
    return card


def _are_different(rows: Sequence[CardRow]) -> bool:
    """Whether no two rows can be about one card, being of different types or having different plain numbers."""
    if len({row.type for row in rows}) == len(rows):
        return True
    numbers = [row.number or "" for row in rows]
    return all(map(str.isdecimal, numbers)) and len({*numbers}) == len(numbers)
