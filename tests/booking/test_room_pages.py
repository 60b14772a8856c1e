"""Rooms on the pages: an admin's list, the staff's form, a coach's hours, a participant's meeting."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.availability.models import WeeklyHours
from portal.availability.rooms.models import Room
from portal.booking.models import Appointment
from portal.db import Database
from tests.booking.conftest import AskAs, Tell
from tests.conftest import SignIn
from tests.support.pages import seen, text_of
from tests.support.rooms import STREET, add_room
from tests.support.world import World

FRIDAY_9 = datetime(2026, 11, 27, 8, tzinfo=UTC)
BASE = "/staff/organisation/rooms"
SALEN = {"name": "Salen", "place": "Storgatan 1", "seats": "12"}
TYPED = {"day": "2026-11-27", "at": "9.00", "minutes": "60", "mode": "on_site"}


@pytest.fixture
def room(database: Database, open_world: World) -> Room:
    """A room of the house for two."""
    with database.transaction() as fresh:
        return add_room(fresh, open_world.coach, seats=2)


def only(database: Database) -> Appointment:
    with database.reading() as fresh:
        return fresh.scalars(select(Appointment)).one()


def meetings(world: World) -> str:
    return f"/staff/people/{world.participant.id}/meetings"


def test_an_admin_adds_changes_closes_and_opens_a_room(
    database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.admin)
    assert "Ni har inga rum än" in text_of(browser.get(BASE))
    assert BASE in browser.get("/staff/organisation").text
    for _ in range(2):
        assert browser.post(f"{BASE}/new", data=SALEN).status_code == 303
    assert "Salen Storgatan 1 · 12 platser" in text_of(browser.get(BASE))
    clash = browser.post(f"{BASE}/new", data={**SALEN, "seats": "3"})
    assert (clash.status_code, "Ett annat rum heter så." in text_of(clash)) == (422, True)
    with database.reading() as fresh:
        path = f"{BASE}/{fresh.scalars(select(Room.id)).one()}"
    changed = {**SALEN, "name": "Granen", "seen": seen(browser, path)}
    assert browser.post(path, data=changed).status_code == 303
    late = browser.post(path, data={**changed, "name": "Tallen"})
    assert "Nu står det: Granen." in text_of(late)
    assert "Rum som inte används" in text_of(browser.post(f"{path}/close", follow_redirects=True))
    assert "Rummet är stängt" in text_of(browser.get(path))
    assert "Rum som inte används" not in text_of(browser.post(f"{path}/open", follow_redirects=True))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"place": ""}, {"seats": "0"}, {"seats": "många"}])
def test_a_room_that_is_none_comes_back_as_typed(
    world: World, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    answer = sign_in(world.admin).post(f"{BASE}/new", data={**SALEN, **wrong})
    assert (answer.status_code, 'class="error"' in answer.text) == (422, True)


def test_staff_choose_a_room_and_the_participant_reads_where(
    database: Database, open_world: World, room: Room, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.coach)
    assert "Rum 3 (2 platser)" in text_of(browser.get(f"{meetings(open_world)}/book"))
    form = {**TYPED, "key": str(uuid.uuid4()), "room": str(room.id)}
    both = browser.post(f"{meetings(open_world)}/book", data={**form, "place": "Biblioteket"})
    assert "Rummet har sin egen plats." in text_of(both)
    answer = browser.post(f"{meetings(open_world)}/book", data=form, follow_redirects=True)
    assert f"På plats · Rum 3, {STREET}" in text_of(answer)
    meeting = only(database)
    page = text_of(sign_in(open_world.participant).get(f"/meetings/{meeting.id}"))
    assert f"Rum 3, {STREET}" in page
    assert f"på plats, Rum 3, {STREET}" in text_of(browser.get("/staff/week?day=2026-11-27"))


def test_an_occupied_or_small_room_is_said_beside_the_field_with_the_free_ones(
    database: Database, open_world: World, room: Room, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    with database.transaction() as fresh:
        add_room(fresh, open_world.coach, "Salen", seats=12)
    booked_by_staff(FRIDAY_9, mode="on_site", room=room.id)
    other = f"/staff/people/{open_world.other_participant.id}/meetings/book"
    form = {**TYPED, "key": str(uuid.uuid4()), "room": str(room.id)}
    browser = sign_in(open_world.other_coach)
    answer = browser.post(other, data=form)
    assert answer.status_code == 422
    assert "Rummet är upptaget då. Lediga rum då: Salen (12 platser)." in text_of(answer)
    assert f'value="{room.id}" selected' in re.sub(
        r"selected (value=\"[^\"]*\")", r"\1 selected", answer.text
    )
    small = browser.post(other, data={**form, "at": "13.00", "interpreter": "ar"})
    assert "Rummet har 2 platser, och ni blir 3." in text_of(small)
    assert "Tiden krockar" not in text_of(small)


def test_a_meeting_keeps_its_room_in_the_form_and_is_moved_in_it(
    database: Database, open_world: World, room: Room, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    meeting = booked_by_staff(FRIDAY_9, mode="on_site", room=room.id)
    browser = sign_in(open_world.coach)
    path = f"{meetings(open_world)}/{meeting.id}/move"
    page = browser.get(path).text
    assert STREET not in page[page.index('name="place"') : page.index('name="place"') + 200]
    moved = {**TYPED, "at": "13.00", "room": str(room.id), "revision": "0"}
    assert browser.post(path, data=moved).status_code == 303
    assert (only(database).room_id, only(database).starts_at.hour) == (room.id, 12)
    assert browser.post(path, data={**moved, "room": "", "revision": "1"}).status_code == 303
    assert (only(database).room_id, only(database).place) == (None, "")


def test_a_restored_meeting_without_its_room_is_said(
    database: Database, open_world: World, room: Room, booked_by_staff: Tell, ask_as: AskAs, sign_in: SignIn
) -> None:
    meeting = booked_by_staff(FRIDAY_9, mode="on_site", room=room.id)
    browser = sign_in(open_world.coach)
    browser.post(f"{meetings(open_world)}/{meeting.id}/cancel")
    sign_in(open_world.admin).post(f"{BASE}/{room.id}/close")
    path = f"{meetings(open_world)}/{meeting.id}/restore"
    answer = browser.post(path, follow_redirects=True)
    assert "Mötet har inget rum nu." in text_of(answer)


def test_an_interpreter_must_find_a_seat(
    open_world: World, room: Room, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    meeting = booked_by_staff(FRIDAY_9, mode="on_site", room=room.id)
    path = f"{meetings(open_world)}/{meeting.id}/interpreter/language"
    answer = sign_in(open_world.coach).post(path, data={"language": "ar"})
    assert answer.status_code == 422
    assert "Byt rum på mötet först." in text_of(answer)


def test_a_week_names_a_room_and_a_participants_booking_takes_it(
    database: Database, open_world: World, room: Room, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.coach)
    week = {"start-4-0": "9", "end-4-0": "12", "room-4-0": str(room.id)}
    both = browser.post("/staff/availability/week", data={**week, "place-4-0": "Biblioteket"})
    assert (both.status_code, "Inte båda." in text_of(both)) == (422, True)
    gone = browser.post("/staff/availability/week", data={**week, "room-4-0": str(uuid.uuid4())})
    assert (gone.status_code, "Rummet används inte längre." in text_of(gone)) == (422, True)
    answer = browser.post("/staff/availability/week", data=week, follow_redirects=True)
    assert "fredag 27 november klockan 09.00 · Rum 3" in text_of(answer)
    with database.reading() as fresh:
        own = WeeklyHours.person_id == open_world.coach.id
        assert fresh.scalars(select(WeeklyHours.room_id).where(own)).all() == [room.id]
    phone = sign_in(open_world.participant)
    assert STREET in text_of(phone.get("/meetings/book?at=2026-11-27T08:00Z"))
    form = {"at": "2026-11-27T08:00Z", "mode": "on_site", "key": str(uuid.uuid4())}
    assert f"Rum 3, {STREET}" in text_of(phone.post("/meetings/book", data=form, follow_redirects=True))
    assert only(database).room_id == room.id
    assert only(database).ends_at - only(database).starts_at == timedelta(hours=1)
