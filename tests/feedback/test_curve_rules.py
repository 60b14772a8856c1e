"""What a licensed scale's curve shows beside its total: cut-off, lines, band, another scale's last total."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.feedback.course_rules import course
from portal.feedback.curve_rules import Curve, Extras, Frame, Point, curve
from portal.instruments.scale_rules import Norms

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
HIGHEST, SPREAD = 400, 50
NORMS = Norms("adult", 250, 50, 3, 10)


def drawn(*parts: int | None, extras: Extras | None = None) -> Curve:
    """A curve whose four lines are alike each week; None has an empty line."""
    points = [
        Point(START + WEEK * number, None)
        if part is None
        else Point(START + WEEK * number, 4 * part, (part, part, part, part))
        for number, part in enumerate(parts)
    ]
    found = curve(points, HIGHEST, SPREAD, extras)
    assert found is not None
    return found


def test_the_cut_off_is_a_line_at_its_value() -> None:
    found = drawn(45, 70, extras=Extras(cut_off=250))
    assert found.cut_off is not None
    frame = Frame()
    assert found.cut_off.y == round(frame.bottom - (frame.bottom - frame.top) * 250 / 400, 1)
    assert drawn(45, 70).cut_off is None


def test_the_band_is_the_first_total_give_or_take_the_reliable_change() -> None:
    band = drawn(45, 70).band
    assert (band.first, band.spread) == (180, 50)


def test_the_lines_are_stacked_under_the_total_and_stop_where_one_is_missing() -> None:
    assert [layer.count(",") for layer in drawn(45, 70).layers] == [2, 2, 2]
    heights = [float(layer.split()[0].split(",")[1]) for layer in drawn(45, 70).layers]
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] > drawn(45, 70).first.y
    assert [layer.count(",") for layer in drawn(45, 70, None, 60, 61).layers] == [2] * 6
    assert drawn(45).layers == ()


@pytest.mark.parametrize("total, above", [(400, True), (290, True), (270, False), (0, False)])
def test_another_scale_s_last_total_is_named_clear_of_the_last(total: int, above: bool) -> None:
    beside = Point(START + WEEK + timedelta(hours=1), total)
    found = drawn(45, 70, extras=Extras(250, beside))
    assert found.beside is not None
    assert (found.beside.total, found.beside.x) == (total, Frame().right)
    assert found.last.x < found.beside.x
    assert abs(found.beside.name_y - found.last.name_y) >= 20
    assert (found.beside.y < found.last.y) == above


@pytest.mark.parametrize("beside", [None, Point(START - WEEK, 300), Point(START, None)])
def test_no_other_total_is_drawn_where_there_is_none(beside: Point | None) -> None:
    assert drawn(45, 70, extras=Extras(250, beside)).beside is None


def test_a_course_says_nothing_of_what_is_not_there() -> None:
    assert course("before", [None], NORMS).signal is None
    one = course("before", [180], NORMS)
    assert one.change is None
    assert one.signal is not None
    assert one.signal.code == "first"
    gone = course("before", [180, 300, None], NORMS)
    assert (gone.change, gone.signal) == (None, None)
    back = course("before", [180, 300, None, 240], NORMS)
    assert back.change is not None
    assert (back.change.baseline, back.change.last, back.change.norms) == (180, 240, NORMS)
