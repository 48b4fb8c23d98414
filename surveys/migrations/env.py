"""Alembic's way in: runs the numbered scripts on the connection it is handed."""

from alembic import context

from surveys.database import metadata
from surveys.migrations.tables import OWNERS  # noqa: F401 - defines the tables

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
