"""What scales say of many people together: never of fewer than five."""

import uuid
from datetime import UTC, datetime, timedelta
from statistics import mean, stdev

import pytest

from portal.reports.change_rules import Reading, moved, together, used

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PEOPLE = [uuid.UUID(int=number) for number in range(1, 7)]
TEAM = uuid.UUID(int=9)


def reading(person: int, total: int | None, days: int, instrument: str = "ors") -> Reading:
    at = NOW - timedelta(days=days)
    return Reading(PEOPLE[person], TEAM, instrument, 1, at, total, 250 if instrument == "ors" else 360, 50)


def test_use_is_counted_by_scale_with_people_and_those_below_the_cut_off() -> None:
    readings = [
        reading(0, 359, 3, "srs"),
        reading(0, 360, 2, "srs"),
        reading(1, None, 1, "srs"),
        reading(1, 100, 90),
    ]
    (found,) = used(readings, NOW - timedelta(days=10), NOW)
    assert (found.instrument, found.sent, found.people, found.low, found.judged) == ("srs", 3, 2, 1, 2)


def test_a_check_in_without_a_cut_off_is_judged_by_none() -> None:
    own = Reading(PEOPLE[0], TEAM, "before", 1, NOW - timedelta(days=1), 100, None, None)
    (found,) = used([own], NOW - timedelta(days=2), NOW)
    assert (found.sent, found.low, found.judged) == (1, 0, 0)


def test_a_share_below_the_cut_off_is_of_five_people_who_have_a_total() -> None:
    """S41: six have sent one, and one of them a whole one."""
    readings = [reading(0, 100, 1), *(reading(number, None, 1) for number in range(1, 6))]
    (found,) = used(readings, NOW - timedelta(days=2), NOW)
    assert (found.people, found.judged, found.judged_people) == (6, 1, 1)
    assert not found.told(1)


@pytest.mark.parametrize(
    "totals, inside, outside",
    [
        ([100, 100, 100, 100, 300], True, False),
        ([100, 300, 300, 300, 300], True, False),
        ([100, 100, 100, 100, 100], True, True),
        ([100, 100, 100, 100, 100, None], True, False),
        ([100, 100, 100, 100], False, False),
    ],
)
def test_for_others_no_side_of_a_share_is_of_a_few(
    totals: list[int | None], inside: bool, outside: bool
) -> None:
    """S41"""
    readings = [reading(number, total, 1) for number, total in enumerate(totals)]
    (found,) = used(readings, NOW - timedelta(days=2), NOW)
    assert (found.told(1), found.told(5)) == (inside, outside)


def test_four_who_have_sent_two_each_are_four() -> None:
    readings = [reading(number, 100, day) for number in range(4) for day in (1, 2)]
    (found,) = used(readings, NOW - timedelta(days=3), NOW)
    assert (found.judged, found.judged_people, found.told(1)) == (8, 4, False)


@pytest.mark.parametrize(
    "lasts, told",
    [((300,) * 6, True), ((300,) * 5 + (200,), False), ((200,) * 6, True), ((300,) * 5 + (100,) * 5, True)],
)
def test_how_many_changed_is_told_when_none_of_the_three_parts_is_few(
    lasts: tuple[int, ...], told: bool
) -> None:
    """S41: better, worse, and what is left of all."""
    pairs = [(reading(0, 200, 9), reading(0, last, 1)) for last in lasts]
    found = together(pairs)
    assert found is not None
    assert found.told(5) is told
    assert found.told(1)


def test_only_who_has_two_totals_has_moved_and_what_comes_later_is_not_yet() -> None:
    readings = [
        reading(0, 200, 30),
        reading(0, None, 20),
        reading(0, 260, 10),
        reading(1, 200, 30),
        reading(0, 300, -1),
    ]
    pairs = moved(readings, "ors", NOW)
    assert {person: (first.total, last.total) for person, (first, last) in pairs.items()} == {
        PEOPLE[0]: (200, 260)
    }


def test_five_people_have_means_and_four_have_none() -> None:
    totals = [(150, 250), (200, 240), (180, 260), (220, 170), (250, 255)]
    pairs = [
        (reading(number, first, 30), reading(number, last, 1)) for number, (first, last) in enumerate(totals)
    ]
    assert together(pairs[:4]) is None
    found = together(pairs)
    assert found is not None
    firsts, lasts = [15.0, 20.0, 18.0, 22.0, 25.0], [25.0, 24.0, 26.0, 17.0, 25.5]
    assert (found.people, found.better, found.worse) == (5, 2, 1)
    assert found.first == pytest.approx(mean(firsts))
    assert found.last == pytest.approx(mean(lasts))
    assert found.effect == pytest.approx((mean(lasts) - mean(firsts)) / stdev(firsts))


def test_without_spread_there_is_no_effect_size() -> None:
    pairs = [(reading(number, 200, 30), reading(number, 250, 1)) for number in range(5)]
    found = together(pairs)
    assert found is not None
    assert found.effect is None
    assert found.better == 5
