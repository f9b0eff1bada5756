"""The first page: who of mine cannot work as they should, and how that went and will go."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from fastapi.responses import Response

from tracker.actions.count_board import Board
from tracker.db.board import Named, counts_in, named
from tracker.db.connect import Connection
from tracker.domain.board import Heading, Line
from tracker.domain.days import ALWAYS, later
from tracker.domain.rulebook import Rulebook
from tracker.domain.standing import Standing
from tracker.domain.why import spoken
from tracker.reports.as_html import drawn
from tracker.reports.months import Month, Months, days_ahead, days_before, month
from tracker.reports.pictures import curve
from tracker.reports.tally import Tally
from tracker.reports.words import WORDS
from tracker.web.gate import SignedIn, Visit
from tracker.web.pages import ROWS, page, person_path, see, titles_on

router = APIRouter()

# Units of the table on one page.
UNITS = 20
# So far into a list one gets to by its pages.
Page = Annotated[int, Query(ge=1, le=100_000)]


class List(NamedTuple):
    """A list of the page: its figure in words, its title, what its days are, and how empty it reads."""

    words: str
    title: str
    day: str
    empty: str


LISTS = {
    Heading.OUT: List("out of compliance", "Out of compliance", "Out since", "Nobody is out of compliance."),
    Heading.EXPIRING: List("with an end near", "Ending soon", "Last valid day", "Nothing ends soon."),
    Heading.NEWCOMERS: List("newcomers", "Newcomers", "Time through", "No newcomer's time runs."),
    Heading.TO_CHECK: List("waiting to be checked", "Waiting to be checked", "Since", "No card waits to be checked."),
    Heading.RETURNING: List(
        "back from leave soon", "Back from leave, out of compliance then", "Back on", "Nobody comes back to a gap soon."
    ),
    Heading.UNREACHABLE: List("whom no mail reaches", "Whom no mail reaches", "", "Mail reaches everybody."),
    Heading.UNMATCHED: List(
        "of whom nothing is asked", "Whom no requirement matches", "", "A requirement matches everybody."
    ),
}


class Row(NamedTuple):
    """Somebody on a list, where they work, what it says of them, and the nearest day, with how far it is."""

    who: Named
    units: list[str]
    roles: list[str]
    said: list[tuple[str, str]]
    day: date | None
    days: int | None


class Week(NamedTuple):
    """The people of whom something ends in seven days."""

    first: date
    last: date
    people: list[int]


class Cell(NamedTuple):
    """The rate of a unit with a requirement in per cent, out of how many, and whether it falls short."""

    percent: float
    whole: int
    is_short: bool


@router.get("/")
def today(
    visit: SignedIn, show: Heading = Heading.OUT, week: date | None = None, number: Page = 1, units: Page = 1
) -> Response:
    """What needs somebody; before there is a policy, what to do first. Staff are led to their own page."""
    if visit.grant.employee_id:
        return see(visit, person_path(visit.grant.employee_id))
    if visit.rulebook is None:
        return page("empty", visit)
    board, is_late = visit.site.boards.of(visit.scope, visit.day)
    if board is None:
        title = "Today" if visit.day == visit.today else spoken(visit.day)
        return page(
            "counting", visit, title=title, said="The figures of this day are being counted for the first time."
        )
    target = visit.rulebook.on(visit.day).target_percent
    weeks = _weeks(board, visit.day) if show is Heading.EXPIRING else []
    chosen = next((one for one in weeks if one.last == week), None)
    people = chosen.people if chosen else board.people(show)
    names = sorted(board.units)
    around = _around(visit.rulebook, board, visit.day)
    with visit.database.read() as connection:
        rows = _rows(connection, visit, board.lines[show], people[(number - 1) * ROWS : number * ROWS])
        grid = _grid(connection, names[(units - 1) * UNITS : units * UNITS], visit.day, target)
    return page(
        "today",
        visit,
        is_late=is_late,
        total=month(visit.day, target, board.months[visit.day]).total,
        target=target,
        figures=[(heading, len(board.people(heading)), LISTS[heading].words) for heading in Heading],
        weeks=weeks,
        week=chosen,
        show=show,
        list=LISTS[show],
        rows=rows,
        number=number,
        more=len(people) > number * ROWS,
        count=len(people),
        titles=_asked(visit, grid),
        grid=grid,
        units=units,
        more_units=len(names) > units * UNITS,
        trend=drawn(curve(around.trend, around.forecast)),
        records_begin=_begin_within(around.trend),
    )


def _weeks(board: Board, day: date) -> list[Week]:
    """The weeks from a day on in which something ends, each person in that of the first end of theirs."""
    first: dict[int, date] = {}
    for line in board.lines[Heading.EXPIRING]:
        first[line.person_id] = min(line.day, first.get(line.person_id, line.day))
    weeks: dict[int, list[int]] = {}
    for person in board.people(Heading.EXPIRING):
        weeks.setdefault((first[person] - day).days // 7, []).append(person)
    return [Week(later(day, 7 * at), later(day, 7 * at + 6), people) for at, people in sorted(weeks.items())]


def _rows(connection: Connection, visit: Visit, lines: Sequence[Line], people: Sequence[int]) -> list[Row]:
    """Some people of a list, in its order."""
    titles, known = titles_on(visit), named(connection, visit.scope, people, visit.day)
    said: dict[int, list[Line]] = {person: [] for person in known}
    for line in lines:
        if line.person_id in said:
            said[line.person_id].append(line)
    return [_row(known[person], said[person], titles, visit.day) for person in people if person in known]


def _row(places: Sequence[Named], lines: Sequence[Line], titles: dict[str, str], day: date) -> Row:
    first = min(line.day for line in lines)
    units = {line.unit for line in lines}
    there = [place for place in places if place.unit in units]
    said = dict.fromkeys(_said(sorted(lines), titles))
    return Row(
        places[0],
        list(dict.fromkeys(place.unit for place in there)),
        list(dict.fromkeys(place.role for place in there if place.role)),
        list(said),
        None if first == ALWAYS else first,
        None if first == ALWAYS else abs((first - day).days),
    )


def _said(lines: Sequence[Line], titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each requirement once, with the standing in words; of a card that was handed in its type."""
    for line in lines:
        if line.requirement:
            words = WORDS[line.standing][0] if line.standing else "handed in"
            yield titles.get(line.requirement, line.requirement), words


