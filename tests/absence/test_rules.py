"""The days of an absence."""

import uuid
from datetime import date, timedelta

import pytest

from portal.identity.absence.rules import BACKWARDS, LONG, PASSED, Away, Period, trouble, unanswered

TUESDAY = date(2026, 11, 24)
KARIN, OLOF = uuid.uuid4(), uuid.uuid4()


def days(first: int, last: int) -> Period:
    """Days counted from the Tuesday."""
    return Period(TUESDAY + timedelta(days=first), TUESDAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("period", "wrong"),
    [
        (days(0, 0), ""),
        (days(-3, 0), ""),
        (days(1, 0), BACKWARDS),
        (days(-3, -1), PASSED),
        (days(0, 365), ""),
        (days(0, 366), LONG),
    ],
)
def test_which_days_can_be(period: Period, wrong: str) -> None:
    assert trouble(period, TUESDAY) == wrong


def test_who_came_back_sooner_was_away_in_days_that_have_passed() -> None:
    assert trouble(days(-3, -1), None) == ""


@pytest.mark.parametrize(
    ("other", "meets"),
    [(days(0, 0), True), (days(3, 5), True), (days(-2, -1), False), (days(4, 5), False), (days(-9, 9), True)],
)
def test_days_that_meet(other: Period, meets: bool) -> None:
    assert days(0, 3).meets(other) is meets
    assert other.meets(days(0, 3)) is meets


def test_both_ends_belong_to_it() -> None:
    period = days(0, 2)
    assert [period.covers(TUESDAY + timedelta(days=number)) for number in range(-1, 4)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert len(list(period.days())) == 3


def test_nobody_answers_where_nobody_stands_in_or_the_stand_in_is_away_too() -> None:
    alone, helped = Away(KARIN, days(0, 1)), Away(KARIN, days(5, 8), OLOF)
    both = unanswered([alone, helped], [Away(OLOF, days(7, 30))], TUESDAY)
    assert sorted((day - TUESDAY).days for day in both) == [0, 1, 7, 8]
    assert unanswered([helped], [], TUESDAY) == frozenset()


def test_days_that_have_passed_are_no_days_to_wait_for() -> None:
    assert unanswered([Away(KARIN, days(-5, 0))], [], TUESDAY) == {TUESDAY}
