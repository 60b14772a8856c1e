"""When a coach can meet: free times, reckoned in local wall time and told in UTC.

All instants are aware UTC datetimes; hours are naive local times of day; spans are half open, so that a
meeting may begin the minute another ends.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

STEP_MINUTES = 30
"""Meetings are offered on whole and half hours from the start of each interval: times people can remember."""

EARLIEST, LATEST = date(1970, 1, 2), date(9998, 12, 30)
"""Days that can be reckoned in any time zone."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Local wall time from `start` until `end` on one day, both naive, `start` < `end`."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")


@dataclass(frozen=True, slots=True)
class WeekHours:
    """An interval that comes back every week; `weekday` counts from Monday = 0."""

    weekday: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Departure:
    """Days from `first` to `last`, both included, with `other` hours than the week's, or None when closed."""

    first: date
    last: date
    other: Interval | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` is one of the days."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """One person's hours: the week, what differs from it, and the zone in which both are told."""

    zone: ZoneInfo
    week: tuple[WeekHours, ...] = ()
    departures: tuple[Departure, ...] = ()

    def hours_on(self, day: date) -> list[Interval]:
        """The hours of one day. Closed beats other hours; other hours replace the week's."""
        todays = [departure for departure in self.departures if departure.covers(day)]
        if any(departure.other is None for departure in todays):
            return []
        if todays:
            return merged(departure.other for departure in todays if departure.other is not None)
        return merged(hours.interval for hours in self.week if hours.weekday == day.weekday())


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` until just before `end`, aware UTC."""

    start: datetime
    end: datetime

    def meets(self, other: "Span") -> bool:
        """Whether the two share any moment."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Terms:
    """How meetings are laid out: lengths as timedeltas, the horizon in days from today."""

    meeting: timedelta
    buffer: timedelta
    minimum_notice: timedelta
    horizon_days: int


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of a wall time; None in the daylight-saving gap; the first one where it comes twice."""
    if not EARLIEST <= day <= LATEST:
        return None
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == wall else None


def _edge(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of an interval's edge; an edge in the gap is moved to the moment the clock jumps."""
    exact = instant(day, at, zone)
    if exact is not None:
        return exact
    step = datetime.combine(day, at, zone).replace(fold=1).astimezone(UTC)
    offset = step.astimezone(zone).utcoffset()
    while step.astimezone(zone).utcoffset() == offset:
        step += timedelta(minutes=1)
    return step


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same hours with intervals that overlap or touch made one, in order."""
    whole: list[Interval] = []
    for piece in sorted(intervals):
        if whole and piece.start <= whole[-1].end:
            whole[-1] = Interval(whole[-1].start, max(whole[-1].end, piece.end))
        else:
            whole.append(piece)
    return whole


def overlapping(intervals: Sequence[Interval]) -> list[tuple[Interval, Interval]]:
    """Pairs of neighbours that share time; touching is not sharing."""
    return [(one, two) for one, two in pairwise(sorted(intervals)) if two.start < one.end]


def starts_on(day: date, interval: Interval, length: timedelta, zone: ZoneInfo) -> list[datetime]:
    """The instants on one day at which a meeting of `length` may start and still end inside the interval.

    Wall times that do not exist that day are left out; one that comes twice is offered once, the first time.
    """
    closing = _edge(day, interval.end, zone)
    found: list[datetime] = []
    wall = datetime.combine(day, interval.start)
    while wall.date() == day and wall.time() < interval.end:
        start = instant(day, wall.time(), zone)
        if start is not None and start + length <= closing:
            found.append(start)
        wall += timedelta(minutes=STEP_MINUTES)
    return found


def free_times(now: datetime, calendar: Calendar, busy: Iterable[Span], terms: Terms) -> list[Span]:
    """Every meeting that can be booked now, in order; each span is the meeting itself, without its buffer.

    A time is free when the meeting lies within the day's hours, starts no sooner than the minimum notice and
    no later than the horizon's last day, and the meeting with its buffer after it meets no busy span.
    """
    taken, zone = sorted(busy), calendar.zone
    soonest = now + terms.minimum_notice
    last_day = now.astimezone(zone).date() + timedelta(days=terms.horizon_days)
    day = soonest.astimezone(zone).date()
    found: set[Span] = set()
    while day <= last_day:
        for interval in calendar.hours_on(day):
            for start in starts_on(day, interval, terms.meeting, zone):
                held = Span(start, start + terms.meeting + terms.buffer)
                if start >= soonest and not any(held.meets(span) for span in taken):
                    found.add(Span(start, start + terms.meeting))
        day += timedelta(days=1)
    return sorted(found)


def within_hours(span: Span, calendar: Calendar) -> bool:
    """Whether the whole span lies inside the working hours of the day on which it starts."""
    zone = calendar.zone
    day = span.start.astimezone(zone).date()
    return any(
        _edge(day, interval.start, zone) <= span.start and span.end <= _edge(day, interval.end, zone)
        for interval in calendar.hours_on(day)
    )


def suggestions(times: Sequence[Span], zone: ZoneInfo, count: int) -> list[Span]:
    """The `count` times to show first: the soonest of each half day, so that some fit the morning bus.

    Falls back on the soonest of the rest when there are too few half days; always in order.
    """
    firsts: dict[tuple[date, bool], Span] = {}
    for span in times:
        wall = span.start.astimezone(zone)
        firsts.setdefault((wall.date(), wall.hour >= 12), span)
    chosen = list(firsts.values())[:count]
    rest = [span for span in times if span not in chosen]
    return sorted(chosen + rest[: count - len(chosen)])


def by_day(times: Iterable[Span], zone: ZoneInfo) -> dict[date, list[Span]]:
    """The times grouped by their local day, in the order given."""
    days: dict[date, list[Span]] = {}
    for span in times:
        days.setdefault(span.start.astimezone(zone).date(), []).append(span)
    return days


_CLOCK = re.compile(r"([0-9]{1,2})(?:[.:,]?([0-9]{2}))?")


def read_time(text: str) -> time | None:
    """A time of day as people type it: `9`, `9.30`, `0930`, in digits of any script. None for nonsense."""
    digits = "".join(str(unicodedata.decimal(char, char)) for char in text.strip())
    found = _CLOCK.fullmatch(digits)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return _edge(day, time(0), zone)
