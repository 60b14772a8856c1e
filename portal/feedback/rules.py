"""When a check-in is open, and the geometry of its curve. Totals are in tenths."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from portal.instruments.rules import DownRule, When
from portal.organisation.rules import Rules

TICK = 100
"""Tenths between two lines of the axis: the length of one line of an instrument."""


@dataclass(frozen=True)
class Window:
    """From when until when (aware, UTC) a check-in can be answered. Open at both of its ends."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether one may answer now."""
        return self.state(now) == "open"

    def state(self, now: datetime) -> Literal["early", "open", "late"]:
        """Whether it is too early to answer, time to, or too late."""
        if now < self.opens_at:
            return "early"
        return "open" if now <= self.closes_at else "late"


def window(kind: When, starts_at: datetime, ends_at: datetime, rules: Rules) -> Window:
    """The window of a check-in before or after a meeting between these moments (aware, UTC).

    Before: from some hours before the meeting to its end. After: from its start to some hours after its end.
    """
    if kind == "before":
        return Window(starts_at - timedelta(hours=rules.checkin_before_hours), ends_at)
    return Window(starts_at, ends_at + timedelta(hours=rules.checkin_after_hours))


def down_rule(rules: Rules) -> DownRule:
    """The organisation's house rule for "down"."""
    return DownRule(share=rules.checkin_down_share, line=round(rules.checkin_down_line * 10))


@dataclass(frozen=True)
class Point:
    """A check-in on the curve: when it was sent, and its total in tenths (None: a line was skipped)."""

    at: datetime
    total: int | None


@dataclass(frozen=True)
class Tick:
    """A line of the axis at `y`, for `value` whole points."""

    y: float
    value: int


@dataclass(frozen=True)
class Dot:
    """A total on the curve. `name_y` is where its number is written when it is named."""

    x: float
    y: float
    at: datetime
    total: int
    name_y: float


@dataclass(frozen=True)
class Band:
    """The first total, give or take what the house rule calls down (`spread`, rounded up to a tenth)."""

    y: float
    height: float
    first: int
    spread: int


@dataclass(frozen=True)
class Frame:
    """The picture's size and the edges of the plot in it, in units of the SVG's own view box."""

    width: int = 640
    height: int = 280
    left: int = 44
    right: int = 604
    top: int = 24
    bottom: int = 236


@dataclass(frozen=True)
class Curve:
    """Everything a template needs to draw the curve with attributes alone.

    `paths` are the points of one unbroken line each: the line stops where a total is missing, for
    nothing is drawn that was not answered.
    """

    frame: Frame
    ticks: tuple[Tick, ...]
    band: Band
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]

    @property
    def first(self) -> Dot:
        """The baseline."""
        return self.dots[0]

    @property
    def last(self) -> Dot:
        """The one that is named on the picture."""
        return self.dots[-1]


def curve(points: Sequence[Point], highest: int, rule: DownRule, frame: Frame | None = None) -> Curve | None:
    """The curve of these points, which are in order of time; None when no point has a total.

    The axis goes from 0 to `highest` (tenths). Distance along the page is distance in time.
    """
    frame = frame or Frame()
    known = [point for point in points if point.total is not None]
    if not known:
        return None

    def y(total: float) -> float:
        return round(frame.bottom - (frame.bottom - frame.top) * total / highest, 1)

    start, length = known[0].at, (known[-1].at - known[0].at).total_seconds()
    falling = len(known) > 1 and (known[-1].total or 0) < (known[-2].total or 0)

    def dot(point: Point, total: int) -> Dot:
        part = (point.at - start).total_seconds() / length if length else 0.5
        place = y(total)
        x = round(frame.left + (frame.right - frame.left) * part, 1)
        return Dot(x, place, point.at, total, _name_y(place, frame, below=falling))

    dots = [dot(point, point.total) if point.total is not None else None for point in points]
    return Curve(
        frame=frame,
        ticks=tuple(Tick(y(value), value // 10) for value in range(0, highest + 1, TICK)),
        band=_band(known[0].total or 0, rule.band(highest), highest, y(0), y(highest)),
        paths=tuple(_paths(dots)),
        dots=tuple(found for found in dots if found is not None),
    )


def _name_y(place: float, frame: Frame, *, below: bool) -> float:
    """Where a dot's number stands clear of the line that comes to it: under it when the line falls."""
    over, under = place - 12, place + 24
    return under if over <= frame.top or (below and under <= frame.bottom) else over


def _band(first: int, spread: float, highest: int, bottom: float, top: float) -> Band:
    scale = (bottom - top) / highest
    high, low = min(highest, first + spread), max(0, first - spread)
    return Band(round(bottom - high * scale, 1), round((high - low) * scale, 1), first, ceil(spread))


def _paths(dots: Sequence[Dot | None]) -> list[str]:
    """Runs of at least two dots, as the `points` of a polyline."""
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return [" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1]
