"""Runs the migrations over the connection that the program hands in."""

from alembic import context

from tracker.db.tables import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run 'tracker db upgrade'; it opens the database that the settings name.")

context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
