"""A meeting holds its room: two are never in one, and whoever is refused learns why (S49)."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.models import BusyTime, WeeklyHours
from portal.availability.rooms import queries as rooms
from portal.availability.rooms import service as room_verbs
from portal.availability.rooms.models import Room
from portal.availability.rooms.service import Closed, Facts, TooSmall
from portal.availability.rules import Span
from portal.availability.service import RoomTaken, Taken
from portal.booking import interpreter_service, queries, room_service, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.support.rooms import STREET, add_room
from tests.support.world import World

FRIDAY_9 = datetime(2026, 11, 27, 8, tzinfo=UTC)
FRIDAY_10 = FRIDAY_9 + timedelta(hours=1)
FRIDAY_13 = FRIDAY_9 + timedelta(hours=4)
HOUR = timedelta(hours=1)


class Desk:
    """The coach, a colleague and the participant at one database, with one room."""

    def __init__(self, session: Session, world: World, ask_as: AskAs, now: datetime) -> None:
        self.session, self.world, self.now = session, world, now
        self.coach, self.colleague = ask_as(world.coach), ask_as(world.other_coach)
        self.participant = ask_as(world.participant)
        self.room = add_room(session, world.coach, seats=2)

    def book(
        self, at: datetime = FRIDAY_9, room: Room | None = None, *, own: bool = True, interpreter: str = ""
    ) -> Appointment:
        """Staff book the coach's participant, or the colleague's, into the room."""
        asker = self.coach if own else self.colleague
        person = self.world.participant if own else self.world.other_participant
        wish = Wish(
            at, "on_site", uuid.uuid4(), room=(room or self.room).id, length=HOUR, interpreter=interpreter
        )
        return service.book_for(self.session, asker, person.id, wish, self.now, anyway=True)

    def holds(self) -> list[datetime]:
        """When the room is occupied."""
        return list(
            self.session.scalars(
                select(BusyTime.starts_at)
                .where(BusyTime.subject_id == self.room.id)
                .order_by(BusyTime.starts_at)
            )
        )

    def in_hours(self, room: Room | None = None) -> None:
        """The coach's Fridays are in the room."""
        fridays = select(WeeklyHours).where(
            WeeklyHours.person_id == self.world.coach.id, WeeklyHours.weekday == 4
        )
        for row in self.session.scalars(fridays):
            row.room_id = (room or self.room).id
        self.session.flush()

    def free(self, at: datetime, asker: Asker | None = None) -> tuple[tuple[str, ...], uuid.UUID | None]:
        """How one can meet then, and in which room."""
        held = availability.keeper(self.session, self.coach, self.world.coach.id)
        times = availability.free_times(self.session, held, self.now)
        return next(((one.modes, one.room) for one in times if one.start == at), ((), None))


