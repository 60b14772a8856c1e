"""Rooms while their coach is away: kept by whoever stands in, free at a new time, given back when undone."""

import uuid
from datetime import datetime, timedelta

import pytest

from portal.availability.models import BusyTime
from portal.booking import away_rules, rules, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from tests.booking.test_away import APP, HOUR, MINUTE, NEXT, Desk, desk
from tests.support.rooms import STREET, add_room

__all__ = ["desk"]


class InRoom:
    """The coach's meeting next Tuesday stands in a room."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.room = add_room(desk.session, desk.world.coach).id
        self.meeting = self.book(desk, NEXT)

    def book(self, desk: Desk, at: datetime, own: bool = True) -> Appointment:
        asker = desk.karin if own else desk.ask_as(desk.world.other_coach)
        person = desk.world.participant if own else desk.world.other_participant
        wish = Wish(at, "on_site", uuid.uuid4(), room=self.room, length=HOUR)
        with APP.app_context():
            return service.book_for(desk.session, asker, person.id, wish, desk.now, anyway=True)

    def holds(self) -> bool:
        rows = self.desk.session.query(BusyTime).filter(BusyTime.cause_id == self.meeting.id)
        return self.room in {row.subject_id for row in rows}


@pytest.fixture
def placed(desk: Desk) -> InRoom:
    return InRoom(desk)


def test_whoever_stands_in_meets_in_the_same_room(desk: Desk, placed: InRoom) -> None:
    desk.decide({placed.meeting: rules.ALONG})
    meeting = placed.meeting
    assert (meeting.coach_id, meeting.room_id) == (desk.world.other_coach.id, placed.room)
    assert (meeting.place, placed.holds()) == (f"Rum 3, {STREET}", True)


def test_no_new_time_is_proposed_at_which_the_room_is_occupied(desk: Desk, placed: InRoom) -> None:
    """Its likest time would be the same clock a week later."""
    week_later = NEXT + timedelta(days=7)
    (before,) = desk.hits()
    assert before.likest is not None
    assert before.likest.start == week_later
    placed.book(desk, week_later, own=False)
    (after,) = desk.hits()
    assert week_later not in [one.start for one in after.times]
    desk.decide({placed.meeting: away_rules.MOVE})
    assert (placed.meeting.room_id, placed.holds()) == (placed.room, True)
    assert placed.meeting.starts_at != week_later


def test_a_cancelled_meetings_room_comes_back_when_it_is_undone(desk: Desk, placed: InRoom) -> None:
    desk.decide({placed.meeting: rules.CANCEL})
    assert not placed.holds()
    undone = desk.undo(MINUTE)
    assert (undone.back, undone.roomless) == (1, 0)
    assert (placed.meeting.room_id, placed.holds()) == (placed.room, True)


def test_a_meeting_comes_back_without_a_room_that_somebody_has_got(desk: Desk, placed: InRoom) -> None:
    desk.decide({placed.meeting: rules.CANCEL})
    placed.book(desk, NEXT, own=False)
    undone = desk.undo(MINUTE)
    assert (undone.back, undone.left, undone.roomless) == (1, 0, 1)
    meeting = placed.meeting
    assert (meeting.state, meeting.room_id, meeting.place) == ("booked", None, STREET)
