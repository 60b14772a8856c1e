"""The command line: each room's commands, and the database's."""

from importlib import import_module
from importlib.util import find_spec

import click
from flask import Flask
from flask.cli import AppGroup

from portal import db, schema, worker

ROOMS = ("organisation", "identity.people", "demo")

database_commands = AppGroup("db", help="The database's tables.")


@database_commands.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to this version's tables."""
    schema.upgrade(db.database().url, revision)


@database_commands.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to an earlier revision ("base": before the first table)."""
    schema.downgrade(db.database().url, revision)


def install(app: Flask) -> None:
    """Register the commands. A room's `commands.py` has `install(app)`."""
    app.cli.add_command(database_commands)
    worker.install(app)
    for room in ROOMS:
        name = f"portal.{room}.commands"
        if find_spec(name):
            import_module(name).install(app)
