"""`flask --app wsgi demo`: load the made-up people, and say who they are."""

import json

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from portal import clock, db
from portal.demo import build
from portal.demo.cards import cards, describe


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print everybody for a program to read.")
@with_appcontext
def demo(as_json: bool) -> None:
    """Load the demo (anew when it is from another day) and print who to sign in as."""
    settings = current_app.config["STIGEN"]
    if not settings.demo:
        raise click.ClickException("the demo loads only where DEPLOYMENT is demo")
    build.load(db.database(), clock.now(), settings.pin_key)
    with db.database().reading() as session:
        everybody = cards(session)
    if as_json:
        click.echo(json.dumps(everybody, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(describe(everybody, settings.public_base_url)))


def install(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(demo)
