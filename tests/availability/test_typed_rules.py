"""Times and dates as people type them."""

from datetime import date, time

import pytest

from portal.availability.typed_rules import read_day, read_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("9.30", time(9, 30)),
        ("09:30", time(9, 30)),
        (" 0930 ", time(9, 30)),
        ("٠٩:٣٠", time(9, 30)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "24:00", "9:60", "nio", "9-10", "-1", "²", "🙂", "9\x00", "1" * 10_000, "<b>9</b>", "9:3"]
)
def test_nonsense_is_no_time(typed: str) -> None:
    assert read_time(typed) is None


@pytest.mark.parametrize("typed", ["2027-02-01", " 1/2 2027 ", "01.02.2027", "20270201", "٢٠٢٧-٠٢-٠١"])
def test_a_day_is_read_as_people_type_it(typed: str) -> None:
    assert read_day(typed) == date(2027, 2, 1)


@pytest.mark.parametrize("typed", ["", "2027-02-30", "i morgon", "1/2", "2027-02-01\x00", "9" * 10_000])
def test_nonsense_is_no_day(typed: str) -> None:
    assert read_day(typed) is None
