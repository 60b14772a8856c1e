"""The closed days of a Swedish year, reckoned from the laws: what the library's days are held against."""

from datetime import date, timedelta

FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
FROM_EASTER = (-2, 0, 1, 39, 49)
"""Good Friday, Easter, Easter Monday, Ascension, Whit Sunday."""


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


def closed_in(year: int) -> frozenset[date]:
    """Public holidays (lag 1989:253), and the eves that semesterlagen (1977:480, 3 a §) counts as Sundays."""
    midsummer = _saturday_from(date(year, 6, 20))
    return frozenset(
        {
            *(date(year, month, day) for month, day in FIXED),
            *(easter_sunday(year) + timedelta(days=days) for days in FROM_EASTER),
            midsummer - timedelta(days=1),
            midsummer,
            _saturday_from(date(year, 10, 31)),
        }
    )


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(6 - day.isoweekday()) % 7)
