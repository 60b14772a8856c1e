"""What is said of each holiday to come, and that each has its word."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from holidays.constants import BANK, DE_FACTO, OPTIONAL, PUBLIC

from portal import holidays
from portal.availability.day_rules import CLOSED, OTHER, SHORT, USUAL, HolidayAhead, holidays_ahead
from portal.availability.rules import Calendar, Closing, Departure, Interval, WeekHours
from portal.availability.words import HOLIDAYS, holiday_words

ZONE = ZoneInfo("Europe/Stockholm")
DAY = Interval(time(9), time(16))
USUAL_WEEK = Calendar(
    ZONE, tuple(WeekHours(day, DAY) for day in range(5)), closing=Closing(closed=True, eve_hour=12)
)
TODAY = date(2026, 12, 20)
EVE_OF_IT, CHRISTMAS_EVE, CHRISTMAS = date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 25)


def happens(calendar: Calendar, days: int = 10) -> dict[date, HolidayAhead]:
    """What is said of each day."""
    return {one.day: one for one in holidays_ahead(calendar, TODAY, days)}


def test_each_holiday_of_the_horizon_is_named_with_what_happens_then() -> None:
    found = happens(USUAL_WEEK)
    assert list(found) == [EVE_OF_IT, CHRISTMAS_EVE, CHRISTMAS, date(2026, 12, 26), date(2026, 12, 30)]
    assert found[EVE_OF_IT] == HolidayAhead(EVE_OF_IT, ("Dag före Julafton",), SHORT, time(12))
    assert found[CHRISTMAS] == HolidayAhead(CHRISTMAS, ("Juldagen",), CLOSED)
    assert happens(USUAL_WEEK, 2) == {}


def test_a_house_that_works_as_ever_says_so() -> None:
    found = happens(replace(USUAL_WEEK, closing=Closing(closed=False, eve_hour=24)))
    assert {found[day].happens for day in (EVE_OF_IT, CHRISTMAS_EVE, CHRISTMAS)} == {USUAL}
    # A Saturday, on which this coach meets nobody anyway.
    assert found[date(2026, 12, 26)].happens == CLOSED


def test_a_coachs_own_hours_for_the_day_are_what_happens() -> None:
    own = Departure(CHRISTMAS_EVE, CHRISTMAS_EVE, Interval(time(8), time(10)))
    away = Departure(EVE_OF_IT, EVE_OF_IT)
    found = happens(replace(USUAL_WEEK, departures=(own, away)))
    assert (found[CHRISTMAS_EVE].happens, found[CHRISTMAS_EVE].hours) == (OTHER, (own.other,))
    assert found[EVE_OF_IT].happens == CLOSED


@pytest.mark.parametrize("year", range(2026, 2037))
def test_every_name_that_the_library_gives_has_a_word(year: int) -> None:
    names = {
        name for both in holidays.named(year, PUBLIC, DE_FACTO, BANK, OPTIONAL).values() for name in both
    }
    assert names
    assert names <= set(HOLIDAYS)


def test_a_name_without_a_word_stands_as_it_is() -> None:
    assert holiday_words(["Dag före Julafton", "Storhelg"]) == "Dagen före julafton, Storhelg"
