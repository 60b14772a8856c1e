"""`flask --app wsgi organisation`: who runs a portal here."""

import re
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import db
from portal.languages import LANGUAGES
from portal.organisation import service

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40
commands = AppGroup("organisation", help="Who runs a portal in this installation.")


def _check_slug(value: str) -> None:
    own = {rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules()}
    if len(value) > LONGEST_SLUG or not SLUG.fullmatch(value) or value in own:
        raise click.BadParameter("small letters, digits and hyphens, and none of the portal's own addresses")


@commands.command("add")
@click.option("--slug", prompt="Entry address (norrby gives /norrby)")
@click.option("--name", prompt="Name")
@click.option("--phone", prompt="Phone number that participants ring")
@click.option("--programme", prompt="First programme")
@click.option("--starts-on", prompt="The programme starts on (YYYY-MM-DD)", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--team", prompt="First team")
@click.option("--municipality", prompt="The team's municipality")
def add(**given: Any) -> None:
    """Found an organisation with its first programme and team."""
    _check_slug(given["slug"])
    given["starts_on"] = given["starts_on"].date()
    new = service.Founding(languages=tuple(LANGUAGES), **given)
    try:
        with db.database().transaction() as session:
            service.found(session, new)
    except service.SlugTaken:
        raise click.ClickException(f"/{new.slug} is taken by another organisation.") from None
    click.echo(f"{new.name} is entered at /{new.slug}.")
    click.echo(f"Next: flask --app wsgi staff add --organisation {new.slug}")


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)
