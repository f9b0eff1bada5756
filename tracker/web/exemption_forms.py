"""Forms about one exemption, for the few who may see why one was given: give, end, retract."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.change_exemption import end_exemption, give_exemption, retract_exemption
from tracker.actions.one_fact import standing_as
from tracker.actions.reach_person import Reached
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import Exemption, PersonFacts
from tracker.domain.why import spoken
from tracker.web.forms_about import Taking, form_about, offer_retraction
from tracker.web.gate import Visit
from tracker.web.pages import person_path, see, titles_on
from tracker.web.typed import Exempter, Opened, Text, Words, author_about, day_in, reason_in, whom

router = APIRouter()


@dataclass
class Typed:
    """The form as it was filled in."""

    requirement: Text = ""
    starts_on: Text = ""
    until: Text = ""
    approver: Text = ""
    reason: Words = ""

    def exemption(self) -> Exemption:
        """The exemption that it describes; raises BadInput if a part is missing or cannot be read."""
        if not self.requirement.strip():
            raise BadInput("The requirement is missing; choose one.")
        days = day_in(self.starts_on, "First day"), day_in(self.until, "Last day")
        return Exemption(0, self.requirement, *days, self.approver.strip() or None, self.reason.strip() or None)


@router.get("/record/exemption/{employee_id:path}")
def ask_for_exemption(visit: Exempter, employee_id: str) -> Response:
    """The form for a new exemption."""
    return _form(visit, whom(visit, employee_id).person, Typed(starts_on=visit.today.isoformat()))


@router.post("/record/exemption/{employee_id:path}")
def give(visit: Exempter, employee_id: str, typed: Annotated[Typed, Depends()], opened: Opened = None) -> Response:
    """Gives an exemption."""
    person = whom(visit, employee_id, opened).person
    try:
        give_exemption(visit.database, author_about(visit, person), employee_id, typed.exemption())
    except BadInput as error:
        return _form(visit, person, typed, str(error))
    return see(visit, person_path(employee_id), done="exemption-given")


@router.get("/record/end-exemption/{number:int}/{employee_id:path}")
def ask_for_end(visit: Exempter, number: int, employee_id: str) -> Response:
    """Asks for the last day."""
    person = whom(visit, employee_id).person
    return _ending(visit, person, standing_as(person.exemptions, number), visit.today.isoformat())


@router.post("/record/end-exemption/{number:int}/{employee_id:path}")
def end(
    visit: Exempter, number: int, employee_id: str, until: Text = "", why: Words = "", opened: Opened = None
) -> Response:
    """Ends an exemption earlier."""
    person = whom(visit, employee_id, opened).person
    one = standing_as(person.exemptions, number)
    try:
        last = day_in(until, "Last day")
        end_exemption(visit.database, author_about(visit, person), employee_id, number, last, reason_in(why))
    except BadInput as error:
        return _ending(visit, person, one, until, why, str(error))
    return see(visit, person_path(employee_id), done="exemption-ended")


def _form(visit: Visit, person: PersonFacts, typed: Typed, error: str = "") -> Response:
    titles = sorted(titles_on(visit).items(), key=lambda each: each[1].casefold())
    choices = [("", "Choose"), *titles]
    return form_about("exemption-form", visit, person, error, typed=asdict(typed), requirements=choices)


def _ending(visit: Visit, person: PersonFacts, one: Exemption, until: str, why: str = "", error: str = "") -> Response:
    title = titles_on(visit).get(one.requirement, one.requirement)
    return form_about("exemption-end", visit, person, error, until=until, why=why, one=one, title=title)


def _taking(visit: Visit, reached: Reached, number: int) -> Taking:
    one = standing_as(reached.person.exemptions, number)
    title = titles_on(visit).get(one.requirement, one.requirement)
    return Taking(
        f"the exemption from “{title}” from {spoken(one.starts_on)} through {spoken(one.until)}",
        "Retract the exemption",
        "The person counts as not exempt on its days, past ones too; to end it from a day on, end it instead. The "
        "history keeps it. If it was right after all, give it again.",
        private=True,
    )


offer_retraction(router, "exemption", Right.EXEMPT, _taking, retract_exemption)
