"""The migrations lead from nothing to what the program needs and back, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text

from tracker.db.connect import Database
from tracker.db.migrate import HEAD, config, prepare, revision_of, upgrade
from tracker.db.tables import metadata
from tracker.domain.errors import NotPossible


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database in which there is nothing, of either kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    server = request.getfixturevalue("server")
    server.create("empty")
    database = Database(server.url("empty"))
    yield database
    database.close()
    server.drop("empty")


def tables(database: Database) -> set[str]:
    """The names of all tables."""
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def leftovers(database: Database) -> list[str]:
    """What is neither a table nor an index: triggers and functions."""
    if database.is_sqlite:
        query = "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
    else:
        query = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
    with database.read() as connection:
        return sorted(connection.execute(text(query)).scalars())


def set_revision(database: Database, revision: str) -> None:
    """Says that the database is at a migration."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_there_is_one_newest_migration_and_the_program_knows_it() -> None:
    """No branches; `HEAD` is the newest; each but the first names the one before; numbers grow."""
    script = ScriptDirectory.from_config(config())
    assert script.get_heads() == [HEAD]
    numbers = [each.revision for each in reversed(list(script.walk_revisions()))]
    assert numbers == sorted(numbers)


def test_up_from_nothing(empty: Database) -> None:
    """Every table of the models is there, and the database says at which migration it is."""
    upgrade(empty)
    assert tables(empty) == {*metadata.tables, "alembic_version"}
    with empty.read() as connection:
        assert revision_of(connection) == HEAD


# SQLite's own words say what an index of an expression is, and nothing reads them: tests of the queries hold those.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index:sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index:UserWarning")
def test_the_models_are_what_the_migrations_make(database: Database) -> None:
    """Alembic finds no difference in tables, columns, types, keys and indexes."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_down_to_nothing_and_up_again(empty: Database) -> None:
    """Nothing is left on the way down, neither tables nor triggers nor functions; up again gives the same."""
    upgrade(empty)
    before = tables(empty), leftovers(empty)
    with empty.write() as connection:
        command.downgrade(config(connection), "base")
    assert (tables(empty), leftovers(empty)) == ({"alembic_version"}, [])
    upgrade(empty)
    assert (tables(empty), leftovers(empty)) == before


def test_a_migration_that_fails_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """All missing migrations run in one transaction: whole or not at all."""
    real = command.upgrade

    def failing(*words: object) -> None:
        real(*words)  # type: ignore[arg-type] # passed on as given
        raise NotPossible("The power went.")

    monkeypatch.setattr(command, "upgrade", failing)
    with pytest.raises(NotPossible):
        upgrade(empty)
    assert tables(empty) == set()


def test_preparing_a_second_time_only_reads(database: Database) -> None:
    """A database at the newest migration is looked at and left alone."""
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *words: said.append(words[2].split()[0].upper()))
    prepare(database)
    assert said
    assert set(said) <= {"BEGIN", "SELECT", "PRAGMA"}


def test_a_new_sqlite_file_is_prepared_and_a_new_postgresql_waits(empty: Database) -> None:
    """SQLite is set up on first use; PostgreSQL names the command that does it, and stays empty."""
    if empty.is_sqlite:
        prepare(empty)
        assert "cards" in tables(empty)
    else:
        with pytest.raises(NotPossible, match="tracker db upgrade"):
            prepare(empty)
        assert tables(empty) == set()


@pytest.mark.parametrize("revision", [f"{int(HEAD) + 1:04}", "9999", "later"])
def test_a_database_newer_than_the_program_is_refused(database: Database, revision: str) -> None:
    """By use and by upgrade alike, naming both; nothing is changed."""
    set_revision(database, revision)
    for attempt in (prepare, upgrade):
        with pytest.raises(NotPossible, match=f"newer.*{revision}.*{HEAD}"):
            attempt(database)
    with database.read() as connection:
        assert revision_of(connection) == revision


def test_a_migration_that_nobody_knows_is_refused(database: Database) -> None:
    """Also where its name sorts before the newest: a sentence that names it, by use and by upgrade alike."""
    set_revision(database, "0000f")
    for attempt in (prepare, upgrade):
        with pytest.raises(NotPossible, match="0000f"):
            attempt(database)
