"""Cards are found by their numbers, however these are written.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the indexes: of numbers as they are compared, and of those with letters that databases take otherwise."""
    bare = sa.text("lower(replace(replace(number, ' ', ''), '-', ''))")
    op.create_index("ix_cards_bare_number", "cards", [bare])
    op.create_index(
        "ix_cards_odd_number",
        "cards",
        ["person_id"],
        sqlite_where=sa.text("number GLOB '*[^ -~]*'"),
        postgresql_where=sa.text("number ~ '[^ -~]'"),
    )


def downgrade() -> None:
    """Removes the indexes."""
    op.drop_index("ix_cards_odd_number", "cards")
    op.drop_index("ix_cards_bare_number", "cards")
