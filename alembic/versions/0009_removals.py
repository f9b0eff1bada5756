"""Facts may be removed for good, in one way only; seals cover salted blocks; the trail is found by who and what.

Revision ID: 0009
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = (
    "identities assignments cards verifications absences exemptions bookings submissions evidence refusals "
    "units policies enablings mappings bounces"
).split()
NEW_FACTS = ("keepings", "removals", "resealings")
FOUND_BY = ("actor", "source", "action", "subject")


def upgrade() -> None:
    """Adds what removing rests on, and lets the tables of facts go of what is noted as removed."""
    _blocks()
    _new_facts()
    for column in FOUND_BY:
        op.create_index(f"ix_changes_{column}_seq", "changes", [column, "seq"])
    op.create_index("ix_changes_at_seq", "changes", ["at", "seq"])
    _block_what_is_sealed()
    if _is_postgresql():
        _functions()
    for table in (*BEFORE, "keepings"):
        if table in BEFORE:
            _drop(table, "never_deleted")
        _refuse_unless_removed(table)
    for table in ("blocks", "removals", "resealings"):
        _refuse(table, "never_deleted", "DELETE")
    _refuse("blocks", "never_changed", "UPDATE")
    _never_emptied("blocks")
    _drop("changes", "never_changed")
    _refuse("changes", "never_changed", "UPDATE OF seq, at, actor, source, action, subject")
    _refuse_unless_forgotten()


def downgrade() -> None:
    """Removes them again; what was removed stays so, and the seals of later entries cannot be proved."""
    for name in ("never_changed", "note_forgotten"):
        _drop("changes", name)
    _refuse("changes", "never_changed", "UPDATE")
    for table in BEFORE:
        _drop(table, "never_deleted")
        _refuse(table, "never_deleted", "DELETE")
    for column in (*FOUND_BY, "at"):
        op.drop_index(f"ix_changes_{column}_seq", "changes")
    for table in (*NEW_FACTS, "salts", "blocks"):
        op.drop_table(table)
    if _is_postgresql():
        for function in ("refuse_unless_removed()", "refuse_unless_forgotten()"):
            op.execute(f"DROP FUNCTION {function}")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name="fk_blocks_seq"),
        sa.PrimaryKeyConstraint("kind", "first", name="pk_blocks"),
    )
    op.create_table(
        "salts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "first", "version", name="pk_salts"),
    )


def _new_facts() -> None:
    _fact(
        "keepings",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kept_from", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_keepings_person_id"),
    )
    op.create_index("ix_keepings_person_id", "keepings", ["person_id"])
    _fact(
        "removals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("brought", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer()),
    )
    op.create_index("uq_removals_kind_fact", "removals", ["kind", "fact"], unique=True)
    op.create_index("ix_removals_ended", "removals", ["ended"])
    _fact(
        "resealings",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_resealings_kind_first", "resealings", ["kind", "first"])


def _fact(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name=f"fk_{name}_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name=f"fk_{name}_retracted"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_recorded", name, ["recorded"])
    once = sa.text("retracted IS NOT NULL")
    op.create_index(f"ix_{name}_retracted", name, ["retracted"], sqlite_where=once, postgresql_where=once)
    fixed = ", ".join(
        f'"{column["name"]}"' for column in sa.inspect(op.get_bind()).get_columns(name) if column["name"] != "retracted"
    )
    _refuse(name, "never_changed", f"UPDATE OF {fixed}")
    _refuse(name, "retracted_once", "UPDATE OF retracted", "WHEN (OLD.retracted IS NOT NULL)")
    _never_emptied(name)


def _block_what_is_sealed() -> None:
    """Entries sealed so far have one block for each kind of fact, without a salt: their digests were made so."""
    for table in (*BEFORE, "batches"):
        for values in list(_blocks_of(table)):
            op.execute(
                sa.text(
                    "INSERT INTO blocks (kind, first, last, seq, count, digest) "
                    "VALUES (:kind, :first, :last, :seq, :count, :digest)"
                ).bindparams(kind=table, **values)
            )


def _blocks_of(table: str) -> Iterator[dict[str, Any]]:
    connection = op.get_bind()
    left_out = ("retracted", "undone")
    columns = [one["name"] for one in sa.inspect(connection).get_columns(table) if one["name"] not in left_out]
    by = "seq" if table == "batches" else "recorded"
    listed = ", ".join(f'"{name}"' for name in columns)
    query = sa.text(f"SELECT {listed} FROM {table} ORDER BY {by}, id")  # noqa: S608 names are ours
    number = columns.index(by)
    for seq, rows in groupby(connection.execute(query), key=lambda row: row[number]):
        found, ids = sha256(), list[int]()
        for row in rows:
            found.update(orjson.dumps([tuple(row)])[1:-1] + b",")
            ids.append(row[0])
        yield {"first": ids[0], "last": ids[-1], "seq": seq, "count": len(ids), "digest": found.hexdigest()}


def _functions() -> None:
    op.execute(
        "CREATE FUNCTION refuse_unless_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM removals WHERE kind = TG_TABLE_NAME AND fact = OLD.id) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_unless_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.note IS NULL AND EXISTS (SELECT 1 FROM removals WHERE kind = 'changes' AND fact = OLD.seq) "
        "THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
    )


def _refuse_unless_removed(table: str) -> None:
    body = "EXECUTE FUNCTION refuse_unless_removed()"
    if not _is_postgresql():
        body = (
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to') "  # noqa: S608 names are ours
            f"WHERE NOT EXISTS (SELECT 1 FROM removals WHERE kind = '{table}' AND fact = OLD.id); END"
        )
    op.execute(f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} FOR EACH ROW {body}")


def _refuse_unless_forgotten() -> None:
    body = "EXECUTE FUNCTION refuse_unless_forgotten()"
    if not _is_postgresql():
        body = (
            "BEGIN SELECT RAISE(ABORT, 'changes is only added to') WHERE NEW.note IS NOT NULL "
            "OR NOT EXISTS (SELECT 1 FROM removals WHERE kind = 'changes' AND fact = OLD.seq); END"
        )
    op.execute(f"CREATE TRIGGER changes_note_forgotten BEFORE UPDATE OF note ON changes FOR EACH ROW {body}")


def _never_emptied(table: str) -> None:
    if _is_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
        )


def _refuse(table: str, name: str, what: str, when: str = "") -> None:
    """Makes the database itself refuse to change or delete what is only added to."""
    body = "EXECUTE FUNCTION refuse_to_forget()"
    if not _is_postgresql():
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} FOR EACH ROW {when} {body}")


def _drop(table: str, name: str) -> None:
    op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if _is_postgresql() else ""))
