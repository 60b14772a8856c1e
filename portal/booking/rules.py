"""What may be done with a meeting, and when. All instants are aware UTC datetimes."""

import re
from datetime import UTC, datetime, timedelta

BOOKED, CANCELLED = "booked", "cancelled"
UNKNOWN, CAME, ABSENT = "none", "came", "absent"
ALONG, STAY, CANCEL = "along", "stay", "cancel"
"""What becomes of a coming meeting when the person gets another coach."""
TAKEN, OUTSIDE = "taken", "outside"
"""What stands in the new coach's way: something else at that time, or their working hours."""
OTHER_WAY, FULL, ELSEWHERE = "other_way", "full", "elsewhere"
"""What else a coach does not offer: a kind of meeting that the hours are not for, one more on a full day, a
time at which their own calendar elsewhere is busy."""
NO_INTERPRETER = "interpreter"
"""At that time the meeting's interpreter cannot be there."""
KEPT, LOST = INTERPRETERS = ("kept", "lost")
"""What becomes of the interpreter when a meeting moves: they come along, or another is asked for."""
MOVED, CHANGED, WITHDRAWN, RESTORED = HOWS = ("moved", "changed", "cancelled", "restored")
"""What can become of a meeting: another time, another way or place, cancelled, booked again."""
LATE_MINUTES = 15
"""How late somebody says that they will be, in one tap: what a coach can still wait for."""
LATE_FROM = timedelta(hours=2)
"""How long before a meeting one can know that one will be late."""
SUGGESTED_TIMES = 4
"""How many free times are shown first: what fits a phone's screen without scrolling far."""

OTHERS_SHOWN = 8
"""How many of the times that fit somebody badly are shown: whoever needs more rings us."""

_WRITTEN = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")


def change_open(starts_at: datetime, now: datetime, deadline_hours: int) -> bool:
    """Whether the participant may still move or cancel: until `deadline_hours` before the start, included."""
    return now <= starts_at - timedelta(hours=deadline_hours)


def confirm_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether "I am coming" can be said: a booked meeting that has not started."""
    return state == BOOKED and now < starts_at


def late_open(state: str, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether "I will be late" can be said: of a booked meeting that is near or goes on."""
    return state == BOOKED and starts_at - LATE_FROM <= now < ends_at


def restore_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether a cancelled meeting can come back: only while its time lies ahead."""
    return state == CANCELLED and now < starts_at


def attendance_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether "came" or "did not come" can be noted: a booked meeting that has started."""
    return state == BOOKED and starts_at <= now


def undo_open(attended_at: datetime | None, now: datetime) -> bool:
    """Whether what was noted can be taken back by one tap: for a week, while it is remembered."""
    return attended_at is not None and now <= attended_at + timedelta(days=7)


def usual(obstacle: str, *, gone: bool) -> str:
    """What becomes of a coming meeting unless somebody decides: it goes along where nothing is in the way.

    Where the former coach is gone, working hours are not in the way: a meeting needs somebody.
    """
    return ALONG if not obstacle or (gone and obstacle == OUTSIDE) else STAY


def write_start(starts_at: datetime) -> str:
    """An instant as it stands in an address: `2026-11-24T12:00Z`."""
    return starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def read_start(text: str) -> datetime | None:
    """The instant that `write_start` wrote; None for anything else.

    Years from 2000 to 2999: beyond them a length or a zone could lead out of the calendar.
    """
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
