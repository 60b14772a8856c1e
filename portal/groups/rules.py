"""Who gets a seat in a group, until when an offer stands, and on which days a group meets.

All instants are aware UTC datetimes; days and times of the clock are the organisation's. Pure.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal import holidays
from portal.attendance import rules as attending
from portal.availability.rules import Span, instant
from portal.notices.rules import Hours

OWN = "own"
TITLES = ("start", "walk", "talk", "job", "health", "language", OWN)
"""What a group is called, as a code of ours; `OWN`: in the team's own words."""
MODES = ("on_site", "walk", "video")
"""How a group meets."""

IN, WAITING, OFFERED, LEFT, REMOVED, LAPSED = "in", "waiting", "offered", "left", "removed", "lapsed"
STATES = (IN, WAITING, OFFERED, LEFT, REMOVED, LAPSED)
SEATED = (IN, OFFERED)
"""Whoever holds a seat: an offered one is nobody else's while the offer stands."""
LIVE = (IN, WAITING, OFFERED)
"""Whoever the group is open to."""

PLANNED, CANCELLED = "planned", "cancelled"

NONE = attending.UNKNOWN
ATTENDANCE = (*attending.STATES[1:], NONE)
"""Who came, in the order in which a list asks for it."""

MOST_SEATS, MOST_WEEKS, MOST_SESSIONS, MOST_OFFER_HOURS = 60, 52, 60, 168
OFFER_HOURS = 24
NOON = time(12)
MARKS_OPEN = timedelta(hours=1)
"""How long before a session its list can be filled in: people come early."""
REOPENS = timedelta(hours=1)
"""Ours: so long somebody's seat is kept once their enrolment was closed: it is opened again at any time."""
FARTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Plan:
    """When a group meets: from the first day on, on these weekdays (Monday = 0), for so many weeks."""

    first_day: date
    starts: time
    ends: time
    weekdays: frozenset[int]
    weeks: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """One occasion of a plan. `holiday`: the names of that day, or of the one it comes before.

    `clash`: a leader has something else then. `closed`: it is proposed to meet on another day.
    """

    day: date
    span: Span
    holiday: tuple[str, ...] = ()
    clash: bool = False
    passed: bool = False
    closed: bool = False

    @property
    def fits(self) -> bool:
        """Whether it is ticked from the beginning."""
        return not (self.closed or self.clash or self.passed)


def days_of(plan: Plan) -> list[date]:
    """The days on which a group meets, in order: its weeks are counted from the first day."""
    last = plan.first_day + timedelta(weeks=plan.weeks)
    every = (plan.first_day + timedelta(days=number) for number in range((last - plan.first_day).days))
    return [day for day in every if day.weekday() in plan.weekdays][:MOST_SESSIONS]


def proposed(plan: Plan, busy: Collection[Span], now: datetime, zone: ZoneInfo) -> list[Proposed]:
    """The occasions of a plan; `busy`: when its leaders have something else.

    A wall time that does not exist on a day (the clock jumps over it) is left out.
    """
    found = []
    for day in days_of(plan):
        starts, ends = instant(day, plan.starts, zone), instant(day, plan.ends, zone)
        if starts is None or ends is None or ends <= starts:
            continue
        span, holiday = Span(starts, ends), holidays.of(day)
        found.append(
            Proposed(
                day,
                span,
                holiday.names if holiday else (),
                clash=any(span.meets(one) for one in busy),
                passed=starts <= now,
                closed=holiday is not None and holiday.closed,
            )
        )
    return found


def free_number(taken: Iterable[int], capacity: int) -> int | None:
    """The lowest seat that nobody has, counted from 1; None when the group is full."""
    held = set(taken)
    return next((number for number in range(1, capacity + 1) if number not in held), None)


def offer_until(
    now: datetime, length: timedelta, hours: Hours, last_start: datetime | None
) -> datetime | None:
    """Until when an offer stands that is made now; None when there is nothing left to come to.

    Its time is counted from when its message may leave. It never ends at night: then it ends at noon of
    the next day on which messages leave; nor after the group has begun for the last time.
    """
    if last_start is None or last_start <= now:
        return None
    ends = hours.open_from(now) + length
    opens = hours.open_from(ends)
    if opens != ends:
        day = opens.astimezone(hours.zone).date()
        ends = max(opens, instant(day, NOON, hours.zone) or opens)
    return min(ends, last_start)


def offer_stands(state: str, until: datetime | None, now: datetime) -> bool:
    """Whether an offered seat can still be taken."""
    return state == OFFERED and until is not None and now < until


def marks_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether it can be noted who came to a session."""
    return state == PLANNED and now >= starts_at - MARKS_OPEN


def is_link(place: str) -> bool:
    """Whether a place is the way into a video meeting, which is for those who are in alone."""
    return "://" in place


def readers_first(spoken: Collection[str], language: str) -> int:
    """Where a group stands for a reader: one in their language before all others."""
    return 0 if language in spoken else 1
