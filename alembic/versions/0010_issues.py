"""Reports that were issued: what each was asked, and the hashes by which a copy of it is proved.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table, which is only added to like all facts."""
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data_sha256", sa.String(64), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name="fk_issues_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name="fk_issues_retracted"),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
    )
    once = sa.text("retracted IS NOT NULL")
    op.create_index("ix_issues_retracted", "issues", ["retracted"], sqlite_where=once, postgresql_where=once)
    for column in ("recorded", "sha256"):
        op.create_index(f"ix_issues_{column}", "issues", [column])
    fixed = "id, kind, form, as_of, parameters, sha256, size, data_sha256, recorded"
    _refuse("never_changed", f"UPDATE OF {fixed}")
    _refuse("retracted_once", "UPDATE OF retracted", "WHEN (OLD.retracted IS NOT NULL)")
    _refuse_unless_removed()
    if _is_postgresql():
        op.execute(
            "CREATE TRIGGER issues_never_emptied BEFORE TRUNCATE ON issues "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
        )


def downgrade() -> None:
    """Removes the table; the seals of the entries that recorded in it cannot be proved any more."""
    op.drop_table("issues")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse_unless_removed() -> None:
    body = "EXECUTE FUNCTION refuse_unless_removed()"
    if not _is_postgresql():
        body = (
            "BEGIN SELECT RAISE(ABORT, 'issues is only added to') "
            "WHERE NOT EXISTS (SELECT 1 FROM removals WHERE kind = 'issues' AND fact = OLD.id); END"
        )
    op.execute(f"CREATE TRIGGER issues_never_deleted BEFORE DELETE ON issues FOR EACH ROW {body}")


def _refuse(name: str, what: str, when: str = "") -> None:
    """Makes the database itself refuse to change what is only added to."""
    body = "EXECUTE FUNCTION refuse_to_forget()"
    if not _is_postgresql():
        body = "BEGIN SELECT RAISE(ABORT, 'issues is only added to'); END"
    op.execute(f"CREATE TRIGGER issues_{name} BEFORE {what} ON issues FOR EACH ROW {when} {body}")
