"""Windows and the curve's geometry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.feedback.curve_rules import Curve, Frame, Point, curve
from portal.feedback.rules import down_rule, window
from portal.instruments.rules import DownRule
from portal.organisation.rules import Rules

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_the_check_in_before_is_open_from_two_hours_before_the_meeting_to_its_end() -> None:
    before = window("before", START, END, Rules())
    assert (before.opens_at, before.closes_at) == (START - timedelta(hours=2), END)
    assert not before.is_open(START - timedelta(hours=2) - MINUTE)
    assert before.is_open(START - timedelta(hours=2))
    assert before.is_open(END)
    assert not before.is_open(END + MINUTE)


def test_the_check_in_after_is_open_from_the_start_to_48_hours_after_the_end() -> None:
    after = window("after", START, END, Rules())
    assert (after.opens_at, after.closes_at) == (START, END + timedelta(hours=48))
    assert not after.is_open(START - MINUTE)
    assert after.is_open(END + timedelta(hours=48))


def test_both_windows_are_settings() -> None:
    rules = Rules(checkin_before_hours=6, checkin_after_hours=24)
    assert window("before", START, END, rules).opens_at == START - timedelta(hours=6)
    assert window("after", START, END, rules).closes_at == END + timedelta(hours=24)


def test_a_window_over_the_change_of_clocks_is_as_long_as_any_other() -> None:
    """S54: 2026-03-29 01:00 UTC the clocks go forward; hours are hours all the same."""
    change = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    after = window("after", change - timedelta(hours=2), change - timedelta(hours=1), Rules())
    assert after.closes_at - after.opens_at == timedelta(hours=49)


def test_the_house_rule_comes_from_the_settings() -> None:
    assert down_rule(Rules()) == DownRule(1 / 8, 30)
    assert down_rule(Rules(checkin_down_share=0.2, checkin_down_line=2.5)) == DownRule(0.2, 25)


def drawn(*totals: int | None, highest: int = 500, days: int = 14) -> Curve:
    points = [Point(START + timedelta(days=days * n), total) for n, total in enumerate(totals)]
    found = curve(points, highest, DownRule().band(highest))
    assert found is not None
    return found


def test_the_axis_goes_from_0_to_ten_for_each_line() -> None:
    assert [tick.value for tick in drawn(200).ticks] == [0, 10, 20, 30, 40, 50]
    assert [tick.value for tick in drawn(200, highest=400).ticks] == [0, 10, 20, 30, 40]
    frame = Frame()
    assert (drawn(200).ticks[0].y, drawn(200).ticks[-1].y) == (frame.bottom, frame.top)


def test_nothing_to_draw_is_no_curve() -> None:
    assert curve([], 500, DownRule().band(500)) is None
    assert curve([Point(START, None)], 500, DownRule().band(500)) is None


def test_one_check_in_is_a_dot_in_the_middle_and_no_line() -> None:
    one = drawn(250)
    assert one.paths == ()
    assert (one.last.x, one.last.y) == (324.0, 130.0)


def test_the_line_stops_where_a_total_is_missing() -> None:
    broken = drawn(200, 210, None, 220, 230)
    assert [path.count(",") for path in broken.paths] == [2, 2]
    assert len(broken.dots) == 4
    assert drawn(200, None, 220).paths == ()


def test_distance_along_the_page_is_distance_in_time() -> None:
    days = (0, 10, 40)
    found = curve([Point(START + timedelta(days=day), 250) for day in days], 500, DownRule().band(500))
    assert found is not None
    first, second, third = (dot.x for dot in found.dots)
    assert (second - first) * 4 == pytest.approx(third - first)


def test_the_band_is_the_first_total_give_or_take_the_house_rule() -> None:
    band = drawn(250, 400).band
    assert (band.first, band.spread) == (250, 63)
    assert (band.y, band.height) == (103.5, 53.0)


def test_the_band_stays_on_the_axis() -> None:
    top, bottom = drawn(490).band, drawn(10).band
    assert top.y == Frame().top
    assert round(bottom.y + bottom.height, 1) == Frame().bottom


@pytest.mark.parametrize(
    "totals, below", [((100, 500), True), ((100, 300), False), ((300, 100), True), ((300, 0), False)]
)
def test_the_last_number_stands_clear_of_the_line_and_inside_the_picture(
    totals: tuple[int, int], below: bool
) -> None:
    last = drawn(*totals).last
    assert (last.name_y > last.y) == below


@given(st.lists(st.none() | st.integers(0, 500), min_size=1, max_size=40), st.integers(1, 60))
def test_every_mark_stays_inside_the_picture(totals: list[int | None], days: int) -> None:
    points = [Point(START + timedelta(days=days * n), total) for n, total in enumerate(totals)]
    found = curve(points, 500, DownRule().band(500))
    if found is None:
        assert all(total is None for total in totals)
        return
    frame = found.frame
    assert [dot.total for dot in found.dots] == [total for total in totals if total is not None]
    for dot in found.dots:
        assert frame.left <= dot.x <= frame.right
        assert frame.top <= dot.y <= frame.bottom
        assert frame.top <= dot.name_y <= frame.height
    assert [dot.x for dot in found.dots] == sorted(dot.x for dot in found.dots)
    assert frame.top <= found.band.y
    assert found.band.y + found.band.height <= frame.bottom + 0.1


@given(st.integers(0, 499))
def test_more_is_higher(total: int) -> None:
    lower, higher = drawn(total, total + 1).dots
    assert higher.y < lower.y
