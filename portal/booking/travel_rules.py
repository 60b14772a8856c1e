"""When somebody can be there and must leave, for the bus, and when they have most energy. Wall times.

Nothing is hidden by it: what does not fit comes last, and says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from portal.availability.rules import PLACED, FreeTime

EVERY_DAY = "all"
WEEKDAYS = range(5)
"""Coaches meet people on these; Monday is 0."""
MORNING, AFTERNOON = "morning", "afternoon"
ENERGIES = ("", MORNING, AFTERNOON)
"""When somebody has most energy; "" for always alike."""
NOON = time(12)

BEFORE_BUS, AFTER_BUS, HOME_ONLY, TIRED = "before_bus", "after_bus", "home_only", "tired"
"""Why a time fits badly: too early for the bus, too late for the one home, not for the bus but from home, the
heavier half of the day."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when one can be there, and when one must leave; None where it does not matter."""

    there: time | None = None
    leave: time | None = None

    def __bool__(self) -> bool:
        return self.there is not None or self.leave is not None


@dataclass(frozen=True, slots=True)
class Travel:
    """A person's windows by weekday ("0" is Monday) or EVERY_DAY, and when they have most energy."""

    windows: Mapping[str, Window] = field(default_factory=dict)
    energy: str = ""

    def on(self, weekday: int) -> Window:
        """The window of a weekday: its own, else that of every day."""
        return self.windows.get(str(weekday)) or self.windows.get(EVERY_DAY, Window())

    def __bool__(self) -> bool:
        return bool(self.windows) or bool(self.energy)


ANY_TIME = Travel()


def misfit(free: FreeTime, travel: Travel, zone: ZoneInfo) -> str:
    """Why a time fits badly, "" where it fits. The bus matters only where one must go somewhere."""
    start, end = free.start.astimezone(zone), free.end.astimezone(zone)
    window = travel.on(start.weekday())
    early = window.there is not None and start.time() < window.there
    late = window.leave is not None and (end.date() > start.date() or end.time() > window.leave)
    if (early or late) and any(mode in PLACED for mode in free.modes):
        if any(mode not in PLACED for mode in free.modes):
            return HOME_ONLY
        return BEFORE_BUS if early else AFTER_BUS
    half = AFTERNOON if start.time() >= NOON else MORNING
    return TIRED if travel.energy and travel.energy != half else ""


def split(
    times: Iterable[FreeTime], travel: Travel, zone: ZoneInfo
) -> tuple[list[FreeTime], list[tuple[FreeTime, str]]]:
    """The times that fit, and those that do not with why, each in order."""
    fitting: list[FreeTime] = []
    others: list[tuple[FreeTime, str]] = []
    for free in times:
        why = misfit(free, travel, zone)
        if why:
            others.append((free, why))
        else:
            fitting.append(free)
    return fitting, others


def to_json(travel: Travel) -> dict[str, list[str | None]]:
    """The windows as they are stored: [there, leave] as "09:40" or null, by weekday."""
    return {day: [_written(one.there), _written(one.leave)] for day, one in travel.windows.items() if one}


def from_json(stored: Mapping[str, Sequence[str | None]], energy: str) -> Travel:
    """What `to_json` wrote."""
    return Travel({day: Window(*(_read(at) for at in pair)) for day, pair in stored.items()}, energy)


def written(pair: Sequence[str | None] | None) -> str:
    """ "09:40–15:10" of a stored window, three dots for an end that does not matter; "" of none."""
    return "–".join(at or "…" for at in pair) if pair else ""


def _read(at: str | None) -> time | None:
    return time.fromisoformat(at) if at else None


def _written(at: time | None) -> str | None:
    return at.strftime("%H:%M") if at else None
