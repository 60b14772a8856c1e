"""The demo's own phones."""

from portal.messaging import rules
from portal.messaging.gateways.base import Outcome, Outgoing


class Console:
    """The demo: nothing leaves the machine, and /dev/phone shows what is in the outbox."""

    keeps_text = True

    def send(self, message: Outgoing) -> Outcome:
        """Delivered at once; of an e-mail nobody hears that it was."""
        state = rules.SENT if message.channel == rules.EMAIL else rules.DELIVERED
        return Outcome(state, provider="console")

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Nothing is ever under way here."""
        return None
