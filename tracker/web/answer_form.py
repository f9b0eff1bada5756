"""What the issuer answered about one card, recorded from its person's page."""

from dataclasses import asdict, dataclass
from typing import Annotated, get_args

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.check_cards import record_answers
from tracker.actions.reach_person import Reached
from tracker.db.connect import Connection
from tracker.db.known import known_cards
from tracker.domain.errors import BadInput
from tracker.domain.facts import Answer, Card
from tracker.domain.scope import OnePerson
from tracker.intake.answers import AnswerRow
from tracker.web.card_forms import CHANGED, card_of, mark_of_card, named
from tracker.web.checks import HOW, Checking, answers_of, typed_answer
from tracker.web.forms_about import form_about
from tracker.web.gate import Visit
from tracker.web.pages import person_path, see
from tracker.web.typed import Opened, Text, author_about, rules_of, whom

router = APIRouter()


@dataclass(frozen=True)
class Typed:
    """The form as it was filled in."""

    stood: Text = ""
    answer: Text = ""
    day: Text = ""
    revoked: Text = ""

    def row(self, visit: Visit, employee_id: str, card: int) -> AnswerRow:
        """The answer that it describes; raises BadInput if there is none or it cannot be meant."""
        found = typed_answer(visit, 1, (employee_id, card), self.answer, self.day, self.revoked)
        if found is None:
            raise BadInput("The answer is missing; choose what the issuer says of the card.")
        return found


@router.get("/record/answer/{card:int}/{employee_id:path}")
def ask_for_answer(visit: Checking, card: int, employee_id: str) -> Response:
    """The form, and where the issuer is asked."""
    reached = whom(visit, employee_id)
    one = card_of(reached.person, card)
    return _form(visit, reached, one, Typed(mark_of_card(one), day=visit.today.isoformat()))


@router.post("/record/answer/{card:int}/{employee_id:path}")
def record(
    visit: Checking, card: int, employee_id: str, typed: Annotated[Typed, Depends()], opened: Opened = None
) -> Response:
    """Records the answer about the card as it was shown; the same one twice is recorded once."""
    reached = whom(visit, employee_id, opened)
    one = card_of(reached.person, card)

    def as_shown(connection: Connection) -> None:
        """Somebody may have corrected it meanwhile: the issuer was asked about what it was."""
        held = known_cards(connection, [employee_id])[employee_id].cards
        if typed.stood not in {mark_of_card(each) for each in held if each.id == card}:
            raise BadInput(CHANGED)

    try:
        answers = answers_of([typed.row(visit, employee_id, card)])
        author = author_about(visit, reached.person).if_still(as_shown)
        how = HOW if _page_of(visit, one) else "asked the issuer"
        done = record_answers(visit.database, author, OnePerson(employee_id), answers, how, visit.today)
        if done.rejected:
            raise BadInput(done.rejected[0].reason)
    except BadInput as error:
        return _form(visit, reached, one, typed, str(error))
    return see(visit, person_path(employee_id), done="answer-recorded" if done.recorded else "answer-known")


def _form(visit: Visit, reached: Reached, card: Card, typed: Typed, error: str = "") -> Response:
    return form_about(
        "answer-form",
        visit,
        reached.person,
        error,
        typed=asdict(typed),
        thing=named(card),
        ask_at=_page_of(visit, card),
        choices=[(one, one.replace("_", " ")) for one in get_args(Answer)],
    )


def _page_of(visit: Visit, card: Card) -> str | None:
    """Where the issuer of a card answers to anybody, if the policy names such a page."""
    issuer = rules_of(visit).on(visit.today).issuer(card.issuer)
    return issuer.check_at if issuer else None
