"""When an installation is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.config import CONSOLE, Settings

WORKER_SILENT = timedelta(seconds=60)
"""The worker goes round every second; a minute of silence is no hiccup."""
MESSAGE_WAITING = timedelta(minutes=10)
"""As long as a sign-in code lives: what waited longer helped nobody."""


@dataclass(frozen=True)
class Health:
    """What /health says. Ages are in seconds; None where there is nothing to measure.

    `failing` names the worker's ticks that fail, wholly or for some of what they have to do. `held`: after a
    restore the worker waits until an admin lets it go.
    """

    database: bool
    migrations: bool
    worker_seconds: int | None
    unsent_seconds: int | None
    failing: tuple[str, ...] = ()
    held: bool = False

    @property
    def well(self) -> bool:
        """Whether everything a participant depends on works."""
        worker = self.worker_seconds is not None and self.worker_seconds <= WORKER_SILENT.total_seconds()
        sends = (self.unsent_seconds or 0) <= MESSAGE_WAITING.total_seconds()
        return self.database and self.migrations and worker and sends and not self.failing and not self.held


def age(since: datetime | None, now: datetime) -> int | None:
    """Whole seconds since a moment, never negative."""
    return None if since is None else max(0, int((now - since).total_seconds()))


@dataclass(frozen=True)
class Senders:
    """Who an organisation's SMS come from: the provider, the sender, and the one of sign-in codes.

    `caller`: the number that a voice rings from, "" where none can.
    """

    provider: str
    usual: str
    of_codes: str
    caller: str = ""


def senders(settings: Settings, chosen: str) -> Senders | None:
    """The senders of an organisation that chose this provider ("" for the usual one); None in the demo."""
    provider = settings.way_of(chosen)
    if provider == CONSOLE:
        return None
    caller = settings.twilio_voice_number if provider in settings.voice_providers else ""
    return Senders(provider, settings.sender_of(provider), settings.sender_of(provider, code=True), caller)
