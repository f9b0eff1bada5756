"""Removes what is past keeping by the policy in force; the trail says what went, and still proves itself.

And, whatever the policy keeps, files of issued reports that no report names any more, and drafts of imports that are
over.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker import clock
from tracker.actions.drafts.folder import Drafts
from tracker.actions.evidence.gone import remove_files
from tracker.actions.issued_files import FOLDER, remove_issued, sweep_issued
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, Change, change
from tracker.db.connect import Connection, Database
from tracker.db.forgetting import forget
from tracker.db.former import merges
from tracker.db.issues import issued_before
from tracker.db.moments import change_before
from tracker.db.old_files import Piece, files_of, old_pieces, remove_old_mails
from tracker.db.old_records import Ago, Chunk, Gone, old_bookings, take_items, whom_to_look_at
from tracker.db.people import facts_by_person, load_people
from tracker.db.policies import load_rulebook
from tracker.db.tables import FactTable, absences, bookings, cards, evidence, exemptions, issues
from tracker.domain.facts import Card
from tracker.domain.policy import Retention
from tracker.domain.retention import cutoff, past_keeping
from tracker.domain.rulebook import Rulebook
from tracker.domain.timeline import Engine
from tracker.domain.validity import window

ACTION = "retention"
# People whose records, or pieces of evidence that, go in one change: others may write in between.
TOGETHER = 500


def never_stopping() -> bool:
    """For those whom nobody stops."""
    return False


@dataclass(frozen=True)
class _Run:
    """One run: on what, as of which day, by which rules."""

    database: Database
    author: Author
    rulebook: Rulebook
    today: date
    files: KeptFiles
    dry_run: bool

    @property
    def kept(self) -> Retention:
        return self.rulebook.on(self.today).retention

    def instant(self, months: int | None) -> datetime | None:
        """The beginning of the first day that is kept."""
        day = cutoff(months, self.today)
        return datetime.combine(day, time(), ZoneInfo(self.rulebook.newest.timezone)) if day else None

    @contextmanager
    def change(self) -> Iterator[Change]:
        """A change of this run."""
        with change(self.database, self.author, ACTION, f"before:{self.today}", dry_run=self.dry_run) as made:
            yield made


def remove_old_records(
    database: Database,
    author: Author,
    data_folder: Path,
    today: date,
    stopping: Callable[[], bool] = never_stopping,
    *,
    dry_run: bool = False,
) -> Counter[str]:
    """Removes what is past keeping on a day; returns how many of each kind went, or would go.

    Raises BadInput if there is no policy, and NotPossible where the trail does not hold.
    """
    with database.read() as connection:
        rulebook = load_rulebook(connection)
    run = _Run(database, author, rulebook, today, KeptFiles(data_folder), dry_run)
    if not dry_run:
        sweep_issued(database, run.files.beside(FOLDER))
        Drafts(data_folder).sweep(clock.now())
    done = _records(run, stopping) + _evidence(run, stopping) + _mails(run) + _issued(run)
    return done + _rejects(run, data_folder / "rejects")


def _records(run: _Run, stopping: Callable[[], bool]) -> Counter[str]:
    """Cards, absences, exemptions and bookings."""
    with run.database.read() as connection:
        ago = _ago(run, connection)
        ids = whom_to_look_at(connection, ago)
        booked = old_bookings(connection, ago[bookings]) if bookings in ago else set()
    done: Counter[str] = Counter()
    for start in range(0, len(ids), TOGETHER):
        if stopping():
            return done
        done += _some(run, ids[start : start + TOGETHER], ago)
    if booked:
        with run.change() as made:
            forget(made, {bookings: booked})
        done[bookings.name] += len(booked)
    return done


def _ago(run: _Run, connection: Connection) -> dict[FactTable, Ago]:
    kept = run.kept
    months = {
        cards: kept.cards_months,
        absences: kept.absences_months,
        exemptions: kept.exemptions_months,
        bookings: kept.bookings_months,
        evidence: kept.evidence_months,
    }
    return {
        table: Ago(day, change_before(connection, instant))
        for table, number in months.items()
        if (day := cutoff(number, run.today)) and (instant := run.instant(number))
    }


def _some(run: _Run, ids: Sequence[int], ago: dict[FactTable, Ago]) -> Counter[str]:
    """What goes of some people, in one change."""
    engine = Engine(run.rulebook)
    with run.change() as made:
        chunk = Chunk(made.connection, ids, ago)
        for person in load_people(made.connection, list(ids), run.rulebook.newest.timezone):
            if past := past_keeping(engine, person, run.today):
                chunk.take(person.id, past)
        chunk.take_history()
        files = files_of(made.connection, chunk.gone.get(evidence, ()))
        forget(made, chunk.gone)
        chunk.note_limits(made)
    return _counted(run, chunk.gone, files)


def _counted(run: _Run, gone: Gone, files: set[str]) -> Counter[str]:
    """How many facts of each kind go; their files go with them."""
    if not run.dry_run:
        remove_files(run.database, run.files, files)
    return Counter({table.name: len(ids) for table, ids in gone.items() if ids})


def _evidence(run: _Run, stopping: Callable[[], bool]) -> Counter[str]:
    """Evidence of cards that ended long ago, of none, and what was retracted long ago."""
    if run.kept.evidence_months is None:
        return Counter()
    with run.database.read() as connection:
        ago = _ago(run, connection)[evidence]
        items = [one.item for one in _past_pieces(run, connection, ago)]
    done: Counter[str] = Counter()
    for start in range(0, len(items), TOGETHER):
        if stopping():
            return done
        done += _some_evidence(run, items[start : start + TOGETHER], ago)
    return done


def _some_evidence(run: _Run, items: Sequence[int], ago: Ago) -> Counter[str]:
    """What goes of some pieces of evidence, in one change."""
    with run.change() as made:
        # Somebody may have said of one meanwhile which card it shows.
        gone = _rows_of(made.connection, _past_pieces(run, made.connection, ago, items))
        files = files_of(made.connection, gone.get(evidence, ()))
        forget(made, gone)
    return _counted(run, gone, files)


def _past_pieces(run: _Run, connection: Connection, ago: Ago, items: Sequence[int] | None = None) -> list[Piece]:
    """The pieces of evidence, or those among some, that are past keeping."""
    pieces = list(old_pieces(connection, ago.seq, items))
    held = facts_by_person(connection, cards, Card, sorted({one.person_id for one in pieces}))
    ended = {
        card.id
        for some in held.values()
        for card in some
        if (found := window(run.rulebook.on(run.today), card)) and found.last < ago.day
    }
    return [one for one in pieces if not one.is_held or one.card is None or one.card in ended]


def _rows_of(connection: Connection, pieces: Sequence[Piece]) -> Gone:
    gone: Gone = {}
    numbers = {one.person_id for one in pieces}
    # Whoever became another person had them before.
    numbers |= {number for number, (kept, _) in merges(connection).items() if kept in numbers}
    take_items(connection, gone, sorted(numbers), {one.item for one in pieces})
    return gone


def _mails(run: _Run) -> Counter[str]:
    before, day = run.instant(run.kept.mails_months), cutoff(run.kept.mails_months, run.today)
    if before is None or day is None:
        return Counter()
    with run.database.write() as connection:
        found = remove_old_mails(connection, before, day, run.today, dry_run=run.dry_run)
    return Counter({"mails": found} if found else {})


def _issued(run: _Run) -> Counter[str]:
    """Issued reports: the files go, what proves a copy stays."""
    before = run.instant(run.kept.issued_months)
    if before is None:
        return Counter()
    with run.change() as made:
        old = issued_before(made.connection, before)
        if old:
            made.retract(issues, [one.number for one in old])
    if not run.dry_run:
        remove_issued(run.database, run.files.beside(FOLDER), old)
    return Counter({issues.name: len(old)} if old else {})


def _rejects(run: _Run, folder: Path) -> Counter[str]:
    """Copies of rejected rows that nobody touched since."""
    before = run.instant(run.kept.rejects_months)
    if before is None or not folder.is_dir():
        return Counter()
    old = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before.timestamp()]
    for path in () if run.dry_run else old:
        # One that cannot be removed today is tried again tomorrow.
        with suppress(OSError):
            path.unlink()
    return Counter({"rejects": len(old)} if old else {})
