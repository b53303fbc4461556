"""What Alembic runs: the steps, on the connection that it was given, in its transaction."""

from alembic import context

from bluelamp.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
