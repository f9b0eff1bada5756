"""What is removed is gone for good and noted; the trail holds, and whatever else is done to it is still found."""

import random
from datetime import date
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Table, func, select, text

from db.test_trail import AUTHOR, found, grow, refuses, unlock
from tracker.db import sealing
from tracker.db.change import Change, change
from tracker.db.connect import Database
from tracker.db.evidence import next_item
from tracker.db.forgetting import forget
from tracker.db.migrate import HEAD, config
from tracker.db.sealed_tables import blocks, removals, resealings, salts
from tracker.db.tables import FACTS, bookings, cards, changes, evidence, identities, seals, units
from tracker.db.trail import entries
from tracker.domain.errors import NotPossible

DAY = date(2026, 1, 2)


def remove(database: Database, gone: dict[Table, list[int]], notes: list[int] | None = None) -> int:
    """Removes facts and notes in a change of their own; returns its number."""
    with change(database, AUTHOR, "remove") as made:
        forget(made, gone, notes or [])
        return made.seq


def faults_of(database: Database) -> str:
    """Everything that does not fit."""
    with database.read() as connection:
        return found(connection)


def count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)


def booked(database: Database, *sizes: int) -> None:
    """So many changes that each recorded so many facts of one person."""
    with change(database, AUTHOR, "people") as made:
        (ada,) = made.add_people(["1001"]).values()
        made.record(identities, [(ada, "1001", "Ada Ali", None)])
    for size in sizes:
        with change(database, AUTHOR, "bookings") as made:
            for _ in range(size):
                made.record(bookings, [(ada, "BLS", DAY)])


# Whose name is removed needs another row in `people`; that is for `person erase` to see to.
@pytest.mark.parametrize("table", [one for one in FACTS if one is not identities], ids=lambda table: table.name)
def test_a_fact_of_any_kind_can_be_removed_in_the_one_way_only(database: Database, table: Table) -> None:
    """Noted first, it goes, and the trail holds; what is not noted stays, whoever asks."""
    grow(database)
    with database.read() as connection:
        ids = sorted(connection.execute(select(table.c.id)).scalars())
    by = remove(database, {table: ids[:1]})
    with database.read() as connection:
        assert sorted(connection.execute(select(table.c.id)).scalars()) == ids[1:]
        row = connection.execute(select(removals)).one()
        assert (row.kind, row.fact, row.recorded) == (table.name, ids[0], by)
    assert faults_of(database) == ""
    if ids[1:]:
        assert refuses(database, f"DELETE FROM {table.name}")


def test_what_notes_removals_is_only_added_to(database: Database) -> None:
    """Nor can it be emptied, or replaced."""
    grow(database)
    remove(database, {cards: [2]}, [3])
    for table in (removals, resealings, blocks):
        for each in table.c:
            if each.name != "retracted":
                assert refuses(database, f'UPDATE {table.name} SET "{each.name}" = "{each.name}"'), each
        assert refuses(database, f"DELETE FROM {table.name}")
        door = f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name}"
        assert refuses(database, door if database.is_sqlite else f"TRUNCATE {table.name} CASCADE")


def test_a_note_is_forgotten_and_its_entry_holds(database: Database) -> None:
    """The database lets go of a note that is noted as forgotten, and of no other."""
    grow(database)
    remove(database, {}, [3])
    with database.read() as connection:
        notes = {entry.seq: entry.note for entry in entries(connection)}
    assert (notes[2], notes[3]) == ("two people", None)
    assert faults_of(database) == ""
    assert refuses(database, "UPDATE changes SET note = NULL WHERE seq = 2")
    assert refuses(database, "UPDATE changes SET note = 'other' WHERE seq = 3")


def test_the_salt_goes_so_that_nobody_can_try_out_what_it_was(database: Database) -> None:
    """Before, the digest of a block can be made from its fact and salt; afterwards the salt is nowhere."""
    grow(database)
    with database.read() as connection:
        block = connection.execute(select(blocks).where(blocks.c.kind == "cards", blocks.c.seq == 2)).one()
        query = select(salts.c.salt).where(salts.c.kind == "cards", salts.c.first == block.first)
        salt = connection.execute(query).scalar_one()
    remove(database, {cards: [1]}, [3])
    with database.read() as connection:
        left = set(connection.execute(select(salts.c.salt)).scalars())
        assert salt not in left
        assert not connection.execute(select(salts).where(salts.c.kind == "changes", salts.c.first == 3)).all()
        assert len(left) == count(connection, salts), "each salt is used once"
        assert {len(each) for each in left} == {len(sealing.new_salt())}


