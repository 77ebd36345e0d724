"""What Alembic runs to migrate: the caller's connection, within the caller's transaction."""

from __future__ import annotations

from alembic import context

from ferryman.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most of a table; Alembic then copies it into a new one.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
