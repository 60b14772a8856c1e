"""Runs the migrations on the database that Alembic's configuration names."""

from alembic import context
from sqlalchemy import Connection

from portal.db import Database
from portal.tables import metadata

config = context.config


def migrate(connection: Connection) -> None:
    """Migrate in one transaction; SQLite's tables are rebuilt where they cannot be altered."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transaction_per_migration=False,
        user_module_prefix="portal.db.",
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Migrate in the transaction that was handed over (the caller ends it), else in one of its own."""
    if handed_over := config.attributes.get("connection"):
        migrate(handed_over)
        return
    database = Database(config.get_main_option("sqlalchemy.url") or "", patient=True)
    try:
        with database.engine.execution_options(writing=True).connect() as connection:
            migrate(connection)
            connection.commit()
    finally:
        database.close()


run()
