"""The one way to write facts.

A change is a transaction: what it records and retracts, the timelines of everyone whom that touches, and its entry
in the trail go in together or not at all. Nothing else writes these tables, so no caller can forget a part.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from tracker import clock
from tracker.db.bulk import CHUNK, among, insert_rows, numbered
from tracker.db.connect import Database
from tracker.db.directory import list_anew, list_newcomers
from tracker.db.known import KnownCards, known_cards
from tracker.db.newcomers import Newcomers
from tracker.db.sealed_tables import blocks, removals, salts
from tracker.db.sealing import Blocks, Row, digest_of, new_salt, noted_of, seal
from tracker.db.tables import BEARING_FACTS, batches, changes, identities, people, seals
from tracker.db.timelines import Refresher
from tracker.domain.errors import NotPossible

# Looks whether a change may still be made, now that it has its turn; raises BadInput if not.
Check = Callable[[Connection], object]


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, and from where: `cli`, `web`, `api`, or `job` for what the program does by itself.

    `checks` are made within the change, before anything else: what was looked up for it before may be so no longer.
    """

    actor: str
    source: str
    checks: tuple[Check, ...] = field(default=(), compare=False, repr=False)

    def if_still(self, check: Check) -> Self:
        """The same, who may make a change only if a check holds as well."""
        return replace(self, checks=(*self.checks, check))


