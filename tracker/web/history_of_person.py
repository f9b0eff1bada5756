"""What was recorded and retracted of one person: when, by whom, from where, why."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.reach_person import Reached
from tracker.db.person_history import Said, Sight, Turn, history_of
from tracker.db.trail import LARGEST
from tracker.domain.access import Right
from tracker.domain.why import spoken
from tracker.web import trail_words
from tracker.web.gate import Needs, Visit
from tracker.web.pages import ROWS, page, titles_on
from tracker.web.shown_cards import card_words, spoken_expiry
from tracker.web.trail_words import on_their_page
from tracker.web.typed import called, whom

router = APIRouter()
Browser = Annotated[Visit, Depends(Needs(Right.BROWSE))]
LATEST = 5

Fields = Mapping[str, Any]


class Shown(NamedTuple):
    """A change in words."""

    at: datetime
    actor: str
    source: str
    action: str
    said: list[tuple[str, str]]
    why: str


@router.get("/history-of/{employee_id:path}")
def history(visit: Browser, employee_id: str, before: int = LARGEST) -> Response:
    """All changes about one person, a page at a time."""
    reached = whom(visit, employee_id)
    found, older = latest_changes(visit, reached, ROWS, min(max(before, 0), LARGEST))
    return page("history-of", visit, person=reached.person, called=called(reached.person), turns=found, older=older)


def latest_changes(visit: Visit, reached: Reached, most: int, before: int = LARGEST) -> tuple[list[Shown], int | None]:
    """The latest changes, and the number before which there are more; None if there are none."""
    sight = Sight(visit.scope, reached.requirements)
    with visit.database.read() as connection:
        found = history_of(connection, reached.person.id, sight, before, most + 1)
    return [_shown(visit, one) for one in found[:most]], found[most - 1].entry.seq if len(found) > most else None


def _shown(visit: Visit, turn: Turn) -> Shown:
    entry = turn.entry
    # What is noted beside an exemption may be what it was given for.
    hidden = not visit.sees_note_of(entry.action)
    said = [("retracted" if one.is_retracted else "recorded", _words(visit, one)) for one in turn.said]
    why = "" if hidden else entry.note or ""
    who = on_their_page(entry.actor)
    return Shown(entry.at, who, trail_words.source(entry.source), trail_words.done(entry.action), said, why)


def _words(visit: Visit, one: Said) -> str:
    if one.kind == "exemptions":
        return _exemption(visit, one.fields)
    return WORDS[one.kind](one.fields)


def _exemption(visit: Visit, fields: Fields) -> str:
    title = titles_on(visit).get(fields["requirement"], fields["requirement"])
    said = f"exemption from {title} through {spoken(fields['until'])}"
    if not visit.may(Right.EXEMPT):
        return said
    more = [f"from {spoken(fields['starts_on'])}", fields["approver"] and f"approved by {fields['approver']}"]
    return "; ".join([said, *filter(None, [*more, fields["reason"]])])


def _days(first: date | None, last: date | None) -> str:
    begins = f" from {spoken(first)}" if first else ""
    return f"{begins} through {spoken(last)}" if last else f"{begins}, end open"


def _card(fields: Fields) -> str:
    issued = f"issued {spoken(fields['issued_on'])}" if fields["issued_on"] else ""
    stated = f"printed expiry {spoken_expiry(fields['stated'])}" if fields["stated"] else ""
    named = f"{fields['type']} card{' of ' + fields['issuer'] if fields['issuer'] else ''}"
    number = f"number {fields['number']}" if fields["number"] else ""
    return ", ".join(filter(None, (named, number, issued, stated)))


def _answer(fields: Fields) -> str:
    since = f" from {spoken(fields['revoked_from'])}" if fields["revoked_from"] else ""
    said = fields["answer"].replace("_", " ")
    return f"the issuer's answer on {_named(fields)}: {said}{since}, checked {spoken(fields['checked_on'])}"


def _named(fields: Fields) -> str:
    """The card that something is about; one that was removed for good has a number only."""
    return f"the {card_words(*fields['of_card'])}" if fields["of_card"] else f"card {fields['card']}"


def _assignment(fields: Fields) -> str:
    return f"{fields['role'] or 'no role'} in {fields['unit']},{_days(fields['starts_on'], fields['ends_on'])}"


def _file(fields: Fields) -> str:
    shows = f"showing {_named(fields)}" if fields["card"] else "showing no card yet"
    return f"file {fields['item']}, {fields['name'] or 'without a name'}, {shows}"


def _refusal(fields: Fields) -> str:
    return f"{fields['type']} card in file {fields['item']} not accepted: {fields['reason']}"


def _identity(fields: Fields) -> str:
    known = (fields["name"], fields["employee_id"], fields["email"])
    return f"who this is: {', '.join(filter(None, known))}"


WORDS: dict[str, Callable[[Fields], str]] = {
    "identities": _identity,
    "assignments": _assignment,
    "cards": _card,
    "verifications": _answer,
    "absences": lambda fields: f"leave{_days(fields['starts_on'], fields['until'])}",
    "bookings": lambda fields: f"{fields['type']} class on {spoken(fields['class_on'])}",
    "submissions": lambda fields: f"{fields['type']} card, handed in {spoken(fields['received_on'])}, to be checked",
    "evidence": _file,
    "refusals": _refusal,
    "keepings": lambda fields: f"older records removed for good; kept from {spoken(fields['kept_from'])}",
}
