"""Spans that touch or share a moment are one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.availability.rules import FreeTime, Span
from portal.availability.span_rules import merged

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

spans = st.builds(
    lambda start, length: Span(NOW + start * MINUTE, NOW + (start + length) * MINUTE),
    st.integers(0, 300),
    st.integers(1, 90),
)


def at(start: int, end: int) -> Span:
    """From so many minutes on until so many."""
    return Span(NOW + start * MINUTE, NOW + end * MINUTE)


def test_what_overlaps_or_touches_is_one_stretch_in_order() -> None:
    assert merged([at(60, 120), at(0, 60), at(30, 90), at(240, 300)]) == [at(0, 120), at(240, 300)]
    assert merged([]) == []


def test_free_times_become_plain_spans_that_sort_with_others() -> None:
    free = FreeTime(NOW, NOW + 60 * MINUTE, ("phone",), "Torget")
    assert [type(one) for one in merged([free])] == [Span]
    assert sorted([*merged([free]), at(-60, 0)]) == [at(-60, 0), at(0, 60)]


@given(st.lists(spans, max_size=12), st.integers(0, 400))
def test_merged_times_are_apart_and_cover_the_same(every: list[Span], minute: int) -> None:
    whole = merged(every)
    assert all(one.end < two.start for one, two in pairwise(whole))
    moment = at(minute, minute + 1)
    assert any(one.meets(moment) for one in whole) == any(one.meets(moment) for one in every)
