"""Mappings: what was confirmed of the columns of files with certain headers.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is remembered of files' columns."""
    op.create_table(
        "mappings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("headers", sa.String(64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name="fk_mappings_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name="fk_mappings_retracted"),
        sa.PrimaryKeyConstraint("id", name="pk_mappings"),
    )
    for column in ("headers", "recorded"):
        op.create_index(f"ix_mappings_{column}", "mappings", [column])
    is_retracted = sa.text("retracted IS NOT NULL")
    op.create_index(
        "ix_mappings_retracted", "mappings", ["retracted"], sqlite_where=is_retracted, postgresql_where=is_retracted
    )
    _only_added_to("mappings")


def downgrade() -> None:
    """Removes it again."""
    op.drop_table("mappings")


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
