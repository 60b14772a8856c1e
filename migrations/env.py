"""Runs the migrations on the database that Alembic's configuration names."""

from alembic import context

from portal.db import Database
from portal.tables import metadata

config = context.config


def run() -> None:
    """Migrate in one transaction; SQLite's tables are rebuilt where they cannot be altered."""
    database = Database(config.get_main_option("sqlalchemy.url") or "", patient=True)
    with database.engine.execution_options(writing=True).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transaction_per_migration=False,
            user_module_prefix="portal.db.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    database.engine.dispose()


run()
