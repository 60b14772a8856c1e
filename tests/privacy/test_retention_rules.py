"""How long things are kept, and how days are blurred (S46)."""

import uuid
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.days import half_year
from portal.identity.people.case_rules import Case
from portal.journal.chain_rules import Head
from portal.privacy.retention_rules import Dates, Forgetting, blurred
from portal.reports.rules import key_of

MAYBE = st.none() | st.dates(date(2019, 1, 1), date(2026, 12, 31))


def figures_of(dates: Dates) -> tuple[object, ...]:
    """What reports make of an enrolment's days: the half-years they count it in, and the wait."""
    nobody = uuid.uuid4()
    case = Case(
        enrolment_id=nobody,
        person_id=nobody,
        programme_id=nobody,
        team_id=nobody,
        coach_id=None,
        referrer="",
        intake=None,
        outcome="",
        income_at_start="",
        income_at_closure="",
        gender="",
        born_in_sweden=None,
        municipality="",
        **vars(dates),
    )
    met, applied = case.first_meeting_on, case.applied_on
    halves = (day and half_year(day) for day in (case.begins, met, case.closed_on))
    return (*halves, key_of("half_year")(case), met and applied and met - applied)


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_blurred_days_count_as_the_days_did(
    applied: date | None, first: date | None, started: date | None, closed: date | None
) -> None:
    dates = Dates(applied, first, started, closed)
    assert figures_of(blurred(dates)) == figures_of(dates)


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_no_day_of_the_month_is_left_but_the_one_that_keeps_the_wait(
    applied: date | None, first: date | None, started: date | None, closed: date | None
) -> None:
    found = blurred(Dates(applied, first, started, closed))
    kept = [found.first_meeting_on, found.started_on, found.closed_on]
    kept += [found.applied_on] if first is None else []
    assert {day.day for day in kept if day} <= {1}


def test_a_first_meeting_stays_in_its_half_year() -> None:
    found = blurred(Dates(date(2024, 5, 20), date(2024, 7, 5), None, None))
    assert (found.applied_on, found.first_meeting_on) == (date(2024, 5, 16), date(2024, 7, 1))


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
