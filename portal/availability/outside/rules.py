"""When a calendar elsewhere is read again, how much of it, and how long its times stand."""

import uuid
from datetime import datetime, timedelta

from portal.availability.rules import Span

EVERY = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
"""Between two tries of a calendar that cannot be read."""
CLAIMED = timedelta(minutes=5)
"""How long whoever reads a calendar has for it: a worker that was killed leaves it to the next one."""
STANDS = timedelta(hours=48)
"""How long times stand when the calendar cannot be read any longer: a weekend without its server."""
BEFORE, BEYOND = timedelta(days=1), timedelta(days=32)
"""What is read of a calendar, before now and beyond the last day that can be booked."""
EXPANDED_EVERY = timedelta(hours=24)
"""How long "nothing has changed" is taken for an answer: what repeats comes nearer each day."""
MOST_SPANS = 2000
"""Busy times of one calendar, those that touch made one: five a day for more than a year."""
MOST_CALENDARS = 5
"""Calendars of one person."""

PROBLEMS = (
    "not_found",
    "refused",
    "moved",
    "host",
    "unsafe",
    "no_answer",
    "too_big",
    "not_calendar",
    "stopped",
)
"""Why a calendar could not be read. `stopped`: it came, and reading it took too much or broke."""


def next_read(calendar_id: uuid.UUID, now: datetime, failures: int) -> datetime:
    """When to read next: each quarter of an hour, later after each failure; spread by whose turn it is."""
    wait = min(EVERY * (1 << min(max(failures - 1, 0), 10)), LONGEST_WAIT)
    return now + wait + timedelta(seconds=calendar_id.int % 120)


def window(now: datetime, horizon_days: int) -> Span:
    """What is read of a calendar."""
    return Span(now - BEFORE, now + timedelta(days=horizon_days) + BEYOND)
