"""Who may sign in, and what each may see and do.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("failures", "sign_ins", "invitations", "grants", "accounts")


def upgrade() -> None:
    """Adds the tables; grants are facts, which are only added to."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )
    _grants()
    op.create_table(
        "invitations",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_invitations"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_invitations_account_id"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sign_ins"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_sign_ins_account_id"),
    )
    op.create_index("ix_sign_ins_account_id", "sign_ins", ["account_id"])
    op.create_table(
        "failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
    )
    op.create_index("ix_failures_whom_at", "failures", ["whom", "at"])


def downgrade() -> None:
    """Removes the tables; the seals of the entries that recorded grants cannot be proved any more."""
    for table in TABLES:
        op.drop_table(table)


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("until", sa.Date()),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name="fk_grants_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name="fk_grants_retracted"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    once = sa.text("retracted IS NOT NULL")
    op.create_index("ix_grants_retracted", "grants", ["retracted"], sqlite_where=once, postgresql_where=once)
    for column in ("recorded", "account_id", "person_id"):
        op.create_index(f"ix_grants_{column}", "grants", [column])
    _refuse("never_changed", "UPDATE OF id, account_id, role, units, person_id, until, recorded")
    _refuse("retracted_once", "UPDATE OF retracted", "WHEN (OLD.retracted IS NOT NULL)")
    _refuse_unless_removed()
    if _is_postgresql():
        op.execute(
            "CREATE TRIGGER grants_never_emptied BEFORE TRUNCATE ON grants "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
        )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse_unless_removed() -> None:
    body = "EXECUTE FUNCTION refuse_unless_removed()"
    if not _is_postgresql():
        body = (
            "BEGIN SELECT RAISE(ABORT, 'grants is only added to') "
            "WHERE NOT EXISTS (SELECT 1 FROM removals WHERE kind = 'grants' AND fact = OLD.id); END"
        )
    op.execute(f"CREATE TRIGGER grants_never_deleted BEFORE DELETE ON grants FOR EACH ROW {body}")


def _refuse(name: str, what: str, when: str = "") -> None:
    """Makes the database itself refuse to change what is only added to."""
    body = "EXECUTE FUNCTION refuse_to_forget()"
    if not _is_postgresql():
        body = "BEGIN SELECT RAISE(ABORT, 'grants is only added to'); END"
    op.execute(f"CREATE TRIGGER grants_{name} BEFORE {what} ON grants FOR EACH ROW {when} {body}")
