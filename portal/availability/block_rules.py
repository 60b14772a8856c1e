"""Which times can be blocked. All instants are aware UTC datetimes."""

from datetime import datetime, timedelta

from portal.availability.rules import Span

KEPT_DAYS = 90
"""How long a blocked time is remembered after it, or after it was removed: as long as an absence."""
FARTHEST = timedelta(days=730)
"""Staff block at most two years ahead, as they book: a later day is a slip of the finger."""
LONGEST = timedelta(hours=24)
"""What is longer is an absence, or a day that differs."""

PASSED, FAR, LONG = "passed", "far", "long"


def trouble(span: Span, now: datetime) -> str:
    """What is wrong with a time to be blocked, "" when nothing is. It may have begun."""
    if span.end <= now:
        return PASSED
    if span.start > now + FARTHEST:
        return FAR
    return LONG if span.end - span.start > LONGEST else ""
