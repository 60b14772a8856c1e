"""`flask --app wsgi instruments`: the wording of licensed scales, brought from outside the portal."""

from datetime import datetime
from pathlib import Path
from typing import cast

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock, db
from portal.instruments import pack_queries, pack_service, queries
from portal.instruments.loader import DefinitionError, read_toml
from portal.instruments.pack_queries import Pack
from portal.instruments.pack_service import Scope, Terms

commands = AppGroup("instruments", help="Questions, and the wording of licensed scales.")
STATES = {
    "in_use": "in use",
    "expired": "has run out: not sent to phones",
    "ended": "ended: not sent to phones",
    "removed": "wording taken away",
}


@commands.command("install")
@click.argument("pack", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--licence-holder", prompt=True, help="Who holds the licence.")
@click.option("--number", prompt=True, help="The licence's number, as the rights holder wrote it.")
@click.option(
    "--scope", prompt=True, type=click.Choice(["paper", "digital"]), help="What the licence allows."
)
@click.option("--expires", prompt="Last day (YYYY-MM-DD)", type=click.DateTime(["%Y-%m-%d"]))
def install_pack(pack: Path, licence_holder: str, number: str, scope: str, expires: datetime) -> None:
    """Put the wording in the file PACK into use, under the licence that allows it."""
    now = clock.now()
    terms = Terms(licence_holder.strip(), number.strip(), cast(Scope, scope), expires.date())
    if not terms.holder or not terms.number:
        raise click.ClickException("A licence has a holder and a number.")
    if terms.expires_on < now.date():
        raise click.ClickException(f"The licence ran out on {terms.expires_on}.")
    try:
        with db.database().transaction() as session:
            made = pack_service.install(session, read_toml(pack), pack.name, terms, now)
            key, version = made.instrument, made.version
    except DefinitionError as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{key} {version} is in use until {terms.expires_on}, scope {scope}.")
    if scope == "digital":
        click.echo("An admin now chooses it in the portal: Settings, ORS and SRS.")
    else:
        click.echo("It is not sent to phones. Staff type the numbers from the paper form.")


@commands.command("list")
def list_instruments() -> None:
    """What can be asked, and under which licence."""
    with db.database().reading() as session:
        found = pack_queries.packs(session, clock.now().date())
    for one in queries.installed():
        click.echo(f"{one.key:<8} version {one.version}  {one.licence:<10} {len(one.lines)} lines")
        for pack in found:
            if pack.instrument == one.key:
                click.echo(f"         {_line(pack)}")


def _line(pack: Pack) -> str:
    licence = f"{pack.licence_holder}, {pack.licence_number}"
    return f"{pack.scope:<8} until {pack.expires_on}  {licence}: {STATES[pack.state]}"


@commands.command("expire")
@click.argument("instrument")
def expire(instrument: str) -> None:
    """Stop sending INSTRUMENT to phones now; what was answered stays readable."""
    try:
        with db.database().transaction() as session:
            pack_service.end(session, instrument, clock.now())
    except pack_service.NoPack:
        raise click.ClickException(f"No text pack of {instrument} is in use.") from None
    click.echo(f"{instrument} is sent to no phone any more. Its answers can be read as before.")


@commands.command("remove")
@click.argument("instrument")
@click.confirmation_option(prompt="Take the wording out of the database? The numbers stay.")
def remove(instrument: str) -> None:
    """Take the wording of INSTRUMENT out of the database; numbers and licences stay."""
    try:
        with db.database().transaction() as session:
            pack_service.remove(session, instrument, clock.now())
    except pack_service.NoPack:
        raise click.ClickException(f"There is no wording of {instrument} here.") from None
    click.echo(f"The wording of {instrument} is gone. The numbers that were answered in it stay.")


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)
