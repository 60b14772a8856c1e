"""What has come of asking those who have left, as figures count it. Pure; days are the organisation's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

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
class Followed:
    """An enrolment that has ended, of somebody who is still kept.

    `said`: what stands of being asked, since `said_on`; "" and None where nothing was ever written.
    `back_on`: since when they are enrolled again. `written`: what was written, by month.
    """

    closed_on: date
    said: str = ""
    said_on: date | None = None
    back_on: date | None = None
    written: Mapping[int, Written] = field(default_factory=dict)

    def had_said(self, day: date) -> str:
        """What they had said when a day ended. What was said later took the place of its opposite."""
        if self.said_on is None or self.said_on <= day:
            return self.said
        return "" if self.said == YES else YES


def came_of(one: Followed, months: int, today: date) -> str | None:
    """What has come of a follow-up until today, of `rules.RESULTS` or WAITING; None where it was never due.

    Only what is written within `OPEN` counts: what is told later says nothing of that month. It is not due
    for whoever is enrolled again by then, or took the yes back before its day.
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
    took_back = bool(one.said) and one.said_on is not None and day <= one.said_on <= until
    return DECLINED if took_back else None
