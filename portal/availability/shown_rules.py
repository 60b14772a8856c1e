"""Which free times are shown first, and under which day. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.availability.rules import Span

AnySpan = TypeVar("AnySpan", bound=Span)


def suggestions(times: Sequence[AnySpan], zone: ZoneInfo, count: int) -> list[AnySpan]:
    """The `count` times to show first: the soonest of each half day, so that some fit the morning bus.

    Falls back on the soonest of the rest when there are too few half days; always in order.
    """
    firsts: dict[tuple[date, bool], AnySpan] = {}
    for span in times:
        wall = span.start.astimezone(zone)
        firsts.setdefault((wall.date(), wall.hour >= 12), span)
    chosen = list(firsts.values())[:count]
    rest = [span for span in times if span not in chosen]
    return sorted(chosen + rest[: count - len(chosen)])


def by_day(times: Iterable[AnySpan], zone: ZoneInfo) -> dict[date, list[AnySpan]]:
    """The times grouped by their local day, in the order given."""
    days: dict[date, list[AnySpan]] = {}
    for span in times:
        days.setdefault(span.start.astimezone(zone).date(), []).append(span)
    return days
