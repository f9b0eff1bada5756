"""What scheduled jobs did, and which processes do them.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the records of jobs, and an index for how fast mails leave."""
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("counts", sa.Text()),
        sa.Column("said", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
        sa.UniqueConstraint("job", "slot", name="uq_job_runs_job_slot"),
    )
    op.create_index("ix_job_runs_job_id", "job_runs", ["job", "id"])
    is_undone = sa.text("outcome != 'done'")
    op.create_index("ix_job_runs_undone", "job_runs", ["job"], sqlite_where=is_undone, postgresql_where=is_undone)
    op.create_table(
        "processes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("jobs", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_processes"),
    )
    op.create_index("ix_mails_ended_at", "mails", ["ended_at"])


def downgrade() -> None:
    """Removes them again."""
    op.drop_index("ix_mails_ended_at", "mails")
    op.drop_table("processes")
    op.drop_table("job_runs")
