"""Hours with days, ways to meet and places; lunch, holidays, buffers and the most on a day (S54)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.availability import rules
from portal.availability.rules import (
    Calendar,
    Closing,
    Departure,
    FreeTime,
    Interval,
    Span,
    Terms,
    WeekHours,
)
from portal.organisation.rules import MODES

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
MONDAY = date(2026, 11, 30)
SPRING, AUTUMN, LEAP = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)
MORNING, AFTERNOON = Interval(time(9), time(12)), Interval(time(13), time(16))
NOON = Interval(time(12), time(13))
LIBRARY = "Biblioteket i Bjursås"
TERMS = Terms(meeting=HOUR, buffer=QUARTER, minimum_notice=timedelta(0), horizon_days=0)


def begins(day: date) -> datetime:
    """The first instant of a local day."""
    return rules.day_start(day, STOCKHOLM)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a wall time that exists."""
    found = rules.instant(day, time(hour, minute), STOCKHOLM)
    assert found is not None
    return found


def free(
    day: date, calendar: Calendar, terms: Terms = TERMS, busy: Sequence[Span] = (), held: int = 0
) -> list[FreeTime]:
    """What can be booked on one day."""
    return rules.free_times(begins(day), calendar, busy, terms, {day: held})


def walls(times: Sequence[FreeTime], mode: str = "") -> list[str]:
    """When one can meet, this way where one is named."""
    return [f"{one.start.astimezone(STOCKHOLM):%H:%M}" for one in times if not mode or mode in one.modes]


def calendar(*week: WeekHours, **more: Any) -> Calendar:
    """Hours in Stockholm."""
    return replace(Calendar(STOCKHOLM, tuple(week)), **more)


# from when, until when


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 7), True),
        (date(2026, 12, 8), False),
        (date(2026, 12, 14), True),
        (date(2026, 12, 21), False),
    ],
)
def test_hours_hold_from_their_first_day_to_their_last_both_included(day: date, holds: bool) -> None:
    week = WeekHours(0, MORNING, first=date(2026, 12, 7), last=date(2026, 12, 14))
    assert bool(calendar(week).hours_on(day)) == holds


def test_mondays_move_to_the_library_from_a_day_on() -> None:
    here = WeekHours(0, MORNING, last=date(2027, 1, 31))
    there = WeekHours(0, MORNING, first=date(2027, 2, 1), modes=("on_site",), place=LIBRARY)
    assert not rules.overlapping([here, there])
    both = calendar(here, there)
    before, after = free(date(2027, 1, 25), both), free(date(2027, 2, 1), both)
    assert walls(before) == walls(after) == ["09:00", "09:30", "10:00", "10:30", "11:00"]
    assert {(one.modes, one.place) for one in before} == {(MODES, "")}
    assert {(one.modes, one.place) for one in after} == {(("on_site",), LIBRARY)}


@pytest.mark.parametrize(
    ("one", "two", "meet"),
    [
        ({}, {}, True),
        ({"interval": AFTERNOON}, {}, False),
        ({"interval": NOON}, {"interval": AFTERNOON}, False),
        ({"weekday": 1}, {}, False),
        ({"last": date(2026, 12, 6)}, {"first": date(2026, 12, 7)}, False),
        ({"last": date(2026, 12, 7)}, {"first": date(2026, 12, 7)}, True),
        # Two days in common, and none of them a Monday.
        ({"last": date(2026, 12, 9)}, {"first": date(2026, 12, 8)}, False),
        ({"modes": ("phone",)}, {"modes": ("on_site",)}, True),
        ({"place": LIBRARY}, {}, True),
    ],
)
def test_hours_overlap_only_on_a_day_on_which_both_hold(
    one: dict[str, Any], two: dict[str, Any], meet: bool
) -> None:
    first, second = (replace(WeekHours(0, MORNING), **more) for more in (one, two))
    assert (first.meets(second), second.meets(first)) == (meet, meet)


bounds = st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 31))


@given(st.tuples(bounds, bounds), st.tuples(bounds, bounds), st.integers(0, 6))
def test_a_common_day_is_found_as_by_looking_at_each(
    one: tuple[date | None, date | None], two: tuple[date | None, date | None], weekday: int
) -> None:
    first, second = WeekHours(weekday, MORNING, *one), WeekHours(weekday, MORNING, *two)
    days = [date(2026, 10, 1) + timedelta(days=number) for number in range(200)]
    assert first.meets(second) == any(first.holds_on(day) and second.holds_on(day) for day in days)


# ways to meet, and places


def test_hours_for_the_phone_only_are_offered_for_the_phone_only() -> None:
    found = free(MONDAY, calendar(WeekHours(0, MORNING, modes=("phone",)), WeekHours(0, AFTERNOON)))
    assert walls(found, "walk") == ["13:00", "13:30", "14:00", "14:30", "15:00"]
    assert walls(found, "phone") == ["09:00", "09:30", "10:00", "10:30", "11:00", *walls(found, "walk")]


