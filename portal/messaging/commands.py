"""`flask --app wsgi sms`: what is to be set at a provider."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal.config import ELKS, TWILIO, Settings
from portal.messaging.gateways import elks

sms_commands = AppGroup("sms", help="Twilio and 46elks.")


@sms_commands.command("addresses")
def addresses() -> None:
    """Print where the providers that are set up are to bring the SMS that people send us."""
    settings: Settings = current_app.config["STIGEN"]
    if TWILIO in settings.sms_providers:
        click.echo(f"Twilio: {settings.public_base_url}/sms/twilio/incoming")
    if ELKS in settings.sms_providers:
        click.echo(f"46elks: {settings.public_base_url}/sms/46elks/incoming/{elks.incoming_secret()}")


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(sms_commands)
