"""Blocking a time while it is booked, and two of staff on one meeting, at once (S49)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.availability import block_service as blocks
from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.booking import service
from portal.booking.models import Appointment, MeetingChange
from portal.booking.time_service import Wish
from portal.db import Database
from tests.booking.conftest import AskAs, Booked, ask_as, booked, open_world
from tests.support.races import AT_ONCE, race
from tests.support.world import World

__all__ = ["ask_as", "booked", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_time_is_booked_or_blocked_and_never_both(
    database: Database, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    """S49"""
    coach, amina = ask_as(open_world.coach), ask_as(open_world.participant)

    def act(session: Session, number: int) -> None:
        if number % 2:
            minutes = timedelta(minutes=number)
            span = Span(FRIDAY_9 + minutes, FRIDAY_9 + HOUR + minutes)
            blocks.block(session, coach, coach.person_id, blocks.Wish(span), now)
        else:
            service.book_own(session, amina, Wish(FRIDAY_9, "phone", uuid.uuid4()), now)

    outcome = race(database, act)
    assert outcome["written"] == 1
    assert set(outcome) <= {"written", "Taken", "NotFree", "EnoughBooked"}
    with database.reading() as session:
        held = select(func.count()).where(BusyTime.subject_id == open_world.coach.id)
        assert session.scalar(held) == 1


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_of_many_who_saw_the_same_meeting_one_changes_it(
    database: Database, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, act: str
) -> None:
    """S49: the others are told, and none of their changes covers another."""
    meeting = booked(FRIDAY_9)
    staff = [ask_as(open_world.coach), ask_as(open_world.lead)]

    def change(session: Session, number: int) -> None:
        asker = staff[number % 2]
        if act == "move" or number == 0:
            wish = Wish(FRIDAY_9 + (2 + number) * HOUR, "phone")
            service.move_for(session, asker, meeting.id, wish, now, anyway=True, seen=0)
        else:
            service.cancel_for(session, asker, meeting.id, f"Nummer {number}", now, seen=0)

    outcome = race(database, change)
    with database.reading() as session:
        changes = session.scalar(select(func.count()).select_from(MeetingChange))
        stands = session.get_one(Appointment, meeting.id)
    assert changes == stands.revision == 1
    if act == "move":
        assert outcome == {"written": 1, "ChangedSince": AT_ONCE - 1}
    else:
        # Whoever cancelled may say so again: it is cancelled once.
        assert outcome["written"] + outcome["ChangedSince"] == AT_ONCE
        assert outcome["ChangedSince"] >= 1
