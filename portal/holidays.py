"""Sweden's public holidays and the days before them, by name. It knows no today. Pure.

They come from the library `holidays` (https://github.com/vacanza/holidays, `holidays/countries/sweden.py`),
which goes by lag 1989:253, semesterlagen 1977:480 and the Riksbank's calendar; it knows 1953 to 2100.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays.constants import BANK, DE_FACTO, OPTIONAL, PUBLIC
from holidays.countries.sweden import Sweden

_CLOSED = (PUBLIC, DE_FACTO)
# What the library calls half a day has its hour behind the name: "Skärtorsdagen (från kl. 14.00)".
_HOUR = " ("


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day with a name, or with two where two fall together; `closed`, or else the day before a closed one.

    Closed are the public holidays and the eves of Midsummer, Christmas and New Year, which semesterlagen
    counts as Sundays.
    """

    names: tuple[str, ...]
    closed: bool


@lru_cache(maxsize=256)
def of_year(year: int) -> Mapping[date, Holiday]:
    """The holidays of a year and the days before them, in order; ordinary Sundays are none of them.

    A named day before no closed one (the Friday after Ascension, and before Whitsun Eve) is as any other.
    """
    closed = named(year, *_CLOSED)
    before = {
        day: names
        for day, names in named(year, BANK, OPTIONAL).items()
        if day not in closed and day + timedelta(days=1) in closed
    }
    found = {day: Holiday(names, True) for day, names in closed.items()}
    found |= {day: Holiday(names, False) for day, names in before.items()}
    return dict(sorted(found.items()))


def named(year: int, *categories: str) -> dict[date, tuple[str, ...]]:
    """The days that the library names in these of its categories, the names without an hour behind them."""
    days = Sweden(years=year, language="sv", include_sundays=False, categories=categories)
    return {
        day: tuple(dict.fromkeys(name.partition(_HOUR)[0] for name in days.get_list(day))) for day in days
    }


def of(day: date) -> Holiday | None:
    """The holiday on a day, or the one that it comes before; None on any other day."""
    return of_year(day.year).get(day)


def between(first: date, last: date) -> dict[date, Holiday]:
    """The holidays and the days before them from `first` to `last`, both included, in order."""
    return {
        day: holiday
        for year in range(first.year, last.year + 1)
        for day, holiday in of_year(year).items()
        if first <= day <= last
    }
