"""Nothing that was recorded can be changed, removed or reordered without being found, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, column, insert, text
from sqlalchemy.exc import DBAPIError

from postgres import Server
from tracker import clock
from tracker.db.access_tables import grants
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.moments import change_at
from tracker.db.outbox import Planned, enqueue
from tracker.db.tables import (
    FACTS,
    absences,
    assignments,
    bookings,
    bounces,
    cards,
    changes,
    enablings,
    evidence,
    exemptions,
    generations,
    identities,
    issues,
    keepings,
    mappings,
    policies,
    refusals,
    seals,
    submissions,
    units,
    verifications,
)
from tracker.db.trail import entries, faults, head
from tracker.db.trail_export import against_head, head_of
from tracker.db.trail_log import entries_about
from tracker.domain.errors import NotPossible
from tracker.domain.timeline import ENGINE_VERSION

AUTHOR = Author("tester", "test")
DAY = date(2026, 1, 2)
POLICY = 'name = "us"\ntimezone = "UTC"\n'


def grow(database: Database) -> None:
    """Four entries: the site; a person with one fact of each kind and another person; a correction; a note."""
    with change(database, AUTHOR, "site") as made:
        made.record(units, [("ICU", "Main", "kim@site.example", None)])
        made.record(policies, [("us", "0" * 64, None, POLICY)])
        made.record(enablings, [(DAY, "0" * 64)])
        made.record(mappings, [("0" * 64, "cards", "{}", DAY)])
        made.record(issues, [("compliance", "pdf", DAY, "{}", "a" * 64, 9, "b" * 64)])
        made.record(grants, [(1, "auditor", "[]", None, DAY)])
        (mail,) = enqueue(made.connection, DAY, made.at, [Planned("lapse_notice", "kim@site.example", "", ())], "x")
        made.record(bounces, [("kim@site.example", "5.1.1", "unknown", mail, DAY)])
        made.connection.execute(insert(generations).values(id=1, engine=ENGINE_VERSION, live=True))
    with change(database, AUTHOR, "people", "batch:1", "two people") as made:
        ada, ben = made.add_people(["1001", "1002"]).values()
        made.record(identities, [(ada, "1001", "Ada Ali", None), (ben, "1002", "Ben Bo", "ben@site.example")])
        made.record(assignments, [(ada, "ICU", "RN", None, None, DAY, None), (ben, "ED", "RN", None, None, None, None)])
        made.record(cards, [(ada, 1, "BLS", "AHA", DAY, "2028-01", "12")])
        made.record(verifications, [(ada, 1, "confirmed", None, DAY, "kim", "page")])
        made.record(absences, [(ada, DAY, None)])
        made.record(exemptions, [(ada, "bls", DAY, DAY, "kim", "wrist")])
        made.record(bookings, [(ada, "BLS", DAY)])
        made.record(submissions, [(ada, "BLS", DAY, 1)])
        made.record(evidence, [(ada, 1, None, "0" * 64, "application/pdf", 12, "card.pdf")])
        made.record(keepings, [(ada, DAY, 1)])
        made.record(refusals, [(ada, 2, 1, "BLS", DAY, DAY, "kim", "a blurred photo", None)])
    with change(database, AUTHOR, "correction", "card:1", "misread") as made:
        made.retract(cards, [1])
        made.record(cards, [(1, 1, "BLS", "AHA", DAY, "2028-01", "13")])
    with change(database, AUTHOR, "unit") as made:
        made.record(units, [("ED", None, None, None)])


def found(connection: Connection) -> str:
    """All faults as one text; empty if there are none."""
    return " ".join(faults(connection))


def unlock(connection: Connection) -> None:
    """Takes the triggers away and looks away from references, as somebody with the keys to the database could."""
    if connection.dialect.name == "sqlite":
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        for table in (*FACTS, changes, seals):
            connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
        connection.execute(text("SET session_replication_role = replica"))


def after(database: Database, *statements: str) -> str:
    """The faults that are found after statements past the triggers; all of it is taken back."""
    with database.engine.connect().execution_options(tracker_writer=True) as connection:
        unlock(connection)
        for statement in statements:
            assert connection.execute(text(statement)).rowcount != 0, statement
        said = found(connection)
        connection.rollback()
        return said


def other(name: str, value: Any) -> str:
    """Another value for a column, as SQL."""
    if isinstance(value, int):
        return f"{value} + 100"
    if isinstance(value, date):
        return f"'{value - timedelta(days=1)}'"
    if value is None and name in {"card", "person_id"}:
        return "7"
    if value is None:
        return "'2020-02-02'" if name.endswith(("_on", "until", "_from", "effective")) else "'x'"
    return f"'{value}x'"[-66:] if len(value) < 64 else "'" + "1" * 64 + "'"


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: bytes) -> Iterator[Database]:
    """A SQLite database at the newest migration."""
    path = tmp_path_factory.mktemp("trail") / "grown.db"
    path.write_bytes(empty_sqlite)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="module")
def postgresql(server: Server) -> Iterator[Database]:
    """A PostgreSQL database at the newest migration."""
    server.create("grown", template="template")
    database = Database(server.url("grown"))
    yield database
    database.close()
    server.drop("grown")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def grown(request: pytest.FixtureRequest) -> Database:
    """A database of either kind with four entries; whatever a test does to it is taken back."""
    database: Database = request.getfixturevalue(request.param)
    grow(database)
    return database


def test_an_honest_trail_has_no_faults(grown: Database) -> None:
    """Every entry has a seal; the head is the last."""
    with grown.read() as connection:
        assert found(connection) == ""
        last = head(connection)
        assert last is not None
        assert last[0] == 4
        assert [entry.action for entry in entries(connection, 2)] == ["unit", "correction"]


@pytest.mark.parametrize("name", [each.name for each in changes.c if each.name != "seq"])
def test_an_altered_entry_is_found(grown: Database, name: str) -> None:
    """Who, when, from where, what, of what and why: each is sealed. A note cannot be put in, changed or taken away."""
    values = ["'2020-01-01 00:00:00'"] if name == "at" else ["'forged'"]
    values += ["NULL"] if name == "note" else []
    for value in values:
        assert "ntry 3 " in after(grown, f"UPDATE changes SET {name} = {value} WHERE seq = 3")
    if name == "note":
        assert "ntry 4 " in after(grown, "UPDATE changes SET note = 'forged' WHERE seq = 4")


@pytest.mark.parametrize("name", ["digest", "hash"])
def test_an_altered_seal_is_found(grown: Database, name: str) -> None:
    """Neither of its two fields can be replaced."""
    assert "ntry 2 " in after(grown, f"UPDATE seals SET {name} = '{'0' * 64}' WHERE seq = 2")


@pytest.mark.parametrize(
    ("statements", "entry"),
    [
        (["DELETE FROM seals WHERE seq = 2", "DELETE FROM changes WHERE seq = 2"], 2),
        (["DELETE FROM seals WHERE seq = 1", "DELETE FROM changes WHERE seq = 1"], 1),
        (["DELETE FROM seals WHERE seq = 3"], 3),
        (["DELETE FROM changes WHERE seq = 3"], 3),
    ],
)
def test_a_deleted_entry_is_found(grown: Database, statements: list[str], entry: int) -> None:
    """The entry that is not there is named, whether its seal went with it or not."""
    assert f"ntry {entry} " in after(grown, *statements)


def test_a_deleted_last_entry_is_found_by_its_facts(grown: Database) -> None:
    """What it recorded has no entry then."""
    said = after(grown, "DELETE FROM seals WHERE seq = 4", "DELETE FROM changes WHERE seq = 4")
    assert "units 2 has no entry" in said


def test_reordered_entries_are_found(grown: Database) -> None:
    """Two entries that change places, with their seals."""
    swap = [
        f"UPDATE {table} SET seq = {new} WHERE seq = {old}"
        for table in ("changes", "seals")
        for old, new in ((2, 99), (3, 2), (99, 3))
    ]
    said = after(grown, *swap)
    assert "ntry 2 " in said
    assert "ntry 3 " in said


def test_an_entry_put_in_is_found(grown: Database) -> None:
    """An entry that nobody sealed."""
    columns = "actor, source, action, subject, note"
    said = after(grown, f"INSERT INTO changes (seq, at, {columns}) SELECT 5, at, {columns} FROM changes WHERE seq = 4")
    assert "ntry 5 " in said


@pytest.mark.parametrize("table", FACTS, ids=lambda table: table.name)
def test_an_altered_fact_is_found_whatever_the_column(grown: Database, table: Table) -> None:
    """Each column of a fact of each kind, the empty ones too; the entry that recorded it is named."""
    with grown.read() as connection:
        row = connection.execute(table.select().order_by(table.c.id)).mappings().first()
    assert row is not None
    for name, value in row.items():
        if name not in {"recorded", "retracted"}:
            said = after(grown, f"UPDATE {table.name} SET {name} = {other(name, value)} WHERE id = {row['id']}")
            assert f"entry {row['recorded']} " in said, name


@pytest.mark.parametrize("table", FACTS, ids=lambda table: table.name)
def test_a_deleted_fact_is_found(grown: Database, table: Table) -> None:
    """The entry that recorded it is named."""
    entry = 1 if table in (units, policies, enablings, mappings, bounces, issues, grants) else 2
    assert f"entry {entry} " in after(grown, f"DELETE FROM {table.name} WHERE id = 1")


@pytest.mark.parametrize("seq", [0, 2, 4, 5, 99])
def test_an_added_fact_is_found(grown: Database, seq: int) -> None:
    """Whether it claims an entry that is there or one that is not; the entry or the fact is named."""
    for table in FACTS:
        listed = ", ".join(f'"{each.name}"' for each in table.c if each.name not in {"id", "recorded"})
        copied = f"SELECT 77, {seq}, {listed} FROM {table.name} WHERE id = 1"
        said = after(grown, f"INSERT INTO {table.name} (id, recorded, {listed}) {copied}")
        assert f"entry {seq} " in said or f"{table.name} 77" in said, table.name


@pytest.mark.parametrize(
    ("statement", "entries_named"),
    [
        ("UPDATE cards SET retracted = 4 WHERE id = 2", [4]),
        ("UPDATE cards SET retracted = NULL WHERE id = 1", [3]),
        ("UPDATE cards SET retracted = 4 WHERE id = 1", [3, 4]),
        ("UPDATE cards SET recorded = 2 WHERE id = 2", [2, 3]),
    ],
)
def test_a_retraction_that_nobody_made_is_found(grown: Database, statement: str, entries_named: list[int]) -> None:
    """Retracting, taking a retraction back, and dating either otherwise."""
    said = after(grown, statement)
    for entry in entries_named:
        assert f"entry {entry} " in said


@pytest.mark.parametrize("seq", [0, 99])
def test_a_retraction_without_an_entry_is_found(grown: Database, seq: int) -> None:
    """One that claims an entry before the first or after the last."""
    assert "cards 2" in after(grown, f"UPDATE cards SET retracted = {seq} WHERE id = 2")


def test_cards_that_change_hands_are_found(grown: Database) -> None:
    """The employee id by which people are looked up is as safe as what is recorded of them."""
    swap = [
        f"UPDATE people SET employee_id = '{new}' WHERE employee_id = '{old}'"
        for old, new in (("1001", "x"), ("1002", "1001"), ("x", "1002"))
    ]
    assert after(grown, *swap)


def refuses(database: Database, statement: str) -> bool:
    """Whether a trigger refuses a statement."""
    with database.engine.connect().execution_options(tracker_writer=True) as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            return "only added to" in str(error.orig)
        finally:
            connection.rollback()
    return False


@pytest.mark.parametrize("table", [*FACTS, changes, seals], ids=lambda table: table.name)
def test_the_database_itself_refuses_to_change_or_delete(grown: Database, table: Table) -> None:
    """An UPDATE of any column, but for the first retraction, and every DELETE."""
    for each in table.c:
        if each.name != "retracted":
            assert refuses(grown, f'UPDATE {table.name} SET "{each.name}" = "{each.name}"'), each.name
    assert refuses(grown, f"DELETE FROM {table.name}")


def test_the_database_lets_a_fact_be_retracted_once(grown: Database) -> None:
    """Not twice, and not back."""
    assert not refuses(grown, "UPDATE cards SET retracted = 4 WHERE id = 2")
    assert refuses(grown, "UPDATE cards SET retracted = 4 WHERE id = 1")
    assert refuses(grown, "UPDATE cards SET retracted = NULL WHERE id = 1")


def test_the_database_refuses_to_replace_or_empty(grown: Database) -> None:
    """The side doors past triggers on UPDATE and DELETE: REPLACE on SQLite, TRUNCATE on PostgreSQL."""
    for name in (table.name for table in (*FACTS, changes, seals)):
        door = f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}" if grown.is_sqlite else f"TRUNCATE {name} CASCADE"
        assert refuses(grown, door), name


def test_a_fact_is_not_retracted_twice(grown: Database) -> None:
    """The second attempt is refused, and nothing of the change that tried is kept."""

    def again() -> None:
        with change(grown, AUTHOR, "again") as made:
            made.record(units, [("PICU", None, None, None)])
            made.retract(cards, [1])

    with pytest.raises(NotPossible, match="changed meanwhile"):
        again()
    with grown.read() as connection:
        assert entries(connection)[0].seq == 4
        assert connection.execute(units.select().where(column("name") == "PICU")).first() is None


def test_a_change_that_records_nothing_leaves_no_entry(grown: Database) -> None:
    """Nor does a dry run, which gives the numbers back."""
    with change(grown, AUTHOR, "nothing"):
        pass
    with change(grown, AUTHOR, "dry", dry_run=True) as made:
        made.record(units, [("PICU", None, None, None)])
    with grown.read() as connection:
        assert entries(connection)[0].seq == 4
        assert found(connection) == ""


def test_a_clock_that_goes_backwards(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instants keep the order of the entries, so that what was known at an instant stays what it was."""
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    for moved in (timedelta(0), timedelta(hours=-1), timedelta(minutes=1)):
        monkeypatch.setattr(clock, "now", lambda moved=moved: noon + moved)
        with change(database, AUTHOR, "unit") as made:
            made.record(units, [(f"Unit {moved}", None, None, None)])
    with database.read() as connection:
        assert [entry.at for entry in reversed(entries(connection))] == [noon, noon, noon + timedelta(minutes=1)]
        assert [change_at(connection, noon + timedelta(seconds=each)) for each in (-1, 0, 59, 60)] == [0, 2, 2, 3]
        assert found(connection) == ""


