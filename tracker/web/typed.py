"""What forms and addresses carry, as routes take it and read it: texts, numbers, days, reasons; whom it is about."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Path, Query
from pydantic import StringConstraints

from tracker.actions.reach_person import Reached, reach_person, still_reached
from tracker.db.change import Author
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, PersonFacts
from tracker.domain.policy import CardType, Policy
from tracker.domain.rulebook import Rulebook
from tracker.intake.dates import OrderUnknown, order_of, read_date
from tracker.intake.grid import Trouble
from tracker.web.gate import Needs, Visit, named_day

# Databases number no further, and PostgreSQL keeps no text with a NUL in it.
HIGHEST = 2**31 - 1
LONGEST_WORDS, LONGEST_LINES = 2_000, 200_000
WHOLE = r"^[^\x00]*$"
# Each has an end: what is typed becomes facts and mails. A name or a number; a sentence or two; a list, one a line.
Text = Annotated[str, Form(pattern=WHOLE, max_length=200)]
Words = Annotated[str, Form(pattern=WHOLE, max_length=LONGEST_WORDS)]
Lines = Annotated[str, Form(pattern=WHOLE, max_length=LONGEST_LINES)]
Texts = Annotated[tuple[Annotated[str, StringConstraints(pattern=WHOLE, max_length=LONGEST_LINES)], ...], Form()]
Tick = Annotated[bool, Form()]
Number = Annotated[int, Path(ge=0, le=HIGHEST)]
Before = Annotated[int | None, Query(ge=0, le=HIGHEST)]
After = Annotated[int, Query(ge=0, le=HIGHEST)]
# The number of the person for whom a form was opened.
Opened = Annotated[int | None, Form(alias="person", ge=0, le=HIGHEST)]
Recorder = Annotated[Visit, Depends(Needs(Right.RECORD))]
Exempter = Annotated[Visit, Depends(Needs(Right.EXEMPT))]


@dataclass(frozen=True)
class TypedCard:
    """A card as it was typed."""

    type: Text = ""
    issuer: Text = ""
    issued_on: Text = ""
    stated: Text = ""
    number: Text = ""

    def card(self, number: int) -> Card:
        """The card of a number that it describes; raises BadInput if a part cannot be read."""
        if not self.type.strip():
            raise BadInput("The type is missing; choose one.")
        days = day_or_none(self.issued_on, "Issued on"), printed(self.stated)
        return Card(number, self.type.strip(), self.issuer.strip() or None, *days, self.number.strip() or None)


def whom(visit: Visit, employee_id: str, opened: int | None = None) -> Reached:
    """Whom a form is about: somebody who is in the scope today, whatever day is looked at.

    `opened` is the number of the person for whom the form was opened, which an employee id may outlive.
    """
    found = reach_person(visit.database, visit.scope, employee_id, visit.today)
    if opened not in (None, found.person.id):
        raise BadInput(f"{employee_id} is the employee id of somebody else by now; look for the person once more.")
    return found


def author_about(visit: Visit, person: PersonFacts) -> Author:
    """Who the trail will name for a change about a person, which is made only while they are in the scope."""
    known = person.employee_id, person.id, visit.today
    return visit.author.if_still(lambda connection: still_reached(connection, visit.scope, *known))


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
    orders, _ = order_of([text])
    try:
        return read_date(text, min(orders) if len(orders) == 1 else None)
    except OrderUnknown:
        raise BadInput(f"Printed expiry: '{text}' can be two days; write it as 4 Mar 2028 or 2028-03-04.") from None
    except Trouble:
        said = "is no day or month; write it as 30 Jun 2028, 06/2028, 2028-06-30 or 2028-06"
        raise BadInput(f"Printed expiry: '{text}' {said}.") from None


def reason_in(text: str) -> str:
    """A reason that has to be given."""
    text = text.strip()
    if not text:
        raise BadInput("The reason is missing; say in a few words why, for whoever asks later.")
    return text


def type_choices(policy: Policy, kept: str = "") -> list[tuple[str, str]]:
    """The types of cards to choose from, by what people call them and what that stands for.

    `kept` is what stands already, which may be a type that the policy has no longer.
    """
    words = {one.id: type_words(one) for one in policy.types.values()}
    if kept:
        words.setdefault(kept, kept)
    return [("", "Choose"), *sorted(words.items(), key=lambda one: one[0].casefold())]


def type_words(kind: CardType) -> str:
    """A type by its name and what that stands for: ACLS: Advanced Cardiovascular Life Support."""
    return kind.id if kind.id == kind.title else f"{kind.id}: {kind.title}"


def rules_of(visit: Visit) -> Rulebook:
    """The policies; raises BadInput before the first."""
    if visit.rulebook is None:
        raise BadInput("No policy is in force yet, so there is nobody to record anything of; put one in force first.")
    return visit.rulebook
