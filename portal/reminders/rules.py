"""When a meeting is reminded of. All instants are aware UTC; days and hours are the organisation's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.notices.rules import Hours
from portal.plan.workdays import closed_days, is_working_day

THREE_DAYS, ONE_DAY, NOW = "three_days", "one_day", "now"
DAYS_BEFORE = {THREE_DAYS: 3, ONE_DAY: 1}
AHEAD = timedelta(days=4)
"""How far ahead a tick must look: three days, the clamped hours, and a day when the clock changes."""


@dataclass(frozen=True)
class Reminder:
    """One reminder of a meeting: due at `at`, of no use from `expires_at` on."""

    which: str
    at: datetime
    expires_at: datetime


def at_wall_time(starts_at: datetime, days_before: int, hours: Hours) -> datetime:
    """The meeting's own time on the clock so many days earlier, moved into the hours of that day."""
    local = starts_at.astimezone(hours.zone)
    wall = min(max(local.time(), time(hours.earliest)), time(hours.latest))
    day: date = local.date() - timedelta(days=days_before)
    return datetime.combine(day, wall.replace(fold=0), hours.zone).astimezone(UTC)


def reminders(starts_at: datetime, settled_at: datetime, hours: Hours) -> tuple[Reminder, ...]:
    """What a meeting is reminded of by itself, in order of time.

    `settled_at` is when it got this time: who booked or moved later than a reminder was due knows it.
    """
    found = (
        Reminder(which, at_wall_time(starts_at, days, hours), starts_at)
        for which, days in DAYS_BEFORE.items()
    )
    return tuple(one for one in found if settled_at <= one.at < one.expires_at)


def due(starts_at: datetime, settled_at: datetime, now: datetime, hours: Hours) -> Reminder | None:
    """The reminder that is due now; the latest one when the worker has been away for long."""
    ready = [one for one in reminders(starts_at, settled_at, hours) if one.at <= now < one.expires_at]
    return ready[-1] if ready else None


CALLS_AHEAD = timedelta(days=10)
"""How far ahead calls are looked for: past the longest row of days when nobody works, with a margin."""
MORNING_HOUR = 7


def call_day(starts_at: datetime, zone: ZoneInfo) -> date:
    """The last working day before a meeting: then a coach rings who has somebody to remind."""
    day = starts_at.astimezone(zone).date() - timedelta(days=1)
    while not is_working_day(day, closed_days(day)):
        day -= timedelta(days=1)
    return day


def call_due(starts_at: datetime, settled_at: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Since when a coach is to ring about a meeting, None when not now.

    Whoever settled its time on that day or later knows it.
    """
    day = call_day(starts_at, zone)
    at = datetime.combine(day, time(MORNING_HOUR), zone).astimezone(UTC)
    known = settled_at.astimezone(zone).date() >= day
    return at if not known and at <= now < starts_at else None
