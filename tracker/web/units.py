"""Units: which there are, who answers for each, how many of its people are out of compliance on the day."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from tracker.db.known import Unit
from tracker.db.units import Count, counts_in, names_in, units_in
from tracker.domain.access import Right
from tracker.domain.names import plain
from tracker.domain.scope import InUnits
from tracker.web.gate import Needs, Visit
from tracker.web.pages import ROWS, address, page

router = APIRouter()
Browsing = Annotated[Visit, Depends(Needs(Right.BROWSE))]


class _Part(NamedTuple):
    """Some names of a list, and after which name the parts beside it begin; None where there is none."""

    names: Sequence[str]
    before: str | None
    after: str | None


@router.get("/units")
def units(visit: Browsing, q: Annotated[str, Query(max_length=200)] = "", after: str = "") -> Response:
    """The units after one, by name; figures are asked of those alone that are shown."""
    if visit.rulebook is None:
        return page("empty", visit)
    text = " ".join(q.split())
    with visit.database.read() as connection:
        part = _part([name for name in names_in(connection, visit.scope) if _fits(name, text)], after)
        here = InUnits(tuple(part.names))
        recorded, counts = units_in(connection, here), counts_in(connection, here, visit.day)
    found = [(recorded.get(name) or Unit(0, name, None, None, None), counts.get(name, Count())) for name in part.names]
    return page(
        "units",
        visit,
        text=text,
        units=found,
        shown=_shown(part),
        before=None if part.before is None else address(visit, "/units", q=text, after=part.before),
        after=None if part.after is None else address(visit, "/units", q=text, after=part.after),
        may_change=visit.may(Right.SET_POLICY),
    )


def _fits(name: str, text: str) -> bool:
    """Whether each word of a search begins a word of a unit's name."""
    return all(f" {word}" in f" {plain(name)}" for word in plain(text).split())


def _part(names: Sequence[str], after: str) -> _Part:
    start = bisect_right(names, after) if after else 0
    end = start + ROWS
    before = None if not start else names[start - ROWS - 1] if start > ROWS else ""
    return _Part(names[start:end], before, names[end - 1] if end < len(names) else None)


def _shown(part: _Part) -> str:
    count = len(part.names)
    if part.before is not None or part.after is not None:
        return f"{count} shown, there are more"
    return {0: "No unit", 1: "1 unit"}.get(count, f"{count} units")