def _grid(connection: Connection, units: Sequence[str], day: date, target: float) -> dict[str, dict[str, Cell]]:
    tallies: dict[str, dict[str, Tally]] = {unit: {} for unit in units}
    for unit, requirement, standing, count in counts_in(connection, units, day) if units else []:
        tallies[unit].setdefault(requirement, Tally()).standings[standing] += count
    return {
        unit: {name: cell for name, tally in theirs.items() if (cell := _cell(tally, target))}
        for unit, theirs in tallies.items()
    }


def _cell(tally: Tally, target: float) -> Cell | None:
    percent = tally.percent
    return None if percent is None else Cell(percent, tally.whole, not tally.meets(target))


def _asked(visit: Visit, grid: dict[str, dict[str, Cell]]) -> dict[str, str]:
    """The requirements that ask something in some of the units, as they are called, in the policy's order."""
    found = {name for theirs in grid.values() for name in theirs}
    return {name: title for name, title in titles_on(visit).items() if name in found}


def _begin_within(months: Sequence[Month]) -> bool:
    """Whether records begin within some months: some have what is not recorded, and some a rate."""
    unrecorded = any(one.total.standings[Standing.NOT_RECORDED] for one in months)
    return unrecorded and any(one.total.percent is not None for one in months)


def _around(rulebook: Rulebook, board: Board, day: date) -> Months:
    months = {each: month(each, rulebook.on(each).target_percent, shared) for each, shared in board.months.items()}
    return Months([months[each] for each in days_before(day)], [months[each] for each in days_ahead(day)])
