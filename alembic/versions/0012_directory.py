"""What people are looked up and listed by, of those who are on record.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

from tracker.db.directory import list_anew

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table, and lists everybody."""
    op.create_table(
        "directory",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_directory_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_directory"),
    )
    op.create_index("ix_directory_name_key", "directory", ["name_key", "person_id"])
    op.create_index("ix_directory_address_key", "directory", ["address_key"])
    everybody = sa.text("SELECT id FROM people ORDER BY id")
    list_anew(op.get_bind(), list(op.get_bind().execute(everybody).scalars()))


def downgrade() -> None:
    """Removes the table, which says nothing that the facts do not."""
    op.drop_table("directory")