class Change:
    """Facts recorded and retracted together. Its number is `seq`; nothing is kept if it records nothing.

    But for `note_look`, which keeps the entry all the same.
    """

    def __init__(self, connection: Connection, author: Author, action: str, subject: str, note: str | None) -> None:
        self.connection = connection
        self.seq, self.at = _next(connection)
        self._entry = (author, action, subject, note)
        self._begun = False
        self._next_ids: dict[str, int] = {}
        self._blocks = Blocks()
        self._retracted: dict[str, list[int]] = {}
        self._touched: set[int] = set()
        self._renamed: set[int] = set()
        self._newcomers = Newcomers()
        self._timelines: Refresher | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was recorded or retracted so far."""
        return not self._begun

    def add_people(self, employee_ids: Sequence[str]) -> dict[str, int]:
        """Gives new people their numbers."""
        self._begin()
        numbered = dict(zip(employee_ids, self._numbers(people, len(employee_ids)), strict=True))
        rows = [(number, employee_id, self.seq) for employee_id, number in numbered.items()]
        insert_rows(self.connection, people, rows)
        self._newcomers.begin(numbered)
        return numbered

    def record(self, table: Table, rows: Sequence[Row]) -> range:
        """Records facts and returns their numbers. Each row has the table's columns between `id` and `recorded`."""
        if not rows:
            return range(0)
        self._begin()
        ids = self._numbers(table, len(rows))
        whole = numbered(table, ids, rows, self.seq)
        insert_rows(self.connection, table, whole)
        self._blocks.add(table.name, whole)
        if table in BEARING_FACTS:
            self._touch(table, [row[0] for row in rows])
            if table is identities:
                self._list(whole)
            self._newcomers.recorded(table, whole)
        self.keep_going()
        return ids

    def retract(self, table: Table, ids: Sequence[int]) -> None:
        """Retracts facts that hold; raises NotPossible if one no longer does."""
        self._begin()
        ordered = sorted(ids)
        for start in range(0, len(ordered), CHUNK):
            chosen = among(self.connection, table.c.id, ordered[start : start + CHUNK])
            if table in BEARING_FACTS:
                touched = set(self.connection.execute(select(table.c.person_id).where(chosen)).scalars())
                self._touch(table, touched)
                # What a change takes back again is looked up like everybody's.
                self._newcomers.forget(touched)
            done = self.connection.execute(
                update(table).where(chosen, table.c.retracted.is_(None)).values(retracted=self.seq)
            )
            if done.rowcount != len(ordered[start : start + CHUNK]):
                raise NotPossible("Something that was to be corrected was changed meanwhile; try again.")
        self._retracted.setdefault(table.name, []).extend(ordered)

    def record_batch(self, files: Sequence[Mapping[str, Any]]) -> int:
        """Notes that the change is an import of these files; returns the batch's number."""
        number = self.next_id(batches)
        row = (number, self.seq, json.dumps(files))
        self.connection.execute(insert(batches).values(id=number, seq=self.seq, files=row[2]))
        self._blocks.add(batches.name, [row])
        return number

    def mark_undone(self, batch: int) -> None:
        """Notes that the change undoes an import, even if nothing of it was left to retract."""
        self._begin()
        self.connection.execute(update(batches).where(batches.c.id == batch).values(undone=self.seq))

    def note_look(self) -> None:
        """Keeps the entry although nothing may be recorded: somebody looked at what the trail tells of."""
        self._begin()

    def about(self, subject: str) -> None:
        """Says what the change is about, where that is known only after it was begun but before it records anything."""
        author, action, _, note = self._entry
        self._entry = (author, action, subject, note)

    def without_cards(self, employee_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those among some people whom the change added and who have no card yet."""
        return self._newcomers.without_cards(employee_ids)

    def cards_of(self, employee_ids: Iterable[str]) -> dict[str, KnownCards]:
        """The cards of those among some people who are known; those of newcomers need no looking up."""
        found: dict[str, KnownCards] = {}
        others: list[str] = []
        for employee_id in employee_ids:
            newcomer = self._newcomers.cards_of(employee_id)
            if newcomer:
                found[employee_id] = newcomer
            else:
                others.append(employee_id)
        return found | known_cards(self.connection, others) if others else found

    def next_id(self, table: Table) -> int:
        """The number that the next fact of a table will get."""
        if table.name not in self._next_ids:
            self._next_ids[table.name] = next_id(self.connection, table)
        return self._next_ids[table.name]

    def nothing_more_of(self, employee_ids: Iterable[str]) -> None:
        """Says that probably nothing more is recorded of these people: newcomers' timelines are begun meanwhile.

        If something is all the same, they are done again.
        """
        numbers = self._newcomers.numbers(employee_ids)
        if numbers:
            begun = self._newcomers.take(numbers, self._refresher.day_of(self.at))
            self._touched.difference_update([plain[0] for plain in begun])
            self._refresher.begin(begun)

    def keep_going(self) -> None:
        """To be called now and then in long work, so that the timelines begun get on meanwhile."""
        if self._timelines:
            self._timelines.keep_going()

    def watch(self, day: date) -> None:
        """Remembers from now on which newcomers a requirement asks something of on that day."""
        self._refresher.watch(day)

    def not_seen_asked(self, employee_ids: Iterable[str]) -> set[str]:
        """Some people without those newcomers who are seen to be asked something on the day watched.

        Most of a first roster are; what their timelines said as they were stored need not be looked up.
        """
        numbers = self._newcomers.all_numbers(employee_ids)
        asked = self._refresher.are_asked(numbers.values())
        return {employee_id for employee_id in employee_ids if numbers.get(employee_id) not in asked}

    def refresh(self) -> None:
        """Brings the timelines of everyone touched so far up to date; done at the end in any case."""
        while newcomers := self._newcomers.some(CHUNK):
            self.nothing_more_of(newcomers)
        ordered = sorted(self._touched)
        for start in range(0, len(ordered), CHUNK):
            chosen = among(self.connection, people.c.id, ordered[start : start + CHUNK])
            stale = people.c.touched != self.seq
            self.connection.execute(update(people).where(chosen, stale).values(touched=self.seq))
        if self._timelines or ordered:
            self._refresher.redo(ordered)
        self._touched.clear()

    def close(self) -> None:
        """Lets go of what helped to make the change."""
        if self._timelines:
            self._timelines.close()

    @property
    def _refresher(self) -> Refresher:
        self._timelines = self._timelines or Refresher(self.connection)
        return self._timelines

    def finish(self) -> None:
        """Refreshes what is touched, timelines and the directory, and seals the change into the trail."""
        self.refresh()
        list_anew(self.connection, sorted(self._renamed))
        if self._begun:
            before = self.connection.execute(select(seals.c.hash).where(seals.c.seq == self.seq - 1)).scalar()
            found = self._blocks.all()
            insert_rows(self.connection, blocks, [(*one[:3], self.seq, *one[3:5]) for one in found])
            insert_rows(self.connection, salts, [(one.kind, one.first, self.seq, one.salt) for one in found])
            digest = digest_of([(one.kind, one.size, one.digest) for one in found], self._retracted)
            entry = self.connection.execute(select(changes).where(changes.c.seq == self.seq)).one()
            sealed = seal(before or "", tuple(entry)[:6], self._noted(entry.note), digest)
            self.connection.execute(insert(seals).values(seq=self.seq, digest=digest, hash=sealed))

    def _noted(self, note: str | None) -> str | None:
        if note is None:
            return None
        salt = new_salt()
        insert_rows(self.connection, salts, [(changes.name, self.seq, self.seq, salt)])
        return noted_of(salt, note)

    def remove(self, table: Table, ids: Sequence[int]) -> None:
        """Deletes facts of which the trail says that they are removed; only `forget`, which says so, calls this."""
        for start in range(0, len(ids), CHUNK):
            chosen = among(self.connection, table.c.id, ids[start : start + CHUNK])
            if table in BEARING_FACTS:
                theirs = select(table.c.person_id).where(chosen).distinct()
                self._touch(table, self.connection.execute(theirs).scalars().all())
            self.connection.execute(delete(table).where(chosen))

    def _touch(self, table: Table, numbers: Iterable[int]) -> None:
        """Notes of whom a fact came or went."""
        found = set(numbers)
        self._touched |= found
        if table is identities:
            self._renamed |= found

    def _list(self, named: Sequence[Sequence[Any]]) -> None:
        """Puts newcomers into the directory as they get their first name: nothing of them has to be looked up."""
        first = [row[1:5] for row in named if self._newcomers.is_unnamed(row[1])]
        list_newcomers(self.connection, first)
        self._renamed.difference_update([row[0] for row in first])

    def _begin(self) -> None:
        if not self._begun:
            author, action, subject, note = self._entry
            row = {"actor": author.actor, "source": author.source, "action": action, "subject": subject, "note": note}
            self.connection.execute(insert(changes).values(seq=self.seq, at=self.at, **row))
            self._begun = True

    def _numbers(self, table: Table, count: int) -> range:
        first = self.next_id(table)
        self._next_ids[table.name] = first + count
        return range(first, first + count)


@contextmanager
def change(
    database: Database,
    author: Author,
    action: str,
    subject: str = "",
    note: str | None = None,
    *,
    dry_run: bool = False,
) -> Iterator[Change]:
    """A change, committed whole at the end of the block; with `dry_run` all of it is done and then taken back.

    Raises BadInput where the author may not make it any more.
    """
    try:
        with database.write() as connection:
            for check in author.checks:
                check(connection)
            made = Change(connection, author, action, subject, note)
            try:
                yield made
                made.finish()
            finally:
                made.close()
            if dry_run:
                raise _TakenBackError
    except _TakenBackError:
        pass


def next_id(connection: Connection, table: Table) -> int:
    """The number that the next fact of a table will get, if nobody else records one before."""
    # The numbers of what was removed stay taken: the trail goes on naming them.
    taken = select(func.max(removals.c.fact)).where(removals.c.kind == table.name)
    return max(connection.execute(each).scalar() or 0 for each in (select(func.max(table.c.id)), taken)) + 1


class _TakenBackError(Exception):
    """Ends a dry run's transaction without a commit."""


def _next(connection: Connection) -> tuple[int, datetime]:
    """The number and instant of the next change: instants never run backwards, whatever the clock does."""
    last = connection.execute(select(changes.c.seq, changes.c.at).order_by(changes.c.seq.desc()).limit(1)).first()
    at = clock.now()
    return (last.seq + 1, max(at, last.at)) if last else (1, at)
