"""46elks' SMS (46elks.com/docs/send-sms, /docs/show-sms-id and /docs/sms-delivery-reports)."""

import hmac
import logging
import re
import uuid
from typing import Any

import requests

from portal import clock, crypto
from portal.config import ELKS, Settings
from portal.messaging import rules
from portal.messaging.gateways import base
from portal.messaging.gateways.base import Outcome, Outgoing

log = logging.getLogger(__name__)

HOME = "https://api.46elks.com"

# Their words for where a message is (46elks.com/docs/show-sms-id); what is not here changes nothing. Why
# it failed they do not say.
STATES = {
    "created": rules.SENT,
    "sent": rules.SENT,
    "delivered": rules.DELIVERED,
    "failed": rules.FAILED,
}

_REFERENCE = re.compile(r"s[0-9a-f]{32}")


def reference_of(told: object) -> str:
    """46elks' own name for a message; "" for anything that is none (S28: it stands in an address)."""
    return str(told) if _REFERENCE.fullmatch(str(told)) else ""


def secret_of(message_id: uuid.UUID) -> str:
    """What the address for reports of this message ends with: 46elks signs nothing (S26)."""
    return crypto.keys().keyed_hash("46elks receipt", str(message_id)).hex()


def is_secret_of(message_id: uuid.UUID, told: str) -> bool:
    """Whether a report's address ends as ours did; takes as long whatever is wrong with it."""
    return hmac.compare_digest(secret_of(message_id).encode(), told.encode())


def incoming_secret() -> str:
    """What the address for incoming SMS ends with, one for the installation (S26)."""
    return crypto.keys().keyed_hash("46elks incoming").hex()


def is_incoming_secret(told: str) -> bool:
    """Whether an address for incoming SMS ends as ours does; takes as long whatever is wrong with it."""
    return hmac.compare_digest(incoming_secret().encode(), told.encode())


class Elks:
    """A way out. 46elks has no idempotency key either, so nothing doubtful is tried again.

    Nor has it a time limit for a message: what it has taken may arrive late.
    """

    keeps_text = False

    def __init__(self, settings: Settings) -> None:
        self._address = f"{settings.elks_base_url or HOME}/a1/sms"
        self._account = (settings.elks_username, settings.elks_password)
        self._senders = {code: settings.sender_of(ELKS, code=code) for code in (False, True)}
        self._callbacks = f"{settings.public_base_url}/sms/46elks"

    def send(self, message: Outgoing) -> Outcome:
        """Try once. 46elks reports what became of it to a path that names our row and bears its secret."""
        form = {
            "from": self._senders[message.kind == rules.SIGN_IN_CODE],
            "to": message.address,
            "message": message.body,
            "whendelivered": f"{self._callbacks}/{message.id}/{secret_of(message.id)}",
            # Their history keeps no text of ours.
            "dontlog": "message",
        }
        try:
            answer = self._ask("POST", self._address, form)
            return _taken(answer) if 200 <= answer.status_code < 300 else _refused(answer)
        except Exception as broken:
            outcome = base.after_break(broken, ELKS)
            log.warning("SMS provider: %s (%s)", outcome.error_code, type(broken).__name__)
            return outcome

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Ask for a message's state, when no report of it came."""
        try:
            answer = self._ask("GET", f"{self._address}/{reference}")
            return _told(answer.json()) if answer.status_code == 200 else None
        except Exception as broken:
            log.warning("SMS provider: no state (%s)", type(broken).__name__)
            return None

    def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> requests.Response:
        return requests.request(
            method,
            address,
            data=form,
            auth=self._account,
            timeout=base.TIMEOUT_SECONDS,
            allow_redirects=False,
            headers={"Connection": "close"},
        )


def _taken(answer: requests.Response) -> Outcome:
    """What a success says; one that cannot be read was taken all the same, under a name we do not know."""
    made = answer.json()
    return _told(made) or base.taken(reference_of(made.get("id")), ELKS)


def _refused(answer: requests.Response) -> Outcome:
    # The reason is a text of theirs, and may repeat the number (S44).
    asked = base.seconds_asked(answer.status_code, answer.headers.get("Retry-After"), clock.now())
    return base.refused(answer.status_code, "", ELKS, asked)


def _told(made: Any) -> Outcome | None:
    state, reference = STATES.get(str(made.get("status"))), reference_of(made.get("id"))
    return Outcome(state, reference, provider=ELKS) if state and reference else None
