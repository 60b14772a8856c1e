"""When a meeting can be moved, cancelled, brought back, confirmed and noted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.booking import rules

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "allowed"),
    [(timedelta(hours=24), True), (timedelta(hours=24) - MINUTE, False), (-MINUTE, False)],
)
def test_the_deadline_itself_is_still_in_time(before: timedelta, allowed: bool) -> None:
    assert rules.change_open(START, START - before, 24) is allowed


def test_a_deadline_of_no_hours_ends_at_the_start() -> None:
    assert rules.change_open(START, START, 0)
    assert not rules.change_open(START, START + MINUTE, 0)


def test_only_a_booked_meeting_that_lies_ahead_can_be_confirmed() -> None:
    assert rules.confirm_open("booked", START, START - MINUTE)
    assert not rules.confirm_open("booked", START, START)
    assert not rules.confirm_open("cancelled", START, START - MINUTE)


def test_only_a_cancelled_meeting_that_lies_ahead_comes_back() -> None:
    assert rules.restore_open("cancelled", START, START - MINUTE)
    assert not rules.restore_open("cancelled", START, START)
    assert not rules.restore_open("booked", START, START - MINUTE)


def test_attendance_is_noted_from_the_start_on() -> None:
    assert rules.attendance_open("booked", START, START)
    assert not rules.attendance_open("booked", START, START - MINUTE)
    assert not rules.attendance_open("cancelled", START, START + MINUTE)


@given(st.integers(0, 365_000 * 24 * 60))
def test_a_start_in_an_address_reads_back_to_the_minute(minutes: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + minutes * MINUTE
    assert rules.read_start(rules.write_start(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nu",
        "2026-02-29T12:00Z",
        "2026-11-24T24:00Z",
        "2026-11-24T12:00",
        "2026-11-24T12:00+01:00",
        "x" * 10_000,
        "٢٠٢٦-11-24T12:00Z",
        "2026-11-24T12:00Z\n",
        "\x00",
        "0000-11-24T12:00Z",
        "1999-12-31T23:59Z",
        "9999-12-31T23:59Z",
        "<b>2026-11-24T12:00Z</b>",
        "🙂",
    ],
)
def test_nonsense_in_an_address_is_no_time(text: str) -> None:
    assert rules.read_start(text) is None


def test_a_note_is_taken_back_by_one_tap_for_a_week() -> None:
    assert not rules.undo_open(None, START)
    assert rules.undo_open(START, START + timedelta(days=7))
    assert not rules.undo_open(START, START + timedelta(days=7, minutes=1))


@pytest.mark.parametrize(
    "obstacle, gone, becomes",
    [
        ("", False, rules.ALONG),
        (rules.OUTSIDE, False, rules.STAY),
        (rules.OUTSIDE, True, rules.ALONG),
        (rules.TAKEN, True, rules.STAY),
    ],
)
def test_a_meeting_goes_along_where_it_can(obstacle: str, gone: bool, becomes: str) -> None:
    assert rules.usual(obstacle, gone=gone) == becomes
