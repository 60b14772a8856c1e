"""Which way out a message takes: its organisation's or the installation's, and for e-mail another."""

from collections.abc import Callable, Collection, Mapping

from portal.config import CONSOLE, ELKS, SMTP, TWILIO, Settings
from portal.messaging import rules
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from portal.messaging.gateways.console import Console
from portal.messaging.gateways.elks import Elks
from portal.messaging.gateways.smtp import Smtp
from portal.messaging.gateways.twilio import Twilio

WAYS: Mapping[str, Callable[[Settings], Gateway]] = {
    CONSOLE: lambda _: Console(),
    TWILIO: Twilio,
    ELKS: Elks,
    SMTP: Smtp,
}


class Router:
    """Several ways out as one. `own` is the installation's for SMS, the key of one of `ways`.

    `mail` is the one for e-mail, None where there is none; `calling`: those of `ways` that ring people up.
    """

    def __init__(
        self,
        own: str,
        ways: Mapping[str, Gateway],
        mail: Gateway | None = None,
        calling: Collection[str] = (),
    ) -> None:
        self._own, self._ways, self._mail, self._calling = own, ways, mail, calling

    @property
    def keeps_text(self) -> bool:
        """As the installation's own way does: no other stands beside the demo's."""
        return self._ways[self._own].keeps_text

    def send(self, message: Outgoing) -> Outcome:
        """Try once, by the way that the organisation chose; by the installation's when that one is gone."""
        if message.channel == rules.EMAIL:
            return self._mail.send(message) if self._mail else Outcome(rules.FAILED, error_code="no mail")
        provider = message.provider if message.provider in self._ways else self._own
        if message.channel == rules.VOICE and provider not in self._calling:
            return Outcome(rules.FAILED, error_code=rules.NO_VOICE)
        return self._ways[provider].send(message)

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Ask whoever sent it; None also when that one is no longer set up."""
        way = self._ways.get(provider)
        return way.look_up(reference, provider) if way else None


def gateway(settings: Settings) -> Gateway:
    """The ways out of this installation. One for each thread."""
    ways = {name: WAYS[name](settings) for name in settings.sms_providers}
    mail = WAYS[settings.mail_provider](settings) if settings.mail_provider else None
    return Router(settings.sms_provider, ways, mail, settings.voice_providers)
