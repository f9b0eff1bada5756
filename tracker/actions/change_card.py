"""One card at a time: recorded, corrected, retracted, checked with its issuer."""

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
from tracker.domain.policy import Policy, words
from tracker.domain.same_card import amended, bare_number, compatible, find_same


class FutureIssueError(BadInput):
    """A card would be issued on a day still to come, and nobody said that this is right."""


def record_card(
    database: Database,
    author: Author,
    employee_id: str,
    card: Card,
    today: date,
    *,
    accept_future: bool = False,
    answer: Verification | None = None,
) -> tuple[int, Sequence[str]]:
    """Records a card, or adds to the known one that it is; returns its number and what is odd about it.

    With it an `answer` of its issuer, whatever card that names. Raises BadInput if the card is refused, and
    FutureIssueError if its issue date lies in the future and that was not said to be right.
    """
    with change(database, author, "card-record") as made:
        number, person, doubts = _put(made, employee_id, card, today, accept_future=accept_future)
        if answer and not _is_on_record(person, answer._replace(card=number)):
            made.record(verifications, [(person.id, number, *answer[2:])])
        return number, doubts


def put_on_record(
    made: Change, employee_id: str, card: Card, today: date, *, accept_future: bool = False
) -> tuple[int, Sequence[str]]:
    """The same as part of a change that records more than that."""
    number, _, doubts = _put(made, employee_id, card, today, accept_future=accept_future)
    return number, doubts


def _put(
    made: Change, employee_id: str, card: Card, today: date, *, accept_future: bool
) -> tuple[int, PersonFacts, Sequence[str]]:
    """Records a card or adds to the known one that it is; its number, whose it is, and what is odd about it."""
    rulebook = load_rulebook(made.connection)
    policy = rulebook.on(today)
    person = _person(made, employee_id, rulebook.newest.timezone)
    card = _as_named(policy, card)
    same = find_same(policy, person.cards, card)
    known = None if same is None else person.cards[same]
    after = amended(policy, known, card) if known else card
    door = Door(policy, today)
    _let_in(door, (card, after), accept_future=accept_future)
    number = known.id if known else made.next_id(cards)
    made.about(f"card:{number}")
    if after != known:
        if known:
            made.retract(cards, [_fact(made, person, known)])
        made.record(cards, [(person.id, number, *after[1:])])
    return number, person, door.doubts(after)


def correct_card(  # noqa: PLR0913 who, whose, what in place of what, when, why: each is the caller's alone to know
    database: Database,
    author: Author,
    employee_id: str,
    stood: Card,
    card: Card,
    today: date,
    why: str,
    *,
    accept_future: bool,
) -> Sequence[str]:
    """Puts a card in place of one that `stood` on record under its number; returns what is odd about it.

    What its issuer said is retracted if it was said of another type, issuer or number. Raises BadInput if that card
    does not stand any more, nothing differs, another card of the person is the same, or it is refused; FutureIssueError
    as above.
    """
    with change(database, author, "card-correct", f"card:{card.id}", why) as made:
        rulebook = load_rulebook(made.connection)
        policy = rulebook.on(today)
        person = _person(made, employee_id, rulebook.newest.timezone)
        known, card = _card(person, stood.id), _as_named(policy, card)
        if known != stood:
            raise BadInput("Somebody changed this card meanwhile; go back to the person's page and open it again.")
        if card == known:
            raise BadInput("Nothing differs from what is on record; change something, or go back.")
        others = [one for one in person.cards if one.id != card.id]
        same = find_same(policy, others, card)
        if same is not None:
            raise BadInput(
                f"That is card {others[same].id} ({card.type}), which is on record as well; retract one of the two."
            )
        door = Door(policy, today)
        _let_in(door, (card,), accept_future=accept_future)
        made.retract(cards, [_fact(made, person, known)])
        made.record(cards, [(person.id, *card)])
        said = [answer.id for answer in person.verifications if answer.card == card.id]
        if said and _is_another(policy, known, card):
            made.retract(verifications, said)
        return door.doubts(card)


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


def _as_named(policy: Policy, card: Card) -> Card:
    """The card with its type as the policy calls it."""
    return card._replace(type=policy.type_names.get(words(card.type), card.type))


def _let_in(door: Door, some: Sequence[Card], *, accept_future: bool) -> None:
    """Raises BadInput if one of some cards is not taken in; the first is as it was given."""
    for card in some:
        if reason := door.refusal(card):
            raise BadInput(reason)
    if door.in_future(some[0]) and not accept_future:
        raise FutureIssueError(
            f"The issue date {some[0].issued_on} is still to come; if that is right, say so with --accept-future."
        )


def _is_on_record(person: PersonFacts, answer: Verification) -> bool:
    """Whether an issuer's answer of the same day is on record already."""
    return any((one.card, one.answer, one.checked_on) == answer[1:3] + answer[4:5] for one in person.verifications)


def _is_another(policy: Policy, known: Card, card: Card) -> bool:
    """Whether a correction makes another card of it for its issuer, rather than filling a gap or moving a day."""
    number = known.number and bare_number(known.number) != bare_number(card.number or "")
    return bool(card.type != known.type or number or not compatible(policy, known.issuer, card.issuer))


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
