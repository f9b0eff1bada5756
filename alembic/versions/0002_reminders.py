"""Bookings and submissions; the mails that are owed, what they say, and when to look again.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACTS = ("bookings", "submissions", "enablings")
STILL_TO_DO = sa.text("state IN ('queued', 'sending')")


def upgrade() -> None:
    """Adds what reminders need."""
    _fact("bookings", sa.Column("type", sa.Text(), nullable=False), sa.Column("class_on", sa.Date(), nullable=False))
    _fact(
        "submissions", sa.Column("type", sa.Text(), nullable=False), sa.Column("received_on", sa.Date(), nullable=False)
    )
    _fact(
        "enablings",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bound_to", sa.String(64), nullable=False),
        of_person=False,
    )
    for table in FACTS:
        _only_added_to(table)
    op.create_index("ix_assignments_manager_email", "assignments", ["manager_email"])
    _mails()
    _notices()
    _planning()


def downgrade() -> None:
    """Removes it again."""
    for table in ("agenda", "runs", "notices", "mails", *reversed(FACTS)):
        op.drop_table(table)
    op.drop_index("ix_assignments_manager_email", "assignments")


def _fact(name: str, *columns: sa.Column, of_person: bool = True) -> None:
    person = [sa.Column("person_id", sa.Integer(), nullable=False)] if of_person else []
    keys = [sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=f"fk_{name}_person_id")] if of_person else []
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *person,
        *columns,
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        *keys,
        sa.ForeignKeyConstraint(["recorded"], ["changes.seq"], name=f"fk_{name}_recorded"),
        sa.ForeignKeyConstraint(["retracted"], ["changes.seq"], name=f"fk_{name}_retracted"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    if of_person:
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])
    op.create_index(f"ix_{name}_recorded", name, ["recorded"])
    is_retracted = sa.text("retracted IS NOT NULL")
    op.create_index(
        f"ix_{name}_retracted", name, ["retracted"], sqlite_where=is_retracted, postgresql_where=is_retracted
    )


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


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.UniqueConstraint("message_id", name="uq_mails_message_id"),
    )
    op.create_index(
        "ix_mails_still_to_do", "mails", ["try_after"], sqlite_where=STILL_TO_DO, postgresql_where=STILL_TO_DO
    )
    op.create_index(
        "uq_mails_kind_addressee",
        "mails",
        ["kind", "addressee"],
        unique=True,
        sqlite_where=STILL_TO_DO,
        postgresql_where=STILL_TO_DO,
    )
    op.create_index("ix_mails_address_kind", "mails", ["address", "kind"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("mail_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("requirements", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("first_day", sa.Date()),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_notices_mail_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_notices_person_id"),
        sa.PrimaryKeyConstraint("mail_id", "place", name="pk_notices"),
    )
    op.create_index("ix_notices_person_id", "notices", ["person_id"])


def _planning() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_day", "runs", ["day"])
    op.create_table(
        "agenda",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_agenda_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_agenda"),
    )
    op.create_index("ix_agenda_next_on", "agenda", ["next_on"])
