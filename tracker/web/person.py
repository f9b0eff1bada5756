"""One person: where they stand and why, over the years, and what is on record of them."""

from datetime import date
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.ask_standings import Answer, PersonAnswer, ask_person
from tracker.domain.access import Right
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.reports.words import WORDS
from tracker.web.gate import SignedIn
from tracker.web.lanes import Drawing, draw
from tracker.web.pages import page, titles_on

router = APIRouter()


class _Standing(NamedTuple):
    """One requirement on the day, in words."""

    title: str
    unit: str
    role: str
    words: str
    out: bool
    until: date | None
    expiring: bool
    reasons: list[str]


@router.get("/people/{employee_id:path}")
def person(visit: SignedIn, employee_id: str) -> Response:
    """The page of one person, as far as whoever looks may see them."""
    found = ask_person(visit.database, visit.scope, employee_id, visit.day, None)
    titles = titles_on(visit)
    checks = {one.card: one for one in found.person.verifications}
    return page(
        "person",
        visit,
        person=found.person,
        standings=[_standing(one, titles) for one in found.answers],
        drawing=_drawn(found, titles, visit.day),
        checks=checks,
        shows_evidence=visit.grant.allows(Right.SEE_EVIDENCE),
        evidence=found.evidence,
    )


def _standing(one: Answer, titles: dict[str, str]) -> _Standing:
    row = one.row
    return _Standing(
        titles.get(row.requirement, row.requirement),
        row.post.unit,
        row.post.role,
        WORDS[row.standing][0],
        row.standing in OUT_OF_COMPLIANCE,
        one.until,
        one.expiring,
        one.why.reasons,
    )


def _drawn(found: PersonAnswer, titles: dict[str, str], day: date) -> Drawing:
    units = {one.id: one.unit for one in found.person.assignments}
    return draw(found.timeline, units, titles, day)
