"""Forms about one card: add, correct, retract."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.change_card import FutureIssueError, correct_card, record_card, retract_card
from tracker.actions.reach_person import Reached
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, PersonFacts, Verification
from tracker.web.checks import HOW
from tracker.web.forms_about import Taking, form_about, offer_retraction
from tracker.web.gate import Visit
from tracker.web.pages import person_path, see
from tracker.web.shown_cards import card_words
from tracker.web.typed import (
    Opened,
    Recorder,
    Text,
    TypedCard,
    Words,
    author_about,
    reason_in,
    rules_of,
    type_choices,
    whom,
)

router = APIRouter()
CHANGED = "Somebody changed this card meanwhile; go back to the person's page and open it again."


@dataclass(frozen=True)
class Typed(TypedCard):
    """The form as it was filled in."""

    answer: Text = ""
    accept_future: Text = ""
    why: Words = ""
    stood: Text = ""


Filled = Annotated[Typed, Depends()]


@router.get("/record/card/{employee_id:path}")
def ask_for_card(visit: Recorder, employee_id: str) -> Response:
    """The form for a new card."""
    return _form(visit, whom(visit, employee_id).person, Typed())


@router.post("/record/card/{employee_id:path}")
def add_card(visit: Recorder, employee_id: str, typed: Filled, opened: Opened = None) -> Response:
    """Records a card, or adds to the one on record that it is."""
    person = whom(visit, employee_id, opened).person
    known = {one.id: one for one in person.cards}
    try:
        card, said = typed.card(0), None
        if typed.answer == "confirmed":
            said = Verification(0, 0, "confirmed", None, visit.today, visit.author.actor, HOW)
        number, _ = record_card(
            visit.database,
            author_about(visit, person),
            employee_id,
            card,
            visit.today,
            accept_future=bool(typed.accept_future),
            answer=said,
        )
    except BadInput as error:
        return _form(visit, person, typed, error=_said(error))
    return see(visit, person_path(employee_id), done="card-known" if number in known else "card-recorded")


@router.get("/record/correct-card/{card:int}/{employee_id:path}")
def ask_for_correction(visit: Recorder, card: int, employee_id: str) -> Response:
    """The form, filled with what stands."""
    person = whom(visit, employee_id).person
    stands = card_of(person, card)
    kind, issuer, issued_on, stated, number = ("" if field is None else str(field) for field in stands[1:])
    return _form(visit, person, Typed(kind, issuer, issued_on, stated, number, stood=mark_of_card(stands)), stands)


@router.post("/record/correct-card/{card:int}/{employee_id:path}")
def correct(visit: Recorder, card: int, employee_id: str, typed: Filled, opened: Opened = None) -> Response:
    """Retracts what stands and records what was typed."""
    person = whom(visit, employee_id, opened).person
    stands = card_of(person, card)
    try:
        if typed.stood != mark_of_card(stands):
            raise BadInput(CHANGED)
        wanted, why = typed.card(card), reason_in(typed.why)
        correct_card(
            visit.database,
            author_about(visit, person),
            employee_id,
            stands,
            wanted,
            visit.today,
            why,
            accept_future=bool(typed.accept_future),
        )
    except BadInput as error:
        return _form(visit, person, typed, stands, _said(error))
    return see(visit, person_path(employee_id), done="card-corrected")


def _form(visit: Visit, person: PersonFacts, typed: Typed, card: Card | None = None, error: str = "") -> Response:
    policy = rules_of(visit).on(visit.today)
    return form_about(
        "card-form",
        visit,
        person,
        error,
        typed=asdict(typed),
        card=card,
        answered=card is not None and any(one.card == card.id for one in person.verifications),
        types=type_choices(policy, typed.type),
        issuers=[(one.id, ", ".join(one.names)) for one in policy.issuers if one.accepted],
        default_issuer=policy.default_issuer,
    )


def mark_of_card(card: Card) -> str:
    """What a form keeps of the card that it was filled with, to tell whether that still stands."""
    return sha256(repr(tuple(card)).encode()).hexdigest()


def _taking(_: Visit, reached: Reached, number: int) -> Taking:
    return Taking(
        f"{named(card_of(reached.person, number))},",
        "Retract the card",
        "It counts for nothing from then on, on any day, and what its issuer said of it is retracted with it. Files "
        "that showed it stay, and show no card for now. The history keeps it all. If it was right after all, add it "
        "again.",
    )


def named(card: Card) -> str:
    """A card as sentences name it."""
    return f"the {card_words(card.type, card.number, card.issued_on)}"


def card_of(person: PersonFacts, number: int) -> Card:
    """The person's card of that number; raises BadInput if none stands."""
    for one in person.cards:
        if one.id == number:
            return one
    raise BadInput("This card is not on record any more; open the person's page again and look at what stands there.")


def _said(error: BadInput) -> str:
    """What went wrong, in the words of the form."""
    if isinstance(error, FutureIssueError):
        return "The issue date is still to come; if that is right, tick the box below it and send the form again."
    return str(error)


offer_retraction(router, "card", Right.RECORD, _taking, retract_card)
