"""The geometry of a curve of check-ins. Totals are in tenths."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import ceil

TICK = 100
"""Tenths between two lines of the axis: the length of one line of an instrument."""

NEAR = 40
"""Units of the picture within which two names would stand in each other's way."""


@dataclass(frozen=True)
class Point:
    """A check-in on the curve: when it was sent, and its total in tenths (None: a line was skipped).

    `lines` are what the total is the sum of, where they are drawn too.
    """

    at: datetime
    total: int | None
    lines: tuple[int, ...] = ()


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
    """The first total, give or take what counts as a change (`spread`, rounded up to a tenth)."""

    y: float
    height: float
    first: int
    spread: int


@dataclass(frozen=True)
class Cut:
    """The cut-off's line at `y`, for `value` tenths."""

    y: float
    value: int


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
    nothing is drawn that was not answered. `layers` are the sums of the first line, of the first two and so
    on, under the total; `beside` is the last total of another scale, named on the same axis.
    """

    frame: Frame
    ticks: tuple[Tick, ...]
    band: Band
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    layers: tuple[str, ...] = ()
    cut_off: Cut | None = None
    beside: Dot | None = None

    @property
    def first(self) -> Dot:
        """The baseline."""
        return self.dots[0]

    @property
    def last(self) -> Dot:
        """The one that is named on the picture."""
        return self.dots[-1]


@dataclass(frozen=True)
class Extras:
    """What a licensed scale's curve shows beside its total: the cut-off, and another scale's last total."""

    cut_off: int | None = None
    beside: Point | None = None


@dataclass(frozen=True)
class _Place:
    """Where a moment and a total stand in the picture."""

    frame: Frame
    highest: int
    start: datetime
    seconds: float

    def y(self, total: float) -> float:
        return round(self.frame.bottom - (self.frame.bottom - self.frame.top) * total / self.highest, 1)

    def x(self, at: datetime) -> float:
        part = (at - self.start).total_seconds() / self.seconds if self.seconds else 0.5
        return round(self.frame.left + (self.frame.right - self.frame.left) * part, 1)

    def dot(self, at: datetime, total: int, *, below: bool) -> Dot:
        y = self.y(total)
        return Dot(self.x(at), y, at, total, _name_y(y, self.frame, below=below))


def curve(
    points: Sequence[Point],
    highest: int,
    spread: float,
    extras: Extras | None = None,
    frame: Frame | None = None,
) -> Curve | None:
    """The curve of these points, which are in order of time; None when no point has a total.

    The axis goes from 0 to `highest` (tenths). Distance along the page is distance in time.
    """
    frame, extras = frame or Frame(), extras or Extras()
    known = [point for point in points if point.total is not None]
    if not known:
        return None
    last, beside = known[-1].total or 0, _beside(extras, known[0].at)
    end = max(known[-1].at, beside.at) if beside else known[-1].at
    place = _Place(frame, highest, known[0].at, (end - known[0].at).total_seconds())
    falling = len(known) > 1 and last < (known[-2].total or 0)
    above = beside is not None and (beside.total or 0) >= last
    close = beside is not None and abs(place.y(beside.total or 0) - place.y(last)) < NEAR
    below = above if close else falling
    dots = [
        place.dot(point.at, point.total, below=below) if point.total is not None else None for point in points
    ]
    return Curve(
        frame=frame,
        ticks=tuple(Tick(place.y(value), value // 10) for value in range(0, highest + 1, TICK)),
        band=_band(known[0].total or 0, spread, highest, place.y(0), place.y(highest)),
        paths=tuple(_paths(dots)),
        dots=tuple(found for found in dots if found is not None),
        layers=tuple(_layers(points, place)),
        cut_off=None if extras.cut_off is None else Cut(place.y(extras.cut_off), extras.cut_off),
        beside=place.dot(beside.at, beside.total or 0, below=close and not above) if beside else None,
    )


def _beside(extras: Extras, start: datetime) -> Point | None:
    """The other scale's last total, where there is one since the curve begins."""
    found = extras.beside
    return found if found and found.total is not None and found.at >= start else None


def _layers(points: Sequence[Point], place: _Place) -> list[str]:
    """The sums of the first lines, each as the `points` of polylines; the last one would be the total."""
    depth = max((len(point.lines) for point in points), default=0)
    found: list[str] = []
    for layer in range(depth - 1):
        found += _paths(
            [
                place.dot(point.at, list(accumulate(point.lines))[layer], below=False)
                if point.total is not None and point.lines
                else None
                for point in points
            ]
        )
    return found


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
