"""Forms about one leave: record, change, retract."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.change_leave import change_leave, record_leave, retract_leave
from tracker.actions.one_fact import standing_as
from tracker.actions.reach_person import Reached
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import Absence, PersonFacts
from tracker.domain.why import spoken
from tracker.web.forms_about import Taking, form_about, offer_retraction
from tracker.web.gate import Visit
from tracker.web.pages import person_path, see
from tracker.web.typed import Opened, Recorder, Text, Words, author_about, day_in, day_or_none, reason_in, whom

router = APIRouter()


@dataclass
class Typed:
    """The form as it was filled in."""

    starts_on: Text = ""
    until: Text = ""
    why: Words = ""

    def leave(self, number: int) -> Absence:
        """The leave that it describes; raises BadInput if a day cannot be read."""
        return Absence(number, day_in(self.starts_on, "First day"), day_or_none(self.until, "Last day"))


Filled = Annotated[Typed, Depends()]


@router.get("/record/leave/{employee_id:path}")
def ask_for_leave(visit: Recorder, employee_id: str) -> Response:
    """The form for a new leave."""
    return _form(visit, whom(visit, employee_id).person, Typed())


@router.post("/record/leave/{employee_id:path}")
def add_leave(visit: Recorder, employee_id: str, typed: Filled, opened: Opened = None) -> Response:
    """Records a leave."""
    person = whom(visit, employee_id, opened).person
    try:
        record_leave(visit.database, author_about(visit, person), employee_id, typed.leave(0))
    except BadInput as error:
        return _form(visit, person, typed, error=str(error))
    return see(visit, person_path(employee_id), done="leave-recorded")


@router.get("/record/change-leave/{number:int}/{employee_id:path}")
def ask_for_change(visit: Recorder, number: int, employee_id: str) -> Response:
    """The form, filled with what stands."""
    person = whom(visit, employee_id).person
    one = standing_as(person.absences, number)
    return _form(visit, person, Typed(one.starts_on.isoformat(), one.until.isoformat() if one.until else ""), one)


@router.post("/record/change-leave/{number:int}/{employee_id:path}")
def change(visit: Recorder, number: int, employee_id: str, typed: Filled, opened: Opened = None) -> Response:
    """Puts other days in place of those that stand."""
    person = whom(visit, employee_id, opened).person
    one = standing_as(person.absences, number)
    try:
        wanted, why = typed.leave(number), reason_in(typed.why)
        change_leave(visit.database, author_about(visit, person), employee_id, wanted, why)
    except BadInput as error:
        return _form(visit, person, typed, one, str(error))
    return see(visit, person_path(employee_id), done="leave-changed")


def _form(visit: Visit, person: PersonFacts, typed: Typed, one: Absence | None = None, error: str = "") -> Response:
    return form_about("leave-form", visit, person, error, typed=asdict(typed), one=one)


def _taking(_: Visit, reached: Reached, number: int) -> Taking:
    one = standing_as(reached.person.absences, number)
    return Taking(
        f"the leave from {spoken(one.starts_on)}",
        "Retract the leave",
        "The person counts as not away on its days, past ones too: for a leave that is over earlier, change its last "
        "day instead. The history keeps it. If it was right after all, record it again.",
    )


offer_retraction(router, "leave", Right.RECORD, _taking, retract_leave)
