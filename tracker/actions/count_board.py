"""Counts what the first page shows: who is out, whose cards end, how the months around the day went and will go."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from tracker.db.board import Among, handed_in, not_plain, without_address
from tracker.db.connect import Connection
from tracker.db.people import elsewhere, load_in_chunks
from tracker.db.stints import Lasting, stints_between, stored_until
from tracker.domain.board import Heading, Line, Way, lines_of, out_since
from tracker.domain.days import later
from tracker.domain.facts import PersonFacts
from tracker.domain.outlook import as_begun, breaks, on
from tracker.domain.rulebook import Rulebook
from tracker.domain.timeline import Engine, Stretch
from tracker.reports.months import Standpoint, days_ahead, days_before, share


@dataclass
class Board:
    """The counts and lines of some people on a day; those of others can be added to it.

    `months` are the standpoints on the last days of the months around, without units; `asked` are those of whom a
    requirement asks something, `units` how many work in each.
    """

    months: dict[date, Counter[Standpoint]]
    lines: dict[Heading, list[Line]] = field(default_factory=lambda: {heading: [] for heading in Heading})
    asked: set[int] = field(default_factory=set)
    units: Counter[str] = field(default_factory=Counter)
    _order: dict[Heading, list[int]] = field(default_factory=dict, compare=False)

    @classmethod
    def empty(cls, day: date) -> Self:
        """Of nobody."""
        return cls({each: Counter() for each in (*days_before(day), *days_ahead(day))})

    def people(self, heading: Heading) -> list[int]:
        """Everybody of a list once, the most urgent first."""
        if heading not in self._order:
            self._order[heading] = list(
                dict.fromkeys(line.person_id for line in sorted(self.lines[heading], key=_urgent))
            )
        return self._order[heading]

    def add(self, other: "Board") -> None:
        """Adds the counts of other people."""
        self._order.clear()
        for day, counts in other.months.items():
            self.months[day].update(counts)
        for heading, lines in other.lines.items():
            self.lines[heading] += lines
        self.asked |= other.asked
        self.units.update(other.units)

    def unreached(self, people: Iterable[int], lines: Sequence[Line]) -> "Board":
        """The same with more people to whom no mail gets; the other lists are not sorted again."""
        heading = Heading.UNREACHABLE
        order = {each: self.people(each) for each in Heading}
        # All of them are of the one day that is looked at.
        order[heading] = sorted({*order[heading], *people})
        with_them = {**self.lines, heading: [*self.lines[heading], *lines]}
        return Board(self.months, with_them, self.asked, self.units, order)


def _urgent(line: Line) -> tuple[date, int]:
    return line.day, line.person_id


def count_board(connection: Connection, rulebook: Rulebook, them: Among) -> Board:
    """Counts some people, by the stored timelines. A fixed number of queries, however many they are."""
    day, board = them.day, Board.empty(them.day)
    first, last = min(board.months), max(*board.months, _horizon(rulebook, day))
    engine = Engine(rulebook)
    # Of those who are elsewhere today nothing is told but the standings that are stored, in these units.
    odd = not_plain(connection, them, first, last)
    odd -= (away := elsewhere(connection, them.scope, odd))
    known = {one.id: one for one in load_in_chunks(connection, odd, rulebook.newest.timezone)}
    nowhere = without_address(connection, them)
    waiting = [Line(*row) for row in handed_in(connection, them)]
    for lasting in stints_between(connection, them.scope, first, last, numbers=them.numbers):
        share(board.months, [("", *one[2:]) for one in lasting])
        _list(board, engine, known.get(lasting[0].person_id), lasting, day)
        if lasting[0].person_id in nowhere & board.asked:
            board.lines[Heading.UNREACHABLE] += [
                Line(day, lasting[0].person_id, unit, "") for unit in _units(lasting, day)
            ]
    board.lines[Heading.TO_CHECK] += waiting
    _look_further_back(connection, board, rulebook, them.day, away, odd)
    return board


def _look_further_back(
    connection: Connection, board: Board, rulebook: Rulebook, day: date, away: Set[int], exact: Set[int]
) -> None:
    """Finds since when those are out whose time reaches back to where the span begins, or to other units.

    These are few; their earlier standings are read by themselves. Those whose ways are `exact` need none of it.
    """
    near = later(min(board.months), 1 + max(policy.rejoin_within_days for _, policy in rulebook.reigns))
    out, is_broken = board.lines[Heading.OUT], breaks(rulebook)
    deep = {line.person_id for line in out if line.day <= near or line.person_id in away} - exact
    lasting: dict[int, list[Lasting]] = {}
    for one in stored_until(connection, deep, day):
        lasting.setdefault(one.person_id, []).append(one)
    since = {
        (person, requirement): out_since(way.real, here, is_broken)
        for person, theirs in lasting.items()
        for requirement, way in _stored_ways(theirs).items()
        if (here := on(way.real, day))
    }
    board.lines[Heading.OUT] = [
        line._replace(day=since.get((line.person_id, line.requirement), line.day)) for line in out
    ]


def _horizon(rulebook: Rulebook, day: date) -> date:
    """The last day that is near."""
    return later(day, rulebook.on(day).expiring_within_days)


def _list(board: Board, engine: Engine, facts: PersonFacts | None, lasting: Sequence[Lasting], day: date) -> None:
    person, units = lasting[0].person_id, _units(lasting, day)
    board.units.update(units)
    asked: dict[str, set[str]] = {}
    for one in lasting:
        if one.requirement is not None and one.first <= day <= one.last:
            asked.setdefault(one.requirement, set()).add(one.unit)
    if asked:
        board.asked.add(person)
    else:
        board.lines[Heading.UNMATCHED] += [Line(day, person, unit, "") for unit in units]
    ways = _exact_ways(engine, facts, day) if facts else _stored_ways(lasting)
    horizon = _horizon(engine.rulebook, day)
    for heading, line in lines_of(person, ways, asked, day, horizon, breaks(engine.rulebook)):
        board.lines[heading].append(line)


def _units(lasting: Iterable[Lasting], day: date) -> list[str]:
    """Where somebody works on a day."""
    return sorted({one.unit for one in lasting if one.requirement is None and one.first <= day <= one.last})


def _stored_ways(lasting: Iterable[Lasting]) -> dict[str, Way]:
    """The ways of somebody as they are stored; of one assignment, with nothing to come, they are the exact ones."""
    found: dict[str, list[Stretch]] = {}
    for one in sorted(lasting, key=lambda each: each.first):
        if one.requirement is not None and one.standing is not None:
            course = found.setdefault(one.requirement, [])
            if course and one.first <= course[-1].last:
                # In several places on the same days it is the same standing.
                course[-1] = course[-1]._replace(last=max(one.last, course[-1].last))
            else:
                course.append(Stretch(one.standing, one.first, one.last, ""))
    return {requirement: Way(course, course) for requirement, course in found.items()}


def _exact_ways(engine: Engine, facts: PersonFacts, day: date) -> Mapping[str, Way]:
    real, begun = engine.courses(facts), engine.courses(as_begun(facts, day))
    return {requirement: Way(course, begun.get(requirement, course)) for requirement, course in real.items()}
