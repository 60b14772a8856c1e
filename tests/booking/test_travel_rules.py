"""Which times fit the bus and the energy of a day, and why others do not."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.availability.rules import FreeTime
from portal.booking import travel_rules as rules
from portal.booking.travel_rules import Travel, Window

ZONE = ZoneInfo("Europe/Stockholm")
PLACE, HOME = ("on_site", "walk"), ("phone", "video")
ONE_BUS = Travel({"all": Window(time(9, 40), time(15, 10))})


def at(day: str, clock: str, modes: tuple[str, ...] = PLACE, minutes: int = 60) -> FreeTime:
    """A free time by Stockholm's clock."""
    start = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE).astimezone(UTC)
    return FreeTime(start, start + timedelta(minutes=minutes), modes)


@pytest.mark.parametrize(
    ("clock", "why"),
    [
        ("09:30", rules.BEFORE_BUS),
        ("09:40", ""),
        ("14:10", ""),
        ("14:15", rules.AFTER_BUS),
        ("23:30", rules.AFTER_BUS),
    ],
)
def test_one_bus_in_the_morning_and_one_home(clock: str, why: str) -> None:
    assert rules.misfit(at("2026-12-01", clock), ONE_BUS, ZONE) == why


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-24", "2026-12-02", "2028-02-29"])
def test_the_bus_goes_by_the_wall_clock(day: str) -> None:
    """S54: summer and winter, and on the days when the clock changes."""
    assert rules.misfit(at(day, "09:30"), ONE_BUS, ZONE) == rules.BEFORE_BUS
    assert rules.misfit(at(day, "10:00"), ONE_BUS, ZONE) == ""


def test_a_weekday_of_its_own_beats_every_day() -> None:
    travel = Travel({"all": Window(time(9, 40)), "1": Window(None, time(12))})
    assert rules.misfit(at("2026-12-01", "08:00"), travel, ZONE) == ""
    assert rules.misfit(at("2026-12-01", "11:30"), travel, ZONE) == rules.AFTER_BUS
    assert rules.misfit(at("2026-12-02", "08:00"), travel, ZONE) == rules.BEFORE_BUS


def test_a_call_needs_no_bus() -> None:
    assert rules.misfit(at("2026-12-01", "08:00", HOME), ONE_BUS, ZONE) == ""
    both = at("2026-12-01", "08:00", ("on_site", "phone"))
    assert rules.split([both], ONE_BUS, ZONE) == ([], [(both, rules.HOME_ONLY)])
    whole = at("2026-12-01", "10:00", ("on_site", "phone"))
    assert rules.split([whole], ONE_BUS, ZONE) == ([whole], [])


@pytest.mark.parametrize(
    ("energy", "clock", "why"),
    [
        ("morning", "11:30", ""),
        ("morning", "12:00", rules.TIRED),
        ("afternoon", "11:30", rules.TIRED),
        ("afternoon", "12:00", ""),
        ("", "12:00", ""),
    ],
)
def test_the_heavier_half_of_the_day_comes_last(energy: str, clock: str, why: str) -> None:
    assert rules.misfit(at("2026-12-01", clock, HOME), Travel(energy=energy), ZONE) == why


WINDOWS = st.builds(Window, st.none() | st.times(), st.none() | st.times())
TRAVELS = st.builds(
    Travel,
    st.dictionaries(st.sampled_from(["all", "0", "1", "2", "3", "4"]), WINDOWS),
    st.sampled_from(rules.ENERGIES),
)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STARTS = st.integers(0, 2 * 365 * 24 * 4).map(lambda number: BEGIN + number * timedelta(minutes=15))


@given(st.lists(STARTS, max_size=20), TRAVELS, st.sampled_from([PLACE, HOME, PLACE + HOME]))
def test_no_time_is_lost_and_none_twice(
    starts: list[datetime], travel: Travel, modes: tuple[str, ...]
) -> None:
    times = [FreeTime(one, one + timedelta(hours=1), modes) for one in sorted(starts)]
    fitting, others = rules.split(times, travel, ZONE)
    assert sorted([one.start for one in fitting] + [one.start for one, _why in others]) == sorted(starts)
    assert fitting == sorted(fitting)
    assert all(why for _one, why in others)


def _whole(at: time | None) -> time | None:
    return at.replace(second=0, microsecond=0) if at else None


@given(TRAVELS)
def test_what_is_stored_is_read_as_it_was(travel: Travel) -> None:
    whole_minutes = Travel(
        {
            day: Window(
                *(at.replace(second=0, microsecond=0) if at else None for at in (one.there, one.leave))
            )
            for day, one in travel.windows.items()
            if one
        },
        travel.energy,
    )
    assert rules.from_json(rules.to_json(travel), travel.energy) == whole_minutes


def test_a_window_as_its_person_reads_it() -> None:
    assert rules.written(["09:40", "15:10"]) == "09:40–15:10"
    assert rules.written([None, "15:10"]) == "…–15:10"
    assert rules.written(None) == ""
