"""Where rooms meet the rest: moved by staff, restored, refused; and times that are offered can be had."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import WeeklyHours
from portal.availability.rooms.models import Room
from portal.availability.rooms.service import Facts
from portal.availability.service import Taken
from portal.booking import queries, room_service, service, time_service
from portal.booking.time_service import Wish
from tests.booking.conftest import AskAs
from tests.conftest import SignIn
from tests.support.rooms import add_room
from tests.support.world import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")


def in_rooms(session: Session, world: World, *rooms: Room) -> None:
    """Monday's hours are in the first room, Friday's in the last."""
    for row in session.scalars(select(WeeklyHours).where(WeeklyHours.person_id == world.coach.id)):
        row.room_id = {0: rooms[0].id, 4: rooms[-1].id}.get(row.weekday)
    session.flush()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is written to."""
    monkeypatch.setattr("portal.notices.service.meeting_changed", lambda _session, **_said: None)


@pytest.mark.usefixtures("quiet")
def test_a_meeting_in_the_room_of_the_hours_follows_them(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    here, there = add_room(session, open_world.coach, "Granen"), add_room(session, open_world.coach, "Tallen")
    in_rooms(session, open_world, here, there)
    coach, who = ask_as(open_world.coach), open_world.participant.id
    meeting = service.book_for(
        session, coach, who, Wish(FRIDAY_9, "on_site", uuid.uuid4(), room=there.id), now
    )
    monday = FRIDAY_9 + 3 * DAY
    follows = queries.staff_offer(session, coach, who, now, meeting.id)
    assert follows is not None
    assert not follows.stays
    assert {one.room for one in follows.times if one.start == monday} == {here.id}
    own = add_room(session, open_world.coach, "Eken")
    service.move_for(session, coach, meeting.id, Wish(FRIDAY_9, "on_site", room=own.id), now)
    stays = queries.staff_offer(session, coach, who, now, meeting.id)
    assert stays is not None
    assert stays.stays


@pytest.mark.usefixtures("quiet")
def test_staff_are_offered_no_time_at_which_the_meetings_own_room_is_taken(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    room = add_room(session, open_world.coach, "Salen")
    coach, other = ask_as(open_world.coach), ask_as(open_world.other_coach)
    wish = Wish(FRIDAY_9, "on_site", uuid.uuid4(), room=room.id)
    meeting = service.book_for(session, coach, open_world.participant.id, wish, now)
    taken = FRIDAY_9 + 3 * DAY
    elsewhere = Wish(taken, "on_site", uuid.uuid4(), room=room.id)
    service.book_for(session, other, open_world.other_participant.id, elsewhere, now)
    offered = queries.staff_offer(session, coach, open_world.participant.id, now, meeting.id)
    assert offered is not None
    starts = [one.start for one in offered.times]
    assert taken not in starts
    assert taken + 2 * HOUR in starts


@pytest.mark.usefixtures("quiet")
def test_a_restored_meeting_tells_the_rooms_address_as_it_is_now(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    room = add_room(session, open_world.coach)
    coach, admin = ask_as(open_world.coach), ask_as(open_world.admin)
    wish = Wish(FRIDAY_9, "on_site", uuid.uuid4(), room=room.id)
    meeting = service.book_for(session, coach, open_world.participant.id, wish, now)
    service.cancel_for(session, coach, meeting.id, "", now)
    room_service.change_room(session, admin, room.id, Facts("Rum 3", "Nygatan 9", 4), now)
    service.restore_for(session, coach, meeting.id, now)
    assert meeting.room_id == room.id
    assert "Nygatan 9" in meeting.place


@pytest.mark.usefixtures("quiet")
def test_a_refused_restore_leaves_the_meeting_as_it_stood(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    room = add_room(session, open_world.coach)
    coach = ask_as(open_world.coach)
    wish = Wish(FRIDAY_9, "on_site", uuid.uuid4(), room=room.id)
    meeting = service.book_for(session, coach, open_world.participant.id, wish, now)
    service.cancel_for(session, coach, meeting.id, "", now)
    second = Wish(FRIDAY_9, "phone", uuid.uuid4())
    service.book_for(session, coach, open_world.second_participant.id, second, now)
    stood = meeting.room_id, meeting.place
    room.closed_at = now
    session.flush()
    with pytest.raises(Taken):
        time_service.restore(session, coach, meeting, now)
    assert (meeting.room_id, meeting.place) == stood


def test_the_form_has_the_room_of_the_chosen_time(
    session: Session, open_world: World, ask_as: AskAs, now: datetime, sign_in: SignIn, quiet: None
) -> None:
    here, there = add_room(session, open_world.coach, "Granen"), add_room(session, open_world.coach, "Tallen")
    in_rooms(session, open_world, here, there)
    coach, who = ask_as(open_world.coach), open_world.participant.id
    wish = Wish(FRIDAY_9, "on_site", uuid.uuid4(), room=there.id)
    meeting = service.book_for(session, coach, who, wish, now)
    session.commit()
    at = f"/staff/people/{who}/meetings/{meeting.id}/move?at=2026-11-30T09:00Z"
    page = sign_in(open_world.coach).get(at).get_data(as_text=True)
    assert f'selected value="{here.id}"' in page
