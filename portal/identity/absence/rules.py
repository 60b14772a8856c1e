"""The days of an absence: which can be, and on which of them nobody answers. Days are local dates."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 366
"""A longer absence is another coach's work: the participants are handed over."""
KEPT_DAYS = 90
"""How long an absence is remembered after its last day, or after it was taken back: a quarter of a year, in
which somebody may still ask who answered."""

BACKWARDS, PASSED, LONG = "backwards", "passed", "long"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last

    def meets(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def days(self) -> Iterable[date]:
        """Each of them."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Away:
    """One person's absence: `stand_in_id` answers instead; None where nobody does."""

    person_id: uuid.UUID
    period: Period
    stand_in_id: uuid.UUID | None = None


def trouble(period: Period, today: date | None) -> str:
    """What is wrong with the days of an absence, "" when nothing is.

    `today` None: the days may have passed, as when somebody comes back sooner.
    """
    if period.last < period.first:
        return BACKWARDS
    if today is not None and period.last < today:
        return PASSED
    return LONG if (period.last - period.first).days >= MOST_DAYS else ""


def unanswered(mine: Iterable[Away], others: Iterable[Away], since: date) -> frozenset[date]:
    """The days from `since` on of somebody's absences on which nobody answers instead.

    Nobody does where the stand-in is away as well, which `others` tells.
    """
    away = [(one.person_id, one.period) for one in others]

    def answered(stand_in: uuid.UUID | None, day: date) -> bool:
        if stand_in is None:
            return False
        return not any(person == stand_in and period.covers(day) for person, period in away)

    return frozenset(
        day
        for one in mine
        for day in one.period.days()
        if day >= since and not answered(one.stand_in_id, day)
    )
