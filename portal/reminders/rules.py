"""When a meeting is reminded of. All instants are aware UTC; days and hours are the organisation's."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.notices.rules import Hours
from portal.organisation import reminder_rules as steps
from portal.organisation.reminder_rules import ONE_DAY, THREE_DAYS, TWO_HOURS, USUAL, WEEK
from portal.plan.workdays import closed_days, is_working_day

NOW = "now"
DAYS_BEFORE = {WEEK: 7, THREE_DAYS: 3, ONE_DAY: 1}
SAME_DAY = timedelta(hours=2)
AHEAD = timedelta(days=8)
"""How far ahead a tick must look: a week, the clamped hours, and a day when the clock changes."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Timing:
    """When somebody is reminded: the steps, the earliest first, and since when it is these."""

    steps: tuple[str, ...] = USUAL
    since: datetime = LONG_AGO


USUALLY = Timing()


@dataclass(frozen=True)
class House:
    """How an organisation reminds: its hours, and when those are reminded who have chosen nothing else."""

    hours: Hours
    timing: Timing = USUALLY

    def timing_for(self, chosen: str, chosen_at: datetime | None) -> Timing:
        """When somebody is reminded who chose this of `reminder_rules.TIMINGS` then."""
        since = chosen_at or LONG_AGO
        if chosen == steps.AS_USUAL:
            since = max(since, self.timing.since)
        return Timing(steps.chosen(chosen, self.timing.steps), since)


@dataclass(frozen=True)
class Reminder:
    """One reminder of a meeting: due at `at`, of no use from `expires_at` on.

    `late`: its time had gone when it was chosen, and nothing that was chosen is left; then it is said where
    nothing else has been.
    """

    which: str
    at: datetime
    expires_at: datetime
    late: bool = False


def at_wall_time(starts_at: datetime, days_before: int, hours: Hours) -> datetime:
    """The meeting's own time on the clock so many days earlier, moved into the hours of that day."""
    local = starts_at.astimezone(hours.zone)
    wall = min(max(local.time(), time(hours.earliest)), hours.last_due)
    day: date = local.date() - timedelta(days=days_before)
    return datetime.combine(day, wall.replace(fold=0), hours.zone).astimezone(UTC)


def on_the_day(starts_at: datetime, hours: Hours) -> datetime:
    """Two hours before the meeting, moved into the hours of its day: after it, where it is that early."""
    day = starts_at.astimezone(hours.zone).date()
    opens, closes = (
        datetime.combine(day, wall, hours.zone).astimezone(UTC)
        for wall in (time(hours.earliest), hours.last_due)
    )
    return min(max(starts_at - SAME_DAY, opens), closes)


def reminders(
    starts_at: datetime, settled_at: datetime, hours: Hours, timing: Timing = USUALLY
) -> tuple[Reminder, ...]:
    """What a meeting is reminded of by itself, in order of time.

    `settled_at` is when it got this time: who booked or moved later than a reminder was due knows it. What
    another choice came too late for is passed over; where that leaves nothing, the last one is said late.
    """
    found = [Reminder(step, _at(step, starts_at, hours), starts_at) for step in timing.steps]
    usable = [one for one in found if settled_at <= one.at < one.expires_at]
    ahead = [one for one in usable if timing.since <= one.at]
    return tuple(ahead or (replace(one, late=True) for one in usable[-1:]))


def _at(step: str, starts_at: datetime, hours: Hours) -> datetime:
    if step == TWO_HOURS:
        return on_the_day(starts_at, hours)
    return at_wall_time(starts_at, DAYS_BEFORE[step], hours)


def due(
    starts_at: datetime, settled_at: datetime, now: datetime, hours: Hours, timing: Timing = USUALLY
) -> Reminder | None:
    """The reminder that is due now; the latest one when the worker has been away for long."""
    planned = reminders(starts_at, settled_at, hours, timing)
    ready = [one for one in planned if one.at <= now < one.expires_at]
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
