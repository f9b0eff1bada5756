"""Databases for the tests: SQLite and PostgreSQL, set up by the migrations."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from postgres import Server
from tracker.db.connect import Database
from tracker.db.migrate import upgrade

settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("usual"), max_examples=2_000)
# The same examples at every run: a submission is judged by what it changed, while developers' runs look further.
settings.register_profile("ci", parent=settings.get_profile("usual"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "usual"))

_numbers = count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server with a database `template` at the newest migration."""
    started = Server()
    started.start()
    try:
        started.create("template")
        database = Database(started.url("template"))
        upgrade(database)
        database.close()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a SQLite database at the newest migration."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path.read_bytes()


class Databases:
    """Makes databases of one kind, each empty and at the newest migration."""

    def __init__(self, kind: str, folder: Path, server: Server | None, empty: bytes) -> None:
        self.kind = kind
        self._folder, self._server, self._empty = folder, server, empty
        self._made: list[tuple[str, Database]] = []

    def new(self) -> Database:
        """Another database."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        if self._server:
            self._server.create(name, template="template")
            database = Database(self._server.url(name))
        else:
            path = self._folder / f"{name}.db"
            path.write_bytes(self._empty)
            database = Database(f"sqlite:///{path}")
        self._made.append((name, database))
        return database

    def drop(self) -> None:
        """Removes those made so far."""
        for name, database in self._made:
            database.close()
            if self._server:
                self._server.drop(name)
            else:
                for path in self._folder.glob(f"{name}.db*"):
                    path.unlink()
        self._made.clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: bytes) -> Iterator[Databases]:
    """Databases of both kinds: a test that takes this runs on each."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    found = Databases(request.param, tmp_path, server, empty_sqlite)
    yield found
    found.drop()


@pytest.fixture
def database(databases: Databases) -> Database:
    """One database, of either kind."""
    return databases.new()
