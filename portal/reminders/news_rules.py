"""When somebody is told that there is something to read or answer. Instants are aware UTC. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from portal.notices.rules import Hours

WRITING, MEETING = timedelta(minutes=10), timedelta(hours=3)
"""Ours: whoever has just written may write more, and one SMS is enough for all of it; a plan is mostly
changed at a meeting, where its participant reads it at once, and what is asked after it is answered there."""
AGAIN = timedelta(days=3)
"""Ours: as long as before the first reminder of a meeting; said once more, and then no more."""
OLD = timedelta(days=14)
"""Ours: what is older is no news; it stands on the first page all the same."""


@dataclass(frozen=True)
class Waiting:
    """What somebody has not read or answered: when the latest of it came, and from when on it is told of."""

    last_at: datetime
    ready_at: datetime

    def joined(self, other: "Waiting") -> "Waiting":
        """Both together: it is told of as one, as soon as either may be."""
        return Waiting(max(self.last_at, other.last_at), min(self.ready_at, other.ready_at))


@dataclass(frozen=True)
class Telling:
    """It is told of now, at most once on the day `number`; of no use from `expires_at` on."""

    number: int
    expires_at: datetime


def due(waiting: Waiting, said: Sequence[datetime], now: datetime, hours: Hours) -> Telling | None:
    """Whether to tell somebody now. `said`: when they were told before, the first first.

    Within the hours, at most once a local day, when something has come since they were last told; and once
    more after three days when they have still not read or answered it.
    """
    day = now.astimezone(hours.zone).date()
    today = any(one.astimezone(hours.zone).date() == day for one in said)
    if today or hours.open_from(now) != now or now - waiting.last_at > OLD:
        return None
    if not said or said[-1] < waiting.last_at:
        ready = now >= waiting.ready_at
    else:
        told = [one for one in said if one >= waiting.last_at]
        ready = len(told) == 1 and now - told[0] >= AGAIN
    closes = datetime.combine(day, time(hours.latest), hours.zone).astimezone(UTC) + timedelta(hours=1)
    return Telling(day.toordinal(), closes) if ready else None
