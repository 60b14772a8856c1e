"""The command line: each room's commands, and the database's."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import clock, db, schema, worker
from portal.demo import commands as demo
from portal.identity.importing import commands as importing
from portal.identity.people import commands as people
from portal.instruments import commands as instruments
from portal.journal import commands as journal
from portal.keeping import commands as keeping
from portal.messaging import commands as messaging
from portal.organisation import commands as organisation
from portal.privacy import commands as privacy

ROOMS = (organisation, people, importing, instruments, journal, keeping, messaging, privacy, demo)

database_commands = AppGroup("db", help="The database's tables.")


@database_commands.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to this version's tables, and stamp a fresh one demo or real."""
    schema.upgrade(db.database().url, revision)
    with db.database().transaction() as session:
        schema.stamp(session, current_app.config["STIGEN"].stamp, clock.now())


@database_commands.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to an earlier revision ("base": before the first table)."""
    schema.downgrade(db.database().url, revision)


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(database_commands)
    for room in (worker, *ROOMS):
        room.install(app)