def test_a_way_that_the_house_does_not_have_is_never_offered() -> None:
    house = replace(TERMS, modes=("on_site", "video"))
    assert free(MONDAY, calendar(WeekHours(0, MORNING, modes=("phone",))), house) == []
    assert {one.modes for one in free(MONDAY, calendar(WeekHours(0, MORNING)), house)} == {house.modes}


def test_a_call_may_run_from_one_place_into_the_next_and_a_visit_may_not() -> None:
    ten_to_two = (Interval(time(10), time(12)), Interval(time(12), time(14)))
    found = free(MONDAY, calendar(WeekHours(0, ten_to_two[0], place=LIBRARY), WeekHours(0, ten_to_two[1])))
    assert walls(found, "phone") == ["10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00"]
    assert walls(found, "on_site") == ["10:00", "10:30", "11:00", "12:00", "12:30", "13:00"]
    assert [one.place for one in found] == [LIBRARY] * 4 + [""] * 3


def test_the_place_is_that_of_the_hours_in_which_a_meeting_starts() -> None:
    hours = calendar(WeekHours(0, MORNING, place=LIBRARY), WeekHours(0, AFTERNOON), lunch=NOON)
    starts = (at(MONDAY, 9), at(MONDAY, 11, 59), at(MONDAY, 12), at(MONDAY, 13), at(MONDAY, 20))
    assert [hours.where(start)[0] for start in starts] == [LIBRARY, LIBRARY, "", "", ""]


# lunch, holidays


def test_lunch_is_taken_out_of_the_weeks_hours_and_of_other_hours() -> None:
    whole = Interval(time(9), time(16))
    week = calendar(WeekHours(0, whole), lunch=Interval(time(11, 45), time(12, 30)))
    other = replace(week, departures=(Departure(MONDAY, MONDAY, Interval(time(12), time(14))),))
    assert week.hours_on(MONDAY) == [Interval(time(9), time(11, 45)), Interval(time(12, 30), time(16))]
    assert other.hours_on(MONDAY) == [Interval(time(12, 30), time(14))]
    assert "12:30" in walls(free(MONDAY, week))


CLOSING = Closing(closed=True, eve_hour=12)
EVERY_DAY = tuple(WeekHours(day, piece) for day in range(7) for piece in (MORNING, AFTERNOON))
CHRISTMAS, EVE_OF_IT, EPIPHANY_EVE = date(2026, 12, 25), date(2026, 12, 23), date(2027, 1, 5)


@pytest.mark.parametrize(
    ("closing", "day", "hours"),
    [
        (CLOSING, CHRISTMAS, []),
        (CLOSING, date(2026, 12, 24), []),
        (CLOSING, date(2026, 12, 31), []),
        (CLOSING, date(2026, 6, 19), []),
        (CLOSING, EVE_OF_IT, [MORNING]),
        (CLOSING, EPIPHANY_EVE, [MORNING]),
        (CLOSING, date(2026, 12, 22), [MORNING, AFTERNOON]),
        # The Friday after Ascension: closed is what the house says, and it says nothing of this day.
        (CLOSING, date(2026, 5, 15), [MORNING, AFTERNOON]),
        (Closing(closed=True, eve_hour=24), EVE_OF_IT, [MORNING, AFTERNOON]),
        (Closing(closed=True, eve_hour=15), EVE_OF_IT, [MORNING, Interval(time(13), time(15))]),
        (Closing(closed=True, eve_hour=8), EVE_OF_IT, []),
        (Closing(closed=False, eve_hour=12), CHRISTMAS, [MORNING, AFTERNOON]),
        (Closing(closed=False, eve_hour=12), EVE_OF_IT, [MORNING]),
    ],
)
def test_holidays_and_the_days_before_them(closing: Closing, day: date, hours: list[Interval]) -> None:
    assert calendar(*EVERY_DAY, closing=closing).hours_on(day) == hours


@pytest.mark.parametrize("day", [CHRISTMAS, EVE_OF_IT])
def test_hours_that_a_coach_has_said_for_a_day_beat_the_holiday(day: date) -> None:
    own = Departure(day, day, AFTERNOON)
    assert calendar(*EVERY_DAY, closing=CLOSING, departures=(own,)).hours_on(day) == [AFTERNOON]
    gone = Departure(day, day)
    assert calendar(*EVERY_DAY, closing=CLOSING, departures=(own, gone)).hours_on(day) == []


# buffers, and the most on a day


def test_what_is_free_for_a_call_may_not_be_free_for_a_walk() -> None:
    terms = replace(TERMS, buffers={"phone": timedelta(0), "walk": timedelta(minutes=45)})
    busy = [Span(at(MONDAY, 11), at(MONDAY, 12))]
    found = free(MONDAY, calendar(WeekHours(0, MORNING)), terms, busy)
    assert walls(found, "phone") == ["09:00", "09:30", "10:00"]
    assert walls(found, "on_site") == ["09:00", "09:30"]
    assert walls(found, "walk") == ["09:00"]
    assert found[-1].modes == ("phone",)


