"""What every way out takes and gives, and what an answer, or the lack of one, means."""

import ssl
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from portal.messaging import rules

TIMEOUT_SECONDS = 8.0
LONGEST_ASKED = 3600
"""Seconds: a provider that asks for more is asked again after this long."""
TRY_LATER = frozenset({401, 403, 408, 429})
"""Answers that mean that nobody was written to, and that the number is not to blame."""
ASKING = frozenset({429, 503})
"""Answers whose Retry-After says when to come back (RFC 9110, 10.2.3; RFC 6585, 4)."""


@dataclass(frozen=True)
class Outgoing:
    """One message on its way out. `seconds_left` until it must not be sent.

    `address` is E.164, or an e-mail address where the `channel` is e-mail, which alone has a `subject_line`.

    `language` is the code of the one that the body is in, which whoever reads it aloud needs to know.
    `recording_id`: what a call plays before it reads the body. `calendar`: an iCalendar object with its
    method, which an e-mail brings along, "" for none.

    `attempt` counts from 1; the ones before were refused. `provider` is the organisation's own choice,
    "" for the installation's.
    """

    id: uuid.UUID
    address: str
    body: str
    seconds_left: int
    attempt: int = 1
    organisation_id: uuid.UUID = field(kw_only=True)
    kind: str = field(kw_only=True)
    provider: str = field(default="", kw_only=True)
    channel: str = field(default=rules.SMS, kw_only=True)
    subject_line: str = field(default="", kw_only=True)
    calendar: str = field(default="", kw_only=True)
    language: str = field(default="sv", kw_only=True)
    recording_id: uuid.UUID | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the state to go to (`queued` means: refused for now, try again).

    `retry_after`: the seconds that the provider asked us to wait, at most `LONGEST_ASKED`; None when it
    did not say.
    """

    state: str
    reference: str = ""
    error_code: str = ""
    provider: str = ""
    retry_after: int | None = None


class Gateway(Protocol):
    """A way out. `send` never raises: what it cannot tell is `unknown`."""

    @property
    def keeps_text(self) -> bool:
        """Whether a code's text stays until the code is void (the demo, where it is read here)."""

    def send(self, message: Outgoing) -> Outcome:
        """Try once."""

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Where `provider`, which gave the reference, says that a message is; None when it does not say."""


def taken(reference: str, provider: str) -> Outcome:
    """What a success means that says nothing of where the message is: nothing, if it does not name it."""
    return Outcome(rules.SENT if reference else rules.UNKNOWN, reference, provider=provider)


def refused(status: int, code: str, provider: str, retry_after: int | None = None) -> Outcome:
    """What an HTTP answer that is not a success means (`code` is the provider's, "" when it gave none)."""
    told = code or f"http {status}"
    if status in TRY_LATER or code in rules.TOO_MANY:
        state = rules.QUEUED
    elif 400 <= status < 500:
        state = rules.FAILED
    else:
        state = rules.UNKNOWN
    return Outcome(state, error_code=told, provider=provider, retry_after=retry_after)


def after_break(broken: BaseException, provider: str) -> Outcome:
    """No answer: try again only if the connection was never made; else it may have been accepted."""
    if _never_connected(broken):
        return Outcome(rules.QUEUED, error_code="unreachable", provider=provider)
    return Outcome(rules.UNKNOWN, error_code="no answer", provider=provider)


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


def seconds_asked(status: int, told: str | None, now: datetime) -> int | None:
    """How long an answer asks us to wait: Retry-After in seconds or as a date (RFC 9110, 10.2.3).

    From 0 to `LONGEST_ASKED`; None for other answers, no header, or one that says nothing.
    """
    if status not in ASKING or not told:
        return None
    told = told.strip()
    if told.isascii() and told.isdigit():
        # So many digits are more than the bound, whatever they are.
        return min(LONGEST_ASKED, int(told[:9])) if len(told) <= 9 else LONGEST_ASKED
    try:
        until = parsedate_to_datetime(told)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0, min(LONGEST_ASKED, round((until - now).total_seconds())))