@pytest.fixture
def desk(database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Iterator[Desk]:
    with database.writing() as session:
        yield Desk(session, open_world, ask_as, now)


def test_a_meeting_holds_its_room_and_says_where_it_is(desk: Desk) -> None:
    meeting = desk.book()
    assert (meeting.room_id, meeting.place) == (desk.room.id, f"Rum 3, {STREET}")
    assert desk.holds() == [FRIDAY_9]
    seen = queries.meeting(desk.session, desk.participant, meeting.id, desk.now)
    assert (seen.place, seen.room_id) == (f"Rum 3, {STREET}", desk.room.id)


def test_two_meetings_are_never_in_one_room_s49(desk: Desk) -> None:
    """S49: the colleague and their participant are free; the room is not."""
    desk.book()
    with pytest.raises(RoomTaken):
        desk.book(own=False)
    with pytest.raises(RoomTaken):
        desk.book(FRIDAY_9 + timedelta(minutes=59), own=False)
    assert desk.book(FRIDAY_10, own=False).room_id == desk.room.id


def test_whoever_is_occupied_is_told_before_the_room(desk: Desk) -> None:
    desk.book()
    with pytest.raises(Taken) as refused:
        desk.book()
    assert refused.type is Taken


def test_a_meeting_moves_within_its_own_room(desk: Desk) -> None:
    meeting = desk.book()
    for at in (FRIDAY_9 + timedelta(minutes=30), FRIDAY_13):
        wish = Wish(at, "on_site", room=desk.room.id, length=HOUR)
        service.move_for(desk.session, desk.coach, meeting.id, wish, desk.now, anyway=True)
        assert desk.holds() == [at]
    wish = Wish(FRIDAY_13, "phone", room=desk.room.id, length=HOUR)
    service.move_for(desk.session, desk.coach, meeting.id, wish, desk.now, anyway=True)
    assert (meeting.room_id, meeting.place, desk.holds()) == (None, "", [])


def test_a_move_into_an_occupied_room_changes_nothing(desk: Desk) -> None:
    desk.book(own=False)
    meeting = desk.book(FRIDAY_13)
    wish = Wish(FRIDAY_9, "on_site", room=desk.room.id, length=HOUR)
    with pytest.raises(RoomTaken):
        service.move_for(desk.session, desk.coach, meeting.id, wish, desk.now, anyway=True)
    assert (meeting.starts_at, desk.holds()) == (FRIDAY_13, [FRIDAY_9, FRIDAY_13])
    free = rooms.free_rooms(desk.session, desk.coach, Span(FRIDAY_13, FRIDAY_13 + HOUR), without=meeting.id)
    assert [one.name for one in free] == ["Rum 3"]


def test_whoever_comes_finds_a_seat(desk: Desk) -> None:
    with pytest.raises(TooSmall) as refused:
        desk.book(interpreter="ar")
    assert (refused.value.seats, refused.value.needed) == (2, 3)
    meeting = desk.book()
    with pytest.raises(TooSmall):
        interpreter_service.set_interpreter(desk.session, desk.coach, meeting.id, "ar", desk.now)
    large = add_room(desk.session, desk.world.coach, "Salen", seats=3)
    assert desk.book(FRIDAY_13, large, interpreter="ar").room_id == large.id


def test_a_closed_room_and_one_of_another_house_are_none(desk: Desk) -> None:
    far = add_room(desk.session, desk.world.far_coach, "Långt bort")
    with pytest.raises(Closed):
        desk.book(room=far)
    room_verbs.close(desk.session, desk.coach, desk.room.id, desk.now)
    with pytest.raises(Closed):
        desk.book()
    assert rooms.free_rooms(desk.session, desk.coach, Span(FRIDAY_9, FRIDAY_10)) == []


def test_a_cancelled_meeting_frees_its_room_and_a_restored_one_takes_it_again(desk: Desk) -> None:
    meeting = desk.book()
    service.cancel_for(desk.session, desk.coach, meeting.id, "", desk.now)
    assert desk.holds() == []
    service.restore_for(desk.session, desk.coach, meeting.id, desk.now)
    assert (meeting.room_id, desk.holds()) == (desk.room.id, [FRIDAY_9])


@pytest.mark.parametrize("why", ["occupied", "closed"])
def test_staff_restore_a_meeting_without_a_room_that_is_gone(desk: Desk, why: str) -> None:
    meeting = desk.book()
    service.cancel_for(desk.session, desk.coach, meeting.id, "", desk.now)
    if why == "occupied":
        desk.book(own=False)
    else:
        room_verbs.close(desk.session, desk.coach, desk.room.id, desk.now)
    service.restore_for(desk.session, desk.coach, meeting.id, desk.now)
    assert (meeting.state, meeting.room_id, meeting.place) == ("booked", None, STREET)


def test_a_participant_is_not_told_to_come_where_no_room_is(desk: Desk) -> None:
    meeting = desk.book()
    service.cancel_own(desk.session, desk.participant, meeting.id, "", desk.now)
    desk.book(own=False)
    with pytest.raises(Taken):
        service.restore_own(desk.session, desk.participant, meeting.id, desk.now)
    assert (meeting.state, meeting.room_id) == ("cancelled", desk.room.id)


def test_hours_in_a_room_offer_it_while_it_is_free(desk: Desk) -> None:
    desk.in_hours()
    assert desk.free(FRIDAY_9) == (("on_site", "phone", "video", "walk"), desk.room.id)
    desk.book(own=False)
    assert desk.free(FRIDAY_9) == (("phone", "video", "walk"), None)
    assert desk.free(FRIDAY_10)[1] == desk.room.id
    room_verbs.close(desk.session, desk.coach, desk.room.id, desk.now)
    assert desk.free(FRIDAY_9) == (("on_site", "phone", "video", "walk"), None)


def test_a_participants_booking_takes_the_room_of_the_hours(desk: Desk) -> None:
    desk.in_hours()
    wish = Wish(FRIDAY_9, "on_site", uuid.uuid4())
    meeting = service.book_own(desk.session, desk.participant, wish, desk.now)
    assert (meeting.room_id, meeting.place, desk.holds()) == (desk.room.id, f"Rum 3, {STREET}", [FRIDAY_9])
    called = service.book_own(
        desk.session, desk.participant, Wish(FRIDAY_13, "phone", uuid.uuid4()), desk.now
    )
    assert (called.room_id, desk.holds()) == (None, [FRIDAY_9])


def test_on_site_is_refused_where_the_hours_room_is_occupied_or_too_small(desk: Desk) -> None:
    desk.in_hours()
    desk.book(own=False)
    with pytest.raises(service.NotFree):
        service.book_own(desk.session, desk.participant, Wish(FRIDAY_9, "on_site", uuid.uuid4()), desk.now)
    # Who had an interpreter last time has one again.
    large = add_room(desk.session, desk.world.coach, "Salen", seats=3)
    desk.book(FRIDAY_13, large, interpreter="ar")
    with pytest.raises(service.NotFree):
        service.book_own(desk.session, desk.participant, Wish(FRIDAY_10, "on_site", uuid.uuid4()), desk.now)
    offer = queries.offer(desk.session, desk.participant, desk.now)
    assert offer is not None
    fridays = [one for one in offer.times if one.start.date() == FRIDAY_9.date()]
    assert fridays
    assert all("on_site" not in one.modes for one in fridays)


def test_a_room_that_staff_chose_goes_along_when_a_participant_moves(desk: Desk) -> None:
    meeting = desk.book()
    desk.book(FRIDAY_13, own=False)
    offer = queries.offer(desk.session, desk.participant, desk.now, meeting.id)
    assert offer is not None
    assert FRIDAY_13 not in [one.start for one in offer.times]
    assert offer.said_place == f"Rum 3, {STREET}"
    with pytest.raises(service.NotFree):
        service.move_own(desk.session, desk.participant, meeting.id, FRIDAY_13, desk.now)
    service.move_own(desk.session, desk.participant, meeting.id, FRIDAY_10, desk.now)
    assert (meeting.room_id, desk.holds()) == (desk.room.id, [FRIDAY_10, FRIDAY_13])


def test_a_room_of_the_hours_follows_the_hours(desk: Desk) -> None:
    desk.in_hours()
    wish = Wish(FRIDAY_9, "on_site", uuid.uuid4())
    meeting = service.book_own(desk.session, desk.participant, wish, desk.now)
    monday = FRIDAY_9 + timedelta(days=3)
    service.move_own(desk.session, desk.participant, meeting.id, monday, desk.now)
    assert (meeting.room_id, meeting.place, desk.holds()) == (None, "", [])
    service.move_own(desk.session, desk.participant, meeting.id, FRIDAY_13, desk.now)
    assert (meeting.room_id, desk.holds()) == (desk.room.id, [FRIDAY_13])


def test_a_room_that_is_called_otherwise_is_so_in_coming_meetings(desk: Desk) -> None:
    meeting = desk.book()
    facts = Facts("Granen", "Nygatan 4", 6)
    room_service.change_room(desk.session, desk.coach, desk.room.id, facts, desk.now)
    assert (meeting.place, meeting.revision) == ("Granen, Nygatan 4", 0)


def test_rooms_are_added_once_and_named_once(desk: Desk) -> None:
    facts = Facts("Salen", STREET, 20)
    first = room_verbs.add(desk.session, desk.coach, facts)
    assert room_verbs.add(desk.session, desk.coach, facts).id == first.id
    with pytest.raises(room_verbs.NameTaken):
        room_verbs.add(desk.session, desk.coach, Facts("salen", STREET, 8))
    with pytest.raises(room_verbs.NameTaken):
        room_verbs.change(desk.session, desk.coach, desk.room.id, facts)
    room_verbs.close(desk.session, desk.coach, first.id, desk.now)
    second = room_verbs.add(desk.session, desk.coach, facts)
    assert second.id != first.id
    with pytest.raises(room_verbs.NameTaken):
        room_verbs.reopen(desk.session, desk.coach, first.id)
    assert [one.name for one in rooms.rooms(desk.session, desk.coach)] == ["Rum 3", "Salen"]
