"""Which way out this installation has."""

from portal.config import CONSOLE, ELKS, Settings
from portal.messaging.gateways.base import Gateway
from portal.messaging.gateways.console import Console
from portal.messaging.gateways.elks import Elks
from portal.messaging.gateways.twilio import Twilio


def gateway(settings: Settings) -> Gateway:
    """The way out that this installation has chosen. One for each thread."""
    if settings.sms_provider == CONSOLE:
        return Console()
    return Elks(settings) if settings.sms_provider == ELKS else Twilio(settings)
