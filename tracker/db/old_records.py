"""Finds what may be past keeping, and all the rows that go with it; what it is decides the domain."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Table, exists, func, select

from tracker.db.bulk import among, as_text
from tracker.db.change import Change
from tracker.db.former import became, merges
from tracker.db.moments import holds
from tracker.db.tables import (
    absences,
    bookings,
    cards,
    evidence,
    exemptions,
    keepings,
    refusals,
    submissions,
    verifications,
)
from tracker.domain.days import ALWAYS
from tracker.domain.retention import KEPT, PastKeeping

# Facts by table, each by its number.
Gone = dict[Table, set[int]]


class Ago(NamedTuple):
    """The day before which something has to have ended, and the last change that was known by its beginning."""

    day: date
    seq: int


def whom_to_look_at(connection: Connection, ago: dict[Table, Ago]) -> list[int]:
    """The numbers of those of whom something may be past keeping, the first first."""
    found: set[int] = set()
    if cards in ago:
        begun = func.min(func.coalesce(as_text(cards.c.issued_on), cards.c.stated))
        many = select(cards.c.person_id).where(holds(cards, None)).group_by(cards.c.person_id, cards.c.type)
        many = many.having(func.count() > KEPT, begun < ago[cards].day.isoformat())
        found.update(connection.execute(many).scalars())
        found.update(row[0] for row in _dead_cards(connection, ago[cards].seq))
    for table in (absences, exemptions):
        if table in ago:
            ended = holds(table, None) & (table.c.until < ago[table].day)
            found.update(connection.execute(select(table.c.person_id).where(ended)).scalars())
            retracted = select(table.c.person_id).where(table.c.retracted <= ago[table].seq)
            found.update(connection.execute(retracted).scalars())
    return sorted(found)


def _dead_cards(connection: Connection, seq: int) -> list[tuple[int, int]]:
    """People and cards of theirs that were retracted by then, and hold under no other row of the same person."""
    other = cards.alias()
    alive = exists().where(
        other.c.person_id == cards.c.person_id,
        other.c.card == cards.c.card,
        other.c.retracted.is_(None) | (other.c.retracted > seq),
    )
    query = select(cards.c.person_id, cards.c.card).where(cards.c.retracted <= seq, ~alive).distinct()
    return [tuple(row) for row in connection.execute(query)]


class Chunk:
    """Some people, and what goes of them. Cards go whole: corrections, answers, evidence and all."""

    def __init__(self, connection: Connection, ids: Sequence[int], ago: dict[Table, Ago]) -> None:
        self._connection, self._ids, self._ago = connection, list(ids), ago
        merged = merges(connection)
        # Rows of a card that came along by a merge stand under whoever became the person as well.
        self._rows_of = {number: {number} for number in ids}
        for number in merged:
            if (now := became(merged, number)) in self._rows_of:
                self._rows_of[now].add(number)
        self._whose = {row: number for number, rows in self._rows_of.items() for row in rows}
        self.gone: Gone = {}
        self._limits: dict[int, tuple[date, int]] = {}

    def take(self, number: int, past: PastKeeping) -> None:
        """Takes in what goes of a person."""
        of_kind = {
            kind: {fact for one, fact in past.gone if one == kind} for kind in ("cards", "absences", "exemptions")
        }
        self._add(absences, of_kind["absences"])
        self._add(exemptions, of_kind["exemptions"])
        known_from = 0
        if of_kind["cards"]:
            self._take_cards(number, of_kind["cards"])
            known_from = self._first_known(sorted(past.rests_on))
        self._limit(number, past.kept_from, known_from)

    def take_history(self) -> None:
        """Takes in what was retracted so long ago that nobody asks what was known then."""
        if cards in self._ago:
            alive = self._cards_alive(self._ago[cards].seq)
            for number in self._ids:
                rows = self._card_rows(number)
                dead = {card for _, card, _ in rows} - alive
                if dead:
                    self._take_cards(number, dead)
                    self._limit(number, ALWAYS, max(ended or 0 for _, card, ended in rows if card in dead))
        for table in (absences, exemptions):
            if table in self._ago:
                theirs = among(self._connection, table.c.person_id, self._ids)
                query = select(table.c.id, table.c.person_id, table.c.retracted)
                for fact, number, ended in self._connection.execute(
                    query.where(theirs, table.c.retracted <= self._ago[table].seq)
                ):
                    self._add(table, {fact})
                    self._limit(number, ALWAYS, ended)

    def note_limits(self, made: Change) -> None:
        """Records from when on each of these people is on record now."""
        theirs = among(self._connection, keepings.c.person_id, sorted(self._limits))
        known = self._connection.execute(select(keepings).where(holds(keepings, None), theirs)).all()
        before = {row.person_id: row for row in known}
        rows = []
        for number, (kept_from, known_from) in sorted(self._limits.items()):
            old = before.get(number)
            both = (max(kept_from, old.kept_from), max(known_from, old.known_from)) if old else (kept_from, known_from)
            if old is None or both != (old.kept_from, old.known_from):
                rows.append((number, *both))
            else:
                del before[number]
        if rows:
            made.retract(keepings, [row.id for row in before.values()])
            made.record(keepings, rows)

    def _limit(self, number: int, kept_from: date, known_from: int) -> None:
        old = self._limits.get(number, (ALWAYS, 0))
        self._limits[number] = (max(kept_from, old[0]), max(known_from, old[1]))

    def _card_rows(self, number: int) -> list[tuple[int, int, int | None]]:
        """The rows of a person's cards: number, card, by which change it was retracted."""
        theirs = among(self._connection, cards.c.person_id, sorted(self._rows_of[number]))
        query = select(cards.c.id, cards.c.card, cards.c.retracted).where(theirs)
        return [tuple(row) for row in self._connection.execute(query)]

    def _cards_alive(self, seq: int) -> set[int]:
        """The cards of these people of which some row, whoever it was under then, was retracted later or holds."""
        theirs = among(self._connection, cards.c.person_id, sorted(self._whose))
        query = select(cards.c.card).where(theirs, cards.c.retracted.is_(None) | (cards.c.retracted > seq))
        return set(self._connection.execute(query).scalars())

    def _take_cards(self, number: int, chosen: set[int]) -> None:
        rows = sorted(self._rows_of[number])
        for table in (cards, verifications):
            query = select(table.c.id, table.c.card).where(among(self._connection, table.c.person_id, rows))
            self._add(table, {fact for fact, card in self._connection.execute(query) if card in chosen})
        query = select(evidence.c.item, evidence.c.card).where(among(self._connection, evidence.c.person_id, rows))
        shown: dict[int, set[int | None]] = {}
        for item, card in self._connection.execute(query):
            shown.setdefault(item, set()).add(card)
        # A file that shows another card as well, or did before it was corrected, stays with that one.
        items = {item for item, of in shown.items() if of & chosen and of <= chosen | {None}}
        take_items(self._connection, self.gone, rows, items)

    def _first_known(self, kept: list[int]) -> int:
        """The change by which all the cards that stay were known: before, the last days of those that went show."""
        query = select(cards.c.card, func.min(cards.c.recorded)).where(among(self._connection, cards.c.id, kept))
        return max((seq for _, seq in self._connection.execute(query.group_by(cards.c.card))), default=0)

    def _add(self, table: Table, ids: set[int]) -> None:
        add(self.gone, table, ids)


def add(gone: Gone, table: Table, ids: Iterable[int]) -> None:
    """Puts facts among what goes."""
    gone.setdefault(table, set()).update(ids)


def take_items(connection: Connection, gone: Gone, numbers: list[int], items: set[int]) -> None:
    """Puts pieces of evidence of some people among what goes, with what was said of them."""
    for table in (evidence, refusals, submissions) if items else ():
        query = select(table.c.id, table.c.item).where(among(connection, table.c.person_id, numbers))
        add(gone, table, {fact for fact, item in connection.execute(query) if item in items})


def old_bookings(connection: Connection, ago: Ago) -> set[int]:
    """The bookings of classes that were so long ago, held or retracted."""
    return set(connection.execute(select(bookings.c.id).where(bookings.c.class_on < ago.day)).scalars())
