"""Stored timelines: kept fresh for the people whom a change touches, and built anew beside the live ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select, update

from tracker.db.bulk import TEXTS, among, as_text, insert_values
from tracker.db.connect import Database
from tracker.db.crew import Crew, Row, Values, rows_of
from tracker.db.moments import latest_change
from tracker.db.people import CHUNK, load_in_chunks, load_plain, local_day
from tracker.db.policies import find_rulebook
from tracker.db.tables import generations, people, segments
from tracker.domain.errors import NotPossible
from tracker.domain.facts import Plain
from tracker.domain.rulebook import Rulebook
from tracker.domain.timeline import ENGINE_VERSION, Engine

# Called with how many people were done since the last call.
Progress = Callable[[int], None]

_WIDTH = len(segments.c)


def live_generation(connection: Connection) -> int | None:
    """The number of the timelines to read; None before the first policy.

    Raises NotPossible if another version of the engine made them.
    """
    found = connection.execute(select(generations.c.id, generations.c.engine).where(generations.c.live)).one_or_none()
    if found is None:
        if find_rulebook(connection) is None:
            return None
        raise NotPossible("The stored timelines are missing; run 'tracker db upgrade' to build them.")
    if found.engine != ENGINE_VERSION:
        raise NotPossible(
            "Another version of the program made the stored timelines; run 'tracker db upgrade' to rebuild them."
        )
    return int(found.id)


class Refresher:
    """Keeps the live timelines true to the facts, within the transaction that changes these."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        generation = live_generation(connection)
        rulebook = find_rulebook(connection)
        self._crew = Crew(rulebook, generation) if rulebook and generation is not None else None
        self._watched: str | None = None
        self._asked: set[int] = set()

    def watch(self, day: date) -> None:
        """Remembers from now on which newcomers a requirement asks something of on that day."""
        self._watched = TEXTS[day]

    def are_asked(self, numbers: Iterable[int]) -> set[int]:
        """Those among some people who are seen already to be asked something on the day watched."""
        return self._asked.intersection(numbers)

    def day_of(self, instant: datetime) -> date:
        """The calendar day of an instant at the site; in UTC before there is a policy to say where that is."""
        return local_day(instant, ZoneInfo(self._crew.rulebook.newest.timezone if self._crew else "UTC"))

    def begin(self, newcomers: Sequence[Plain]) -> None:
        """Hands over people who have no timelines yet, to be worked out while the change goes on."""
        if self._crew:
            self._crew.give(newcomers)
            self._store(self._crew.ready())

    def keep_going(self) -> None:
        """Sees that whoever works things out has something to do."""
        if self._crew:
            self._crew.keep_busy()

    def redo(self, ids: Sequence[int]) -> None:
        """Works out the timelines of these people anew; whatever was handed over before is stored first."""
        if self._crew:
            self._store(self._crew.rest())
            self._asked.difference_update(ids)
            redo(self._connection, self._crew, ids)

    def close(self) -> None:
        """Lets go of what helped."""
        if self._crew:
            self._crew.close()

    def _store(self, done: Iterable[Values]) -> None:
        values = list(chain.from_iterable(done))
        _insert(self._connection, values)
        if (day := self._watched) is not None:
            people, firsts, lasts = (values[at::_WIDTH] for at in (0, 4, 5))
            asked = [who for who, first, last in zip(people, firsts, lasts, strict=True) if first <= day <= last]
            self._asked.update(asked)


def _insert(connection: Connection, values: Values) -> None:
    insert_values(connection, segments, _WIDTH, values)


