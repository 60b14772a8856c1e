"""What was, how long, what is late, and what leaves a correction."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.attendance import rules
from portal.attendance.rules import ABSENT, CAME, LATE, SENT_WORD, SIGNED_FOR, UNKNOWN

ZONE = ZoneInfo("Europe/Stockholm")
NINE = datetime(2026, 11, 27, 8, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_each_state_is_counted_as_came_or_not() -> None:
    assert [rules.coarse(state) for state in rules.STATES] == [
        (UNKNOWN, ""),
        (CAME, ""),
        (CAME, LATE),
        (ABSENT, SENT_WORD),
        (ABSENT, ""),
    ]


@pytest.mark.parametrize(
    ("state", "first", "last", "minutes"),
    [
        (CAME, None, None, 60),
        (LATE, NINE + 15 * MINUTE, None, 45),
        (CAME, None, NINE + 30 * MINUTE, 30),
        (CAME, NINE - 5 * MINUTE, TEN + 10 * MINUTE, 75),
        (SENT_WORD, None, None, 0),
        (ABSENT, None, None, 0),
        (UNKNOWN, None, None, 0),
    ],
)
def test_how_long_somebody_took_part(
    state: str, first: datetime | None, last: datetime | None, minutes: int
) -> None:
    assert rules.minutes_met(state, NINE, TEN, first, last) == minutes


@pytest.mark.parametrize(
    ("state", "at", "is_open"),
    [
        (UNKNOWN, NINE - MINUTE, False),
        (UNKNOWN, NINE, True),
        (CAME, TEN, True),
        (LATE, NINE + SIGNED_FOR, True),
        (CAME, NINE + SIGNED_FOR + MINUTE, False),
        (ABSENT, TEN, False),
        (SENT_WORD, TEN, False),
    ],
)
def test_when_one_can_sign(state: str, at: datetime, *, is_open: bool) -> None:
    assert rules.signing_open(state, NINE, at) == is_open


@pytest.mark.parametrize(
    ("at", "is_late"),
    [
        (TEN, False),
        # 23.59 and 00.00 in Stockholm.
        (datetime(2026, 11, 27, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 27, 23, 0, tzinfo=UTC), True),
    ],
)
def test_signed_on_a_later_day_is_late(at: datetime, *, is_late: bool) -> None:
    assert rules.is_late_signing(TEN, at, ZONE) == is_late


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_same_day_is_in_time_when_the_clock_changes(day: date, hour: int) -> None:
    """S54"""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)
    local_day = start.astimezone(ZONE).date()
    evening = datetime(day.year, day.month, day.day, 23, 59, tzinfo=ZONE).astimezone(UTC)
    assert local_day == day
    assert not rules.is_late_signing(start, evening, ZONE)
    assert rules.is_late_signing(start, evening + 2 * MINUTE, ZONE)


@pytest.mark.parametrize(
    ("before", "after", "same_person", "signed", "kept"),
    [
        (UNKNOWN, MINUTE, True, True, False),
        (CAME, 10 * MINUTE, True, False, False),
        (CAME, 10 * MINUTE, True, True, True),
        (CAME, 10 * MINUTE, False, False, True),
        (CAME, 11 * MINUTE, True, False, True),
    ],
)
def test_what_leaves_a_correction(
    before: str, after: timedelta, *, same_person: bool, signed: bool, kept: bool
) -> None:
    noted_at = None if before == UNKNOWN else TEN
    found = rules.is_correction(before, noted_at, TEN + after, same_person=same_person, signed=signed)
    assert found == kept


def test_actual_times_must_be_likely() -> None:
    hours = timedelta(hours=1)
    assert rules.span_is_likely(NINE, TEN, NINE - 4 * hours, TEN + 4 * hours)
    assert not rules.span_is_likely(NINE, TEN, NINE - 4 * hours - MINUTE, TEN)
    assert not rules.span_is_likely(NINE, TEN, NINE, TEN + 4 * hours + MINUTE)
    assert not rules.span_is_likely(NINE, TEN, TEN, TEN)


def test_months() -> None:
    assert rules.month_of("2026-02") == date(2026, 2, 1)
    for nonsense in ("", "2026", "2026-13", "2026-02-01", "abc", "0000-01"):
        assert rules.month_of(nonsense) is None
    assert rules.next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert rules.next_month(date(2026, 1, 1)) == date(2026, 2, 1)
    assert rules.month_before(date(2027, 1, 1)) == date(2026, 12, 1)
