"""A person's way on the organisation's own stairs: where they are, how far they have come, whether it lasted.

Pure. Reports ask `moved_up` and `still_there`; a target reads for example "80 % move at least one step, 80 %
are still there or higher after 6 months".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from portal.days import months_after

GRACE = timedelta(days=31)
"""Ours: a follow-up that was made up to a month early counts as the one of that month."""


class Recorded(Protocol):
    """What the rules need to know of a record: on which day somebody was on which step."""

    @property
    def on(self) -> date: ...
    @property
    def code(self) -> str: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def struck(self) -> bool: ...


RecordedT = TypeVar("RecordedT", bound=Recorded)


@dataclass(frozen=True, slots=True)
class Climb:
    """One record with the step before it, "" for the first; the same step again says "still there"."""

    before: str
    after: str
    on: date


def lasting(records: Iterable[RecordedT]) -> tuple[RecordedT, ...]:
    """The records that hold, the oldest first; of one day, the one written last comes last."""
    known = (one for one in records if not one.struck)
    return tuple(sorted(known, key=lambda one: (one.on, one.recorded_at)))


def climbs(records: Iterable[Recorded]) -> tuple[Climb, ...]:
    """From where to where, and when: what was corrected is left out."""
    held = lasting(records)
    codes = ["", *(one.code for one in held)]
    return tuple(Climb(before, one.code, one.on) for before, one in zip(codes, held, strict=False))


def level(order: Sequence[str], code: str) -> int:
    """The place of a step, 1 for the lowest; 0 for one that is not on the stairs."""
    return order.index(code) + 1 if code in order else 0


def moved_up(records: Iterable[Recorded], order: Sequence[str], by: date) -> bool | None:
    """Whether somebody stood at least a step higher on the day `by` than at first; None without a record."""
    held = [one for one in lasting(records) if one.on <= by]
    if not held:
        return None
    return level(order, held[-1].code) > level(order, held[0].code)


def still_there(
    records: Iterable[Recorded], order: Sequence[str], since: date, months: int, today: date
) -> bool | None:
    """Whether somebody was as high or higher `months` after `since` (the closing) as on that day.

    None when that day has not come, when nothing was recorded by `since`, or when nobody has looked since:
    what nobody asked about is not known to have lasted. The first record from a month before then decides.
    """
    held = lasting(records)
    due = months_after(since, months)
    reached = [one for one in held if one.on <= since]
    looked = [one for one in held if one.on > since and one.on >= due - GRACE]
    if due > today or not reached or not looked:
        return None
    return level(order, looked[0].code) >= level(order, reached[-1].code)


def day_problem(on: date, today: date, first: date | None) -> str | None:
    """Why a day cannot stand: "future", "before" the enrolment, or None when it can."""
    if on > today:
        return "future"
    if first is not None and on < first:
        return "before"
    return None
