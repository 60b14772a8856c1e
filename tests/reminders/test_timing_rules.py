"""Every step before a meeting, and what another choice leaves of them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices import rules as kinds
from portal.notices.rules import Hours
from portal.organisation.reminder_rules import STEPS, TIMINGS
from portal.reminders import rules
from portal.reminders.rules import House, Timing
from tests.reminders.test_rules import HOURS, LONG_AGO, STOCKHOLM, at

ALL = Timing(STEPS)
START = "2026-11-24T13:00"


def left(steps: tuple[str, ...], since: str, settled: datetime = LONG_AGO) -> list[tuple[str, bool]]:
    """What is left of these steps of a meeting on 24 November, chosen then; and whether it is late."""
    found = rules.reminders(at(START), settled, HOURS, Timing(steps, at(since)))
    return [(one.which, one.late) for one in found]


@pytest.mark.parametrize(
    "start, week, two_hours",
    [
        ("2026-11-24T13:00", "2026-11-17T13:00", "2026-11-24T11:00"),
        # Moved into the hours of the day; of what is too early for that, only the day before is told.
        ("2026-11-24T09:00", "2026-11-17T09:00", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-17T08:00", None),
        ("2026-11-24T00:30", "2026-11-17T08:00", None),
        ("2026-11-24T23:00", "2026-11-17T20:00", "2026-11-24T20:00"),
        # Winter time begins on 25 October 2026, summer time on 29 March 2026.
        ("2026-10-26T13:00", "2026-10-19T13:00", "2026-10-26T11:00"),
        ("2026-10-25T13:00", "2026-10-18T13:00", "2026-10-25T11:00"),
        ("2026-03-29T13:00", "2026-03-22T13:00", "2026-03-29T11:00"),
        ("2028-03-05T09:30", "2028-02-27T09:30", "2028-03-05T08:00"),
    ],
)
def test_the_week_before_and_the_day_itself(start: str, week: str, two_hours: str | None) -> None:
    """S54."""
    found = {one.which: one.at for one in rules.reminders(at(start), LONG_AGO, HOURS, ALL)}
    assert found["week"] == at(week)
    assert found.get("two_hours") == (at(two_hours) if two_hours else None)


_MINUTES = st.integers(0, 4 * 366 * 24 * 60)
_ZONES = st.sampled_from(
    ["Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "Pacific/Apia", "UTC"]
)


@given(_MINUTES, _ZONES)
def test_whenever_a_meeting_is_every_step_keeps_the_law(minutes: int, zone: str) -> None:
    """S54: in order, before the meeting, by day, and never further ahead than a tick looks."""
    hours = Hours(ZoneInfo(zone), 8, 20)
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = rules.reminders(start, LONG_AGO, hours, ALL)
    assert [one.which for one in found] in (list(STEPS), list(STEPS[:-1]))
    assert all(first.at < second.at for first, second in pairwise(found))
    for one in found:
        wall = one.at.astimezone(hours.zone)
        assert one.at < one.expires_at == start
        assert time(8) <= wall.time() <= time(20)
        assert start - one.at < rules.AHEAD


@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25), date(2026, 11, 1), date(2028, 2, 29)]
)
@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("skew", [timedelta(0), timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_is_an_hour_off_says_each_step_once(day: date, hour: int, skew: timedelta) -> None:
    """S54: the days on which the clock changes, and a week after them."""
    start = datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)
    planned = [one.which for one in rules.reminders(start, LONG_AGO, HOURS, ALL)]
    said: list[str] = []
    moment = start - timedelta(days=8, hours=2)
    while moment < start + timedelta(hours=2):
        shown = moment + (skew if moment > start - timedelta(days=2) else timedelta(0))
        reminder = rules.due(start, LONG_AGO, shown, HOURS, ALL)
        if reminder and reminder.which not in said:
            said.append(reminder.which)
        moment += timedelta(minutes=15)
    assert said == planned


@pytest.mark.parametrize(
    "steps, since, expected",
    [
        (("week", "three_days", "one_day"), "2026-11-01T08:00", ["week", "three_days", "one_day"]),
        # What the choice came too late for is passed over: nobody gets an SMS because a setting was saved.
        (("week", "three_days", "one_day"), "2026-11-20T08:00", ["three_days", "one_day"]),
        (("week", "three_days", "one_day"), "2026-11-22T08:00", ["one_day"]),
        (("one_day", "two_hours"), "2026-11-24T08:00", ["two_hours"]),
    ],
)
def test_what_a_choice_came_too_late_for_is_passed_over(
    steps: tuple[str, ...], since: str, expected: list[str]
) -> None:
    assert left(steps, since) == [(step, False) for step in expected]


def test_where_nothing_is_left_the_last_one_is_said_late() -> None:
    """S53: whoever was to be reminded of a meeting is, whatever is chosen meanwhile."""
    assert left(("three_days",), "2026-11-22T08:00") == [("three_days", True)]
    assert left(("week", "three_days"), "2026-11-23T08:00") == [("three_days", True)]
    # Whoever booked it after that knows of it.
    assert left(("three_days",), "2026-11-22T08:00", at("2026-11-22T07:00")) == []


def test_whoever_has_chosen_follows_the_house_no_more() -> None:
    long_ago, then, later = rules.LONG_AGO, at("2026-11-01T08:00"), at("2026-11-02T08:00")
    house = House(HOURS, Timing(("week", "one_day"), then))
    assert house.timing_for("usual", None) == Timing(("week", "one_day"), then)
    assert house.timing_for("usual", later) == Timing(("week", "one_day"), later)
    assert house.timing_for("one", long_ago) == Timing(("one_day",), long_ago)
    for code in TIMINGS:
        assert house.timing_for(code, None).steps


def test_each_step_has_its_kind_and_stops_those_before_it() -> None:
    """S52."""
    assert kinds.nearer(kinds.WEEK) == (kinds.THREE_DAYS, kinds.ONE_DAY, kinds.TWO_HOURS)
    assert kinds.nearer(kinds.TWO_HOURS) == kinds.nearer(kinds.NOW) == kinds.nearer(kinds.BOOKED) == ()
    assert [kinds.OF_STEP[step] for step in STEPS] == list(kinds.BY_ITSELF)
