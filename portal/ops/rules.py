"""When an installation is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WORKER_SILENT = timedelta(seconds=60)
"""The worker goes round every second; a minute of silence is no hiccup."""
MESSAGE_WAITING = timedelta(minutes=10)
"""As long as a sign-in code lives: what waited longer helped nobody."""


@dataclass(frozen=True)
class Health:
    """What /health says. Ages are in seconds; None where there is nothing to measure."""

    database: bool
    migrations: bool
    worker_seconds: int | None
    unsent_seconds: int | None

    @property
    def well(self) -> bool:
        """Whether everything a participant depends on works."""
        worker = self.worker_seconds is not None and self.worker_seconds <= WORKER_SILENT.total_seconds()
        unsent = self.unsent_seconds or 0
        return self.database and self.migrations and worker and unsent <= MESSAGE_WAITING.total_seconds()


def age(since: datetime | None, now: datetime) -> int | None:
    """Whole seconds since a moment, never negative."""
    return None if since is None else max(0, int((now - since).total_seconds()))
