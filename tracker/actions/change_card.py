"""One card at a time: recorded, retracted, checked with its issuer."""

from collections.abc import Sequence
from datetime import date

from tracker.db.change import Author, Change, change
from tracker.db.connect import Database
from tracker.db.former import unknown
from tracker.db.known import fact_of, known_people
from tracker.db.people import facts_by_person
from tracker.db.policies import load_rulebook
from tracker.db.tables import cards, evidence, verifications
from tracker.domain.door import Door
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, Evidence, PersonFacts, Verification
from tracker.domain.policy import words
from tracker.domain.same_card import amended, find_same


def record_card(
    database: Database, author: Author, employee_id: str, card: Card, today: date, *, accept_future: bool = False
) -> tuple[int, Sequence[str]]:
    """Records a card, or adds to the known one that it is; returns its number and what is odd about it.

    Raises BadInput if it is refused, or if its issue date lies in the future and that was not said to be right.
    """
    with change(database, author, "card-record") as made:
        rulebook = load_rulebook(made.connection)
        policy = rulebook.on(today)
        person = _person(made, employee_id, rulebook.newest.timezone)
        card = card._replace(type=policy.type_names.get(words(card.type), card.type))
        same = find_same(policy, person.cards, card)
        known = None if same is None else person.cards[same]
        after = amended(policy, known, card) if known else card
        door = Door(policy, today)
        reason = door.refusal(card) or door.refusal(after)
        if reason:
            raise BadInput(reason)
        if door.in_future(card) and not accept_future:
            raise BadInput(
                f"The issue date {card.issued_on} is still to come; if that is right, say so with --accept-future."
            )
        number = known.id if known else made.next_id(cards)
        if after != known:
            made.about(f"card:{number}")
            if known:
                made.retract(cards, [_fact(made, person, known)])
            made.record(cards, [(person.id, number, *after[1:])])
        return number, door.doubts(after)


def retract_card(database: Database, author: Author, employee_id: str, number: int, why: str) -> Card:
    """Retracts a card that should not be on record, and what its issuer said of it; returns it.

    The files that showed it stay, and show no card for now.
    """
    with change(database, author, "card-retract", f"card:{number}", why) as made:
        person = _person(made, employee_id, load_rulebook(made.connection).newest.timezone)
        card = _card(person, number)
        answers = [answer.id for answer in person.verifications if answer.card == number]
        made.retract(cards, [_fact(made, person, card)])
        if answers:
            made.retract(verifications, answers)
        _detach(made, person.id, number)
        return card


def verify_card(database: Database, author: Author, employee_id: str, answer: Verification) -> Card:
    """Records what the issuer answered about a card; returns the card."""
    with change(database, author, "card-verify", f"card:{answer.card}") as made:
        person = _person(made, employee_id, load_rulebook(made.connection).newest.timezone)
        card = _card(person, answer.card)
        made.record(verifications, [(person.id, *answer[1:])])
        return card


def _detach(made: Change, person: int, card: int) -> None:
    """Makes the evidence of a card evidence of none."""
    held = facts_by_person(made.connection, evidence, Evidence, [person]).get(person, [])
    shown = [one for one in held if one.card == card]
    if shown:
        made.retract(evidence, [one.id for one in shown])
        made.record(evidence, [(person, *one._replace(card=None)[1:]) for one in shown])


def _person(made: Change, employee_id: str, timezone: str) -> PersonFacts:
    found = known_people(made.connection, [employee_id], timezone).facts.get(employee_id)
    if found is None:
        raise unknown(made.connection, employee_id)
    return found


def _card(person: PersonFacts, number: int) -> Card:
    for card in person.cards:
        if card.id == number:
            return card
    known = ", ".join(f"{card.id} ({card.type})" for card in person.cards) or "none"
    raise BadInput(f"{person.employee_id} has no card {number}; on record: {known}.")


def _fact(made: Change, person: PersonFacts, card: Card) -> int:
    return fact_of(made.connection, cards, [person.id])[card.id]
