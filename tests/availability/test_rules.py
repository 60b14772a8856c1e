"""Free times as pure rules: local wall time, daylight saving, exceptions, buffers (S54)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.availability import rules, shown_rules
from portal.availability.rules import Calendar, Departure, Interval, Span, Terms, WeekHours

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)
TERMS = Terms(meeting=HOUR, buffer=timedelta(minutes=15), minimum_notice=timedelta(0), horizon_days=28)
SPRING, AUTUMN, LEAP = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)
WHOLE_DAY = Interval(time(0), time(23, 59))
NINE_TO_FOUR = [Interval(time(9), time(12)), Interval(time(13), time(16))]


def hours(text: str) -> Interval:
    """`9:00-12:00` as an interval."""
    start, end = (time.fromisoformat(part.rjust(5, "0")) for part in text.split("-"))
    return Interval(start, end)


def utc(text: str) -> datetime:
    """An ISO text as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every_day(*intervals: Interval, departures: tuple[Departure, ...] = ()) -> Calendar:
    """The same hours on every day of the week."""
    week = tuple(WeekHours(day, interval) for day in range(7) for interval in intervals)
    return Calendar(STOCKHOLM, week, departures)


def walls(times: Sequence[Span], zone: ZoneInfo = STOCKHOLM) -> list[str]:
    """Start times as a person reads them."""
    return [span.start.astimezone(zone).strftime("%d %H:%M") for span in times]


def midnight(day: date) -> datetime:
    """The first instant of a local day."""
    found = rules.instant(day, time(0), STOCKHOLM)
    assert found is not None
    return found


# wall time and instants


@pytest.mark.parametrize("day", [SPRING, AUTUMN, LEAP])
def test_every_quarter_of_a_daylight_saving_day_comes_back_as_itself_or_not_at_all_s54(day: date) -> None:
    missing = []
    for quarter in range(96):
        wall = time(quarter // 4, quarter % 4 * 15)
        found = rules.instant(day, wall, STOCKHOLM)
        if found is None:
            missing.append(wall)
        else:
            assert found.astimezone(STOCKHOLM).replace(tzinfo=None) == datetime.combine(day, wall)
    assert missing == ([time(2), time(2, 15), time(2, 30), time(2, 45)] if day == SPRING else [])


def test_a_wall_time_that_comes_twice_means_the_first() -> None:
    assert rules.instant(AUTUMN, time(2, 30), STOCKHOLM) == utc("2026-10-25T00:30")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_at_the_end_of_the_calendar_has_no_instant(day: date) -> None:
    assert rules.instant(day, time(9), STOCKHOLM) is None


@given(
    st.dates(date(1971, 1, 1), date(2100, 1, 1)),
    st.times(),
    st.sampled_from(["Europe/Stockholm", "America/St_Johns"]),
)
def test_an_instant_never_shows_another_wall_time(day: date, at: time, name: str) -> None:
    found = rules.instant(day, at, ZoneInfo(name))
    shown = found and found.astimezone(ZoneInfo(name)).replace(tzinfo=None, fold=0)
    assert shown in (None, datetime.combine(day, at.replace(fold=0)))


# hours


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Interval(time(12), time(9))


def test_hours_that_overlap_or_touch_become_one() -> None:
    assert rules.merged(
        [hours("13:00-15:00"), hours("9:00-11:00"), hours("10:00-12:00"), hours("12:00-12:30")]
    ) == [
        hours("9:00-12:30"),
        hours("13:00-15:00"),
    ]


intervals = (
    st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Interval(*pair))
)


@given(st.lists(intervals, max_size=6), st.times())
def test_merging_keeps_every_moment_and_adds_none(pieces: list[Interval], at: time) -> None:
    whole = rules.merged(pieces)
    assert any(piece.start <= at < piece.end for piece in pieces) == any(
        part.start <= at < part.end for part in whole
    )
    assert all(one.end < two.start for one, two in pairwise(whole))


