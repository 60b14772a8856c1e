"""The promised day of an answer, and the Swedish calendar behind it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.plan.workdays import answer_day, closed_days, is_working_day
from tests.support.almanac import closed_in

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    "asked, promised",
    [
        (date(2026, 11, 24), date(2026, 11, 26)),  # Tuesday -> Thursday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday -> over the weekend to Monday
        (date(2026, 11, 27), date(2026, 12, 1)),  # Friday -> Tuesday
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday counts as nothing
        (date(2026, 11, 29), date(2026, 12, 1)),
        (date(2026, 12, 23), date(2026, 12, 29)),  # Christmas: 24-26 closed, then a Sunday
        (date(2026, 12, 30), date(2027, 1, 5)),  # over New Year, into the next year's calendar
        (date(2027, 1, 4), date(2027, 1, 7)),  # over Epiphany
        (date(2026, 6, 18), date(2026, 6, 23)),  # over Midsummer Eve
        (date(2026, 4, 2), date(2026, 4, 8)),  # Maundy Thursday -> over Easter Monday
    ],
)
def test_two_working_days_skip_weekends_and_holidays(asked: date, promised: date) -> None:
    assert answer_day(asked, 2, closed_days(asked)) == promised


def test_without_holidays_only_weekends_are_skipped() -> None:
    assert answer_day(date(2026, 12, 23), 2, ()) == date(2026, 12, 25)


def test_zero_days_is_today_or_the_next_working_day() -> None:
    assert answer_day(date(2026, 11, 24), 0, ()) == date(2026, 11, 24)
    assert answer_day(date(2026, 11, 28), 0, ()) == date(2026, 11, 30)


@pytest.mark.parametrize("days", [-1, 61])
def test_a_promise_outside_reason_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="working_days"):
        answer_day(date(2026, 11, 24), days, ())


@given(DAYS, st.integers(0, 20))
def test_the_promised_day_is_a_working_day_with_just_that_many_before_it(asked: date, days: int) -> None:
    closed = closed_days(asked)
    promised = answer_day(asked, days, closed)
    assert is_working_day(promised, closed)
    between = (asked + timedelta(days=n) for n in range(1, (promised - asked).days + 1))
    worked = sum(is_working_day(day, closed) for day in between)
    assert worked == days or (days == 0 and not is_working_day(asked, closed) and worked == 1)


@given(DAYS, st.integers(0, 19))
def test_a_longer_wait_is_never_an_earlier_day(asked: date, days: int) -> None:
    closed = closed_days(asked)
    assert answer_day(asked, days, closed) <= answer_day(asked, days + 1, closed)


@pytest.mark.parametrize("year", range(2020, 2036))
def test_the_promised_day_is_the_almanacs(year: int) -> None:
    """Each day of sixteen years, and each promise that a house may make."""
    own = closed_in(year) | closed_in(year + 1)
    for number in range(366):
        asked = date(year, 1, 1) + timedelta(days=number)
        if asked.year == year:
            assert closed_days(asked) == own
            for days in (0, 1, 2, 5, 20):
                assert answer_day(asked, days, closed_days(asked)) == answer_day(asked, days, own)
