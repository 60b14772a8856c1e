"""When a meeting is reminded of: every start hour, every kind of day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.rules import Hours
from portal.reminders import rules

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOURS = Hours(STOCKHOLM, 8, 20)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def planned(start: str, settled: datetime = LONG_AGO) -> dict[str, datetime]:
    return {one.which: one.at for one in rules.reminders(at(start), settled, HOURS)}


@pytest.mark.parametrize(
    "start, three_days, one_day",
    [
        ("2026-11-24T13:00", "2026-11-21T13:00", "2026-11-23T13:00"),
        ("2026-11-24T06:15", "2026-11-21T08:00", "2026-11-23T08:00"),
        ("2026-11-24T08:00", "2026-11-21T08:00", "2026-11-23T08:00"),
        ("2026-11-24T20:00", "2026-11-21T20:00", "2026-11-23T20:00"),
        ("2026-11-24T21:30", "2026-11-21T20:00", "2026-11-23T20:00"),
        ("2026-11-24T00:00", "2026-11-21T08:00", "2026-11-23T08:00"),
        ("2026-11-24T23:59", "2026-11-21T20:00", "2026-11-23T20:00"),
        # Winter time begins on 25 October 2026, summer time on 29 March 2026: the wall time stays.
        ("2026-10-26T13:00", "2026-10-23T13:00", "2026-10-25T13:00"),
        ("2026-10-25T13:00", "2026-10-22T13:00", "2026-10-24T13:00"),
        ("2026-03-30T13:00", "2026-03-27T13:00", "2026-03-29T13:00"),
        ("2028-03-01T09:00", "2028-02-27T09:00", "2028-02-29T09:00"),
        ("2028-03-03T09:00", "2028-02-29T09:00", "2028-03-02T09:00"),
        ("2027-01-02T09:00", "2026-12-30T09:00", "2027-01-01T09:00"),
    ],
)
def test_the_wall_time_is_the_meetings_own_within_the_day(start: str, three_days: str, one_day: str) -> None:
    """S54: daylight saving, leap day and new year."""
    assert planned(start) == {"three_days": at(three_days), "one_day": at(one_day)}


@pytest.mark.parametrize("fold", [0, 1])
def test_a_meeting_in_the_hour_that_comes_twice(fold: int) -> None:
    """S54: both 02.30 of 25 October 2026 are reminded of at eight."""
    start = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)
    found = rules.reminders(start, LONG_AGO, HOURS)
    assert [one.at for one in found] == [at("2026-10-22T08:00"), at("2026-10-24T08:00")]
    assert {one.expires_at for one in found} == {start}


@pytest.mark.parametrize(
    "settled, left",
    [
        ("2026-11-21T12:59", ["three_days", "one_day"]),
        ("2026-11-21T13:00", ["three_days", "one_day"]),
        ("2026-11-21T13:01", ["one_day"]),
        ("2026-11-23T13:00", ["one_day"]),
        ("2026-11-23T13:01", []),
    ],
)
def test_who_booked_or_moved_later_than_that_is_not_reminded(settled: str, left: list[str]) -> None:
    assert list(planned("2026-11-24T13:00", at(settled))) == left


_MINUTES = st.integers(0, 4 * 366 * 24 * 60)
_ZONES = st.sampled_from(
    ["Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "Pacific/Apia", "UTC"]
)


@given(_MINUTES, _ZONES)
def test_whenever_a_meeting_is_its_reminders_keep_the_law(minutes: int, zone: str) -> None:
    """S54: in order, before the meeting, by day, on the right day, at its own wall time or clamped."""
    hours = Hours(ZoneInfo(zone), 8, 20)
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = rules.reminders(start, LONG_AGO, hours)
    local = start.astimezone(hours.zone)
    assert [one.which for one in found] == ["three_days", "one_day"]
    assert all(first.at < second.at for first, second in pairwise(found))
    for one, days in zip(found, (3, 1), strict=True):
        wall = one.at.astimezone(hours.zone)
        assert one.at < one.expires_at == start
        assert wall.date() == local.date() - timedelta(days=days)
        assert time(8) <= wall.time() <= time(20)
        if time(8) <= local.time() <= time(20):
            assert wall.time() == local.time().replace(fold=0)
        assert start - one.at < rules.AHEAD


@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2026, 11, 24)]
)
@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("skew", [timedelta(0), timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_is_an_hour_off_reminds_once_each(day: date, hour: int, skew: timedelta) -> None:
    """S54: every start hour of days when the clock changes, with the worker's clock right and wrong.

    The worker asks every quarter of an hour; half-way its clock jumps by `skew`.
    """
    start = datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)
    said: list[str] = []
    moment = start - timedelta(days=4, hours=2)
    while moment < start + timedelta(hours=2):
        shown = moment + (skew if moment > start - timedelta(days=2) else timedelta(0))
        reminder = rules.due(start, LONG_AGO, shown, HOURS)
        if reminder and reminder.which not in said:
            said.append(reminder.which)
        moment += timedelta(minutes=15)
    assert said == ["three_days", "one_day"]


@given(_MINUTES, st.integers(-60 * 24 * 5, 60 * 24 * 5), st.integers(0, 60 * 24 * 5))
def test_what_is_due_is_never_stale_and_never_early(minutes: int, off: int, before: int) -> None:
    """S52: nothing at or after the meeting; the newer reminder wins when both are due."""
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    now, settled = start + timedelta(minutes=off), start - timedelta(minutes=before)
    found = rules.due(start, settled, now, HOURS)
    if found:
        assert settled <= found.at <= now < start
        later = [one for one in rules.reminders(start, settled, HOURS) if found.at < one.at <= now]
        assert later == []


def test_a_worker_that_was_away_for_two_days_reminds_once() -> None:
    """S52."""
    start = at("2026-11-24T13:00")
    late = rules.due(start, LONG_AGO, at("2026-11-23T15:00"), HOURS)
    assert late is not None
    assert late.which == "one_day"
    assert rules.due(start, LONG_AGO, start, HOURS) is None
