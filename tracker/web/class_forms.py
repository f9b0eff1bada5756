"""Forms about one booked class: record, change, retract."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.change_booking import change_booking, record_booking, retract_booking
from tracker.actions.one_fact import standing_as
from tracker.actions.reach_person import Reached
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import Booking, PersonFacts
from tracker.domain.why import spoken
from tracker.web.forms_about import Taking, form_about, offer_retraction
from tracker.web.gate import Visit
from tracker.web.pages import person_path, see
from tracker.web.typed import (
    Opened,
    Recorder,
    Text,
    Words,
    author_about,
    day_in,
    reason_in,
    rules_of,
    type_choices,
    whom,
)

router = APIRouter()


@dataclass
class Typed:
    """The form as it was filled in."""

    type: Text = ""
    class_on: Text = ""
    why: Words = ""

    def booking(self, number: int) -> Booking:
        """The class that it describes; raises BadInput if a part is missing or cannot be read."""
        if not self.type.strip():
            raise BadInput("The type is missing; choose what the class is for.")
        return Booking(number, self.type.strip(), day_in(self.class_on, "Day of the class"))


Filled = Annotated[Typed, Depends()]


@router.get("/record/class/{employee_id:path}")
def ask_for_class(visit: Recorder, employee_id: str) -> Response:
    """The form for a class."""
    return _form(visit, whom(visit, employee_id).person, Typed())


@router.post("/record/class/{employee_id:path}")
def add_class(visit: Recorder, employee_id: str, typed: Filled, opened: Opened = None) -> Response:
    """Records that a class is booked."""
    person = whom(visit, employee_id, opened).person
    try:
        record_booking(visit.database, author_about(visit, person), employee_id, typed.booking(0))
    except BadInput as error:
        return _form(visit, person, typed, error=str(error))
    return see(visit, person_path(employee_id), done="class-recorded")


@router.get("/record/change-class/{number:int}/{employee_id:path}")
def ask_for_change(visit: Recorder, number: int, employee_id: str) -> Response:
    """The form, filled with what stands."""
    reached = whom(visit, employee_id)
    one = standing_as(reached.bookings, number)
    return _form(visit, reached.person, Typed(one.type, one.class_on.isoformat()), one)


@router.post("/record/change-class/{number:int}/{employee_id:path}")
def change(visit: Recorder, number: int, employee_id: str, typed: Filled, opened: Opened = None) -> Response:
    """Puts another class in place of the one that stands."""
    reached = whom(visit, employee_id, opened)
    one = standing_as(reached.bookings, number)
    try:
        wanted, why = typed.booking(number), reason_in(typed.why)
        change_booking(visit.database, author_about(visit, reached.person), employee_id, wanted, why)
    except BadInput as error:
        return _form(visit, reached.person, typed, one, str(error))
    return see(visit, person_path(employee_id), done="class-changed")


def _form(visit: Visit, person: PersonFacts, typed: Typed, one: Booking | None = None, error: str = "") -> Response:
    choices = type_choices(rules_of(visit).on(visit.today), typed.type)
    return form_about("class-form", visit, person, error, typed=asdict(typed), one=one, types=choices)


def _taking(_: Visit, reached: Reached, number: int) -> Taking:
    one = standing_as(reached.bookings, number)
    return Taking(
        f"the {one.type} class on {spoken(one.class_on)}",
        "Retract the class",
        "Reminders for that card go out again when they are due. The history keeps it. If it is booked after all, "
        "record it again.",
    )


offer_retraction(router, "class", Right.RECORD, _taking, retract_booking)
