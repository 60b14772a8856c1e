"""Fifty at once want one interpreter for meetings that overlap: exactly one gets them (S49)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.booking.models import Appointment
from portal.db import Database
from portal.interpreting import assign_service, order_service
from portal.interpreting.order_models import InterpreterOrder
from portal.interpreting.order_queries import CAUSE
from portal.interpreting.order_rules import Needed
from portal.interpreting.rules import Talk
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.races.tries import Assign
from tests.support import processes
from tests.support.meetings import add_meeting
from tests.support.ordering import outside
from tests.support.races import race
from tests.support.world import World, add_participant

__all__ = ["ask_as", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
CONTENDERS = 50


def test_of_fifty_overlapping_meetings_one_gets_the_interpreter_s49(
    database: Database, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    coach = ask_as(open_world.coach)
    with database.transaction() as session:
        samir = outside(session, ask_as(open_world.admin), now).id
        orders = []
        for number in range(CONTENDERS):
            whom = add_participant(
                session, open_world.here, f"Person {number}", now, coach=None, phone=f"+4670174{number:04d}"
            )
            starts_at = FRIDAY_9 + timedelta(minutes=number)
            meeting: Appointment = add_meeting(session, whom, open_world.coach, starts_at, now)
            talk = Talk(meeting.id, whom.id, meeting.starts_at, meeting.ends_at)
            made = order_service.keep_up(session, coach, Needed(talk, "ar", "phone"), now)
            assert made is not None
            orders.append(made.id)

    outcomes = processes.race(database.url, [Assign(coach, order, samir, now) for order in orders])
    assert Counter(outcomes) == {("done", "assigned"): 1, ("refused", "Taken"): CONTENDERS - 1}
    with database.reading() as session:
        found = select(func.count()).where(InterpreterOrder.state == "assigned")
        assert session.scalar(found) == 1
        assert session.scalar(select(func.count()).where(BusyTime.cause_kind == CAUSE)) == 1


def test_one_order_assigned_to_two_at_once_has_one_interpreter(
    database: Database, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    """S49"""
    coach, admin = ask_as(open_world.coach), ask_as(open_world.admin)
    with database.transaction() as session:
        known = [outside(session, admin, now, name=name).id for name in ("Samir", "Leila")]
        meeting = add_meeting(session, open_world.participant, open_world.coach, FRIDAY_9, now)
        talk = Talk(meeting.id, meeting.person_id, meeting.starts_at, meeting.ends_at)
        made = order_service.keep_up(session, coach, Needed(talk, "ar", "phone"), now)
        assert made is not None
        order_id = made.id

    def act(session: Session, number: int) -> None:
        assign_service.assign(session, coach, order_id, known[number % 2], now)

    outcome = race(database, act)
    # Whoever chose the same as the first may say so again.
    assert outcome == {"written": 4, "ChangedSince": 4}
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(BusyTime.cause_kind == CAUSE)) == 1
