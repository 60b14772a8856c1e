"""A wish for a time where none that is offered fits: weekdays, half of the day, ways to meet. Pure."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from portal.availability.rules import FreeTime
from portal.organisation.rules import MODES

WEEKDAYS = range(5)
"""Coaches meet people on these; Monday is 0."""
MORNING, AFTERNOON = PARTS = ("morning", "afternoon")
NOON = time(12)


@dataclass(frozen=True, slots=True)
class TimeWish:
    """What would fit; nothing of a kind is all of it. `moving`: the meeting that would move."""

    days: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    moving: uuid.UUID | None = None

    def __bool__(self) -> bool:
        return bool(self.days or self.parts or self.ways)


def write(wish: TimeWish) -> str:
    """A wish as it is stored, and stands in an address: `0,2|morning|phone|`."""
    days = ",".join(str(day) for day in wish.days)
    return "|".join((days, ",".join(wish.parts), ",".join(wish.ways), str(wish.moving or "")))


def read(text: str) -> TimeWish | None:
    """What `write` wrote; None for anything else."""
    pieces = text.split("|")
    if len(pieces) != 4:
        return None
    days, parts, ways = (tuple(filter(None, piece.split(","))) for piece in pieces[:3])
    if not set(days) <= {str(day) for day in WEEKDAYS} or not set(parts) <= set(PARTS):
        return None
    if not set(ways) <= set(MODES):
        return None
    try:
        moving = uuid.UUID(pieces[3]) if pieces[3] else None
    except ValueError:
        return None
    return TimeWish(tuple(int(day) for day in days), parts, ways, moving)


def misses(free: FreeTime, wish: TimeWish, zone: ZoneInfo) -> int:
    """In how many ways a time is not what was wished for."""
    start: datetime = free.start.astimezone(zone)
    part = MORNING if start.time() < NOON else AFTERNOON
    return sum(
        (
            bool(wish.days) and start.weekday() not in wish.days,
            bool(wish.parts) and part not in wish.parts,
            bool(wish.ways) and not set(wish.ways) & set(free.modes),
        )
    )


def closest(times: Iterable[FreeTime], wish: TimeWish, zone: ZoneInfo, most: int) -> list[FreeTime]:
    """The times that come closest to the wish, the soonest of them first."""
    return sorted(times, key=lambda one: (misses(one, wish, zone), one.start))[:most]
