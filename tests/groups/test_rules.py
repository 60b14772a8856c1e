"""Days of a series, free seats, and until when an offer stands."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.availability.rules import Span
from portal.groups import rules
from portal.groups.rules import Plan
from portal.notices.rules import Hours

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOURS = Hours(ZONE, 8, 20)
DAY = timedelta(hours=24)


def plan(first: date, *weekdays: int, weeks: int = 4, starts: time = time(10), ends: time = time(11)) -> Plan:
    return Plan(first, starts, ends, frozenset(weekdays), weeks)


def test_four_weeks_from_the_first_day_are_four_times_each_weekday() -> None:
    days = rules.days_of(plan(date(2026, 12, 1), 1, 3))
    assert len(days) == 8
    assert (days[0], days[1], days[-1]) == (date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 24))


def test_a_week_that_begins_on_another_weekday_keeps_its_number_of_weeks() -> None:
    # The first day is a Wednesday: the Mondays are those of the four weeks that begin with it.
    assert rules.days_of(plan(date(2026, 12, 2), 0)) == [
        date(2026, 12, 7) + timedelta(weeks=n) for n in range(4)
    ]


def test_no_more_sessions_than_may_be() -> None:
    assert len(rules.days_of(plan(date(2026, 12, 1), *range(7), weeks=52))) == rules.MOST_SESSIONS


def test_a_holiday_is_named_and_not_ticked_and_a_clash_is_not_ticked() -> None:
    busy = [Span(datetime(2026, 12, 10, 9, 30, tzinfo=UTC), datetime(2026, 12, 10, 12, tzinfo=UTC))]
    found = rules.proposed(plan(date(2026, 12, 3), 3), busy, NOW, ZONE)
    assert [one.day.day for one in found] == [3, 10, 17, 24]
    assert [one.fits for one in found] == [True, False, True, False]
    assert found[1].clash
    assert found[3].closed
    assert found[3].holiday == ("Julafton",)


def test_the_day_before_a_holiday_is_named_and_ticked() -> None:
    found = rules.proposed(plan(date(2027, 1, 5), 1, weeks=1), [], NOW, ZONE)
    assert found[0].holiday == ("Trettondagsafton",)
    assert found[0].fits


def test_what_has_passed_is_not_ticked_and_wall_time_follows_the_clock() -> None:
    found = rules.proposed(plan(date(2026, 10, 20), 1, weeks=6), [], NOW, ZONE)
    assert [one.fits for one in found] == [False] * 5 + [True]
    assert found[-1].passed is False
    hours = {one.span.start.astimezone(ZONE).hour for one in found}
    assert hours == {10}
    assert {one.span.start.hour for one in found} == {8, 9}


def test_a_time_that_the_clock_jumps_over_is_left_out() -> None:
    night = plan(date(2027, 3, 28), 6, weeks=1, starts=time(2, 15), ends=time(3, 30))
    assert rules.proposed(night, [], NOW, ZONE) == []


@given(st.sets(st.integers(1, 8)), st.integers(1, 8))
def test_the_lowest_free_seat(taken: set[int], capacity: int) -> None:
    found = rules.free_number(taken, capacity)
    free = set(range(1, capacity + 1)) - taken
    assert found == (min(free) if free else None)


def test_an_offer_by_day_stands_for_its_hours() -> None:
    assert rules.offer_until(NOW, DAY, HOURS, NOW + timedelta(days=30)) == NOW + DAY


def test_an_offer_at_night_is_counted_from_the_morning() -> None:
    night = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    opens = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert rules.offer_until(night, DAY, HOURS, NOW + timedelta(days=30)) == opens + DAY


def test_an_offer_never_ends_at_night() -> None:
    evening = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    noon = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    assert rules.offer_until(evening, timedelta(hours=4), HOURS, NOW + timedelta(days=30)) == noon


def test_an_offer_ends_when_the_group_meets_for_the_last_time() -> None:
    assert rules.offer_until(NOW, DAY, HOURS, NOW + timedelta(hours=3)) == NOW + timedelta(hours=3)


@pytest.mark.parametrize("last", [None, NOW, NOW - DAY])
def test_nothing_is_offered_of_a_group_that_does_not_meet_again(last: datetime | None) -> None:
    assert rules.offer_until(NOW, DAY, HOURS, last) is None


@given(
    st.integers(0, 24 * 60 * 10).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.integers(1, rules.MOST_OFFER_HOURS),
)
def test_there_is_always_time_by_day_to_answer(now: datetime, hours: int) -> None:
    until = rules.offer_until(now, timedelta(hours=hours), HOURS, NOW + timedelta(days=90))
    assert until is not None
    assert until >= HOURS.open_from(now) + timedelta(hours=hours)
    assert HOURS.open_from(until) == until


def test_an_offer_stands_until_its_moment() -> None:
    assert rules.offer_stands("offered", NOW + DAY, NOW)
    assert not rules.offer_stands("offered", NOW, NOW)
    assert not rules.offer_stands("waiting", NOW + DAY, NOW)


def test_who_came_can_be_noted_from_an_hour_before() -> None:
    assert rules.marks_open("planned", NOW + timedelta(hours=1), NOW)
    assert not rules.marks_open("planned", NOW + timedelta(hours=1, minutes=1), NOW)
    assert not rules.marks_open("cancelled", NOW - DAY, NOW)
