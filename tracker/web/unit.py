"""One unit on a day: who answers for it, how many stand where, and its people beside what is required there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.db.listing import page_of
from tracker.db.units import Figures, asked_in, figures_in, unit_in
from tracker.domain.access import Right
from tracker.domain.days import OPEN
from tracker.domain.errors import BadInput
from tracker.domain.listing import EXPIRING, OUT, TO_CHECK, Listed, Stand, Wanted
from tracker.domain.scope import InUnits
from tracker.domain.standing import RUNNING_OUT, Standing
from tracker.web.gate import Needs, Visit
from tracker.web.lists import STANDINGS, asked_of, shown
from tracker.web.marks import Mark, mark_of
from tracker.web.pages import ROWS, address, page, titles_on, unit_path

router = APIRouter()
Browsing = Annotated[Visit, Depends(Needs(Right.BROWSE))]


class _Cell(NamedTuple):
    """Where somebody stands with a requirement, and the last day of what still holds."""

    mark: Mark
    due: date | None


class _Line(NamedTuple):
    """Somebody of the unit; a cell a requirement, None where it asks nothing of them."""

    employee_id: str
    name: str | None
    roles: list[str]
    cells: list[_Cell | None]


class _Figure(NamedTuple):
    """How many, of what, in which tone, and where they are listed."""

    number: int
    words: str
    tone: str
    address: str


@router.get("/units/{name:path}")
def unit(
    visit: Browsing, name: str, requirement: str = "", standing: str = "", after: str = "", before: str = ""
) -> Response:
    """The page of one unit; of one that is not the visitor's it says the same as of one that there is not."""
    if visit.rulebook is None:
        return page("empty", visit)
    asked = asked_of(visit, visit.rulebook, Wanted(unit=name, requirement=requirement, group=standing))
    with visit.database.read() as connection:
        found = unit_in(connection, visit.scope, name)
        if found is None:
            raise BadInput(f"There is no unit '{name}'; names are compared exactly, and the list of units has them.")
        here = InUnits((name,), visit.scope.today if isinstance(visit.scope, InUnits) else None)
        figures = figures_in(connection, here, visit.day, asked.within_days)
        requirements = _ordered(visit, asked_in(connection, here, visit.day))
        people = page_of(connection, asked, "name", ROWS, after=after, before=before)
    columns = [(one, title) for one, title in requirements if requirement in ("", one)]
    return page(
        "unit",
        visit,
        unit=found,
        figures=_figures(visit, name, figures),
        requirements=[("", "any"), *requirements],
        columns=columns,
        lines=[_line(one, [each for each, _ in columns]) for one in people.people],
        people=people,
        shown=shown(people),
        requirement=requirement,
        standing=standing,
        standings=STANDINGS,
        said={"requirement": requirement, "standing": standing},
        path=unit_path(name),
        may_change=visit.may(Right.SET_POLICY),
        may_report=visit.may(Right.REPORT),
    )


def _ordered(visit: Visit, asked: Sequence[str]) -> list[tuple[str, str]]:
    """Some requirements with their titles, as the policy orders them."""
    titles: Mapping[str, str] = titles_on(visit)
    places = {one: at for at, one in enumerate(titles)}
    return [(one, titles.get(one, one)) for one in sorted(asked, key=lambda one: (places.get(one, len(places)), one))]


def _figures(visit: Visit, name: str, found: Figures) -> list[_Figure]:
    counts = [
        (found.people, "people at work", "", ""),
        (found.out, "out of compliance", "bad" if found.out else "good", OUT),
        (found.expiring, "with an end near", "", EXPIRING),
        (found.pending, "newcomers", "", Standing.PENDING),
        (found.on_leave, "on leave", "", Standing.ON_LEAVE),
        (found.unverified, "unverified", "", Standing.UNVERIFIED),
        (found.to_check, "waiting to be checked", "", TO_CHECK),
    ]
    return [
        _Figure(count, words, tone, address(visit, "/people", unit=name, standing=group))
        for count, words, tone, group in counts
    ]


def _line(one: Listed, columns: Sequence[str]) -> _Line:
    stands = {stand.requirement: stand for stand in one.standings}
    return _Line(one.employee_id, one.name, one.roles, [_cell(stands.get(each)) for each in columns])


def _cell(stand: Stand | None) -> _Cell | None:
    if stand is None:
        return None
    is_due = stand.standing in RUNNING_OUT and stand.last < OPEN
    return _Cell(mark_of(stand), stand.last if is_due else None)
