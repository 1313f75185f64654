"""How Alembic runs the steps: on the connection that ``sql_store.migrate`` hands over."""

from alembic import context

from moderation.adapters.sql_store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # on SQLite too: the caller has begun the transaction
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
