"""The boards of days, of everybody kept in memory: after a change only those whom it touched are counted anew.

Everybody is looked at in parts, by their numbers. What a look may not wait for is counted beside the page, one day at a
time, while it shows what was counted before or says that it is being counted.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import NamedTuple

from tracker.actions.count_board import Board, count_board
from tracker.db.board import Among, last_number, named, touched_parts
from tracker.db.bounces import people_at, troubled
from tracker.db.connect import Connection, Database
from tracker.db.moments import latest_change
from tracker.db.people import elsewhere
from tracker.db.policies import load_rulebook
from tracker.db.timelines import live_generation
from tracker.domain.board import Line
from tracker.domain.errors import TrackerError
from tracker.domain.scope import EVERYONE, Scope
from tracker.web.background import Background, Errand

# People of a part, parts that a look may wait for, and days of which the counts are kept.
PART = 256
AT_ONCE = 4
DAYS = 8


class Shown(NamedTuple):
    """A board to be shown; None while it is counted for the first time. `is_late` if more is being counted."""

    board: Board | None
    is_late: bool


@dataclass
class _Kept:
    """The counts of a day by the timelines of a generation: of each part the change up to which it was looked at."""

    generation: int
    parts: dict[int, tuple[int, Board]] = field(default_factory=dict)
    whole: Board | None = None


class Boards:
    """The boards of one installation."""

    def __init__(self, database: Database, background: Background) -> None:
        self._database, self._background, self._lock = database, background, Lock()
        self._kept: dict[date, _Kept] = {}
        # Days that are to be counted, the one last looked at at the end: it is counted first.
        self._wanted: list[date] = []

    def of(self, scope: Scope, day: date) -> Shown:
        """The board of a scope on a day, by what is known now; raises BadInput before the first policy."""
        if scope != EVERYONE:
            with self._database.read() as connection:
                board = count_board(connection, load_rulebook(connection), Among(scope, day))
                return Shown(_reached(connection, board, scope, day), is_late=False)
        kept = self._of_day(day)
        stale = self._stale(kept)
        if 0 < len(stale) <= AT_ONCE:
            self._count(kept, day, stale)
        elif stale:
            self._count_later(day)
        with self._database.read() as connection:
            whole = _reached(connection, kept.whole, scope, day) if kept.whole else None
        return Shown(whole, is_late=len(stale) > AT_ONCE)

    def _of_day(self, day: date) -> _Kept:
        with self._database.read() as connection:
            generation = live_generation(connection) or 0
        with self._lock:
            kept = self._kept.pop(day, None)
            if kept is None or kept.generation != generation:
                kept = _Kept(generation)
            self._kept[day] = kept
            # The day that was looked at longest ago goes first.
            while len(self._kept) > DAYS:
                del self._kept[next(iter(self._kept))]
        return kept

    def _stale(self, kept: _Kept) -> list[int]:
        """The parts that were not counted yet, or bear a change since."""
        with self._database.read() as connection:
            parts = range(last_number(connection) // PART + 1)
            oldest = min((seq for seq, _ in kept.parts.values()), default=0)
            touched = touched_parts(connection, oldest, PART)
        return [one for one in parts if one not in kept.parts or touched.get(one, 0) > kept.parts[one][0]]

    def _count(self, kept: _Kept, day: date, stale: Sequence[int]) -> None:
        for one in stale:
            self._count_part(kept, day, one)
        self._put_together(kept, day)

    def _count_part(self, kept: _Kept, day: date, part: int) -> None:
        with self._database.read() as connection:
            seq, them = latest_change(connection), Among(EVERYONE, day, range(part * PART, (part + 1) * PART))
            counted = count_board(connection, load_rulebook(connection), them)
        with self._lock:
            kept.parts[part] = seq, counted

    def _put_together(self, kept: _Kept, day: date) -> None:
        whole = Board.empty(day)
        with self._lock:
            for _, part in kept.parts.values():
                whole.add(part)
            kept.whole = whole

    def _count_later(self, day: date) -> None:
        with self._lock:
            self._wanted = [one for one in self._wanted if one != day and one in self._kept] + [day]
        self._background.begin("boards", self._work)

    def _work(self, errand: Errand) -> None:
        """Counts the days that are wanted, one after the other; a day that is asked for meanwhile goes first."""
        while not errand.stopping() and (day := self._next()) is not None:
            kept = self._kept.get(day)
            # What cannot be counted now is told to whoever looks, or can be by then.
            with suppress(TrackerError):
                if kept and not self._count_while_wanted(kept, day, errand):
                    continue
            with self._lock:
                self._wanted = [one for one in self._wanted if one != day]

    def _count_while_wanted(self, kept: _Kept, day: date, errand: Errand) -> bool:
        """Counts a day part by part; false if another is wanted more by then, or the server is to end."""
        for one in self._stale(kept):
            if errand.stopping() or self._next() != day:
                return False
            self._count_part(kept, day, one)
        self._put_together(kept, day)
        return True

    def _next(self) -> date | None:
        with self._lock:
            return self._wanted[-1] if self._wanted else None


def _reached(connection: Connection, board: Board, scope: Scope, day: date) -> Board:
    """With those to whom mail does not arrive although they have an address, which no change of theirs tells."""
    marked = people_at(connection, troubled(connection).keys()).keys() & board.asked
    marked -= elsewhere(connection, scope, marked)
    if not marked:
        return board
    more = [
        Line(day, one.person_id, one.unit, "")
        for each in named(connection, scope, marked, day).values()
        for one in each
    ]
    return board.unreached(marked, more)
