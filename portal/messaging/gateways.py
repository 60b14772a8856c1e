"""The two ways out: Twilio, and the demo's own phones."""

import logging
import re
import ssl
import uuid
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioRestException
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from portal.config import Settings
from portal.messaging import rules

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 8.0
LONGEST_VALIDITY = 36_000
"""Twilio's own most, in seconds, and its default (twilio.com/docs/messaging/api/message-resource)."""

# Twilio's words for where a message is; what is not here changes nothing.
STATES_OF_TWILIO = {
    "accepted": rules.SENT,
    "scheduled": rules.SENT,
    "queued": rules.SENT,
    "sending": rules.SENT,
    "sent": rules.SENT,
    "delivered": rules.DELIVERED,
    "undelivered": rules.FAILED,
    "failed": rules.FAILED,
    "canceled": rules.FAILED,
}
TRY_LATER = frozenset({401, 403, 408, 429})
"""Answers that mean that nobody was written to, and that the number is not to blame."""

_REFERENCE = re.compile(r"(SM|MM)[0-9a-f]{32}")
_CODE = re.compile(r"[0-9]{1,6}")


def reference_of(told: object) -> str:
    """Twilio's own name for a message; "" for anything that is none (S28: it stands in an address)."""
    return str(told) if _REFERENCE.fullmatch(str(told)) else ""


def code_of(told: object) -> str:
    """Twilio's number for why a message did not arrive; "" for anything else (S28, S44)."""
    return str(told) if _CODE.fullmatch(str(told)) else ""


@dataclass(frozen=True)
class Outgoing:
    """One message on its way out. `address` is E.164, `seconds_left` until it must not be sent.

    `attempt` counts from 1; the ones before were refused.
    """

    id: uuid.UUID
    address: str
    body: str
    seconds_left: int
    attempt: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the state to go to (`queued` means: refused for now, try again)."""

    state: str
    reference: str = ""
    error_code: str = ""
    provider: str = ""


class Gateway(Protocol):
    """A way out. `send` never raises: what it cannot tell is `unknown`."""

    @property
    def keeps_text(self) -> bool:
        """Whether a code's text stays until the code is void (the demo, where it is read here)."""

    def send(self, message: Outgoing) -> Outcome:
        """Try once."""

    def look_up(self, reference: str) -> Outcome | None:
        """Where the provider says that a message is; None when it does not say."""


class Console:
    """The demo: nothing leaves the machine, and /dev/phone shows what is in the outbox."""

    keeps_text = True

    def send(self, message: Outgoing) -> Outcome:
        """Delivered at once."""
        return Outcome(rules.DELIVERED, provider="console")

    def look_up(self, reference: str) -> Outcome | None:
        """Nothing is ever under way here."""
        return None


class Twilio:
    """Twilio's Programmable Messaging. It has no idempotency key, so nothing doubtful is tried again."""

    keeps_text = False

    def __init__(self, settings: Settings) -> None:
        # A second's worth of modules, that neither the web nor the demo has use for.
        from twilio.rest import Client

        line = Line(settings.twilio_base_url, TIMEOUT_SECONDS)
        self._client: Any = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=line)
        own = "messaging_service_sid" if settings.twilio_sender.startswith("MG") else "from_"
        self._sender = {own: settings.twilio_sender}
        self._callbacks = f"{settings.public_base_url}/sms/twilio/"

    def send(self, message: Outgoing) -> Outcome:
        """Try once. Twilio reports what became of it to a path that names our row."""
        try:
            made = self._client.messages.create(
                to=message.address,
                body=message.body,
                validity_period=max(1, min(LONGEST_VALIDITY, message.seconds_left)),
                status_callback=f"{self._callbacks}{message.id}",
                **self._sender,
            )
            return _told(made) or Outcome(rules.SENT, reference_of(made.sid), provider="twilio")
        except TwilioRestException as told:
            return refused(int(told.status), code_of(told.code))
        except Exception as broken:
            outcome = after_break(broken)
            log.warning("SMS provider: %s (%s)", outcome.error_code, type(broken).__name__)
            return outcome

    def look_up(self, reference: str) -> Outcome | None:
        """Ask for a message's state, when no report of it came."""
        try:
            return _told(self._client.messages(reference).fetch())
        except Exception as broken:
            log.warning("SMS provider: no state (%s)", type(broken).__name__)
            return None


def _told(message: Any) -> Outcome | None:
    state = STATES_OF_TWILIO.get(str(message.status))
    if not state:
        return None
    return Outcome(state, reference_of(message.sid), code_of(message.error_code), "twilio")


def refused(status: int, code: str) -> Outcome:
    """What an HTTP answer that is not a success means (`code` is Twilio's, "" when it gave none)."""
    told = code or f"http {status}"
    if status in TRY_LATER:
        return Outcome(rules.QUEUED, error_code=told, provider="twilio")
    if 400 <= status < 500:
        return Outcome(rules.FAILED, error_code=told, provider="twilio")
    return Outcome(rules.UNKNOWN, error_code=told, provider="twilio")


def after_break(broken: BaseException) -> Outcome:
    """No answer: try again only if the connection was never made; else it may have been accepted."""
    if _never_connected(broken):
        return Outcome(rules.QUEUED, error_code="unreachable", provider="twilio")
    return Outcome(rules.UNKNOWN, error_code="no answer", provider="twilio")


def _never_connected(broken: BaseException) -> bool:
    seen: BaseException | None = broken
    if isinstance(broken, requests.exceptions.RequestException) and broken.args:
        first = broken.args[0]
        seen = first.reason if isinstance(first, MaxRetryError) else broken
    while seen is not None:
        if isinstance(seen, NewConnectionError | ConnectTimeoutError | ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


class Line:
    """Twilio's HTTP client with a time limit (it has none), and another address when tests give one."""

    def __init__(self, base_url: str, timeout_seconds: float) -> None:
        from twilio.http.http_client import TwilioHttpClient

        self._base = urlsplit(base_url) if base_url else None
        self._http: Any = TwilioHttpClient(timeout=timeout_seconds)

    def request(self, method: str, url: str, *, headers: dict[str, str], **parts: Any) -> Any:
        """One HTTP request, as twilio's client makes it."""
        # A kept connection that the other end has just closed would leave us in doubt.
        headers = {**headers, "Connection": "close"}
        if self._base:
            url = urlunsplit((self._base.scheme, self._base.netloc, *urlsplit(url)[2:]))
        return self._http.request(method, url, headers=headers, **parts)


def gateway(settings: Settings) -> Gateway:
    """The way out that this installation has chosen. One for each thread."""
    return Twilio(settings) if settings.sms_provider == "twilio" else Console()