def test_numbers_of_what_was_removed_are_not_given_again(database: Database) -> None:
    """The trail goes on naming them: neither a fact's nor a piece of evidence's."""
    grow(database)
    remove(database, {units: [2], evidence: [1]})
    with change(database, AUTHOR, "unit") as made:
        assert list(made.record(units, [("PICU", None, None, None)])) == [3]
        assert next_item(made.connection) == 2
    assert faults_of(database) == ""


def test_an_alteration_cannot_hide_behind_a_removal(database: Database) -> None:
    """Whoever altered a fact, added or deleted one, or a note: removing one beside it is refused, nothing is done."""
    booked(database, 3)
    statements = ("UPDATE bookings SET type = 'ACLS' WHERE id = 2", "DELETE FROM bookings WHERE id = 2")
    for statement in statements:
        with database.engine.connect().execution_options(tracker_writer=True) as connection:
            unlock(connection)
            connection.execute(text(statement))
            made = _made(connection)
            with pytest.raises(NotPossible, match="audit verify"):
                forget(made, {bookings: [1]})
            connection.rollback()
    with database.engine.connect().execution_options(tracker_writer=True) as connection:
        unlock(connection)
        connection.execute(text("UPDATE changes SET note = 'other' WHERE seq = 1"))
        with pytest.raises(NotPossible, match="audit verify"):
            forget(_made(connection), {}, [1])
        connection.rollback()


def _made(connection: Connection) -> Any:
    return Change(connection, AUTHOR, "remove", "", None)


TAMPERED = [
    "DELETE FROM removals WHERE id = 1",
    "DELETE FROM resealings WHERE id = 1",
    "UPDATE removals SET fact = fact + 1 WHERE id = 1",
    "UPDATE removals SET brought = 1 WHERE id = 1",
    "UPDATE removals SET ended = NULL WHERE id = 1",
    "UPDATE removals SET kind = 'units' WHERE id = 1",
    "UPDATE resealings SET count = count + 1 WHERE id = 1",
    "UPDATE resealings SET digest = '" + "0" * 64 + "' WHERE id = 1",
    "UPDATE resealings SET first = first + 1 WHERE id = 1",
    "DELETE FROM salts WHERE kind = 'cards'",
    "UPDATE salts SET salt = 'x' WHERE kind = 'identities'",
    "DELETE FROM blocks WHERE kind = 'cards'",
    "UPDATE blocks SET last = last + 1 WHERE kind = 'bookings'",
    "UPDATE blocks SET seq = 1 WHERE kind = 'bookings'",
    "UPDATE blocks SET count = 2 WHERE kind = 'bookings'",
    "UPDATE blocks SET digest = '" + "0" * 64 + "' WHERE kind = 'bookings'",
    "DELETE FROM cards WHERE id = 2",
    "UPDATE cards SET number = '14' WHERE id = 2",
    "UPDATE bookings SET type = 'ACLS'",
    "UPDATE changes SET note = 'put back' WHERE seq = 3",
    "INSERT INTO cards (id, person_id, card, type, recorded, retracted) VALUES (1, 1, 1, 'BLS', 2, 3)",
    "INSERT INTO removals (id, kind, fact, brought, recorded) VALUES (9, 'cards', 2, 3, 5)",
    f"INSERT INTO resealings (id, kind, first, count, digest, recorded) VALUES (9, 'units', 1, 1, '{'0' * 64}', 5)",
]


@pytest.mark.parametrize("statement", TAMPERED)
def test_whatever_is_done_after_a_removal_is_found(database: Database, statement: str) -> None:
    """To the removal, to what it left, to the digests: an entry, or what should be gone, is named."""
    grow(database)
    remove(database, {cards: [1]}, [3])
    assert faults_of(database) == ""
    with database.engine.connect().execution_options(tracker_writer=True) as connection:
        unlock(connection)
        for table in (blocks, removals, resealings):
            if not database.is_sqlite:
                connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
        assert connection.execute(text(statement)).rowcount != 0
        assert "entry" in found(connection).lower()
        connection.rollback()


