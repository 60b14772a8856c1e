"""Fifty at once want one colleague at meetings that overlap: exactly one gets them (S49)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from portal.availability.models import BusyTime
from portal.booking.hold_service import CAUSE
from portal.booking.network.models import MeetingParty
from portal.db import Database
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.races.tries import Ask
from tests.support.meetings import add_meeting
from tests.support.processes import race
from tests.support.world import World, add_participant, add_staff

__all__ = ["ask_as", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
CONTENDERS = 50


def test_of_fifty_meetings_that_want_one_colleague_one_gets_them_s49(
    database: Database, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    """S49: each meeting has its own coach and participant, and they overlap by some minutes."""
    wanted = open_world.lead.id
    meetings, coaches = [], []
    with database.transaction() as session:
        for number in range(CONTENDERS):
            coach = add_staff(session, open_world.here, f"Coach {number}", "coach", now)
            whom = add_participant(
                session, open_world.here, f"Person {number}", now, coach=coach, phone=f"+4670174{number:04d}"
            )
            starts_at = FRIDAY_9 + timedelta(minutes=number)
            meetings.append(add_meeting(session, whom, coach, starts_at, now).id)
            coaches.append(coach)
    pairs = zip(coaches, meetings, strict=True)
    outcomes = race(database.url, [Ask(ask_as(coach), meeting, wanted, now) for coach, meeting in pairs])
    assert Counter(outcomes) == {("done", "asked"): 1, ("refused", "Taken"): CONTENDERS - 1}
    with database.reading() as session:
        held = select(func.count()).where(BusyTime.subject_id == wanted, BusyTime.cause_kind == CAUSE)
        assert session.scalar(held) == 1
        assert session.scalar(select(func.count()).select_from(MeetingParty)) == 1