def test_the_trail_is_the_same_on_every_engine(
    tmp_path: Path, empty_sqlite: bytes, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same history has the same seals on SQLite and PostgreSQL, if chance says the same."""
    monkeypatch.setattr("tracker.db.sealing.new_salt", lambda: "0" * 32)
    monkeypatch.setattr("tracker.db.change.new_salt", lambda: "0" * 32)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 2, 12, tzinfo=UTC))
    (tmp_path / "same.db").write_bytes(empty_sqlite)
    server.create("same", template="template")
    heads = set()
    for url in (f"sqlite:///{tmp_path / 'same.db'}", server.url("same")):
        database = Database(url)
        grow(database)
        with database.read() as connection:
            heads.add(head(connection))
        database.close()
    assert len(heads) == 1


def test_what_was_cut_off_with_its_facts_shows_by_a_head_kept_elsewhere(grown: Database) -> None:
    """Nothing in the database tells of it then; whoever kept the head knows, and knows a trail written anew."""
    with grown.engine.connect().execution_options(tracker_writer=True) as connection:
        kept = head_of(connection)
        unlock(connection)
        assert against_head(connection, kept) is None
        for statement in (
            "DELETE FROM units WHERE recorded = 4",
            "DELETE FROM seals WHERE seq = 4",
            "DELETE FROM changes WHERE seq = 4",
        ):
            connection.execute(text(statement))
        assert found(connection) == ""
        assert against_head(connection, kept) == "Entry 4 does not have the seal that was noted."
        connection.execute(text(f"UPDATE seals SET hash = '{'1' * 64}' WHERE seq = 1"))
        assert "written anew" in (against_head(connection, kept) or "")
        connection.rollback()


def test_an_entry_about_several_people_is_about_each_of_them(database: Database) -> None:
    """By whole numbers, first, last and between."""
    for subject in ("people:1,15,7", "people:115", "people:5", "batch:1"):
        with change(database, AUTHOR, "survey", subject) as made:
            made.note_look()
    with database.read() as connection:
        found = {number: [one.seq for one in entries_about(connection, [number])] for number in (1, 15, 7, 5, 11)}
        assert found == {1: [1], 15: [1], 7: [1], 5: [3], 11: []}
        assert [one.seq for one in entries_about(connection, [7, 5])] == [1, 3]
