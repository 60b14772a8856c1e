"""A week's days, the free stretches in it, and where on the page each entry stands. Days are local dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.availability.rules import Span

STEP = 15
"""Minutes that one line of the page stands for: meetings begin on quarters."""
LINES = 60 // STEP
WORKDAYS = 5
FARTHEST = timedelta(days=3660)
"""How far from today a week can be looked at: what lies beyond is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: from which line (counted from the page's first hour) and over how many."""

    line: int
    lines: int


def monday_of(day: date) -> date:
    """The first day of the week in which a day is."""
    return day - timedelta(days=day.weekday())


def read_day(text: str, today: date) -> date | None:
    """The day that an address names; None for none, and for one that nobody can mean."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if abs(day - today) <= FARTHEST else None


def days_of(monday: date, busy: Iterable[date]) -> list[date]:
    """Monday to Friday; Saturday and Sunday only where something is on them."""
    something = set(busy)
    week = [monday + timedelta(days=number) for number in range(7)]
    return [day for number, day in enumerate(week) if number < WORKDAYS or day in something]


def joined(times: Iterable[Span]) -> list[Span]:
    """Times at which one can meet, those that overlap or touch made one stretch, in order."""
    whole: list[Span] = []
    for span in sorted(times):
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def first_hour(spans: Iterable[Span], zone: ZoneInfo) -> int:
    """The earliest hour of the clock at which anything begins, in any of the days."""
    return min((span.start.astimezone(zone).hour for span in spans), default=8)


def placed(spans: Sequence[Span], hour: int, zone: ZoneInfo) -> list[Place]:
    """Where the entries of one day stand, in order: by the clock, and never on each other.

    `hour`: the page's first. What is shorter than a line has one; what goes past midnight ends there.
    """
    places: list[Place] = []
    free = 0
    for span in spans:
        begins = _line(span.start.astimezone(zone), hour)
        ends = begins + -(-int((span.end - span.start).total_seconds()) // (60 * STEP))
        line = max(begins, free)
        free = max(line + 1, min(ends, (24 - hour) * LINES))
        places.append(Place(line, free - line))
    return places


def _line(at: datetime, hour: int) -> int:
    return max(0, (at.hour - hour) * LINES + at.minute // STEP)
