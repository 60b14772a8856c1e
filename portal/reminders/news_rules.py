"""When somebody is told that there is something to read or answer. Instants are aware UTC. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
    """One kind of thing somebody has not read or answered: when the latest came, since when it is told of.

    `written`: it is what staff have written to them.
    """

    last_at: datetime
    ready_at: datetime
    written: bool = False


@dataclass(frozen=True)
class Telling:
    """It is told of now, at most once on the day `number`; of no use from `expires_at` on."""

    number: int
    expires_at: datetime


def due(waiting: Sequence[Waiting], said: Sequence[datetime], now: datetime, hours: Hours) -> Telling | None:
    """Whether to tell somebody now. `said`: when they were told before, the first first.

    Within the hours, at most once a local day, when something has come since they were last told; and once
    more after three days when they have still not read or answered it.
    """
    day = now.astimezone(hours.zone).date()
    today = any(one.astimezone(hours.zone).date() == day for one in said)
    recent = [one for one in waiting if now - one.last_at <= OLD]
    if today or not recent or hours.open_from(now) != now:
        return None
    new = [one for one in recent if not said or one.last_at > said[-1]]
    ready = any(one.ready_at <= now for one in new) if new else _once_more(recent, said, now)
    closes = datetime.combine(day, time(hours.latest), hours.zone).astimezone(UTC) + hours.grace
    return Telling(day.toordinal(), closes) if ready else None


@dataclass(frozen=True)
class Spoken:
    """It is told of on the phone since `since`; the day `number` is that on which the latest of it came.

    `written`: there is something among it that staff have written.
    """

    number: int
    since: datetime
    written: bool


def spoken(waiting: Sequence[Waiting], now: datetime, zone: ZoneInfo) -> Spoken | None:
    """What a coach is to tell somebody who is rung up, None when nothing or not yet.

    What comes on one local day is told of together. Whoever was told is not told of the same again.
    """
    ready = [one for one in waiting if one.ready_at <= now and now - one.last_at <= OLD]
    if not ready:
        return None
    day = max(one.last_at for one in ready).astimezone(zone).date()
    written = any(one.written for one in ready)
    return Spoken(day.toordinal(), min(one.ready_at for one in ready), written)


def _once_more(waiting: Sequence[Waiting], said: Sequence[datetime], now: datetime) -> bool:
    last_at = max(one.last_at for one in waiting)
    told = [one for one in said if one >= last_at]
    return len(told) == 1 and now - told[0] >= AGAIN
