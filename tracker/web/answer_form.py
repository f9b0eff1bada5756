"""What the issuer answered about one card, recorded from its person's page."""

from dataclasses import asdict, dataclass
from typing import Annotated, get_args

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.check_cards import record_answers
from tracker.actions.reach_person import Reached
from tracker.domain.errors import BadInput
from tracker.domain.facts import Answer, Card
from tracker.domain.scope import OnePerson
from tracker.intake.answers import AnswerRow
from tracker.web.card_forms import card_of, named
from tracker.web.checks import HOW, Checking, answers_of, typed_answer
from tracker.web.forms_about import form_about
from tracker.web.gate import Visit
from tracker.web.pages import person_path, see
from tracker.web.typed import Text, author_about, rules_of, whom

router = APIRouter()


@dataclass(frozen=True)
class Typed:
    """The form as it was filled in."""

    number: Text = ""
    answer: Text = ""
    day: Text = ""
    revoked: Text = ""

    def row(self, visit: Visit, employee_id: str, card: int) -> AnswerRow:
        """The answer that it describes; raises BadInput if there is none or it cannot be meant."""
        found = typed_answer(visit, 1, (employee_id, card), self.answer, self.day, self.revoked)
        if found is None:
            raise BadInput("The answer is missing; choose what the issuer says of the card.")
        # With the number that was on the page: somebody may have put another on record meanwhile.
        return found._replace(number=self.number or None)


@router.get("/record/answer/{card:int}/{employee_id:path}")
def ask_for_answer(visit: Checking, card: int, employee_id: str) -> Response:
    """The form, and where the issuer is asked."""
    reached = whom(visit, employee_id)
    one = card_of(reached.person, card)
    return _form(visit, reached, one, Typed(one.number or "", day=visit.today.isoformat()))


@router.post("/record/answer/{card:int}/{employee_id:path}")
def record(visit: Checking, card: int, employee_id: str, typed: Annotated[Typed, Depends()]) -> Response:
    """Records the answer; the same one twice is recorded once."""
    reached = whom(visit, employee_id)
    one, author = card_of(reached.person, card), author_about(visit, reached.person)
    try:
        answers = answers_of([typed.row(visit, employee_id, card)])
        done = record_answers(visit.database, author, OnePerson(employee_id), answers, HOW, visit.today)
        if done.rejected:
            raise BadInput(done.rejected[0].reason)
    except BadInput as error:
        return _form(visit, reached, one, typed, str(error))
    return see(visit, person_path(employee_id), done="answer-recorded" if done.recorded else "answer-known")


def _form(visit: Visit, reached: Reached, card: Card, typed: Typed, error: str = "") -> Response:
    issuer = rules_of(visit).on(visit.today).issuer(card.issuer)
    ask_at = issuer.check_at if issuer else None
    return form_about(
        "answer-form",
        visit,
        reached.person,
        error,
        typed=asdict(typed),
        thing=named(card),
        ask_at=ask_at,
        choices=[(one, one.replace("_", " ")) for one in get_args(Answer)],
    )
