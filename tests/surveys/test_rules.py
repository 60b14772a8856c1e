"""When a round is open: month 3 and at closure, by the organisation's own settings."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.organisation.rules import Rules
from portal.surveys.rules import CLOSURE, ONGOING, Round, asks, may_be_open, window

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def test_month_three_and_the_closure_are_open_for_thirty_days() -> None:
    ongoing, closure = (window(which, date(2026, 8, 20), Rules()) for which in (ONGOING, CLOSURE))
    assert (ongoing.first, ongoing.last) == (date(2026, 11, 20), date(2026, 12, 20))
    assert (closure.first, closure.last) == (date(2026, 8, 20), date(2026, 9, 19))
    assert [ongoing.state(day) for day in (date(2026, 11, 19), ongoing.first, ongoing.last)] == [
        "early",
        "open",
        "open",
    ]
    assert ongoing.state(date(2026, 12, 21)) == "late"


def test_an_organisation_asks_as_it_likes() -> None:
    rules = Rules(survey_ongoing=False, survey_after_months=6, survey_open_days=7)
    assert not asks(ONGOING, rules)
    assert asks(CLOSURE, rules)
    found = window(ONGOING, date(2026, 5, 1), rules)
    assert (found.first, found.last) == (date(2026, 11, 1), date(2026, 11, 8))


@given(
    DAYS, st.integers(0, 400), st.integers(1, 24), st.integers(7, 180), st.sampled_from((ONGOING, CLOSURE))
)
def test_what_is_open_today_is_always_among_what_may_be(
    since: date, later: int, months: int, days: int, which: Round
) -> None:
    """The first page asks the database for a span of days: it may be too wide, never too narrow."""
    rules = Rules(survey_after_months=months, survey_open_days=days)
    today = window(which, since, rules).first + timedelta(days=later % (days + 1))
    assert window(which, since, rules).state(today) == "open"
    first, last = may_be_open(which, today, rules)
    assert first <= since <= last
