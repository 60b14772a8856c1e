"""Hours with days, ways to meet and a place go with their columns; plain ones stand (S56)."""

from datetime import date, time

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.availability.models import OwnTerms, WeeklyHours
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.world import build

__all__ = ["bare"]

NINE = {"weekday": 0, "starts": time(9), "ends": time(12)}
WRONG = (
    "UPDATE weekly_hours SET first_day = '2027-02-01', last_day = '2027-01-31'",
    "UPDATE own_terms SET lunch_ends = NULL",
    "UPDATE own_terms SET lunch_ends = '11:00:00.000000'",
    "UPDATE own_terms SET most_a_day = 21",
)


def test_hours_that_hold_always_stand_and_others_go(bare: Database) -> None:
    """S56: the version before would offer the others on every day, in every way, at the usual place."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        coach = build(session, NOW).coach.id
        session.add_all(
            [
                WeeklyHours(person_id=coach, **NINE),
                WeeklyHours(person_id=coach, first_day=date(2027, 2, 1), **NINE),
                WeeklyHours(person_id=coach, last_day=date(2027, 1, 31), **NINE),
                WeeklyHours(person_id=coach, modes=["phone"], **NINE),
                WeeklyHours(person_id=coach, place="Biblioteket", **NINE),
                OwnTerms(
                    person_id=coach, lunch_starts=time(12), lunch_ends=time(13), most_a_day=4, place="Här"
                ),
            ]
        )
    for wrong in WRONG:
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(wrong))
    schema.downgrade(bare.url, before("Hours have days"))
    schema.upgrade(bare.url)
    with bare.reading() as session:
        (row,) = session.scalars(select(WeeklyHours))
        assert (row.starts, row.modes, row.first_day, row.place) == (time(9), [], None, "")
        (terms,) = session.scalars(select(OwnTerms))
        assert (terms.place, terms.lunch, terms.most_a_day) == ("Här", None, None)
