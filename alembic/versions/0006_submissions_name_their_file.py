"""A submission names the file that was handed in, so that it ends with it. No command recorded one before.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE, GUARD = "submissions", "submissions_never_changed"


def upgrade() -> None:
    """Adds the number of the piece of evidence."""
    _unguard()
    op.add_column(TABLE, sa.Column("item", sa.Integer()))
    _guard()


def downgrade() -> None:
    """Removes it again."""
    _unguard()
    op.drop_column(TABLE, "item")
    _guard()


def _unguard() -> None:
    on = f" ON {TABLE}" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {GUARD}{on}")


def _guard() -> None:
    """Makes the database itself refuse to change any column but `retracted`."""
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(TABLE)]
    fixed = ", ".join(f'"{name}"' for name in columns if name != "retracted")
    if op.get_bind().dialect.name == "postgresql":
        body = "EXECUTE FUNCTION refuse_to_forget()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is only added to'); END"
    op.execute(f"CREATE TRIGGER {GUARD} BEFORE UPDATE OF {fixed} ON {TABLE} FOR EACH ROW {body}")
