"""When a coach can meet: free times, reckoned in local wall time and told in UTC.

All instants are aware UTC datetimes; hours are naive local times of day; spans are half open, so that a
meeting may begin the minute another ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import holidays
from portal.organisation.rules import MODES

STEP_MINUTES = 30
"""Meetings are offered on whole and half hours from the start of each interval: times people can remember."""

PLACED = ("on_site", "walk")
"""The kinds of meeting that are held at a place; the others are a call, or a link."""

MEETING = "appointment"
"""What a busy time is for when it is a meeting's: those are counted where there is a most on a day."""

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
    """An interval that comes back every week; `weekday` counts from Monday = 0.

    It holds from `first` until `last`, both included, None for no bound; for the kinds of meeting in `modes`,
    none for all of the house's; at `place`, "" for the coach's usual one; in `room`, None for no certain one.
    """

    weekday: int
    interval: Interval
    first: date | None = None
    last: date | None = None
    modes: tuple[str, ...] = ()
    place: str = ""
    room: UUID | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the hours are those of this very day."""
        return (
            self.weekday == day.weekday()
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )

    def meets(self, other: "WeekHours") -> bool:
        """Whether the two share time on a day on which both hold; touching is not sharing."""
        one, two = self.interval, other.interval
        if self.weekday != other.weekday or one.end <= two.start or two.end <= one.start:
            return False
        first = max(self.first or date.min, other.first or date.min)
        last = min(self.last or date.max, other.last or date.max)
        return (last - first).days >= (self.weekday - first.weekday()) % 7


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
class Closing:
    """What a house does on holidays: `closed` or not; hours end at `eve_hour` the day before, 24 as ever."""

    closed: bool = False
    eve_hour: int = 24

    def until(self, day: date) -> time | None:
        """When the hours of a day end: at the midnight before it where there are none, None as usual."""
        holiday = holidays.of(day)
        if holiday is None:
            return None
        if holiday.closed:
            return time(0) if self.closed else None
        return time(self.eve_hour) if self.eve_hour < 24 else None


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours of one day, with the kinds of meeting that they are for, none for all, their place and room."""

    interval: Interval
    modes: tuple[str, ...] = ()
    place: str = ""
    room: UUID | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """One person's hours: the week, what differs from it, lunch, holidays, and the zone of it all."""

    zone: ZoneInfo
    week: tuple[WeekHours, ...] = ()
    departures: tuple[Departure, ...] = ()
    lunch: Interval | None = None
    closing: Closing = Closing()

    def openings_on(self, day: date) -> list[Opening]:
        """The hours of one day, lunch included.

        Closed beats other hours; other hours replace the week's, and beat a holiday.
        """
        todays = [departure for departure in self.departures if departure.covers(day)]
        if any(departure.other is None for departure in todays):
            return []
        if todays:
            return [Opening(one) for one in merged(one.other for one in todays if one.other is not None)]
        week = [hours for hours in self.week if hours.holds_on(day)]
        until = self.closing.until(day) if week else None
        return [
            Opening(interval, hours.modes, hours.place, hours.room)
            for hours in week
            for interval in _ended(hours.interval, until)
        ]

    def hours_on(self, day: date, mode: str = "") -> list[Interval]:
        """When a meeting of this kind ("": of any) can be held on a day, in order, without lunch."""
        return bookable(self.openings_on(day), mode, self.lunch)

    def where(self, start: datetime) -> tuple[str, UUID | None]:
        """The own place and room of the hours in which an instant lies; "" for the coach's usual place."""
        wall = start.astimezone(self.zone)
        return _where(self.openings_on(wall.date()), wall.time())


def _where(openings: Iterable[Opening], at: time) -> tuple[str, UUID | None]:
    found = (one for one in openings if one.interval.start <= at < one.interval.end)
    return next(((one.place, one.room) for one in found), ("", None))


def _ended(interval: Interval, until: time | None) -> list[Interval]:
    """What is left of an interval that ends at `until`, if any."""
    if until is None or interval.end <= until:
        return [interval]
    return [Interval(interval.start, until)] if interval.start < until else []


def bookable(openings: Iterable[Opening], mode: str, lunch: Interval | None) -> list[Interval]:
    """When a meeting of this kind ("": of any) can be held, in order.

    Hours that touch are one, but where one meets at a place it must be the same one, and the same room.
    """
    places: dict[tuple[str, UUID | None], list[Interval]] = {}
    for one in openings:
        if not mode or not one.modes or mode in one.modes:
            where = (one.place, one.room) if mode in PLACED else ("", None)
            places.setdefault(where, []).append(one.interval)
    return sorted(part for pieces in places.values() for part in _without(merged(pieces), lunch))


