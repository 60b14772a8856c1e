"""Sweden's holidays by name, and the days before them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import holidays
from tests.support.almanac import closed_in, easter_sunday

YEARS = st.integers(2005, 2099)


# Known dates, from printed almanacs.
@pytest.mark.parametrize(
    "year, easter",
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_the_oracle_knows_easter(year: int, easter: date) -> None:
    assert easter_sunday(year) == easter


@given(YEARS)
def test_the_closed_days_are_the_almanacs(year: int) -> None:
    assert {day for day, one in holidays.of_year(year).items() if one.closed} == closed_in(year)


def test_the_days_of_2026() -> None:
    found = [(f"{day:%d/%m}", *one.names, one.closed) for day, one in holidays.of_year(2026).items()]
    assert found == [
        ("01/01", "Nyårsdagen", True),
        ("05/01", "Trettondagsafton", False),
        ("06/01", "Trettondedag jul", True),
        ("02/04", "Skärtorsdagen", False),
        ("03/04", "Långfredagen", True),
        ("04/04", "Påskafton", False),
        ("05/04", "Påskdagen", True),
        ("06/04", "Annandag påsk", True),
        ("30/04", "Valborgsmässoafton", False),
        ("01/05", "Första maj", True),
        ("13/05", "Dag före Kristi himmelsfärdsdag", False),
        ("14/05", "Kristi himmelsfärdsdag", True),
        ("23/05", "Pingstafton", False),
        ("24/05", "Pingstdagen", True),
        ("06/06", "Nationaldagen", True),
        ("18/06", "Dag före Midsommarafton", False),
        ("19/06", "Midsommarafton", True),
        ("20/06", "Midsommardagen", True),
        ("30/10", "Allahelgonsafton", False),
        ("31/10", "Alla helgons dag", True),
        ("23/12", "Dag före Julafton", False),
        ("24/12", "Julafton", True),
        ("25/12", "Juldagen", True),
        ("26/12", "Annandag jul", True),
        ("30/12", "Dag före Nyårsafton", False),
        ("31/12", "Nyårsafton", True),
    ]


@given(YEARS)
def test_what_is_not_closed_comes_just_before_what_is(year: int) -> None:
    for day, one in holidays.of_year(year).items():
        after = holidays.of(day + timedelta(days=1))
        assert one.closed or (after is not None and after.closed)


def test_two_that_fall_on_one_day_keep_both_names() -> None:
    both = holidays.of(date(2008, 5, 1))
    assert both is not None
    assert set(both.names) == {"Första maj", "Kristi himmelsfärdsdag"}


def test_the_days_between_two_days_cross_the_year() -> None:
    found = holidays.between(date(2026, 12, 26), date(2027, 1, 5))
    assert [f"{day:%d/%m}" for day in found] == ["26/12", "30/12", "31/12", "01/01", "05/01"]


def test_a_year_that_nobody_has_reckoned_has_no_holidays() -> None:
    assert holidays.of(date(9999, 12, 24)) is None