@pytest.mark.parametrize("seed", range(8))
def test_any_removals_leave_a_trail_that_holds_and_still_finds(database: Database, seed: int) -> None:
    """Random facts of random changes, in several rounds; then one fact that is left is altered, and its entry named."""
    chosen = random.Random(seed)
    sizes = chosen.choices([1, 2, 255, 256, 257, 600], k=chosen.randint(1, 3))
    chance = chosen.choice([0.01, 0.5, 1])
    booked(database, *sizes)
    left = list(range(1, sum(sizes) + 1))
    for _ in range(chosen.randint(1, 3)):
        gone = [number for number in left if chosen.random() < chance]
        left = sorted(set(left) - set(gone))
        remove(database, {bookings: gone})
        assert faults_of(database) == ""
    for number in chosen.sample(left, min(len(left), 3)):
        with database.engine.connect().execution_options(tracker_writer=True) as connection:
            unlock(connection)
            entry = connection.execute(select(bookings.c.recorded).where(bookings.c.id == number)).scalar()
            connection.execute(text(f"UPDATE bookings SET type = 'ACLS' WHERE id = {number}"))
            assert found(connection) == f"Facts of entry {entry} were changed, added or removed."
            connection.rollback()


def test_a_removal_reads_its_blocks_and_no_more(database: Database) -> None:
    """Of thousands of facts, a removal of one rereads a few hundred."""
    booked(database, 1)
    with change(database, AUTHOR, "bookings") as made:
        made.record(bookings, [(1, "BLS", DAY)] * 5_000)
    read: list[int] = []
    real = sealing.canonical

    def counted(rows: list[Any]) -> bytes:
        read.append(len(rows))
        return real(rows)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealing, "canonical", counted)
        remove(database, {bookings: [2_500]})
    assert sum(read) < 4 * sealing.TOGETHER
    assert faults_of(database) == ""


def test_entries_from_before_there_were_salts_hold_and_can_be_removed_from(database: Database) -> None:
    """A database of an older version is brought up to date with its seals as they were."""
    with pytest.MonkeyPatch.context() as patched:
        # As the older version sealed: one block for each kind, however many facts; no salt.
        patched.setattr(sealing, "TOGETHER", 10**9)
        patched.setattr(sealing, "new_salt", lambda: "")
        grow_as_before(database)
    with database.write() as connection:
        command.downgrade(config(connection), "0008")
        command.upgrade(config(connection), HEAD)
    assert faults_of(database) == ""
    remove(database, {cards: [1]}, [2])
    assert faults_of(database) == ""
    with database.engine.connect().execution_options(tracker_writer=True) as connection:
        unlock(connection)
        connection.execute(text("UPDATE cards SET number = '14' WHERE id = 2"))
        assert "entry 2 " in found(connection)
        connection.rollback()


def grow_as_before(database: Database) -> None:
    """Entries as the older version made them: the salt of a note was the seal before."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tracker.db.change.Change._noted", _noted_as_before)
        with change(database, AUTHOR, "units") as made:
            made.record(units, [("ICU", None, None, None)])
        with change(database, AUTHOR, "people", "", "a note") as made:
            (ada,) = made.add_people(["1001"]).values()
            made.record(identities, [(ada, "1001", "Ada Ali", None)])
            made.record(cards, [(ada, number, "BLS", None, DAY, None, str(number)) for number in (1, 2, 3)])
        with change(database, AUTHOR, "correction") as made:
            made.retract(cards, [2])


def _noted_as_before(made: Any, note: str | None) -> str | None:
    query = select(seals.c.hash).where(seals.c.seq == made.seq - 1)
    return sealing.noted_of(made.connection.execute(query).scalar() or "", note)


def test_changes_is_no_table_of_facts() -> None:
    """A note stands among the removals under that name, which no table of facts has."""
    assert changes.name not in {table.name for table in FACTS}
