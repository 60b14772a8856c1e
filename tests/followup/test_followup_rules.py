"""When somebody who has left is asked."""

from datetime import date, timedelta

import pytest

from portal.followup import rules
from portal.organisation.rules import Rules

CLOSED = date(2026, 8, 31)


@pytest.mark.parametrize(
    "today, done, month",
    [
        (date(2026, 11, 29), (), None),
        (date(2026, 11, 30), (), 3),
        (date(2027, 1, 29), (), 3),
        (date(2027, 1, 30), (), None),
        (date(2026, 12, 1), (3,), None),
        (date(2027, 2, 28), (3,), 6),
        (date(2027, 2, 28), (), 6),
        # What was told of a later month says enough of an earlier one.
        (date(2026, 12, 1), (6,), None),
    ],
)
def test_each_month_is_asked_for_once_and_not_too_late(
    today: date, done: tuple[int, ...], month: int | None
) -> None:
    """Three months from 31 August is 30 November; six, the last of February."""
    assert rules.due(CLOSED, (3, 6), done, today) == month


def test_of_two_that_are_open_the_later_is_asked_for() -> None:
    day = rules.days_of(CLOSED, (18, 24))[24]
    assert rules.due(CLOSED, (18, 24), (), day) == 24
    assert rules.due(CLOSED, (), (), day) is None
    assert rules.due(CLOSED, (24,), (), day + rules.OPEN + timedelta(days=1)) is None


def test_nobody_is_asked_when_what_is_kept_of_them_is_gone() -> None:
    """S46."""
    assert rules.months_of(Rules(follow_up_months=(3, 6, 24), keep_content_months=24)) == (3, 6)
    assert rules.months_of(Rules(follow_up_months=(3, 6, 24), keep_content_months=25)) == (3, 6, 24)
    assert rules.months_of(Rules(follow_up_months=())) == ()


def test_months_that_we_do_not_know_are_passed_over() -> None:
    assert Rules.from_json({"follow_up_months": [7, 18, 3]}).follow_up_months == (3, 18)
    assert Rules.from_json({"follow_up_months": []}).follow_up_months == ()
