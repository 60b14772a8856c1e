"""Which new times are proposed, what is said first, and for how long all can be undone."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.availability.rules import Span
from portal.booking import away_rules, rules
from portal.booking.away_rules import MOVE, Changed, Wanted
from portal.booking.rules import ALONG, CANCEL

ZONE = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)
GAP = timedelta(minutes=15)


def at(day: str, clock: str) -> datetime:
    """The instant of a wall time in Stockholm."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE).astimezone(UTC)


def spans(*starts: datetime) -> list[Span]:
    return [Span(start, start + HOUR) for start in starts]


def test_the_same_weekday_and_clock_come_first() -> None:
    """Thursday at ten: a week later at ten rather than the first free morning."""
    old = at("2026-12-03", "10:00")
    soon, alike, other = at("2026-12-08", "09:00"), at("2026-12-10", "10:00"), at("2026-12-10", "15:00")
    one = uuid.uuid4()
    found = away_rules.spread([Wanted(one, old, spans(soon, alike, other), GAP)], ZONE)
    assert [span.start for span in found[one]] == [alike, soon, other]


def test_the_clock_is_the_wall_s_when_daylight_saving_ends() -> None:
    """S54: at ten on both sides of the change is alike, though not the same hour of UTC."""
    old = at("2026-10-22", "10:00")
    alike, shifted = at("2026-10-29", "10:00"), at("2026-10-29", "09:00")
    assert away_rules.unlike(old, alike, ZONE) < away_rules.unlike(old, shifted, ZONE)


def test_two_meetings_do_not_get_the_same_time() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    free = spans(at("2026-12-08", "09:00"), at("2026-12-08", "10:00"), at("2026-12-08", "10:30"))
    wanted = [
        Wanted(second, at("2026-12-01", "10:00"), free, GAP),
        Wanted(first, at("2026-12-01", "09:00"), free, GAP),
    ]
    found = away_rules.spread(wanted, ZONE)
    assert found[first][0] == free[0]
    # At ten the break after the first meeting is not over.
    assert [span.start for span in found[second]] == [at("2026-12-08", "10:30")]


def test_a_day_that_takes_no_more_is_left_out() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    old = at("2026-12-01", "09:00")
    free = spans(at("2026-12-08", "09:00"), at("2026-12-08", "13:00"), at("2026-12-09", "09:00"))
    wanted = [Wanted(first, old, free, GAP), Wanted(second, old + HOUR, free, GAP)]
    found = away_rules.spread(wanted, ZONE, lambda _day, more: more >= 1)
    assert found[first][0] == free[0]
    assert found[second] == [free[2]]


HOURS = st.lists(st.integers(0, 400), min_size=0, max_size=40, unique=True)


@given(st.lists(HOURS, min_size=1, max_size=8))
def test_what_is_proposed_never_collides(free: list[list[int]]) -> None:
    start = at("2026-12-07", "08:00")
    wanted = [
        Wanted(
            uuid.uuid4(), start + timedelta(minutes=number), spans(*(start + HOUR * one for one in each)), GAP
        )
        for number, each in enumerate(free)
    ]
    found = away_rules.spread(wanted, ZONE)
    firsts = sorted(found[one.meeting_id][0] for one in wanted if found[one.meeting_id])
    assert all(one.end + GAP <= two.start for one, two in pairwise(firsts))
    for one in wanted:
        assert len(found[one.meeting_id]) <= away_rules.TIMES_OFFERED
        assert set(found[one.meeting_id]) <= set(one.free)


@pytest.mark.parametrize(
    ("done", "named"),
    [
        ([(ALONG, 1), (MOVE, 3), (CANCEL, 2)], 2),
        ([(ALONG, 1), (MOVE, 3)], 1),
        ([(ALONG, 2), (ALONG, 1)], 1),
        ([(CANCEL, 9), (MOVE, 8)], 1),
    ],
)
def test_what_somebody_would_come_to_in_vain_is_named(done: list[tuple[str, int]], named: int) -> None:
    day = at("2026-12-01", "10:00")
    changed = [Changed(uuid.uuid4(), what, day + timedelta(days=days)) for what, days in done]
    assert away_rules.first_to_tell(changed) is changed[named]


@pytest.mark.parametrize(("hours", "held"), [(1, False), (2, False), (3, True), (200, True)])
def test_near_meetings_are_told_of_at_once(hours: int, *, held: bool) -> None:
    now = at("2026-12-01", "08:00")
    expected = now + away_rules.UNDO_FOR if held else now
    assert away_rules.told_from(now + hours * HOUR, now) == expected


def test_undo_ends_with_the_minute_that_is_said() -> None:
    made = at("2026-12-01", "08:00")
    assert away_rules.undo_open(made, made + timedelta(minutes=9, seconds=59))
    assert not away_rules.undo_open(made, made + timedelta(minutes=10))


def test_every_choice_has_a_word_for_the_participant_but_to_stay() -> None:
    assert set(away_rules.CHOICES) == {rules.ALONG, MOVE, rules.CANCEL, rules.STAY}
