"""`flask --app wsgi journal`: whether the journal is whole."""

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock, db
from portal.journal import chain_queries
from portal.journal.chain_rules import Head

commands = AppGroup("journal", help="Who read or changed what.")
LATE_SECONDS = 600


def _heads(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[Head, ...]:
    try:
        return tuple(Head.parse(text) for text in given)
    except ValueError:
        raise click.BadParameter("a head is printed by this command: a number, a colon, 64 digits") from None


@commands.command("verify")
@click.option("--head", "heads", multiple=True, callback=_heads, help="One that was noted earlier.")
def verify(heads: tuple[Head, ...]) -> None:
    """Walk the chain and say what was edited, deleted, moved or cut off. Exit code 1 when something was."""
    with db.database().snapshot() as session:
        found = chain_queries.verify(session, heads)
    for fault in found.faults:
        click.echo(fault)
    if found.waiting and found.since is not None:
        late = (clock.now() - found.since).total_seconds() > LATE_SECONDS
        note = " The worker is late: look at /health." if late else ""
        click.echo(f"{found.waiting} new lines wait to be chained.{note}")
    if not found.holds:
        click.echo(f"THE JOURNAL IS NOT WHOLE: {len(found.faults)} faults in {found.lines} chained lines.")
        raise SystemExit(1)
    click.echo(f"The journal is whole: {found.lines} chained lines.")
    click.echo(f"Head, to be noted elsewhere: {found.head}")


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)