@pytest.mark.parametrize(
    ("most", "held", "some"), [(0, 99, True), (3, 2, True), (3, 3, False), (3, 4, False)]
)
def test_a_full_day_offers_nothing_more(most: int, held: int, some: bool) -> None:
    terms = replace(TERMS, most_a_day=most)
    assert bool(free(MONDAY, calendar(WeekHours(0, MORNING)), terms, held=held)) == some


# every hour of the days on which clocks change, and of a leap day


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [SPRING, AUTUMN, LEAP])
def test_each_start_hour_can_be_had_in_each_way_at_its_wall_time_s54(day: date, hour: int, mode: str) -> None:
    """Only the hour that spring skips cannot; the buffer reaches past the hours, which hold one day."""
    piece = Interval(time(hour), time(hour, 59))
    row = WeekHours(day.weekday(), piece, day, day, (mode,), LIBRARY)
    terms = replace(TERMS, meeting=timedelta(minutes=30), buffers={mode: timedelta(minutes=45)})
    found = free(day, calendar(row, closing=CLOSING), terms)
    if (day, hour) == (SPRING, 2):
        assert found == []
        return
    assert walls(found)[0] == f"{hour:02}:00"
    assert {(one.modes, one.place) for one in found} == {((mode,), LIBRARY)}
    after = Span(found[0].start + timedelta(minutes=74), found[0].start + timedelta(minutes=80))
    assert found[0] not in free(day, calendar(row), terms, [after])
    assert free(day + timedelta(days=7), calendar(row), terms) == []


# every rule at once


times_ = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
intervals = st.tuples(times_, times_).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Interval(*pair))
some_modes = st.lists(st.sampled_from(MODES), max_size=2, unique=True).map(tuple)
days = st.sampled_from([SPRING, AUTUMN, LEAP, CHRISTMAS, EVE_OF_IT]) | st.dates(
    date(2024, 1, 1), date(2032, 12, 31)
)
places = st.sampled_from(["", LIBRARY])


@st.composite
def weeks(draw: st.DrawFn, day: date) -> list[WeekHours]:
    """Hours around a day, no two of which share time."""
    near = st.none() | st.integers(-3, 3).map(lambda number: day + timedelta(days=number))
    kept: list[WeekHours] = []
    for weekday in range(7):
        for _number in range(draw(st.integers(0, 2))):
            row = WeekHours(weekday, draw(intervals), draw(near), draw(near), draw(some_modes), draw(places))
            if not any(row.meets(other) for other in kept):
                kept.append(row)
    return kept


@settings(max_examples=200, deadline=None)
@given(data=st.data(), day=days)
def test_every_free_time_keeps_every_rule_of_its_kind(data: st.DataObject, day: date) -> None:
    """S54: the rules stated a second time, in the plainest way."""
    week = data.draw(weeks(day))
    lunch = data.draw(st.none() | intervals)
    buffers = data.draw(st.dictionaries(st.sampled_from(MODES), st.integers(0, 60)))
    taken = data.draw(st.lists(st.tuples(st.integers(0, 4320), st.integers(5, 300)), max_size=5))
    held = data.draw(st.dictionaries(st.integers(0, 3), st.integers(0, 4)))
    terms = Terms(
        meeting=timedelta(minutes=data.draw(st.sampled_from([15, 45, 60]))),
        buffer=QUARTER,
        minimum_notice=timedelta(0),
        horizon_days=3,
        buffers={mode: timedelta(minutes=length) for mode, length in buffers.items()},
        most_a_day=data.draw(st.integers(0, 3)),
    )
    now = begins(day)
    busy = [
        Span(now + timedelta(minutes=start), now + timedelta(minutes=start + lasts)) for start, lasts in taken
    ]
    its = calendar(*week, lunch=lunch, closing=CLOSING)
    counted = {day + timedelta(days=number): count for number, count in held.items()}
    found = rules.free_times(now, its, busy, terms, counted)
    assert found == sorted(set(found))
    for one in found:
        here = one.start.astimezone(STOCKHOLM)
        assert one.modes
        assert not terms.full(counted.get(here.date(), 0))
        (row,) = [
            row
            for row in week
            if row.holds_on(here.date()) and row.interval.start <= here.time() < row.interval.end
        ]
        assert one.place == row.place
        until = CLOSING.until(here.date())
        assert until is None or here.time() < until
        assert lunch is None or not any(_at(lunch, moment) for moment in _minutes(one))
        for mode in one.modes:
            assert not row.modes or mode in row.modes
            assert rules.within_hours(one, its, mode)
            free_until = one.end + terms.buffers.get(mode, QUARTER)
            assert all(free_until <= span.start or span.end <= one.start for span in busy)


def _minutes(span: Span) -> list[datetime]:
    """Each minute of a meeting on the clock on the wall, an hour that comes a second time aside."""
    length = int((span.end - span.start).total_seconds() // 60)
    walls = [(span.start + timedelta(minutes=number)).astimezone(STOCKHOLM) for number in range(length)]
    return [wall for wall in walls if not wall.fold]


def _at(lunch: Interval, wall: datetime) -> bool:
    return lunch.start <= wall.time() < lunch.end
