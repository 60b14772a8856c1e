"""The days of a week, and where each entry stands."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.availability.rules import Span
from portal.staff import week_rules as rules
from portal.staff.week_rules import Place

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2026, 11, 30)
TODAY = date(2026, 11, 26)


def at(hour: int, minute: int = 0, minutes: int = 60, day: date = MONDAY) -> Span:
    start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)
    return Span(start, start + timedelta(minutes=minutes))


@pytest.mark.parametrize("number", range(7))
def test_any_day_of_a_week_names_its_monday(number: int) -> None:
    assert rules.monday_of(MONDAY + timedelta(days=number)) == MONDAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", MONDAY),
        (" 2026-11-30 ", MONDAY),
        ("2026-02-30", None),
        ("i morgon", None),
        ("", None),
        ("9999-12-31", None),
        ("0001-01-01", None),
    ],
)
def test_a_day_in_an_address_is_read_or_is_none(text: str, day: date | None) -> None:
    assert rules.read_day(text, TODAY) == day


def test_a_weekend_is_there_when_something_is_on_it() -> None:
    saturday, sunday = MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)
    assert rules.days_of(MONDAY, ())[-1] == MONDAY + timedelta(days=4)
    assert rules.days_of(MONDAY, [sunday]) == [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 6)]
    assert rules.days_of(MONDAY, [saturday])[-1] == saturday


def test_what_is_later_stands_lower_what_is_longer_is_taller_and_empty_hours_are_left_out() -> None:
    spans = [at(9, 15, 45), at(10, 30, 90), at(23, 30, 120)]
    hours = rules.hours_used(spans, ZONE)
    assert hours == [9, 10, 11, 23]
    assert rules.placed(spans, hours, ZONE) == [Place(1, 3), Place(6, 6), Place(14, 2)]
    assert rules.placed([at(23)], hours, ZONE) == [Place(12, 4)]


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_on_a_day_when_the_clock_is_changed_the_clock_decides(day: date) -> None:
    """S54"""
    assert rules.placed([at(9, day=day)], range(1, 24), ZONE) == [Place(32, 4)]


@given(
    some.lists(some.tuples(some.integers(0, 23), some.integers(0, 59), some.integers(1, 700)), max_size=12)
)
def test_no_two_entries_stand_on_each_other(times: list[tuple[int, int, int]]) -> None:
    spans = sorted(at(*one) for one in times)
    places = rules.placed(spans, rules.hours_used(spans, ZONE), ZONE)
    assert all(place.lines >= 1 and place.line >= 0 for place in places)
    assert all(one.line + one.lines <= two.line for one, two in pairwise(places))


def on(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "left"),
    [
        ([], [(8, 12)]),
        ([(7, 9)], [(9, 12)]),
        ([(9, 10)], [(8, 9), (10, 12)]),
        ([(8, 12)], []),
        ([(7, 13)], []),
        ([(9, 10), (9, 11)], [(8, 9), (11, 12)]),
        ([(12, 13), (6, 8)], [(8, 12)]),
        ([(11, 13)], [(8, 11)]),
    ],
)
def test_what_others_leave_of_a_span(by: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    others = [Span(on(24, start), on(24, end)) for start, end in by]
    found = rules.uncovered(Span(on(24, 8), on(24, 12)), others)
    assert [(one.start.hour, one.end.hour) for one in found] == left


def test_a_time_over_several_days_stands_in_each() -> None:
    days = [Span(on(day, 0), on(day + 1, 0)) for day in (23, 24, 25)]
    assert rules.daily(Span(on(23, 12), on(25, 9)), days) == [
        Span(on(23, 12), on(24, 0)),
        days[1],
        Span(on(25, 0), on(25, 9)),
    ]
    assert rules.daily(Span(on(26, 1), on(26, 2)), days) == []
