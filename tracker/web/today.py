"""The first page: who of mine cannot work as they should, and how that went and will go."""

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from tracker.actions.build_compliance import build_compliance
from tracker.domain.standing import Standing
from tracker.reports.as_html import drawn
from tracker.reports.compliance import Compliance
from tracker.reports.pictures import curve, heat
from tracker.reports.words import WORDS
from tracker.web.gate import SignedIn
from tracker.web.pages import page, person_path, see

router = APIRouter()


@router.get("/")
def today(visit: SignedIn) -> Response:
    """What needs somebody; before there is a policy, what to do first. Staff are led to their own page."""
    if visit.grant.employee_id:
        return see(visit, person_path(visit.grant.employee_id))
    if visit.rulebook is None:
        return page("empty", visit)
    found = build_compliance(visit.database, visit.scope, visit.day, None)
    total = found.total
    figures = [
        (total.lapsed, "out of compliance", "bad" if total.lapsed else "good"),
        (total.standings[Standing.PENDING], "deadlines of newcomers", ""),
        (total.standings[Standing.ON_LEAVE], "standings of people on leave", ""),
        (len(found.exceptions.unmatched), "people whom no requirement matches", ""),
    ]
    return page(
        "today",
        visit,
        total=total,
        target=found.heading.target,
        figures=figures,
        findings=found.exceptions.findings,
        words={standing: words for standing, (words, _) in WORDS.items()},
        pictures=_pictures(found),
        trend=drawn(curve(found.months.trend, found.months.forecast)),
    )


def _pictures(found: Compliance) -> list[Markup]:
    titles = {one.requirement.id: one.requirement.title for one in found.exceptions.findings}
    return [drawn(svg) for svg, _ in heat(found.grid, titles, found.heading.target)]
