"""Refusals: cards that were handed in and not accepted.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = "refusals"


def upgrade() -> None:
    """Adds what was refused, why, and what is to be sent instead."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("refused_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text()),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_refusals_person_id"),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name="fk_refusals_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name="fk_refusals_retracted"),
        sa.PrimaryKeyConstraint("id", name="pk_refusals"),
    )
    for column in ("person_id", "recorded"):
        op.create_index(f"ix_refusals_{column}", TABLE, [column])
    is_retracted = sa.text("retracted IS NOT NULL")
    op.create_index(
        "ix_refusals_retracted", TABLE, ["retracted"], sqlite_where=is_retracted, postgresql_where=is_retracted
    )
    _only_added_to(TABLE)


def downgrade() -> None:
    """Removes it again."""
    op.drop_table(TABLE)


def _only_added_to(table: str) -> None:
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    fixed = ", ".join(f'"{name}"' for name in columns if name != "retracted")
    _refuse(table, "never_changed", f"UPDATE OF {fixed}")
    _refuse(table, "retracted_once", "UPDATE OF retracted", "WHEN (OLD.retracted IS NOT NULL)")
    _refuse(table, "never_deleted", "DELETE")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
        )


def _refuse(table: str, name: str, what: str, when: str = "") -> None:
    """Makes the database itself refuse to change or delete what is only added to."""
    if op.get_bind().dialect.name == "postgresql":
        body = "EXECUTE FUNCTION refuse_to_forget()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} FOR EACH ROW {when} {body}")
