"""People: everybody at work on the day in the visitor's scope: searched, narrowed, sorted, by pages or as a file."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse

from tracker.db.listing import all_of, listed, page_of
from tracker.db.units import names_in
from tracker.domain.access import Right
from tracker.domain.listing import Listed, Order, Wanted
from tracker.domain.policy import words
from tracker.domain.rulebook import Rulebook
from tracker.domain.scope import EVERYONE
from tracker.reports.people_list import people_csv, people_xlsx
from tracker.web.attached import MEDIA, to_save
from tracker.web.gate import Needs, Visit
from tracker.web.lists import STANDINGS, as_address, asked_of, order_of, person_of, shown
from tracker.web.pages import ROWS, page, titles_on

router = APIRouter()
Browsing = Annotated[Visit, Depends(Needs(Right.BROWSE))]
# More units are typed and not chosen: a page that names each of a thousand would be heavy.
MOST_UNITS = 200
ORDERS = [("name", "name"), ("unit", "unit"), ("left", "days left")]
# People at a time in a file, and bytes of it that are kept in memory.
PORTION, IN_MEMORY = 1_000, 2**20


class _List(NamedTuple):
    """The list that an address asks for."""

    wanted: Wanted
    order: Order


def _list(
    q: Annotated[str, Query(max_length=200)] = "",
    unit: str = "",
    role: str = "",
    requirement: str = "",
    standing: str = "",
    sort: str = "name",
) -> _List:
    wanted = Wanted(" ".join(q.split()), unit.strip(), role.strip(), requirement, standing)
    return _List(wanted, order_of(sort))


Chosen = Annotated[_List, Depends(_list)]


@router.get("/people")
def people(visit: Browsing, chosen: Chosen, after: str = "", before: str = "") -> Response:
    """The page of the list after somebody, or before, by employee id."""
    if visit.rulebook is None:
        return page("empty", visit)
    with visit.database.read() as connection:
        units = names_in(connection, visit.scope)
        wanted = _spelled(chosen.wanted, units)
        asked = asked_of(visit, visit.rulebook, wanted)
        found = page_of(connection, asked, chosen.order, ROWS, after=after, before=before)
    titles = titles_on(visit)
    said = as_address(wanted) | {"sort": "" if chosen.order == "name" else chosen.order}
    return page(
        "people",
        visit,
        wanted=wanted,
        order=chosen.order,
        orders=ORDERS,
        said=said,
        is_narrowed=wanted != Wanted(),
        people=[person_of(one, titles) for one in found.people],
        found=found,
        shown=shown(found),
        units=_units(units, wanted.unit),
        is_everyone=visit.scope == EVERYONE,
        requirements=_requirements(visit.rulebook, visit.day),
        standings=STANDINGS,
    )


def _spelled(wanted: Wanted, units: list[str]) -> Wanted:
    """What is wanted, with the unit as it is on record: where there are many it is typed."""
    typed = words(wanted.unit)
    return replace(wanted, unit=next((name for name in units if words(name) == typed), wanted.unit))


def _units(names: list[str], chosen: str) -> list[tuple[str, str]]:
    """The units to choose from, and the one that is chosen even if there is none such; nothing if they are many."""
    if len(names) > MOST_UNITS:
        return []
    others = [chosen] if chosen and chosen not in names else []
    return [("", "any"), *((name, name) for name in names + others)]


def _requirements(rulebook: Rulebook, day: date) -> list[tuple[str, str]]:
    return [("", "any")] + [(one.id, one.title) for one in rulebook.on(day).requirements]


@router.get("/people.csv")
def as_csv(visit: Browsing, chosen: Chosen) -> Response:
    """All pages of the list as one table."""

    def write(out: IO[bytes], found: Iterable[Listed], titles: Mapping[str, str]) -> None:
        # By the mark at the start spreadsheet programs know that names come in any script.
        text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
        people_csv(text, found, titles, visit.day)
        text.detach()

    return _file(visit, chosen, write, "csv")


@router.get("/people.xlsx")
def as_xlsx(visit: Browsing, chosen: Chosen) -> Response:
    """All pages of the list as a workbook."""

    def write(out: IO[bytes], found: Iterable[Listed], titles: Mapping[str, str]) -> None:
        people_xlsx(out, found, titles, visit.day)

    return _file(visit, chosen, write, "xlsx")


def _file(visit: Visit, chosen: _List, write: Callable[..., None], ending: str) -> Response:
    """The list in a file that is whole before the first of it is sent, and never whole in memory."""
    if visit.rulebook is None:
        return page("empty", visit)
    kept: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 closed once it is sent
    try:
        write(kept, _everybody(visit, visit.rulebook, chosen), titles_on(visit))
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return StreamingResponse(_sent(kept), media_type=MEDIA[ending], headers=to_save(f"people-{visit.day}.{ending}"))


def _everybody(visit: Visit, rulebook: Rulebook, chosen: _List) -> Iterator[Listed]:
    with visit.database.read() as connection:
        asked = asked_of(visit, rulebook, _spelled(chosen.wanted, names_in(connection, visit.scope)))
        numbers = all_of(connection, asked, chosen.order)
        for start in range(0, len(numbers), PORTION):
            yield from listed(connection, asked, numbers[start : start + PORTION])


def _sent(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while portion := kept.read(2**16):
            yield portion
