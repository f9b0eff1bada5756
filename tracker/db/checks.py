"""Which people have cards that nobody answered about, and whose card a number is."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import Column, ColumnElement, Connection, Text, exists, literal_column, or_, select, true

from tracker.db.bulk import among
from tracker.db.card_numbers import BARE_NUMBER, ODD_NUMBER
from tracker.db.moments import holds
from tracker.db.people import in_scope, is_of
from tracker.db.tables import cards, people, verifications
from tracker.domain.same_card import bare_number
from tracker.domain.scope import Scope


class HeldCard(NamedTuple):
    """A card on record, by whatever an answer may name it."""

    employee_id: str
    person_id: int
    card: int
    number: str | None


class Named(NamedTuple):
    """The cards that somebody speaks of: of these people, or of these numbers, as `bare_number` writes them."""

    employee_ids: Collection[str]
    numbers: Collection[str]


def unanswered(connection: Connection, scope: Scope, today: date) -> list[int]:
    """The people in a scope with a card about which its issuer has not answered."""
    answered = exists().where(
        verifications.c.person_id == cards.c.person_id, verifications.c.card == cards.c.card, holds(verifications, None)
    )
    query = select(cards.c.person_id).where(
        holds(cards, None), ~answered, cards.c.person_id.in_(in_scope(scope, today))
    )
    return sorted(connection.execute(query.distinct()).scalars())


class Unasked(NamedTuple):
    """A card about which nobody answered, by its person and its own number: the order in which they are listed."""

    person_id: int
    card: int


def unanswered_cards(
    connection: Connection, scope: Scope, today: date, since: date | None, after: Unasked, limit: int
) -> list[Unasked]:
    """So many of the cards in a scope that are unanswered and may be in date, those that come after one.

    `since` is the first day of issue by which a rule may still count a card today, None if that says nothing.
    """
    answered = exists().where(
        verifications.c.person_id == cards.c.person_id, verifications.c.card == cards.c.card, holds(verifications, None)
    )
    further = (cards.c.person_id > after.person_id) | (
        (cards.c.person_id == after.person_id) & (cards.c.card > after.card)
    )
    query = (
        select(cards.c.person_id, cards.c.card)
        .where(holds(cards, None), ~answered, cards.c.person_id >= after.person_id, further)
        .where(is_of(cards.c.person_id, scope, today))
        .order_by(cards.c.person_id, cards.c.card)
    )
    if since is not None:
        printed = cards.c.stated >= f"{today:%Y-%m}"
        query = query.where(or_(cards.c.issued_on.is_(None), cards.c.issued_on >= since, printed))
    return [Unasked(*row) for row in connection.execute(query.limit(limit))]


def held_cards(
    connection: Connection, scope: Scope, day: date | None = None, named: Named | None = None
) -> list[HeldCard]:
    """Every card on record of the people in a scope, on a day if one is said; or those that are named."""
    query = (
        select(people.c.employee_id, cards.c.person_id, cards.c.card, cards.c.number)
        .join(people, people.c.id == cards.c.person_id)
        .where(holds(cards, None), is_of(cards.c.person_id, scope, day))
    )
    if named is None:
        meant: Sequence[ColumnElement[bool]] = [true()]
    else:
        theirs = among(connection, people.c.employee_id, sorted(named.employee_ids))
        meant = [theirs, *_numbered(connection, named.numbers)]
    found = {HeldCard(*row) for each in meant for row in connection.execute(query.where(each))}
    return sorted(found, key=lambda one: one.card)


def holders_of_numbers(connection: Connection, numbers: Collection[str] | None = None) -> Counter[str]:
    """For each number (or each of some) as it is compared, how many people have a card of it, whoever they are."""
    query = select(cards.c.person_id, cards.c.number).where(holds(cards, None), cards.c.number.is_not(None))
    meant = [true()] if numbers is None else _numbered(connection, numbers)
    found = {row for each in meant for row in connection.execute(query.where(each))}
    return Counter(number for _, number in {(who, bare_number(number)) for who, number in found})


def _numbered(connection: Connection, numbers: Collection[str]) -> Sequence[ColumnElement[bool]]:
    """The cards of some numbers, as `bare_number` writes them, and all those with odd letters; each has its index."""
    if not numbers:
        return []
    bare = cast("Column[str]", literal_column(BARE_NUMBER, Text))
    odd = cast("ColumnElement[bool]", literal_column(ODD_NUMBER[connection.dialect.name]))
    return [among(connection, bare, sorted(numbers)), odd]
