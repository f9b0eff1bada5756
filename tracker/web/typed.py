"""What forms and addresses carry, as routes take it and read it: texts, numbers, days, reasons; whom it is about."""

import re
from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Path, Query
from pydantic import StringConstraints

from tracker.actions.reach_person import Reached, reach_person
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import PersonFacts
from tracker.domain.rulebook import Rulebook
from tracker.domain.validity import is_stated
from tracker.web.gate import Needs, Visit, named_day

# Databases number no further, and PostgreSQL keeps no text with a NUL in it.
HIGHEST = 2**31 - 1
_WHOLE = r"^[^\x00]*$"
Text = Annotated[str, Form(pattern=_WHOLE, max_length=200)]
Words = Annotated[str, Form(pattern=_WHOLE, max_length=2000)]
LongText = Annotated[str, Form(pattern=_WHOLE)]
Texts = Annotated[tuple[Annotated[str, StringConstraints(pattern=_WHOLE)], ...], Form()]
Tick = Annotated[bool, Form()]
Number = Annotated[int, Path(ge=0, le=HIGHEST)]
Before = Annotated[int | None, Query(ge=0, le=HIGHEST)]
After = Annotated[int, Query(ge=0, le=HIGHEST)]
Recorder = Annotated[Visit, Depends(Needs(Right.RECORD))]
Exempter = Annotated[Visit, Depends(Needs(Right.EXEMPT))]


def whom(visit: Visit, employee_id: str) -> Reached:
    """Whom a form is about: somebody who is in the scope today, whatever day is looked at."""
    return reach_person(visit.database, visit.scope, employee_id, visit.today)


def called(person: PersonFacts) -> str:
    """The person as headings name them."""
    return person.name or person.employee_id


def day_in(text: str, what: str) -> date:
    """A day that has to be given; raises BadInput if it is none."""
    day = day_or_none(text, what)
    if day is None:
        raise BadInput(f"{what} is missing; give a day such as 2026-01-31.")
    return day


def day_or_none(text: str, what: str) -> date | None:
    """A day that may be left blank; raises BadInput if it is none."""
    try:
        return named_day(text.strip())
    except BadInput as error:
        raise BadInput(f"{what}: {error}") from None


def printed(text: str) -> str | None:
    """An expiry as cards have it printed, a day or a month, as it is recorded; raises BadInput if it is neither."""
    text = text.strip()
    if not text:
        return None
    # A month before its year can be nothing else; days in other orders could be two things.
    month = re.fullmatch(r"([0-9]{1,2})\s*/\s*([0-9]{4})", text)
    found = f"{month[2]}-{int(month[1]):02}" if month else text
    if not is_stated(found):
        raise BadInput(f"Printed expiry: '{text}' is no day or month; write it as 2028-06-30, 2028-06 or 06/2028.")
    return found


def reason_in(text: str) -> str:
    """A reason that has to be given."""
    text = text.strip()
    if not text:
        raise BadInput("The reason is missing; say in a few words why, for whoever asks later.")
    return text


def rules_of(visit: Visit) -> Rulebook:
    """The policies; raises BadInput before the first."""
    if visit.rulebook is None:
        raise BadInput("No policy is in force yet, so there is nobody to record anything of; put one in force first.")
    return visit.rulebook