def redo(connection: Connection, crew: Crew, ids: Iterable[int]) -> None:
    """Replaces the timelines of these people in the crew's generation."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        old = delete(segments).where(
            segments.c.generation == crew.generation, among(connection, segments.c.person_id, chunk)
        )
        connection.execute(old)
        crew.give(list(load_plain(connection, chunk, crew.rulebook.newest.timezone)))
        _insert(connection, list(chain.from_iterable(crew.ready())))
    _insert(connection, list(chain.from_iterable(crew.rest())))


def no_progress(_done: int) -> None:
    """For those who do not watch."""


def build_beside(database: Database, rulebook: Rulebook, progress: Progress = no_progress) -> tuple[int, int]:
    """Computes a new generation beside the live one, in short transactions; returns it and the change it began at.

    People changed meanwhile are not yet redone: `swap` does that.
    """
    with database.write() as connection:
        began = latest_change(connection)
        generation = (connection.execute(select(func.max(generations.c.id))).scalar() or 0) + 1
        connection.execute(insert(generations).values(id=generation, engine=ENGINE_VERSION, live=False))
    with Crew(rulebook, generation) as crew:
        for plain in _everyone(database, rulebook.newest.timezone):
            crew.give(plain)
            progress(len(plain))
            _store(database, crew.ready())
        _store(database, crew.rest())
    return generation, began


def _everyone(database: Database, timezone: str) -> Iterator[list[Plain]]:
    """The facts of all people, some at a time, each time as they are then."""
    last = 0
    while True:
        with database.read() as connection:
            after = select(people.c.id).where(people.c.id > last).order_by(people.c.id).limit(CHUNK)
            ids = list(connection.execute(after).scalars())
            if not ids:
                return
            found = list(load_plain(connection, ids, timezone))
        yield found
        last = ids[-1]


def _store(database: Database, done: Iterable[Values]) -> None:
    """Stores what is worked out, in short transactions so that others may write in between."""
    for values in done:
        with database.write() as connection:
            _insert(connection, values)


def swap(connection: Connection, generation: int, began: int, rests_on: Rulebook | None, rulebook: Rulebook) -> None:
    """Makes a generation the live one, after redoing the people changed since it was begun.

    `rests_on` are the policies that were on record when it was planned, `rulebook` those that it was computed by.
    Raises NotPossible if others were applied or other timelines built meanwhile: it is then out of date.
    """
    live = connection.execute(select(generations.c.id).where(generations.c.live)).scalar()
    if _names(find_rulebook(connection)) != _names(rests_on) or (live is not None and live > generation):
        raise NotPossible("Another policy was applied, or the timelines rebuilt, in the meantime; try again.")
    changed = connection.execute(select(people.c.id).where(people.c.touched > began)).scalars()
    with Crew(rulebook, generation) as crew:
        redo(connection, crew, changed)
    connection.execute(update(generations).where(generations.c.live).values(live=False))
    made_live = connection.execute(update(generations).where(generations.c.id == generation).values(live=True))
    if made_live.rowcount != 1:
        raise NotPossible("The timelines were rebuilt in the meantime; try again.")


def _names(rulebook: Rulebook | None) -> list[tuple[str, date | None]]:
    return [(version.policy.sha256, version.effective) for version in rulebook.versions] if rulebook else []


def sweep(database: Database) -> None:
    """Removes the generations before the live one."""
    with database.read() as connection:
        live = select(generations.c.id).where(generations.c.live).scalar_subquery()
        dead = list(connection.execute(select(generations.c.id).where(generations.c.id < live)).scalars())
    for generation in dead:
        discard(database, generation)


def discard(database: Database, generation: int) -> None:
    """Removes a generation that is not live, some people at a time so that writers need not wait long."""
    last = 0
    while True:
        with database.write() as connection:
            after = select(people.c.id).where(people.c.id > last).order_by(people.c.id).limit(CHUNK)
            ids = list(connection.execute(after).scalars())
            if not ids:
                connection.execute(delete(generations).where(generations.c.id == generation))
                return
            theirs = segments.c.person_id.between(ids[0], ids[-1])
            connection.execute(delete(segments).where(segments.c.generation == generation, theirs))
            last = ids[-1]


def rebuild(database: Database, *, even_if_current: bool = False, progress: Progress = no_progress) -> bool:
    """Builds the timelines anew if another engine made them, or if told to; returns whether it did."""
    with database.read() as connection:
        rulebook = find_rulebook(connection)
        made_by = connection.execute(select(generations.c.engine).where(generations.c.live)).scalar()
    if rulebook is None or (made_by == ENGINE_VERSION and not even_if_current):
        return False
    with beside(database, rulebook, progress) as (generation, began), database.write() as connection:
        swap(connection, generation, began, rulebook, rulebook)
    sweep(database)
    return True


@contextmanager
def beside(database: Database, rulebook: Rulebook, progress: Progress = no_progress) -> Iterator[tuple[int, int]]:
    """A generation built beside the live one, to be swapped in within the block; removed if that fails."""
    generation, began = build_beside(database, rulebook, progress)
    try:
        yield generation, began
    except BaseException:
        discard(database, generation)
        raise


def differing(connection: Connection, sample: int | None) -> list[str]:
    """The employee ids whose stored timelines differ from a fresh computation, among a random sample (None: all)."""
    generation = live_generation(connection)
    rulebook = find_rulebook(connection)
    if rulebook is None or generation is None:
        return []
    chosen = select(people.c.id).order_by(func.random()).limit(sample) if sample else select(people.c.id)
    ids = sorted(connection.execute(chosen).scalars())
    engine = Engine(rulebook)
    wrong = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        stored: dict[int, set[Row]] = {}
        theirs = select(*map(as_text, segments.c)).where(
            segments.c.generation == generation, among(connection, segments.c.person_id, chunk)
        )
        for row in connection.execute(theirs):
            stored.setdefault(row[0], set()).add(tuple(row))
        wrong += [
            person.employee_id
            for person in load_in_chunks(connection, chunk, rulebook.newest.timezone)
            if stored.pop(person.id, set()) != set(rows_of(engine, generation, [person]))
        ]
        # Whoever is not known any more has no timelines.
        left = select(people.c.employee_id).where(among(connection, people.c.id, sorted(stored)))
        wrong += connection.execute(left).scalars() if stored else []
    return wrong
