"""Periods that do not slide, what a case is split by, and tables of how many."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from portal.days import half_year
from portal.identity.people.case_rules import Case, Load, loads, persons, waiting
from portal.reports.rules import GENDERS, WHOLE, cross, finished, key_of, period, periods, stay_on
from portal.web.formats import share

TODAY = date(2026, 11, 24)
CASE = Case(
    enrolment_id=uuid.uuid4(),
    person_id=uuid.uuid4(),
    programme_id=uuid.uuid4(),
    team_id=uuid.uuid4(),
    coach_id=None,
    referrer="fk",
    intake=3,
    applied_on=date(2026, 1, 1),
    first_meeting_on=date(2026, 1, 11),
    started_on=date(2026, 2, 1),
    closed_on=None,
    outcome="",
    income_at_start="social",
    income_at_closure="",
    gender="woman",
    born_in_sweden=False,
    municipality="norr",
)


def case(**facts: Any) -> Case:
    return replace(CASE, enrolment_id=uuid.uuid4(), **facts)


@pytest.mark.parametrize(
    "code, first, last",
    [
        ("2026-1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day_inside(code: str, first: date, last: date) -> None:
    found = period(code)
    assert (found.first, found.last) == (first, last)
    assert found.holds(first)
    assert found.holds(last)
    assert not found.holds(date(first.year - 1, 12, 31))
    assert not found.holds(date(last.year + 1, 1, 1))
    assert not found.holds(None)
    assert period(WHOLE).holds(None)


@pytest.mark.parametrize("code", ["", "2026-3", "2026-", "26", "2026-1-1", "x", "٢٠٢٦", "-1"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no such period"):
        period(code)


def test_the_newest_half_year_stands_first_and_none_to_come_is_offered() -> None:
    codes = [one.code for one in periods(TODAY, date(2025, 3, 1))]
    assert codes == ["2026-2", "2026-1", "2025-2", "2025-1", "2026", "2025", "all"]
    assert [one.code for one in periods(date(2026, 6, 30), None)] == ["2026-1", "2026", "all"]


@pytest.mark.parametrize(
    "today, earliest, codes",
    [
        (TODAY, date(2025, 3, 1), ["2026-1", "2025-2", "2025-1"]),
        (date(2026, 6, 30), date(2025, 8, 1), ["2025-2", "2025-1"]),
        (date(2026, 7, 1), date(2026, 1, 1), ["2026-1"]),
        (date(2026, 3, 1), date(2026, 2, 1), ["2025-2", "2025-1"]),
        (TODAY, None, ["2026-1"]),
    ],
)
def test_others_choose_among_half_years_that_are_over_and_never_overlap(
    today: date, earliest: date | None, codes: list[str]
) -> None:
    """S41: no period holds another, and none grows; so no difference of two reports is somebody."""
    found = finished(today, earliest)
    assert [one.code for one in found] == codes
    for newer, older in pairwise(found):
        assert newer.first
        assert older.last == newer.first - timedelta(days=1)
    assert found[0].last
    assert found[0].last < today


def test_a_day_lies_in_the_stay_that_it_is_within() -> None:
    first = case(applied_on=date(2025, 1, 1), closed_on=date(2025, 6, 30))
    second = case(applied_on=date(2025, 6, 30), closed_on=None)
    assert stay_on([first, second], date(2024, 12, 31)) is None
    assert stay_on([first, second], date(2025, 1, 1)) == first
    assert stay_on([second, first], date(2025, 6, 30)) == second
    assert stay_on([first], date(2025, 7, 1)) is None
    assert stay_on([], TODAY) is None
    assert stay_on([case(applied_on=None, started_on=None)], date(2020, 1, 1)) is not None


def test_what_a_case_is_split_by() -> None:
    split = {cut: key_of(cut)(CASE) for cut in ("gender", "born", "municipality", "referrer", "intake")}
    assert split == {
        "gender": "woman",
        "born": "outside",
        "municipality": "norr",
        "referrer": "fk",
        "intake": "3",
    }
    assert key_of("half_year")(case(closed_on=date(2026, 8, 1))) == "2026-2"
    assert key_of("half_year")(CASE) == half_year(date(2026, 2, 1)) == "2026-1"
    bare = case(born_in_sweden=None, intake=None, started_on=None, first_meeting_on=None, applied_on=None)
    assert [key_of(cut)(bare) for cut in ("born", "intake", "half_year")] == ["", "", ""]


def test_a_table_keeps_its_order_shows_empty_ones_and_adds_what_nobody_told_last() -> None:
    counted = [
        case(gender="man", intake=10),
        case(gender="other", intake=2),
        case(intake=None),
        case(intake=2),
    ]
    grid = cross(counted, key_of("gender"), key_of("intake"), rows=GENDERS, columns=())
    assert grid.rows == ("woman", "man", "other")
    assert grid.columns == ("2", "10", "")
    assert grid.counts == ((1, 0, 1), (0, 1, 0), (1, 0, 0))
    assert (grid.row_totals, grid.column_totals, grid.total) == ((2, 1, 1), (2, 1, 1), 4)
    assert cross([], key_of("gender"), key_of("intake"), rows=GENDERS, columns=("1",)).counts == ((0,), (0,))


def test_a_share_has_a_base_or_is_nothing() -> None:
    """The reports' own figures: 27 of 31, and 74 of all 213 who were enrolled."""
    assert (share(27, 31), share(74, 213), share(1, 200), share(0, 5), share(1, 0)) == (87, 35, 1, 0, None)


def test_who_comes_back_is_two_enrolments_and_one_person() -> None:
    assert persons([CASE, case(), case(person_id=uuid.uuid4())]) == 2


def test_the_load_of_a_coach_counts_the_open_ones_and_who_has_nobody() -> None:
    first, second, gone = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    open_ones = [case(coach_id=first), case(coach_id=first), case(coach_id=None)]
    closed = [case(coach_id=first, closed_on=TODAY), case(coach_id=gone, closed_on=TODAY)]
    found = loads([*open_ones, *closed], [first, second], frozenset({open_ones[0].enrolment_id}), 1)
    assert found == (Load(first, 2, 1, 1), Load(second, 0, 0, 1), Load(None, 1, 0, 1))
    assert [load.over for load in found] == [1, 0, 0]


def test_waiting_is_from_application_to_first_meeting_or_until_today() -> None:
    met = [CASE, case(first_meeting_on=date(2026, 1, 31)), case(first_meeting_on=date(2026, 1, 6))]
    unmet = [
        case(first_meeting_on=None, applied_on=date(2026, 11, 4)),
        case(first_meeting_on=date(2026, 12, 1), applied_on=date(2026, 11, 14)),
        case(first_meeting_on=None, applied_on=None),
        case(first_meeting_on=None, closed_on=TODAY),
    ]
    found = waiting(met, [*met, *unmet], TODAY)
    assert (found.met, found.median_days, found.longest_days) == (3, 10, 30)
    assert (found.waiting, found.longest_now) == (3, 20)
    nobody = waiting([], [], TODAY)
    assert (nobody.met, nobody.median_days, nobody.longest_days, nobody.longest_now) == (0, None, None, None)
