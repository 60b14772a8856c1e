"""When an answer is to be expected: working days, and the public holidays of Sweden. Pure."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

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


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def swedish_holidays(year: int) -> frozenset[date]:
    """Public holidays (lag 1989:253), and the three eves on which Swedish offices are closed as well.

    Midsummer Eve, Christmas Eve and New Year's Eve are no public holidays, but semesterlagen (1977:480,
    3 a §) counts them as Sundays.
    """
    return frozenset(_moving(year)) | frozenset(
        date(year, month, day)
        for month, day in ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    )


def _moving(year: int) -> Iterator[date]:
    easter = easter_sunday(year)
    for days in (-2, 0, 1, 39, 49):  # Good Friday, Easter, Easter Monday, Ascension, Whit Sunday
        yield easter + timedelta(days=days)
    midsummer = _saturday_from(date(year, 6, 20))
    yield from (midsummer - _ONE_DAY, midsummer)
    yield _saturday_from(date(year, 10, 31))  # All Saints' Day


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(6 - day.isoweekday()) % 7)


def closed_days(first: date) -> frozenset[date]:
    """The Swedish closed days that a promise made on `first` can meet: its year and the next."""
    return swedish_holidays(first.year) | swedish_holidays(first.year + 1)