def test_closed_beats_other_hours_and_other_hours_beat_the_week() -> None:
    day = date(2026, 11, 24)
    other = Departure(day, day, hours("10:00-11:00"))
    holiday = Departure(date(2026, 11, 23), date(2026, 11, 25))
    both = every_day(*NINE_TO_FOUR, departures=(other, holiday))
    assert every_day(*NINE_TO_FOUR).hours_on(day) == NINE_TO_FOUR
    assert every_day(*NINE_TO_FOUR, departures=(other,)).hours_on(day) == [hours("10:00-11:00")]
    assert both.hours_on(day) == []
    assert both.hours_on(date(2026, 11, 26)) == NINE_TO_FOUR


# free times


def test_a_working_day_with_lunch() -> None:
    now = utc("2026-11-24T05:00")
    terms = Terms(HOUR, timedelta(minutes=15), timedelta(0), 0)
    found = rules.free_times(now, every_day(*NINE_TO_FOUR), [], terms)
    assert walls(found) == [
        f"24 {at}"
        for at in ["09:00", "09:30", "10:00", "10:30", "11:00", "13:00", "13:30", "14:00", "14:30", "15:00"]
    ]
    assert all(span.end - span.start == HOUR for span in found)


def test_a_busy_row_takes_its_own_time_and_the_buffer_before_it() -> None:
    now = utc("2026-11-24T05:00")
    taken = Span(utc("2026-11-24T09:00"), utc("2026-11-24T10:15"))  # 10.00–11.15, buffer included
    found = rules.free_times(
        now, every_day(hours("8:00-14:00")), [taken], Terms(HOUR, timedelta(minutes=15), timedelta(0), 0)
    )
    assert walls(found) == ["24 08:00", "24 08:30", "24 11:30", "24 12:00", "24 12:30", "24 13:00"]


def test_the_minimum_notice_and_the_horizon_are_both_kept() -> None:
    now = utc("2026-11-24T08:00")
    terms = Terms(HOUR, timedelta(0), timedelta(hours=24), 2)
    found = rules.free_times(now, every_day(hours("8:00-10:00")), [], terms)
    assert walls(found) == ["25 09:00", "26 08:00", "26 08:30", "26 09:00"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (SPRING, [hour for hour in range(24) if hour != 2]),
        (AUTUMN, list(range(24))),
        (LEAP, list(range(24))),
    ],
)
def test_each_hour_of_a_daylight_saving_day_and_of_a_leap_day_can_be_booked_s54(
    day: date, expected: list[int]
) -> None:
    for hour in range(24):
        interval = Interval(time(hour), time(hour, 45))
        found = rules.starts_on(day, interval, timedelta(minutes=30), STOCKHOLM)
        assert [start.astimezone(STOCKHOLM).hour for start in found[:1]] == (
            [hour] if hour in expected else []
        )


def test_the_spring_day_has_no_meeting_at_two_and_the_autumn_day_has_it_once_s54() -> None:
    night = Interval(time(1), time(5))
    spring = rules.starts_on(SPRING, night, HOUR, STOCKHOLM)
    autumn = rules.starts_on(AUTUMN, night, HOUR, STOCKHOLM)
    assert [f"{at.astimezone(STOCKHOLM):%H:%M}" for at in spring] == [
        "01:00",
        "01:30",
        "03:00",
        "03:30",
        "04:00",
    ]
    assert [f"{at.astimezone(STOCKHOLM):%H:%M}" for at in autumn] == (
        ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"]
    )
    assert autumn[3] + HOUR == utc("2026-10-25T01:30")


@pytest.mark.parametrize(("start", "end"), [(time(1), time(2, 30)), (time(2, 15), time(5))])
def test_hours_with_an_edge_in_the_gap_stop_or_begin_where_the_clock_jumps_s54(
    start: time, end: time
) -> None:
    found = rules.starts_on(SPRING, Interval(start, end), HOUR, STOCKHOLM)
    jump = utc("2026-03-29T01:00")
    if end == time(2, 30):
        assert found == [jump - HOUR]
    else:
        assert found[0] == jump + timedelta(minutes=15)


days = st.sampled_from([SPRING, AUTUMN, LEAP]) | st.dates(date(2024, 1, 1), date(2032, 12, 31))
spans = st.builds(lambda minute, length: (minute, length), st.integers(0, 3 * 24 * 60), st.integers(5, 300))


