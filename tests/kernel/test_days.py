"""Months on and back, half-years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.days import half_year, months_after


@pytest.mark.parametrize(
    "start, months, day",
    [
        (date(2026, 8, 20), 3, date(2026, 11, 20)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 15), 24, date(2028, 10, 15)),
        (date(2026, 2, 1), -3, date(2025, 11, 1)),
        (date(2026, 12, 31), -1, date(2026, 11, 30)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_the_same_day_some_months_on_or_back(start: date, months: int, day: date) -> None:
    assert months_after(start, months) == day


@given(some.dates(date(2000, 1, 1), date(2100, 1, 1)), some.integers(-240, 240))
def test_it_is_that_many_months_away_and_never_a_later_day(start: date, months: int) -> None:
    found = months_after(start, months)
    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day <= start.day


def test_a_half_year_ends_with_june_and_with_december() -> None:
    days = (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31))
    assert [half_year(day) for day in days] == ["2026-1", "2026-1", "2026-2", "2026-2"]
