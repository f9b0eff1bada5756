"""Brings a database to the shape that this program needs."""

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

import tracker
from tracker.db.connect import Database
from tracker.domain.errors import NotPossible

if TYPE_CHECKING:
    from alembic.config import Config

# The newest migration; a test holds it against the migrations themselves.
HEAD = "0013"


def migrations_folder() -> Path:
    """Where the migrations are: inside the installed package, or beside it in a checkout."""
    package = Path(tracker.__file__).parent
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "alembic"


def revision_of(connection: Connection) -> str | None:
    """The migration that the database is at; None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def config(connection: Connection | None = None) -> "Config":
    """The settings of Alembic, around a connection of ours."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(database: Database) -> None:
    """Runs the missing migrations in one transaction."""
    from alembic import command
    from alembic.util import CommandError

    if database.is_sqlite:
        # Kept in the file: readers then do not wait for writers, nor writers for readers.
        with database.alone() as connection:
            _keep_log(connection.cursor())
    with database.write() as connection:
        _refuse_newer(revision_of(connection))
        try:
            command.upgrade(config(connection), "head")
        except CommandError as error:
            raise NotPossible(f"The database cannot be brought up to date ({error}); restore a backup.") from None


def _keep_log(cursor: sqlite3.Cursor) -> None:
    """Sets the write-ahead log; where several set a file up at once, SQLite does not wait here by itself."""
    for _ in range(100):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.1)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def prepare(database: Database) -> None:
    """Makes sure that the database can be used: a new SQLite file is set up; any other has to be at the head."""
    with database.read() as connection:
        revision = revision_of(connection)
    if revision == HEAD:
        return
    _refuse_newer(revision)
    if revision is None and database.is_sqlite:
        upgrade(database)
    else:
        at = f" (it is at {revision})" if revision else ""
        raise NotPossible(f"The database is not set up for this version{at}; run 'tracker db upgrade'.")


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision > HEAD:
        raise NotPossible(
            f"The database was set up by a newer version of tracker (it is at {revision}, this program knows {HEAD}); "
            "install that version or restore a backup."
        )
