"""One person: where they stand and why, over the years, and all that is on record of them."""

from datetime import date
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.ask_standings import Answer, PersonAnswer, ask_person
from tracker.actions.evidence.look import list_refusals
from tracker.actions.reach_person import Reached
from tracker.domain.access import Right
from tracker.domain.days import day_after
from tracker.domain.facts import Exemption
from tracker.domain.scope import InUnits, OnePerson
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.reports.words import WORDS
from tracker.web import history_of_person, mails_of_person
from tracker.web.gate import SignedIn, Visit
from tracker.web.history_of_person import latest_changes
from tracker.web.lanes import Drawing, days_drawn, draw
from tracker.web.mails_of_person import day_of_mails, latest_mails
from tracker.web.pages import page, titles_on
from tracker.web.shown_cards import shown_cards, shown_files
from tracker.web.typed import called, rules_of, whom

router = APIRouter()


class Stood(NamedTuple):
    """One requirement on the day, in words."""

    title: str
    unit: str
    role: str
    words: str
    out: bool
    until: date | None
    then: str
    expiring: bool
    reasons: list[str]


class _Part(NamedTuple):
    """A part of the page, and where it begins."""

    anchor: str
    title: str


@router.get("/people/{employee_id:path}")
def person(visit: SignedIn, employee_id: str) -> Response:
    """The page of one person, as far as whoever looks may see them."""
    found = ask_person(visit.database, visit.scope, employee_id, visit.day, None, days_drawn(visit.day))
    titles, reached = titles_on(visit), whom(visit, found.person.employee_id) if found.is_whole else None
    known = {
        "person": found.person,
        "called": called(found.person),
        "is_whole": found.is_whole,
        "standings": sorted(standings_in_words(found, titles), key=lambda one: not one.out),
        "drawing": _drawn(found, titles, visit.day),
        "cards": shown_cards(found.person, rules_of(visit).on(visit.day), visit.today),
        "exemptions": _exemptions(visit, found),
        "titles": titles,
        "bookings": reached.bookings if reached else [],
        "checks": reached is not None and visit.may(Right.CHECK),
        "records": reached is not None and visit.may(Right.RECORD),
        "exempts": reached is not None and visit.may(Right.EXEMPT),
        **_evidence(visit, found, reached),
        **_mails(visit, reached),
        **_history(visit, reached),
    }
    return page("person", visit, parts=_parts(known), **known)


def _parts(known: dict[str, Any]) -> list[_Part]:
    """What this page has, in its order."""
    listed = [
        _Part("standing", "Where they stand"),
        _Part("years", "Over the years") if known["drawing"].lanes else None,
        _Part("cards", "Cards") if known["is_whole"] else None,
        _Part("evidence", "Evidence") if known["files"] is not None else None,
        _Part("away", "Leave, exemptions, classes") if known["is_whole"] else None,
        _Part("mails", "Mails") if known["mails"] is not None else None,
        _Part("history", "History") if known["turns"] is not None else None,
    ]
    return [one for one in listed if one]


def standings_in_words(found: PersonAnswer, titles: dict[str, str]) -> list[Stood]:
    """Where somebody stands, as a page says it."""
    begins = {(one.assignment, one.requirement, one.first): WORDS[one.standing][0] for one in found.timeline}

    def then(one: Answer) -> str:
        after = day_after(one.until) if one.until else None
        return begins.get((one.row.post.assignment_id, one.row.requirement, after), "") if after else ""

    return [_in_words(one, then(one), titles) for one in found.answers]


def _in_words(one: Answer, then: str, titles: dict[str, str]) -> Stood:
    row = one.row
    return Stood(
        titles.get(row.requirement, row.requirement),
        row.post.unit,
        row.post.role,
        WORDS[row.standing][0],
        row.standing in OUT_OF_COMPLIANCE,
        one.until,
        then,
        one.expiring,
        one.why.reasons,
    )


def _drawn(found: PersonAnswer, titles: dict[str, str], day: date) -> Drawing:
    units = {one.id: one.unit for one in found.person.assignments}
    return draw(found.timeline, found.whys, units, titles, day)


def _exemptions(visit: Visit, found: PersonAnswer) -> list[Exemption]:
    """Those of requirements that are seen, the latest first; why they were given is for those who give them."""
    asked = {one.requirement for one in found.timeline}
    seen = [one for one in found.person.exemptions if not isinstance(visit.scope, InUnits) or one.requirement in asked]
    if not visit.may(Right.EXEMPT):
        seen = [one._replace(approver=None, reason=None) for one in seen]
    return sorted(seen, key=lambda one: one.until, reverse=True)


def _evidence(visit: Visit, found: PersonAnswer, reached: Reached | None) -> dict[str, Any]:
    if reached is None or not visit.may(Right.SEE_EVIDENCE):
        return {"files": None}
    refused = list_refusals(visit.database, OnePerson(found.person.employee_id))
    return {"files": shown_files(found.evidence, reached.submissions, refused)}


def _mails(visit: Visit, reached: Reached | None) -> dict[str, Any]:
    if reached is None or not visit.may(Right.SEE_MAIL):
        return {"mails": None}
    latest, older = latest_mails(visit, reached, mails_of_person.LATEST)
    return {"mails": latest, "older_mails": older, "day_of_mails": day_of_mails(visit, reached, latest)}


def _history(visit: Visit, reached: Reached | None) -> dict[str, Any]:
    # Not for staff: it names those who recorded, and what was theirs only by mistake.
    if reached is None or not visit.may(Right.BROWSE):
        return {"turns": None}
    latest, older = latest_changes(visit, reached, history_of_person.LATEST)
    return {"turns": latest, "older_turns": older}
