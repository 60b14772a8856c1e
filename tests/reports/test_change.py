"""What scales say of many people together: never of fewer than five."""

import uuid
from datetime import UTC, datetime, timedelta
from statistics import mean, stdev

import pytest

from portal.reports.change_rules import Reading, moved, together, used

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PEOPLE = [uuid.UUID(int=number) for number in range(1, 7)]


def reading(person: int, total: int | None, days: int, instrument: str = "ors") -> Reading:
    at = NOW - timedelta(days=days)
    return Reading(PEOPLE[person], instrument, 1, at, total, 250 if instrument == "ors" else 360, 50)


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
    own = Reading(PEOPLE[0], "before", 1, NOW - timedelta(days=1), 100, None, None)
    (found,) = used([own], NOW - timedelta(days=2), NOW)
    assert (found.sent, found.low, found.judged) == (1, 0, 0)


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
