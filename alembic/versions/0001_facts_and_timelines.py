"""Facts that are never overwritten, the trail of their changes, and the timelines that follow from them.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PEOPLE_FACTS = ("identities", "assignments", "cards", "verifications", "absences", "exemptions")
FACTS = (*PEOPLE_FACTS, "units", "policies")


def upgrade() -> None:
    """Sets up an empty database."""
    _trail()
    _people()
    _site()
    _derived()
    for table in ("changes", "seals"):
        _refuse(table, "never_changed", "UPDATE")
        _refuse(table, "never_deleted", "DELETE")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("changes", "seals", *FACTS):
            op.execute(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
            )
    for table in FACTS:
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        fixed = ", ".join(f'"{name}"' for name in columns if name != "retracted")
        _refuse(table, "never_changed", f"UPDATE OF {fixed}")
        _refuse(table, "retracted_once", "UPDATE OF retracted", "WHEN (OLD.retracted IS NOT NULL)")
        _refuse(table, "never_deleted", "DELETE")


def downgrade() -> None:
    """Removes everything."""
    for table in ("batches", "segments", "generations", *reversed(FACTS), "people", "seals", "changes"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_forget()")


def _trail() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
    )
    op.create_table(
        "seals",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name="fk_seals_seq"),
        sa.PrimaryKeyConstraint("seq", name="pk_seals"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
        )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("employee_id", sa.Text(), nullable=False),
        sa.Column("touched", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("employee_id", name="uq_people_employee_id"),
    )
    op.create_index("ix_people_touched", "people", ["touched"])
    _fact(
        "identities",
        sa.Column("employee_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("email", sa.Text()),
    )
    _fact(
        "assignments",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("employment_type", sa.Text()),
        sa.Column("manager_email", sa.Text()),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
    )
    op.create_index("ix_assignments_unit", "assignments", ["unit"])
    _fact(
        "cards",
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text()),
        sa.Column("issued_on", sa.Date()),
        sa.Column("stated", sa.String(10)),
        sa.Column("number", sa.Text()),
    )
    _fact(
        "verifications",
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("revoked_from", sa.Date()),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
    )
    _fact("absences", sa.Column("starts_on", sa.Date(), nullable=False), sa.Column("until", sa.Date()))
    _fact(
        "exemptions",
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("approver", sa.Text()),
        sa.Column("reason", sa.Text()),
    )


def _site() -> None:
    _fact(
        "units",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facility", sa.Text()),
        sa.Column("managers", sa.Text()),
        sa.Column("director", sa.Text()),
        of_person=False,
    )
    op.create_index("ix_units_name", "units", ["name"])
    _fact(
        "policies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("effective", sa.Date()),
        sa.Column("text", sa.Text(), nullable=False),
        of_person=False,
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("undone", sa.Integer()),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name="fk_batches_seq"),
        sa.ForeignKeyConstraint(["undone"], ["changes.seq"], name="fk_batches_undone"),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.UniqueConstraint("seq", name="uq_batches_seq"),
    )


def _derived() -> None:
    op.create_table(
        "generations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("engine", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_generations"),
    )
    op.create_table(
        "segments",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assignment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("ends_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_id", "generation", "assignment_id", "requirement", "first_day", name="pk_segments"
        ),
        sqlite_with_rowid=False,
    )


def _fact(name: str, *columns: sa.Column[object], of_person: bool = True) -> None:
    person = [sa.Column("person_id", sa.Integer(), nullable=False)] if of_person else []
    references = [("recorded", "changes.seq"), ("retracted", "changes.seq")]
    if of_person:
        references.append(("person_id", "people.id"))
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *person,
        *columns,
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer()),
        *(sa.ForeignKeyConstraint([here], [there], name=f"fk_{name}_{here}") for here, there in references),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    if of_person:
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])
    op.create_index(f"ix_{name}_recorded", name, ["recorded"])
    once = sa.text("retracted IS NOT NULL")
    op.create_index(f"ix_{name}_retracted", name, ["retracted"], sqlite_where=once, postgresql_where=once)


def _refuse(table: str, name: str, event: str, when: str = "") -> None:
    """A trigger that refuses an event on a table, whoever asks for it."""
    if op.get_bind().dialect.name == "postgresql":
        body = "EXECUTE FUNCTION refuse_to_forget()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {when} {body}")
