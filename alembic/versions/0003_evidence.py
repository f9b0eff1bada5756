"""Evidence: the files that show a card.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is known of the files; the files themselves lie in the data folder."""
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("card", sa.Integer()),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_evidence_person_id"),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name="fk_evidence_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name="fk_evidence_retracted"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    for column in ("person_id", "sha256", "recorded"):
        op.create_index(f"ix_evidence_{column}", "evidence", [column])
    is_retracted = sa.text("retracted IS NOT NULL")
    op.create_index(
        "ix_evidence_retracted", "evidence", ["retracted"], sqlite_where=is_retracted, postgresql_where=is_retracted
    )
    _only_added_to("evidence")


def downgrade() -> None:
    """Removes it again."""
    op.drop_table("evidence")


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
