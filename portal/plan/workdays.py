"""When an answer is to be expected: working days, and the public holidays of Sweden. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from portal import holidays

_ONE_DAY = timedelta(days=1)
# Longest run to look through: no organisation promises an answer in more than a quarter of a year.
MOST_DAYS = 60


def answer_day(asked: date, working_days: int, closed: Collection[date]) -> date:
    """The day by which a question asked on `asked` (local date) is answered.

    The day of asking does not count. `closed` holds the dates, weekends aside, when nobody works.
    `working_days` is 0 to 60; 0 gives `asked` itself when it is a working day, else the next one.
    Raises ValueError outside that range.
    """
    if not 0 <= working_days <= MOST_DAYS:
        raise ValueError("working_days")
    day, left = asked, working_days
    while left > 0 or not is_working_day(day, closed):
        day += _ONE_DAY
        left -= is_working_day(day, closed)
    return day


def is_working_day(day: date, closed: Collection[date]) -> bool:
    """Monday to Friday, and not among the `closed` dates."""
    return day.isoweekday() < 6 and day not in closed


def closed_days(first: date) -> frozenset[date]:
    """The Swedish closed days that a promise made on `first` can meet: its year and the next."""
    return _closed(first.year) | _closed(first.year + 1)


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[date]:
    return frozenset(day for day, holiday in holidays.of_year(year).items() if holiday.closed)
