"""Opens a database, SQLite or PostgreSQL, so that readers see one moment and writers come one at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tracker.domain.errors import BadInput, Busy, NotPossible
from tracker.settings import masked

__all__ = ["Connection", "Database"]

# How long a writer waits for another before it gives up.
BUSY_MILLISECONDS = 10_000
# Any number of ours: PostgreSQL's lock that makes writers come one at a time, as SQLite's do.
WRITER_LOCK = 7_264_031
HOW_TO_WRITE = "write sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME"

sqlite3.register_adapter(date, date.isoformat)


class Database:
    """A database and the two ways of using it: `read` and `write`."""

    def __init__(self, url: str) -> None:
        self.shown = masked(url)
        try:
            self.url = make_url(url)
        except (ArgumentError, ValueError):
            raise BadInput(f"TRACKER_DATABASE_URL is not understood; {HOW_TO_WRITE}.") from None
        if self.url.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
            raise BadInput(f"TRACKER_DATABASE_URL names a database that is not known here; {HOW_TO_WRITE}.")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url.database) if self.is_sqlite else _postgresql(self.url)
        self._writer = self.engine.execution_options(tracker_writer=True)
        # Connections that stay, to read and to write.
        self._held: tuple[Connection, Connection] | None = None

    @contextmanager
    def alone(self) -> Iterator[Any]:
        """The driver's own connection, outside any transaction."""
        with _in_words(self), closing(self.engine.raw_connection()) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees the database as it is now, whatever others write meanwhile."""
        with _in_words(self), self._reading() as connection:
            yield connection

    @contextmanager
    def write(self, patience: int = BUSY_MILLISECONDS) -> Iterator[Connection]:
        """A connection whose work is committed whole at the end, or not at all; one writer at a time.

        Raises NotPossible where another writer does not end within the milliseconds of `patience`.
        """
        with _in_words(self), self._writing(patience) as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
            yield connection

    @contextmanager
    def held(self) -> Iterator[Self]:
        """The same database for one thread that asks many small things, over connections that stay: to take one from
        the pool and to give it back takes longer than to ask."""
        with _in_words(self), self.engine.connect() as reader, self._writer.connect() as writer:
            one = copy(self)
            one._held = reader, writer
            yield one

    def _reading(self) -> AbstractContextManager[Connection]:
        return _look(self._held[0]) if self._held else self.engine.connect()

    def _writing(self, patience: int) -> AbstractContextManager[Connection]:
        if self._held:
            return _work(self._held[1])
        return self._writer.execution_options(tracker_patience=patience).begin()

    def compact(self) -> bool:
        """Overwrites what was deleted; false if somebody else is reading, so that some of it may be left for now."""
        if not self.is_sqlite:
            outside = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            with _in_words(self), outside.connect() as connection:
                connection.exec_driver_sql("VACUUM")
            return True
        with self.alone() as connection:
            try:
                connection.execute("VACUUM")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    return False
                raise
            # What is in the log beside the file goes into it, and the log is emptied.
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    @contextmanager
    def aside(self, path: Path) -> Iterator["Database"]:
        """The database as it is now, for work that is taken back in any case: on SQLite a copy at `path`, so that
        nobody who writes waits for that work; the copy is removed. On PostgreSQL it is the database itself."""
        if not self.is_sqlite:
            yield self
            return
        _remove(path)
        try:
            self._copy(path)
            copied = Database(URL.create("sqlite", database=str(path)).render_as_string())
            try:
                yield copied
            finally:
                copied.close()
        finally:
            _remove(path)

    def _copy(self, path: Path) -> None:
        path.touch(0o600)
        with self.alone() as source, closing(sqlite3.connect(path)) as target:
            # Nobody needs it after a power cut.
            target.execute("PRAGMA synchronous = OFF")
            source.driver_connection.backup(target)

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()


@contextmanager
def _look(connection: Connection) -> Iterator[Connection]:
    """A moment as a connection that stays sees it."""
    moment = connection.begin()
    try:
        yield connection
    finally:
        moment.rollback()


@contextmanager
def _work(connection: Connection) -> Iterator[Connection]:
    """One transaction over a connection that stays."""
    with connection.begin():
        yield connection


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _sqlite(path: str | None) -> Engine:
    if path:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            reason = (error.strerror or "it failed").lower()
            raise NotPossible(
                f"The folder of the database cannot be made ({reason}); set TRACKER_DATA_DIR to another.",
                Path(path).parent,
            ) from None
    engine = create_engine(URL.create("sqlite", database=path or ":memory:"))

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        # The driver's own transactions begin too late; `_begin` below says when.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys = ON")
        # So that REPLACE, which deletes, is refused as a deletion is.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # 64 MiB: a large import otherwise spends its time swapping index pages.
        connection.execute("PRAGMA cache_size = -65536")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Said to the driver, as it comes before every look: the library takes as long over it as over the look.
        options = connection.get_execution_options()
        cursor = connection.connection.cursor()
        if not options.get("tracker_writer"):
            cursor.execute("BEGIN")
            return
        patience = options.get("tracker_patience", BUSY_MILLISECONDS)
        if patience == BUSY_MILLISECONDS:
            cursor.execute("BEGIN IMMEDIATE")
            return
        cursor.execute(f"PRAGMA busy_timeout = {patience}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, isolation_level="REPEATABLE READ")

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        # Days also travel as texts, which a server may be set to write in other ways.
        with connection.cursor() as cursor:
            cursor.execute("SET datestyle TO 'ISO'")
        connection.commit()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer waits for the one before and must then see what it did, so each statement looks anew.
        if connection.get_execution_options().get("tracker_writer"):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")

    return engine


@contextmanager
def _in_words(database: Database) -> Iterator[None]:
    """Turns what the database refuses into a sentence that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise _told(database, str(error.orig).lower()) from error
    except database.engine.dialect.loaded_dbapi.Error as error:
        # By whoever speaks with the driver itself.
        raise _told(database, str(error).lower()) from error


# What the two engines say, and what it means; the first that fits.
LOCKED = ("locked", "lock timeout")
MEANINGS = (
    (("full", "no space"), "is on a disk that is full; make room and try again, nothing was changed"),
    (("readonly", "unable to open"), "cannot be written; check the rights of its file and folder"),
    (("authentication failed", 'role "'), "refuses the user or password; correct TRACKER_DATABASE_URL"),
    (("permission denied",), "does not let this user in; give the user the rights"),
    (("not a database", "malformed"), "is damaged, or no database; restore a backup"),
    (('database "',), "does not exist on the server; make it, or correct TRACKER_DATABASE_URL"),
    (("no such table", "does not exist"), "is not set up; run 'tracker db upgrade'"),
    (("connect", "resolve", "timeout"), "cannot be reached; check TRACKER_DATABASE_URL, and that the server runs"),
)


def _told(database: Database, reason: str) -> NotPossible:
    if any(sign in reason for sign in LOCKED):
        return Busy("The database waits for another program; wait until that is done and try again.", database.shown)
    for signs, meaning in MEANINGS:
        if any(sign in reason for sign in signs):
            return NotPossible(f"The database {meaning}.", database.shown)
    # What engines say may hold names and values.
    said = "The database refused what was asked; tell whoever keeps the machine."
    return NotPossible(said, f"{database.shown}: {reason.splitlines()[0]}")
