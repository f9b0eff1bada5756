"""Which people have cards that nobody answered about, and whose card a number is."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, exists, select

from tracker.db.moments import holds
from tracker.db.people import in_scope
from tracker.db.tables import cards, people, verifications
from tracker.domain.checking import bare_number
from tracker.domain.scope import Scope


class HeldCard(NamedTuple):
    """A card on record, by whatever an answer may name it."""

    employee_id: str
    person_id: int
    card: int
    number: str | None


def unanswered(connection: Connection, scope: Scope, today: date) -> list[int]:
    """The people in a scope with a card about which its issuer has not answered."""
    answered = exists().where(
        verifications.c.person_id == cards.c.person_id, verifications.c.card == cards.c.card, holds(verifications, None)
    )
    query = select(cards.c.person_id).where(
        holds(cards, None), ~answered, cards.c.person_id.in_(in_scope(scope, today))
    )
    return sorted(connection.execute(query.distinct()).scalars())


def held_cards(connection: Connection, scope: Scope) -> list[HeldCard]:
    """Every card on record of the people in a scope."""
    query = (
        select(people.c.employee_id, cards.c.person_id, cards.c.card, cards.c.number)
        .join(people, people.c.id == cards.c.person_id)
        .where(holds(cards, None), cards.c.person_id.in_(in_scope(scope, None)))
        .order_by(cards.c.card)
    )
    return [HeldCard(*row) for row in connection.execute(query)]


def holders_of_numbers(connection: Connection) -> Counter[str]:
    """For each number as it is compared, how many people have a card of it, whoever they are."""
    query = select(cards.c.person_id, cards.c.number).where(holds(cards, None), cards.c.number.is_not(None))
    return Counter(number for _, number in {(who, bare_number(number)) for who, number in connection.execute(query)})
