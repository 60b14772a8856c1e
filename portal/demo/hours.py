"""What a plain week has not: a library from a day on, an afternoon of calls, lunch, a most on a day."""

from datetime import date, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import OwnTerms, WeeklyHours
from portal.identity.models import Person

MONDAY, TUESDAY, THURSDAY = 0, 1, 3
SOON, LONG_SINCE = timedelta(days=10), timedelta(days=30)
MOST = 4


def add(session: Session, coach: Person, today: date) -> None:
    """Mondays move to a library soon, Thursdays after noon are for calls, and late Tuesdays are over."""
    week = {
        (row.weekday, row.starts.hour): row
        for row in session.scalars(select(WeeklyHours).where(WeeklyHours.person_id == coach.id))
    }
    here, moves = week[MONDAY, 9], today + SOON
    here.last_day = moves - timedelta(days=1)
    week[THURSDAY, 13].modes = ["phone"]
    session.add_all(
        [
            WeeklyHours(
                person_id=coach.id,
                weekday=MONDAY,
                starts=here.starts,
                ends=here.ends,
                first_day=moves,
                modes=["on_site"],
                place="Biblioteket i Bjursås",
            ),
            WeeklyHours(
                person_id=coach.id,
                weekday=TUESDAY,
                starts=time(16),
                ends=time(18),
                last_day=today - LONG_SINCE,
            ),
            OwnTerms(person_id=coach.id, lunch_starts=time(12), lunch_ends=time(13), most_a_day=MOST),
        ]
    )
    session.flush()
