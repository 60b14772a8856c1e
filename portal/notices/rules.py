"""To whom we may write, and at what hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

BOOKED, MOVED, CANCELLED = "meeting_booked", "meeting_moved", "meeting_cancelled"
MOVED_MORE, CHANGED = "meeting_moved_more", "meeting_changed"
"""Moved, and held otherwise than before; held otherwise at the same time."""
THREE_DAYS, ONE_DAY, NOW = "reminder_three_days", "reminder_one_day", "reminder_now"
BY_ITSELF = (THREE_DAYS, ONE_DAY)
KINDS = (BOOKED, MOVED, MOVED_MORE, CHANGED, CANCELLED, *BY_ITSELF, NOW)

GRACE = timedelta(hours=1)
"""A reminder that was due at the last hour of the day may still leave an hour later."""
NEWS_BEFORE = timedelta(hours=2)
"""A person needs this long before a meeting for news of it to be of use; then the night gives way."""


@dataclass(frozen=True)
class Standing:
    """What decides whether a person gets SMS from us."""

    protected: bool
    disabled: bool
    unsafe: bool
    has_phone: bool
    bounces: bool


def refusal(standing: Standing) -> str:
    """Why nothing may be sent, as a code; "" when it may (S34, S36, S37). Protected beats all (S6)."""
    if standing.protected or standing.disabled or standing.unsafe or not standing.has_phone:
        return "no sms"
    return "bounces" if standing.bounces else ""


@dataclass(frozen=True)
class Hours:
    """An organisation's hours for SMS, on its own clock: from `earliest` to `latest` o'clock."""

    zone: ZoneInfo
    earliest: int
    latest: int

    def open_from(self, moment: datetime, grace: timedelta = timedelta(0)) -> datetime:
        """`moment` itself when it lies within the hours or `grace` after them, else when they begin (UTC)."""
        wall = moment.astimezone(self.zone).replace(tzinfo=None)
        opens = datetime.combine(wall.date(), time(self.earliest))
        if wall < opens:
            return self._instant(opens)
        if wall <= datetime.combine(wall.date(), time(self.latest)) + grace:
            return moment
        return self._instant(opens + timedelta(days=1))

    def _instant(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


def wait_until(kind: str, now: datetime, of_use_until: datetime, hours: Hours) -> datetime | None:
    """When a message may leave if not now: None means now.

    What a coach sends by hand leaves at once; so does news that could not wait for the morning.
    """
    if kind not in KINDS or kind == NOW:
        return None
    opens = hours.open_from(now, GRACE if kind in BY_ITSELF else timedelta(0))
    if opens == now or opens > of_use_until - NEWS_BEFORE:
        return None
    return opens
