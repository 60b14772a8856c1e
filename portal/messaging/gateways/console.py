"""The demo's own phones."""

from portal.messaging import rules
from portal.messaging.gateways.base import Outcome, Outgoing


class Console:
    """The demo: nothing leaves the machine, and /dev/phone shows what is in the outbox."""

    keeps_text = True

    def send(self, message: Outgoing) -> Outcome:
        """Delivered at once."""
        return Outcome(rules.DELIVERED, provider="console")

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Nothing is ever under way here."""
        return None
