"""Which way out this installation has."""

from portal.config import Settings
from portal.messaging.gateways.base import Gateway
from portal.messaging.gateways.console import Console
from portal.messaging.gateways.twilio import Twilio


def gateway(settings: Settings) -> Gateway:
    """The way out that this installation has chosen. One for each thread."""
    return Twilio(settings) if settings.sms_provider == "twilio" else Console()
