"""What has come of asking those who have left, as figures count it. Pure; days are the organisation's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.days import months_after
from portal.followup.rules import DECLINED, OPEN, UNREACHED, YES

WAITING = "waiting"
"""Beside `rules.RESULTS`: the day has come, nothing is written, and it is not too late."""


@dataclass(frozen=True)
class Written:
    """What was written of one follow-up, codes of `rules` and of the list of outcomes, and on which day."""

    result: str
    occupation: str
    on: date


@dataclass(frozen=True)
class Said:
    """What was said to being asked, of `rules.SAID`, from which day, and on which day something else was."""

    what: str
    since: date
    until: date | None = None

    def held(self, first: date, last: date) -> bool:
        """Whether it held when one of these days ended."""
        earliest = max(self.since, first)
        return earliest <= last and (self.until is None or earliest < self.until)


@dataclass(frozen=True)
class Followed:
    """An enrolment that has ended, of somebody who is still kept.

    `said`: all that was ever said to being asked, one after the other. `back_on`: since when they are
    enrolled again. `written`: what was written, by month.
    """

    closed_on: date
    said: frozenset[Said] = frozenset()
    back_on: date | None = None
    written: Mapping[int, Written] = field(default_factory=dict)

    def had_said(self, day: date) -> str:
        """What they had said when a day ended; "" where nothing was written by then."""
        return next((one.what for one in self.said if one.held(day, day)), "")

    def wanted(self, first: date, last: date) -> bool:
        """Whether their yes stood when the first of these days began, or when one of them ended."""
        return any(one.what == YES and one.held(first - timedelta(days=1), last) for one in self.said)


def came_of(one: Followed, months: int, today: date) -> str | None:
    """What has come of a follow-up until today, of `rules.RESULTS` or WAITING; None where it was never due.

    Only what is written within `OPEN` counts: what is told later says nothing of that month. It is not due
    for whoever is enrolled again by then, took the yes back before its day, or had said none.
    """
    day = months_after(one.closed_on, months)
    until = min(day + OPEN, today)
    if day > today:
        return None
    written = one.written.get(months)
    if written and written.on <= until:
        return written.result
    if one.back_on and one.back_on <= until:
        return None
    return _unwritten(one, day, until, too_late=until < today)


def _unwritten(one: Followed, day: date, until: date, *, too_late: bool) -> str | None:
    if one.had_said(until) == YES:
        return UNREACHED if too_late else WAITING
    return DECLINED if one.wanted(day, until) else None
