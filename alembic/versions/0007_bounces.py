"""Addresses from which mail comes back, and an index for the mails that failed.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds them."""
    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.Text()),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_bounces_mail_id"),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name="fk_bounces_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name="fk_bounces_retracted"),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
    )
    op.create_index("ix_bounces_recorded", "bounces", ["recorded"])
    is_retracted = sa.text("retracted IS NOT NULL")
    op.create_index(
        "ix_bounces_retracted", "bounces", ["retracted"], sqlite_where=is_retracted, postgresql_where=is_retracted
    )
    _only_added_to("bounces")
    has_failed = sa.text("state = 'failed'")
    op.create_index("ix_mails_failed", "mails", ["kind"], sqlite_where=has_failed, postgresql_where=has_failed)


def downgrade() -> None:
    """Removes them again."""
    op.drop_index("ix_mails_failed", "mails")
    op.drop_table("bounces")


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