def _without(intervals: Iterable[Interval], lunch: Interval | None) -> list[Interval]:
    """The same hours without those of lunch."""
    if lunch is None:
        return list(intervals)
    left: list[Interval] = []
    for one in intervals:
        before, after = min(one.end, lunch.start), max(one.start, lunch.end)
        left += [Interval(one.start, before)] if one.start < before else []
        left += [Interval(after, one.end)] if after < one.end else []
    return left


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` until just before `end`, aware UTC."""

    start: datetime
    end: datetime

    def meets(self, other: "Span") -> bool:
        """Whether the two share any moment."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, order=True)
class FreeTime(Span):
    """A meeting that can be booked: in one of `modes`; at `place`, "" the usual one; on site in `room`."""

    modes: tuple[str, ...] = MODES
    place: str = ""
    room: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """How meetings are laid out: lengths as timedeltas, the horizon in days from today.

    `buffers` has the kinds of meeting with another buffer than `buffer`; `most_a_day` is 0 for any number.
    """

    meeting: timedelta
    buffer: timedelta
    minimum_notice: timedelta
    horizon_days: int
    modes: tuple[str, ...] = MODES
    buffers: Mapping[str, timedelta] = field(default_factory=dict)
    most_a_day: int = 0

    def buffer_after(self, mode: str) -> timedelta:
        """The time that is kept free after a meeting of this kind."""
        return self.buffers.get(mode, self.buffer)

    def full(self, held: int) -> bool:
        """Whether a day on which so many meetings are held takes no more."""
        return 0 < self.most_a_day <= held


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


def overlapping(week: Iterable[WeekHours]) -> bool:
    """Whether any two of these hours share time on a day on which both hold."""
    return any(one.meets(two) for one, two in combinations(week, 2))


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


def free_times(
    now: datetime,
    calendar: Calendar,
    busy: Iterable[Span],
    terms: Terms,
    held: Mapping[date, int] | None = None,
) -> list[FreeTime]:
    """Every meeting that can be booked now, in order; each span is the meeting itself, without its buffer.

    A time is free when the meeting lies within the day's hours, starts no sooner than the minimum notice and
    no later than the horizon's last day, and the meeting with its buffer after it meets no busy span. Hours
    and buffers are those of its kind. A day has none when as many are `held` on it as may be.
    """
    taken, zone = sorted(busy), calendar.zone
    soonest = now + terms.minimum_notice
    last_day = now.astimezone(zone).date() + timedelta(days=terms.horizon_days)
    day = soonest.astimezone(zone).date()
    found: list[FreeTime] = []
    while day <= last_day:
        if not terms.full((held or {}).get(day, 0)):
            found += _free_on(day, calendar, taken, terms, soonest)
        day += timedelta(days=1)
    return found


def _free_on(
    day: date, calendar: Calendar, taken: Sequence[Span], terms: Terms, soonest: datetime
) -> list[FreeTime]:
    openings, zone = calendar.openings_on(day), calendar.zone
    if not openings:
        return []
    # A meeting of a day may last into the next one, never through it.
    begins, ends = day_start(day, zone), day_start(day + timedelta(days=2), zone)
    todays = [span for span in taken if span.start < ends and span.end > begins]
    starts: dict[tuple[Interval, ...], list[datetime]] = {}
    modes: dict[datetime, dict[str, None]] = {}
    for mode in terms.modes:
        hours = tuple(bookable(openings, mode, calendar.lunch))
        if hours not in starts:
            starts[hours] = [at for one in hours for at in starts_on(day, one, terms.meeting, zone)]
        lasts = terms.meeting + terms.buffer_after(mode)
        for start in starts[hours]:
            if start >= soonest and not _taken(Span(start, start + lasts), todays):
                modes.setdefault(start, {})[mode] = None
    own = any(one.place or one.room for one in openings)
    return [
        FreeTime(
            start,
            start + terms.meeting,
            tuple(modes[start]),
            *(_where(openings, start.astimezone(zone).time()) if own else ("", None)),
        )
        for start in sorted(modes)
    ]


def _taken(span: Span, taken: Iterable[Span]) -> bool:
    return any(span.meets(other) for other in taken)


def within_hours(span: Span, calendar: Calendar, mode: str = "") -> bool:
    """Whether the whole span lies inside the hours for its kind ("": any) of the day on which it starts."""
    day = span.start.astimezone(calendar.zone).date()
    return any(one.start <= span.start and span.end <= one.end for one in open_on(day, calendar, mode))


def open_on(day: date, calendar: Calendar, mode: str = "") -> list[Span]:
    """When a meeting of this kind ("": of any) can be held on a local day, in UTC and in order."""
    zone = calendar.zone
    hours = calendar.hours_on(day, mode)
    return [Span(_edge(day, one.start, zone), _edge(day, one.end, zone)) for one in hours]


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return _edge(day, time(0), zone)
