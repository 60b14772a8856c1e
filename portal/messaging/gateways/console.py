"""The demo's own phones."""

from portal.config import CONSOLE
from portal.messaging import rules
from portal.messaging.gateways.base import Outcome, Outgoing


class Console:
    """The demo: nothing leaves the machine, and /dev/phone shows what is in the outbox."""

    keeps_text = True

    def send(self, message: Outgoing) -> Outcome:
        """Delivered at once. A call rings until somebody answers it on the page of the demo's phones; of an
        e-mail nobody hears that it was delivered."""
        if message.channel == rules.VOICE:
            return Outcome(rules.SENT, str(message.id), provider=CONSOLE)
        state = rules.SENT if message.channel == rules.EMAIL else rules.DELIVERED
        return Outcome(state, provider=CONSOLE)

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Nothing is ever under way here."""
        return None
