"""Fifty at once want one colleague at meetings that overlap: exactly one gets them (S49)."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.booking.hold_service import CAUSE
from portal.booking.network import service
from portal.booking.network.models import MeetingParty
from portal.db import Database
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.support.meetings import add_meeting
from tests.support.races import race
from tests.support.world import World, add_participant, add_staff

__all__ = ["ask_as", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
CONTENDERS = 50


def test_of_fifty_meetings_that_want_one_colleague_one_gets_them_s49(
    app: Flask, database: Database, open_world: World, ask_as: AskAs, now: datetime
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
    askers = [ask_as(one) for one in coaches]

    def act(session: Session, number: int) -> None:
        with app.app_context():
            service.ask_colleague(session, askers[number], meetings[number], wanted, now)

    assert race(database, act, CONTENDERS) == {"written": 1, "Taken": CONTENDERS - 1}
    with database.reading() as session:
        held = select(func.count()).where(BusyTime.subject_id == wanted, BusyTime.cause_kind == CAUSE)
        assert session.scalar(held) == 1
        assert session.scalar(select(func.count()).select_from(MeetingParty)) == 1
