"""How long things are kept, and how days are blurred (S46)."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.journal.chain_rules import Head
from portal.privacy.retention_rules import Dates, Forgetting, blurred, months_before

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "day, months, before",
    [
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 3, 30), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_back(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@given(DAYS, st.integers(1, 240))
def test_months_back_is_that_many_months_and_never_a_later_day(day: date, months: int) -> None:
    found = months_before(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    assert found.day <= day.day


@given(DAYS, st.integers(0, 400))
def test_blurred_days_keep_the_month_and_the_wait(applied: date, wait: int) -> None:
    first = applied + timedelta(days=wait)
    found = blurred(Dates(applied, first, first, None))
    assert found.applied_on == applied.replace(day=1)
    assert found.first_meeting_on is not None
    assert (found.first_meeting_on - applied.replace(day=1)).days == wait
    assert (found.started_on, found.closed_on) == (first.replace(day=1), None)


def test_what_is_not_known_stays_unknown() -> None:
    assert blurred(Dates(None, None, None, None)) == Dates(None, None, None, None)
    assert blurred(Dates(None, date(2024, 5, 7), None, None)).first_meeting_on == date(2024, 5, 1)


def test_a_digest_is_of_this_very_set() -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    plan = Forgetting((one,), (two,), {"plan": ((one,), (two,))}, Head(3, bytes(32)), 3)
    same = Forgetting((one,), (two,), {"plan": ((two,), (one,))}, Head(3, bytes(32)), 3)
    others = [
        Forgetting((two,), (one,), {"plan": ((one,), (two,))}, Head(3, bytes(32)), 3),
        Forgetting((one,), (two,), {"plan": ((one,),)}, Head(3, bytes(32)), 3),
        Forgetting((one,), (two,), {"help": ((one,), (two,))}, Head(3, bytes(32)), 3),
        Forgetting((one,), (two,), {"plan": ((one,), (two,))}, None, 0),
    ]
    assert plan.digest == same.digest
    assert len({plan.digest, *(other.digest for other in others)}) == 5
    assert Forgetting().empty
    assert not plan.empty
