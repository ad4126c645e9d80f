"""What Alembic runs: the migrations, on the connection it was given."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
