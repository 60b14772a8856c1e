"""A person's own hours within the house's: what is due when, on every kind of day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices import rules
from portal.organisation.reminder_rules import STEPS, TIMINGS
from portal.reminders import news_rules
from portal.reminders import rules as reminders

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUSE = rules.Hours(STOCKHOLM, 8, 20)
OWN = HOUSE.narrowed(10, 17)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    "earliest, latest, hours",
    [
        (None, None, (8, 20, False)),
        (10, None, (10, 20, False)),
        (None, 17, (8, 17, True)),
        (10, 17, (10, 17, True)),
        # The house has changed its own since: never wider than those, and never nothing.
        (6, 22, (8, 20, False)),
        (20, 22, (8, 20, False)),
        (5, 8, (8, 20, False)),
        (17, 10, (8, 20, False)),
    ],
)
def test_they_are_never_wider_and_never_nothing(
    earliest: int | None, latest: int | None, hours: tuple[int, int, bool]
) -> None:
    found = HOUSE.narrowed(earliest, latest)
    assert (found.earliest, found.latest, found.own) == hours


@pytest.mark.parametrize(
    "start, due",
    [
        ("2026-11-24T13:00", "2026-11-23T13:00"),
        ("2026-11-24T08:00", "2026-11-23T10:00"),
        # It is due an hour before the last, so that a queue does not bring it after.
        ("2026-11-24T17:00", "2026-11-23T16:00"),
        ("2026-11-24T19:30", "2026-11-23T16:00"),
        # Winter time begins on 25 October 2026, summer time on 29 March 2026.
        ("2026-10-26T08:00", "2026-10-25T10:00"),
        ("2026-10-25T18:00", "2026-10-24T16:00"),
        ("2026-03-30T08:00", "2026-03-29T10:00"),
        ("2026-03-29T18:00", "2026-03-28T16:00"),
    ],
)
def test_a_reminder_is_due_at_the_persons_own_hours(start: str, due: str) -> None:
    """S54"""
    planned = {one.which: one.at for one in reminders.reminders(at(start), LONG_AGO, OWN)}
    assert planned["one_day"] == at(due)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-10-25", "2026-03-29"])
def test_what_says_nothing_new_waits_for_them_and_no_minute_is_given(day: str) -> None:
    """S54: on the days when the clock changes too."""
    noon = at(f"{day}T12:00") + timedelta(days=1)
    for kind in (rules.ONE_DAY, rules.SOMETHING_NEW):
        assert rules.wait_until(kind, at(f"{day}T09:59"), noon, OWN) == at(f"{day}T10:00")
        assert rules.wait_until(kind, at(f"{day}T17:00"), noon, OWN) is None
        after = rules.wait_until(kind, at(f"{day}T17:01"), noon, OWN)
        assert after == OWN.open_from(at(f"{day}T23:00"))
        assert after is not None
        assert after.astimezone(STOCKHOLM).hour == 10


def test_news_that_can_wait_waits_and_other_news_gives_way() -> None:
    evening = at("2026-11-24T18:00")
    assert rules.wait_until(rules.MOVED, evening, at("2026-11-25T15:00"), OWN) == at("2026-11-25T10:00")
    assert rules.wait_until(rules.MOVED, evening, at("2026-11-25T11:00"), OWN) is None
    assert rules.wait_until(rules.NOW, evening, at("2026-11-25T15:00"), OWN) == at("2026-11-25T10:00")


def test_something_new_is_told_within_them_and_is_of_no_use_after() -> None:
    came = at("2026-11-24T07:00")
    waiting = [news_rules.Waiting(came, came)]
    assert news_rules.due(waiting, (), at("2026-11-24T09:00"), OWN) is None
    telling = news_rules.due(waiting, (), at("2026-11-24T10:00"), OWN)
    assert telling
    assert telling.expires_at == at("2026-11-24T17:00")
    assert news_rules.due(waiting, (), at("2026-11-24T18:00"), OWN) is None


@pytest.mark.parametrize(
    "start, due",
    [
        ("2026-11-24T13:00", "2026-11-24T11:00"),
        ("2026-11-24T11:30", "2026-11-24T10:00"),
        # An hour before the last, so that a queue does not bring it after; and never after the meeting.
        ("2026-11-24T19:30", "2026-11-24T16:00"),
        ("2026-11-24T10:00", None),
        ("2026-10-25T11:30", "2026-10-25T10:00"),
        ("2026-03-29T18:30", "2026-03-29T16:00"),
    ],
)
def test_so_is_the_one_on_the_day_itself(start: str, due: str | None) -> None:
    """S54"""
    near = reminders.Timing(TIMINGS["near"])
    planned = {one.which: one.at for one in reminders.reminders(at(start), LONG_AGO, OWN, near)}
    assert planned.get("two_hours") == (at(due) if due else None)
    assert "one_day" in planned, "whoever wants to be reminded is"


_MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(_MOMENTS, st.integers(0, 22), st.integers(1, 23))
def test_whenever_it_is_every_step_is_due_within_them(start: datetime, earliest: int, latest: int) -> None:
    """S53, S54: each before the meeting, and what a tick looks for; the day before is always left."""
    hours = HOUSE.narrowed(earliest, latest)
    found = reminders.reminders(start, LONG_AGO, hours, reminders.Timing(STEPS))
    assert [one.which for one in found][:3] == list(STEPS[:3])
    for one in found:
        assert hours.open_from(one.at) == one.at < start <= one.at + reminders.AHEAD
        assert rules.wait_until(rules.OF_STEP[one.which], one.at, start, hours) is None


@given(_MOMENTS, st.integers(0, 22), st.integers(1, 23))
def test_whenever_it_is_a_reminder_is_due_within_them(start: datetime, earliest: int, latest: int) -> None:
    """S54: every hour of three years."""
    hours = HOUSE.narrowed(earliest, latest)
    due = reminders.at_wall_time(start, 1, hours)
    assert hours.earliest <= due.astimezone(STOCKHOLM).hour <= hours.latest
    assert rules.wait_until(rules.ONE_DAY, due, due + timedelta(days=2), hours) is None
    if hours.own:
        assert rules.wait_until(rules.ONE_DAY, due + rules.GRACE, due + timedelta(days=2), hours) is None
