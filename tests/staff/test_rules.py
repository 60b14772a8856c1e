"""Who needs attention, in which order, and until when."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.staff import rules
from portal.staff.rules import Cause, Mark

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
AMINA, YONAS = uuid.UUID(int=1), uuid.UUID(int=2)


def cause(person: uuid.UUID, kind: str, number: int = 1, hours_ago: int = 1) -> Cause:
    return Cause(person, kind, f"{kind}:{number}", NOW - timedelta(hours=hours_ago))


causes = st.lists(
    st.builds(
        cause,
        st.sampled_from([AMINA, YONAS, uuid.UUID(int=3)]),
        st.sampled_from(rules.URGENCY),
        st.integers(1, 5),
        st.integers(0, 500),
    ),
    max_size=12,
    unique_by=lambda one: (one.person_id, one.key),
)


def test_the_most_urgent_stands_first() -> None:
    rows = rules.needs([cause(AMINA, rules.NO_MEETING), cause(YONAS, rules.DOWN)], {}, NOW)
    assert [row.person_id for row in rows] == [YONAS, AMINA]


def test_within_one_kind_whoever_has_waited_longest() -> None:
    rows = rules.needs([cause(AMINA, rules.HELP, 1, 2), cause(YONAS, rules.HELP, 2, 50)], {}, NOW)
    assert [row.person_id for row in rows] == [YONAS, AMINA]


def test_a_person_has_one_row_led_by_the_most_urgent_cause() -> None:
    (row,) = rules.needs([cause(AMINA, rules.SMS), cause(AMINA, rules.MISSED)], {}, NOW)
    assert row.first.kind == rules.MISSED
    assert [one.kind for one in row.causes] == [rules.MISSED, rules.SMS]


def test_whoever_has_no_answer_in_time_is_counted_once() -> None:
    found = [
        replace(cause(AMINA, rules.HELP), late=True),
        replace(cause(AMINA, rules.MESSAGE), late=True),
        cause(AMINA, rules.MISSED),
        cause(YONAS, rules.HELP, 2),
    ]
    assert rules.late(found) == 1
    assert [row.late for row in rules.needs(found, {}, NOW)] == [True, False]


def test_to_ring_are_those_who_asked_and_those_whose_calls_are_ones_own() -> None:
    asked, called = replace(cause(AMINA, rules.MESSAGE), wish=True), cause(YONAS, rules.CALL)
    rows = rules.needs([asked, cause(AMINA, rules.CALL), called, cause(YONAS, rules.MESSAGE)], {}, NOW)
    assert rules.to_ring(rows, {AMINA, YONAS}) == 2
    assert rules.to_ring(rows, set()) == 1
    assert rules.to_ring(rules.needs([cause(YONAS, rules.MESSAGE)], {}, NOW), {YONAS}) == 0


@pytest.mark.parametrize("outcome", [rules.CALLED, rules.BOOKED, rules.NOT_NEEDED])
def test_handled_is_gone_until_a_new_cause(outcome: str) -> None:
    marks = {"missed:1": Mark(outcome)}
    assert rules.needs([cause(AMINA, rules.MISSED, 1)], marks, NOW + timedelta(days=400)) == ()
    assert len(rules.needs([cause(AMINA, rules.MISSED, 2)], marks, NOW)) == 1


def test_later_comes_back_with_its_note() -> None:
    marks = {"help:1": Mark(rules.LATER, NOW + timedelta(days=1), "ring efter lunch")}
    assert rules.needs([cause(AMINA, rules.HELP)], marks, NOW) == ()
    (row,) = rules.needs([cause(AMINA, rules.HELP)], marks, NOW + timedelta(days=1))
    assert row.note == "ring efter lunch"


@given(causes)
def test_nobody_is_lost_and_nobody_stands_twice(found: list[Cause]) -> None:
    rows = rules.needs(found, {}, NOW)
    assert {row.person_id for row in rows} == {one.person_id for one in found}
    assert len(rows) == len({row.person_id for row in rows})
    assert sum(len(row.causes) for row in rows) == len(found)


@given(causes)
def test_the_order_does_not_depend_on_the_order_asked(found: list[Cause]) -> None:
    assert rules.needs(found, {}, NOW) == rules.needs(list(reversed(found)), {}, NOW)


@given(causes, st.sampled_from([rules.CALLED, rules.BOOKED, rules.NOT_NEEDED]))
def test_when_all_is_handled_the_list_holds_what_is_asked_elsewhere_alone(
    found: list[Cause], outcome: str
) -> None:
    """A question or a message is there while it is open where it was asked, and not a moment longer."""
    marks = {one.key: Mark(outcome) for one in found}
    left = [cause for need in rules.needs(found, marks, NOW) for cause in need.causes]
    asked = [one for one in found if one.kind in rules.ASKS]
    assert sorted(one.key for one in left) == sorted(one.key for one in asked)
    put_off = {one.key: Mark(rules.LATER, NOW + timedelta(days=1)) for one in found}
    assert rules.needs(found, put_off, NOW) == ()


@pytest.mark.parametrize(
    "today, days, expected",
    [
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 27), 2, date(2026, 11, 30)),
        (date(2026, 11, 24), 7, date(2026, 12, 1)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
    ],
)
def test_later_falls_on_a_weekday(today: date, days: int, expected: date) -> None:
    assert rules.later(today, days) == expected
