"""Something new to read is told once a day at most, within the hours, and once more after three days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.rules import Hours
from portal.reminders import news_rules as rules
from portal.reminders.news_rules import Waiting

HOURS = Hours(ZoneInfo("Europe/Stockholm"), 8, 20)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
"""12.00 in Stockholm, a Tuesday."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def written(at: datetime) -> Waiting:
    return Waiting(at, at + rules.WRITING)


def is_told(waiting: Waiting | list[Waiting], said: tuple[datetime, ...], now: datetime) -> bool:
    return rules.due([waiting] if isinstance(waiting, Waiting) else waiting, said, now, HOURS) is not None


def test_whoever_has_just_written_may_write_more() -> None:
    assert not is_told(written(NOON), (), NOON + 9 * MINUTE)
    assert is_told(written(NOON), (), NOON + 10 * MINUTE)


def test_a_plan_waits_longer_and_goes_along_with_a_message() -> None:
    plan = Waiting(NOON, NOON + rules.MEETING)
    assert not is_told(plan, (), NOON + 2 * HOUR)
    assert is_told([plan, written(NOON)], (), NOON + 10 * MINUTE)


def test_a_plan_is_not_told_of_sooner_because_of_a_message_that_was_told_of_before() -> None:
    plan, message = Waiting(NOON, NOON + rules.MEETING), written(NOON - DAY)
    assert not is_told([plan, message], (NOON - DAY + HOUR,), NOON + 2 * HOUR)
    assert is_told([plan, message], (NOON - DAY + HOUR,), NOON + 3 * HOUR)


@pytest.mark.parametrize(("hour", "told"), [(6, False), (7, True), (19, True), (20, False)])
def test_nobody_is_told_outside_the_hours(hour: int, told: bool) -> None:
    """8 to 20 in Stockholm is 7 to 19 in UTC, in November."""
    assert is_told(written(NOON - DAY), (), NOON.replace(hour=hour)) is told


def test_it_is_of_no_use_when_the_day_is_over() -> None:
    telling = rules.due([written(NOON - HOUR)], (), NOON, HOURS)
    assert telling is not None
    assert telling.expires_at == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def test_once_a_day_whatever_comes() -> None:
    assert not is_told(written(NOON), (NOON - HOUR,), NOON + HOUR)
    assert is_told(written(NOON), (NOON - HOUR,), NOON + DAY)


def test_the_same_news_is_told_once_more_after_three_days_and_then_no_more() -> None:
    first = NOON + HOUR
    assert not is_told(written(NOON), (first,), first + 2 * DAY)
    again = first + 3 * DAY
    assert is_told(written(NOON), (first,), again)
    assert not is_told(written(NOON), (first, again), again + 5 * DAY)


def test_what_is_old_is_no_news() -> None:
    assert is_told(written(NOON), (), NOON + 14 * DAY)
    assert not is_told(written(NOON), (), NOON + 15 * DAY)


@given(
    st.lists(st.integers(0, 38 * 24), min_size=1, max_size=12),
    st.integers(0, 59),
)
def test_whatever_comes_nobody_is_told_twice_a_day_or_in_the_night(comes: list[int], minute: int) -> None:
    """S54: over the end of daylight saving time as well; a tick each half hour for forty days."""
    start = datetime(2026, 10, 10, 0, minute, tzinfo=UTC)
    news = sorted(start + hours * HOUR for hours in comes)
    said: list[datetime] = []
    for half in range(80 * 24):
        now = start + half * 30 * MINUTE
        here = [one for one in news if one <= now]
        if here and rules.due([written(here[-1])], said, now, HOURS):
            said.append(now)
    days = [one.astimezone(HOURS.zone).date() for one in said]
    assert len(set(days)) == len(days)
    assert all(HOURS.open_from(one) == one for one in said)
    assert len(said) <= 2 * len(set(news))
    assert said
