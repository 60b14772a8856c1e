"""A week's days, the free stretches in it, and where on the page each entry stands. Days are local dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    """Where an entry stands: from which line of the page and over how many."""

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


def uncovered(span: Span, by: Iterable[Span]) -> list[Span]:
    """What is left of a span where none of the others is."""
    left, start = list[Span](), span.start
    for one in sorted(other for other in by if other.meets(span)):
        if start < one.start:
            left.append(Span(start, one.start))
        start = max(start, one.end)
    return [*left, Span(start, span.end)] if start < span.end else left


def daily(span: Span, days: Sequence[Span]) -> list[Span]:
    """A span cut at the ends of these days, each from its start until the next day's."""
    return [Span(max(span.start, day.start), min(span.end, day.end)) for day in days if day.meets(span)]


def hours_used(spans: Iterable[Span], zone: ZoneInfo) -> list[int]:
    """The hours of the clock in which anything stands on any of the days: the page leaves out all others."""
    used: set[int] = set()
    for span in spans:
        begins, ends = _quarters(span, zone)
        used |= set(range(begins // LINES, -(-ends // LINES)))
    return sorted(used)


def placed(spans: Sequence[Span], hours: Sequence[int], zone: ZoneInfo) -> list[Place]:
    """Where the entries of one day stand, in order: by the clock, and never on each other.

    `hours`: those that the page has. What is shorter than a line has one; what goes past midnight ends there.
    """
    places: list[Place] = []
    free = 0
    for span in spans:
        begins, ends = (_line(quarter, hours) for quarter in _quarters(span, zone))
        line = max(begins, free)
        free = max(line + 1, ends)
        places.append(Place(line, free - line))
    return places


def _quarters(span: Span, zone: ZoneInfo) -> tuple[int, int]:
    """From which quarter of its day until which, counted from midnight; at least one."""
    at = span.start.astimezone(zone)
    begins = at.hour * LINES + at.minute // STEP
    length = -(-int((span.end - span.start).total_seconds()) // (60 * STEP))
    return begins, min(begins + max(1, length), 24 * LINES)


def _line(quarter: int, hours: Sequence[int]) -> int:
    hour, rest = divmod(quarter, LINES)
    before = sum(one < hour for one in hours)
    return before * LINES + (rest if hour in hours else 0)
