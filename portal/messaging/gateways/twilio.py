"""Twilio's messages (twilio.com/docs/messaging/api/message-resource), and its calls (`twilio_calls`)."""

import logging
import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from portal import clock
from portal.config import TWILIO, Settings
from portal.messaging import fetch_rules, rules
from portal.messaging.gateways import base, twilio_calls
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.voice_rules import voice_of

log = logging.getLogger(__name__)

LONGEST_VALIDITY = 36_000
"""Twilio's own most, in seconds, and its default (twilio.com/docs/messaging/api/message-resource)."""

# Twilio's words for where a message is; what is not here changes nothing.
STATES = {
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

_REFERENCE = re.compile(r"(SM|MM)[0-9a-f]{32}")
_CODE = re.compile(r"[0-9]{1,6}")


def reference_of(told: object) -> str:
    """Twilio's own name for a message; "" for anything that is none (S28: it stands in an address)."""
    return str(told) if _REFERENCE.fullmatch(str(told)) else ""


def code_of(told: object) -> str:
    """Twilio's number for why a message did not arrive; "" for anything else (S28, S44)."""
    return str(told) if _CODE.fullmatch(str(told)) else ""


class Twilio:
    """A way out. Twilio has no idempotency key, so nothing doubtful is tried again."""

    keeps_text = False

    def __init__(self, settings: Settings) -> None:
        # A second's worth of modules, that neither the web nor the demo has use for.
        from twilio.rest import Client

        self._line = Line(settings.twilio_base_url, base.TIMEOUT_SECONDS)
        self._client: Any = Client(
            settings.twilio_account_sid, settings.twilio_auth_token, http_client=self._line
        )
        self._senders = {code: _named(settings.sender_of(TWILIO, code=code)) for code in (False, True)}
        self._caller = settings.twilio_voice_number
        self._home = settings.public_base_url

    def send(self, message: Outgoing) -> Outcome:
        """Try once. Twilio reports what became of it to a path that names our row."""
        try:
            return self._ring(message) if message.channel == rules.VOICE else self._write(message)
        except (TwilioRestException, TwilioServiceException) as told:
            # The client puts the status where the answer has no code, and believes what a body says of it.
            code = "" if told.code == self._line.status else code_of(told.code)
            return base.refused(self._line.status, code, TWILIO, self._line.asked)
        except Exception as broken:
            outcome = base.after_break(broken, TWILIO)
            log.warning("SMS provider: %s (%s)", outcome.error_code, type(broken).__name__)
            return outcome

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Ask for a message's state, when no report of it came."""
        try:
            if twilio_calls.reference_of(reference):
                return twilio_calls.told(self._client.calls(reference).fetch())
            return _told(self._client.messages(reference).fetch())
        except Exception as broken:
            log.warning("SMS provider: no state (%s)", type(broken).__name__)
            return None

    def _write(self, message: Outgoing) -> Outcome:
        made = self._client.messages.create(
            to=message.address,
            body=message.body,
            validity_period=max(1, min(LONGEST_VALIDITY, message.seconds_left)),
            status_callback=f"{self._home}/sms/twilio/{message.id}",
            **self._senders[message.kind == rules.SIGN_IN_CODE],
        )
        return _told(made) or base.taken(reference_of(made.sid), TWILIO)

    def _ring(self, message: Outgoing) -> Outcome:
        voice = voice_of(message.language)
        if not self._caller or voice is None:
            return Outcome(rules.FAILED, error_code=rules.NO_VOICE, provider=TWILIO)
        sound = message.recording_id
        played = fetch_rules.address(self._home, sound, clock.now()) if sound else ""
        made = self._client.calls.create(
            to=message.address,
            from_=self._caller,
            twiml=twilio_calls.words(message.body, voice, played),
            timeout=twilio_calls.RINGS_SECONDS,
            time_limit=twilio_calls.LONGEST_SECONDS,
            status_callback=f"{self._home}/voice/twilio/{message.id}",
            status_callback_event=["completed"],
        )
        return twilio_calls.told(made) or base.taken(twilio_calls.reference_of(made.sid), TWILIO)


def _named(sender: str) -> dict[str, str]:
    return {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}


def _told(message: Any) -> Outcome | None:
    state, reference = STATES.get(str(message.status)), reference_of(message.sid)
    return Outcome(state, reference, code_of(message.error_code), TWILIO) if state and reference else None


class Line:
    """Twilio's HTTP client with a time limit (it has none), and another address when tests give one.

    Of its last answer, `status` is the HTTP status, and `asked` what it asked us to wait, in seconds: errors
    that the client makes of it do not say either as it was.
    """

    status = 0
    asked: int | None = None

    def __init__(self, base_url: str, timeout_seconds: float) -> None:
        from twilio.http.http_client import TwilioHttpClient

        self._base = urlsplit(base_url) if base_url else None
        self._http: Any = TwilioHttpClient(timeout=timeout_seconds)

    def request(self, method: str, url: str, *, headers: dict[str, str], **parts: Any) -> Any:
        """One HTTP request, as twilio's client makes it."""
        self.asked = None
        # A kept connection that the other end has just closed would leave us in doubt.
        headers = {**headers, "Connection": "close"}
        if self._base:
            url = urlunsplit((self._base.scheme, self._base.netloc, *urlsplit(url)[2:]))
        answer = self._http.request(method, url, headers=headers, **parts)
        self.status = answer.status_code
        self.asked = base.seconds_asked(answer.status_code, answer.headers.get("Retry-After"), clock.now())
        return answer
