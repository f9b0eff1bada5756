"""The least an import could cost: the same files read, the same rows written, nothing else.

No checking, no matching, no policy: what Python's own `csv` and `sqlite3` need to bring
a database of exactly this content and these indexes into being.
"""

from __future__ import annotations

import csv
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

CHUNK_ROWS = 20_000
SYNCHRONOUS = "NORMAL"
CACHE_KIB = 65_536
"""These two belong to a connection and cannot be read from a finished file. So that a slow
floor never flatters the import: the quicker of the two safe settings in WAL mode, and a cache
so large that a larger one gains nothing (SQLite's own 2,000 KiB makes the floor half as slow
again at 100,000 people)."""

KEPT_IN_FILE = ("page_size", "encoding", "auto_vacuum")
"""Settings that a database file remembers, copied to the fresh one."""


class Stopwatch:
    """Adds up wall-clock seconds over the stretches that count."""

    def __init__(self) -> None:
        """Start at zero."""
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time until the block ends."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start


def measure(csvs: Sequence[Path], finished: Path, scratch: Path) -> float:
    """Return the seconds (wall clock) that reading and raw writing take.

    `finished` is a SQLite database of any schema, left as it is; `scratch` is a folder
    in which a fresh one is written and removed again. Fetching from `finished` is not timed.
    """
    fresh = scratch / "floor.sqlite"
    _remove(fresh)
    watch = Stopwatch()
    try:
        with closing(sqlite3.connect(finished)) as source:
            source.execute("PRAGMA query_only = 1")
            ddl = _ddl(source)
            settings = {name: _pragma(source, name) for name in KEPT_IN_FILE}
            with watch.running():
                _read(csvs)
                target = _create(fresh, settings, ddl)
            with closing(target):
                _copy(source, target, watch)
    finally:
        _remove(fresh)
    return watch.seconds


def count_rows(database: Path) -> int:
    """Count the rows of all tables."""
    with closing(sqlite3.connect(database)) as source:
        counts = (source.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0] for table in _tables(source))
        return sum(counts)


def _read(csvs: Sequence[Path]) -> None:
    """Read every row of every file and keep none."""
    for path in csvs:
        with path.open(encoding="utf-8", newline="") as file:
            deque(csv.reader(file), maxlen=0)


def _create(fresh: Path, settings: dict[str, Any], ddl: list[str]) -> sqlite3.Connection:
    """Open a new database in WAL mode with empty tables and their indexes, and begin."""
    target = sqlite3.connect(fresh, isolation_level=None)
    for name, value in settings.items():
        target.execute(f"PRAGMA {name} = {_quoted(str(value))}")
    target.execute("PRAGMA journal_mode = WAL")
    target.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    target.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    target.execute("BEGIN")
    for statement in ddl:
        target.execute(statement)
    return target


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, watch: Stopwatch) -> None:
    """Write all rows in the open transaction and commit; only the writing is timed."""
    for table in _tables(source):
        columns = _columns(source, table)
        names = ", ".join(map(_quoted, columns))
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})"
        rows = source.execute(f"SELECT {names} FROM {_quoted(table)} NOT INDEXED")
        while chunk := rows.fetchmany(CHUNK_ROWS):
            with watch.running():
                target.executemany(insert, chunk)
    with watch.running():
        target.execute("COMMIT")


def _ddl(source: sqlite3.Connection) -> list[str]:
    """List the statements that make the tables, then those that make the indexes.

    Triggers, views and virtual tables are left out; the tables behind a virtual one are in.
    """
    rows = source.execute(
        "SELECT sql FROM sqlite_master"
        " WHERE type IN ('table', 'index') AND sql NOT LIKE 'CREATE VIRTUAL %'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type = 'index', rowid"
    )
    return [sql for (sql,) in rows]


def _tables(source: sqlite3.Connection) -> list[str]:
    """Name the tables that `_ddl` makes."""
    rows = source.execute(
        "SELECT name FROM sqlite_master"
        " WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid"
    )
    return [name for (name,) in rows]


def _columns(source: sqlite3.Connection, table: str) -> list[str]:
    """Name a table's columns, without those that it computes itself."""
    rows = source.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,))
    return [name for (name,) in rows]


def _pragma(source: sqlite3.Connection, name: str) -> Any:
    """Read one setting."""
    return source.execute(f"PRAGMA {name}").fetchone()[0]


def _quoted(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _remove(database: Path) -> None:
    """Remove a database and the files beside it, if there."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