@settings(max_examples=150, deadline=None)
@given(
    day=days,
    pieces=st.lists(intervals, max_size=3),
    taken=st.lists(spans, max_size=6),
    length=st.integers(15, 180),
    buffer=st.integers(0, 60),
    notice=st.integers(0, 72),
    horizon=st.integers(0, 4),
)
def test_every_free_time_keeps_every_rule(  # the rule stated a second time, in the plainest way
    day: date,
    pieces: list[Interval],
    taken: list[tuple[int, int]],
    length: int,
    buffer: int,
    notice: int,
    horizon: int,
) -> None:
    now = midnight(day)
    busy = [Span(now + timedelta(minutes=at), now + timedelta(minutes=at + lasts)) for at, lasts in taken]
    terms = Terms(timedelta(minutes=length), timedelta(minutes=buffer), timedelta(hours=notice), horizon)
    usual = every_day(*pieces)
    found = rules.free_times(now, usual, busy, terms)
    assert found == sorted(set(found))
    for span in found:
        assert span.end - span.start == terms.meeting
        assert span.start >= now + terms.minimum_notice
        assert (span.start.astimezone(STOCKHOLM).date() - day).days <= horizon
        assert rules.within_hours(span, usual)
        assert all(span.end + terms.buffer <= row.start or row.end <= span.start for row in busy)


@settings(max_examples=60, deadline=None)
@given(day=days, pieces=st.lists(intervals, min_size=1, max_size=3))
def test_booking_a_free_time_only_ever_takes_times_away(day: date, pieces: list[Interval]) -> None:
    now = midnight(day)
    before = rules.free_times(now, every_day(*pieces), [], TERMS)
    if not before:
        return
    held = Span(before[0].start, before[0].end + TERMS.buffer)
    after = rules.free_times(now, every_day(*pieces), [held], TERMS)
    assert set(after) < set(before)


def test_a_holiday_period_leaves_no_times_and_the_days_around_it_stay() -> None:
    now = utc("2026-12-20T00:00")
    holiday = Departure(date(2026, 12, 21), date(2026, 12, 27))
    found = rules.free_times(
        now,
        every_day(hours("9:00-10:00"), departures=(holiday,)),
        [],
        Terms(HOUR, timedelta(0), timedelta(0), 8),
    )
    assert walls(found) == ["20 09:00", "28 09:00"]


def test_within_hours_is_about_the_whole_meeting() -> None:
    usual = every_day(*NINE_TO_FOUR)
    inside = Span(utc("2026-11-24T08:00"), utc("2026-11-24T09:00"))
    over_lunch = Span(utc("2026-11-24T10:30"), utc("2026-11-24T11:30"))
    evening = Span(utc("2026-11-24T17:00"), utc("2026-11-24T18:00"))
    assert [rules.within_hours(span, usual) for span in (inside, over_lunch, evening)] == [
        True,
        False,
        False,
    ]


# what is shown first


def test_the_first_suggestions_are_spread_over_half_days() -> None:
    now = utc("2026-11-24T05:00")
    times = rules.free_times(now, every_day(*NINE_TO_FOUR), [], TERMS)
    assert walls(shown_rules.suggestions(times, STOCKHOLM, 4)) == [
        "24 09:00",
        "24 13:00",
        "25 09:00",
        "25 13:00",
    ]


@given(st.lists(st.integers(0, 500), max_size=20, unique=True), st.integers(1, 8))
def test_suggestions_are_some_of_the_times_in_order(quarters: list[int], count: int) -> None:
    base = utc("2026-11-24T05:00")
    times = [
        Span(start, start + HOUR)
        for start in (base + timedelta(minutes=15 * step) for step in sorted(quarters))
    ]
    chosen = shown_rules.suggestions(times, STOCKHOLM, count)
    assert len(chosen) == min(count, len(times))
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= set(times)
    assert chosen[:1] == times[:1]


def test_times_are_grouped_by_local_day() -> None:
    late = Span(utc("2026-11-24T22:30"), utc("2026-11-24T23:00"))
    early = Span(utc("2026-11-24T23:30"), utc("2026-11-25T00:00"))
    assert shown_rules.by_day([late, early], STOCKHOLM) == {
        date(2026, 11, 24): [late],
        date(2026, 11, 25): [early],
    }
