"""Opens a database, SQLite or PostgreSQL, so that readers see one moment and writers come one at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tracker.domain.errors import BadInput, NotPossible

# How long a writer waits for another before it gives up.
BUSY_MILLISECONDS = 10_000
# Any number of ours: PostgreSQL's lock that makes writers come one at a time, as SQLite's do.
WRITER_LOCK = 7_264_031

sqlite3.register_adapter(date, date.isoformat)


class Database:
    """A database and the two ways of using it: `read` and `write`."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
            backend = self.url.get_backend_name()
        except (ArgumentError, NoSuchModuleError):
            backend = ""
        if backend not in ("sqlite", "postgresql"):
            raise BadInput(
                "TRACKER_DATABASE_URL is not understood; write sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME."
            )
        self.is_sqlite = backend == "sqlite"
        self.engine = _sqlite(self.url.database) if self.is_sqlite else _postgresql(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees the database as it is now, whatever others write meanwhile."""
        with _in_words(self), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose work is committed whole at the end, or not at all; one writer at a time."""
        writer = self.engine.execution_options(tracker_writer=True)
        with _in_words(self), writer.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
            yield connection

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()


def _sqlite(path: str | None) -> Engine:
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(f"sqlite:///{path or ':memory:'}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        # The driver's own transactions begin too late; `_begin` below says when.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        # 64 MiB: a large import otherwise spends its time swapping index pages.
        connection.execute("PRAGMA cache_size = -65536")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writer = connection.get_execution_options().get("tracker_writer")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    engine = create_engine(url, isolation_level="REPEATABLE READ")

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
        raise NotPossible(_sentence(database, str(error.orig).lower())) from error
    except PermissionError as error:
        raise NotPossible(
            f"The folder {error.filename} cannot be written; allow it, or set TRACKER_DATA_DIR."
        ) from error


def _sentence(database: Database, reason: str) -> str:
    where = database.url.render_as_string(hide_password=True)
    if "locked" in reason:
        return f"Another program is writing to the database {where}; wait until it is done and try again."
    if "full" in reason or "no space" in reason:
        return f"The disk of the database {where} is full; make room and try again. Nothing was changed."
    if "readonly" in reason or "unable to open" in reason:
        return f"The database {where} cannot be written; check the rights of its file and folder."
    if "no such table" in reason or "does not exist" in reason:
        return f"The database {where} is not set up; run 'tracker db upgrade'."
    if "not a database" in reason or "malformed" in reason:
        return f"The file of the database {where} is damaged or no database; restore a backup."
    if "connect" in reason:
        return f"The database {where} cannot be reached; check TRACKER_DATABASE_URL and that it runs."
    return f"The database {where} refused: {reason.splitlines()[0]}."
