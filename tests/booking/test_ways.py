"""Ways to meet, places and the most on a day, from the coach's hours into a meeting."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.availability.models import BusyTime, OwnTerms, WeeklyHours
from portal.availability.service import Taken
from portal.booking import queries, rules, service
from portal.booking.course_queries import obstacles
from portal.booking.models import Appointment
from portal.booking.service import NotFree, OutsideHours
from portal.booking.time_service import Wish
from portal.db import Database
from portal.organisation.models import Organisation
from tests.booking.conftest import AskAs, Booked, Tell
from tests.conftest import SignIn
from tests.support.pages import text_of
from tests.support.world import World

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
OFFICE, LIBRARY = "Storgatan 1", "Biblioteket i Bjursås"
HOUR = timedelta(hours=1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A winter's wall time in Stockholm."""
    return datetime.combine(day, time(hour, minute), UTC) - HOUR


@pytest.fixture
def world(database: Database, open_world: World) -> World:
    """Mondays: the library, on site only. Tuesdays: the phone only. Other days as ever, at the office."""
    with database.transaction() as fresh:
        mine = update(WeeklyHours).where(WeeklyHours.person_id == open_world.coach.id)
        fresh.execute(mine.where(WeeklyHours.weekday == 1).values(modes=["phone"]))
        for row in fresh.scalars(select(WeeklyHours).where(WeeklyHours.weekday == 0)):
            if row.person_id == open_world.coach.id:
                row.modes, row.place = ["on_site"], LIBRARY
        fresh.add(OwnTerms(person_id=open_world.coach.id, place=OFFICE))
    return open_world


def rule(database: Database, world: World, **settings: Any) -> None:
    """Let the house have these rules."""
    with database.transaction() as fresh:
        fresh.get_one(Organisation, world.organisation.id).settings = settings


def stored(database: Database, meeting: Appointment) -> Appointment:
    """The meeting as it stands."""
    with database.reading() as fresh:
        found = fresh.get_one(Appointment, meeting.id)
        assert found.place is not None
        return found


def held_until(database: Database, world: World, meeting: Appointment) -> datetime:
    """Until when the coach is busy because of the meeting."""
    with database.reading() as fresh:
        return fresh.scalars(
            select(BusyTime.ends_at).where(
                BusyTime.cause_id == meeting.id, BusyTime.subject_id == world.coach.id
            )
        ).one()


# A participant


@pytest.mark.parametrize(("day", "mode"), [(MONDAY, "phone"), (MONDAY, "walk"), (TUESDAY, "on_site")])
def test_a_way_that_the_time_does_not_have_is_refused(
    world: World, booked: Booked, day: date, mode: str
) -> None:
    with pytest.raises(NotFree):
        booked(at(day, 9), mode=mode)


def test_a_booking_gets_the_place_of_its_hours(database: Database, world: World, booked: Booked) -> None:
    assert stored(database, booked(at(MONDAY, 9), mode="on_site")).place == LIBRARY
    assert stored(database, booked(at(WEDNESDAY, 9), mode="walk")).place == OFFICE


def test_a_move_is_offered_only_where_its_way_to_meet_can_be_had_and_the_place_follows(
    database: Database, world: World, booked: Booked, ask_as: AskAs, now: datetime
) -> None:
    meeting, asker = booked(at(WEDNESDAY, 9), mode="on_site"), ask_as(world.participant)
    with database.reading() as fresh:
        offer = queries.offer(fresh, asker, now, meeting.id)
    assert offer is not None
    days = {one.start.date() for one in offer.times}
    assert MONDAY in days
    assert TUESDAY not in days
    with database.transaction() as fresh, pytest.raises(NotFree):
        service.move_own(fresh, asker, meeting.id, at(TUESDAY, 9), now)
    with database.transaction() as fresh:
        service.move_own(fresh, asker, meeting.id, at(MONDAY, 13), now)
    assert stored(database, meeting).place == LIBRARY


def test_a_place_that_somebody_has_said_stays_when_the_time_moves(
    database: Database, world: World, booked_by_staff: Tell, ask_as: AskAs, now: datetime
) -> None:
    meeting = booked_by_staff(at(WEDNESDAY, 9), mode="on_site", place="Hemma hos dig")
    asker = ask_as(world.participant)
    with database.transaction() as fresh:
        offer = queries.offer(fresh, asker, now, meeting.id)
        assert offer is not None
        assert offer.place_at(next(one for one in offer.times if one.place)) == "Hemma hos dig"
        service.move_own(fresh, asker, meeting.id, at(MONDAY, 13), now)
    assert stored(database, meeting).place == "Hemma hos dig"


def test_a_full_day_is_not_offered_and_a_meeting_may_move_within_its_own(
    database: Database, world: World, booked: Booked, ask_as: AskAs, now: datetime
) -> None:
    rule(database, world, most_a_day=1, upcoming_own_bookings=5)
    meeting = booked(at(WEDNESDAY, 9))
    with pytest.raises(NotFree):
        booked(at(WEDNESDAY, 13))
    with database.transaction() as fresh:
        service.move_own(fresh, ask_as(world.participant), meeting.id, at(WEDNESDAY, 13), now)
    assert stored(database, meeting).starts_at == at(WEDNESDAY, 13)


def test_a_cancelled_meeting_does_not_come_back_on_a_day_that_has_got_full(
    database: Database, world: World, booked: Booked, ask_as: AskAs, now: datetime
) -> None:
    rule(database, world, most_a_day=1, upcoming_own_bookings=5)
    meeting, asker = booked(at(WEDNESDAY, 9)), ask_as(world.participant)
    for again in (True, False):
        with database.transaction() as fresh:
            service.cancel_own(fresh, asker, meeting.id, "", now)
        if again:
            with database.transaction() as fresh:
                service.restore_own(fresh, asker, meeting.id, now)
    booked(at(WEDNESDAY, 13), person=world.second_participant)
    with database.transaction() as fresh, pytest.raises(Taken):
        service.restore_own(fresh, asker, meeting.id, now)


# Staff


def for_staff(
    database: Database, asker: Any, person_id: uuid.UUID, wish: Wish, now: datetime
) -> Sequence[str]:
    """Why the coach offers no such time; nothing where it is booked."""
    try:
        with database.transaction() as fresh:
            service.book_for(fresh, asker, person_id, wish, now)
    except OutsideHours as refused:
        return refused.reasons
    return ()


def test_staff_hear_why_a_time_is_not_offered_before_they_take_it(
    database: Database, world: World, ask_as: AskAs, now: datetime
) -> None:
    rule(database, world, most_a_day=1)
    coach, person = ask_as(world.coach), world.participant.id

    def why(starts_at: datetime, mode: str) -> Sequence[str]:
        return for_staff(database, coach, person, Wish(starts_at, mode, uuid.uuid4()), now)

    assert why(at(TUESDAY, 9), "on_site") == (rules.OTHER_WAY,)
    assert why(at(TUESDAY, 18), "phone") == (rules.OUTSIDE,)
    assert why(at(TUESDAY, 9), "phone") == ()
    assert why(at(TUESDAY, 13), "phone") == (rules.FULL,)
    assert why(at(TUESDAY, 13), "walk") == (rules.OTHER_WAY, rules.FULL)
    with database.transaction() as fresh:
        wish = Wish(at(TUESDAY, 13), "walk", uuid.uuid4())
        service.book_for(fresh, coach, person, wish, now, anyway=True)


def test_the_place_follows_what_staff_move_unless_they_wrote_another(
    database: Database, world: World, booked_by_staff: Tell, ask_as: AskAs, now: datetime
) -> None:
    coach, meeting = ask_as(world.coach), booked_by_staff(at(MONDAY, 9), mode="on_site")
    assert stored(database, meeting).place == LIBRARY
    for starts_at, mode, written, place in (
        (at(WEDNESDAY, 9), "on_site", LIBRARY, OFFICE),
        (at(WEDNESDAY, 13), "on_site", LIBRARY, LIBRARY),
        (at(WEDNESDAY, 14), "on_site", LIBRARY, LIBRARY),
        (at(MONDAY, 14), "on_site", "", LIBRARY),
        (at(MONDAY, 14), "phone", "", ""),
        (at(MONDAY, 14), "phone", "070-123 45 67", "070-123 45 67"),
    ):
        with database.transaction() as fresh:
            wish = Wish(starts_at, mode, place=written)
            service.move_for(fresh, coach, meeting.id, wish, now, anyway=True)
        assert stored(database, meeting).place == place, (starts_at, mode, written)


def test_the_pause_is_that_of_the_way_to_meet_and_follows_it(
    database: Database, world: World, booked_by_staff: Tell, ask_as: AskAs, now: datetime
) -> None:
    rule(database, world, buffer_phone_minutes=0, buffer_walk_minutes=45)
    coach, meeting = ask_as(world.coach), booked_by_staff(at(WEDNESDAY, 9), mode="phone")
    assert held_until(database, world, meeting) == meeting.ends_at
    for mode, pause in (("walk", 45), ("on_site", 15), ("phone", 0)):
        with database.transaction() as fresh:
            service.move_for(fresh, coach, meeting.id, Wish(at(WEDNESDAY, 9), mode), now)
        assert held_until(database, world, meeting) == meeting.ends_at + timedelta(minutes=pause)
    assert stored(database, meeting).moved_count == 0
    other = booked_by_staff(at(WEDNESDAY, 10, 30), person=world.second_participant, mode="phone")
    with database.transaction() as fresh, pytest.raises(Taken):
        service.move_for(fresh, coach, meeting.id, Wish(at(WEDNESDAY, 9), "walk"), now)
    assert stored(database, meeting).mode == "phone"
    with database.transaction() as fresh:
        service.cancel_for(fresh, coach, other.id, "", now)
        service.move_for(fresh, coach, meeting.id, Wish(at(WEDNESDAY, 9), "walk"), now)


def test_a_new_coachs_hours_for_another_way_to_meet_stand_in_the_way(
    database: Database, world: World, booked_by_staff: Tell, ask_as: AskAs, now: datetime
) -> None:
    with database.transaction() as fresh:
        theirs = update(WeeklyHours).where(WeeklyHours.person_id == world.other_coach.id)
        fresh.execute(theirs.values(modes=["phone"]))
    walk, call = booked_by_staff(at(WEDNESDAY, 9), mode="walk"), booked_by_staff(at(WEDNESDAY, 13))
    with database.reading() as fresh:
        lead, person = ask_as(world.lead), world.participant.id
        found = obstacles(fresh, lead, person, world.other_coach.id, now)
    assert found == {walk.id: rules.OUTSIDE, call.id: ""}


# The pages


def _box(page: str, mode: str) -> str:
    """The box of one way to meet."""
    (found,) = re.findall(rf'<input[^>]*value="{mode}"[^>]*>', page)
    return str(found)


def address(starts_at: datetime) -> str:
    return f"/meetings/book?at={rules.write_start(starts_at)}"


def test_only_the_ways_of_the_chosen_time_are_offered_and_the_place_is_shown(
    world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.participant)
    monday = browser.get(address(at(MONDAY, 9)) + "&mode=phone")
    assert LIBRARY in text_of(monday)
    page = monday.get_data(as_text=True)
    assert "checked" in _box(page, "on_site")
    assert all(f'value="{mode}"' not in page for mode in ("phone", "video", "walk"))
    tuesday = browser.get(address(at(TUESDAY, 9)))
    assert OFFICE not in text_of(tuesday)
    assert 'value="on_site"' not in tuesday.get_data(as_text=True)
    wednesday = browser.get(address(at(WEDNESDAY, 9)))
    assert f"Om ni träffas: {OFFICE}" in text_of(wednesday)


def test_behind_the_first_door_no_place_is_shown_s30(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.participant, tier=1)
    for day in (MONDAY, WEDNESDAY):
        page = browser.get(address(at(day, 9))).get_data(as_text=True)
        assert "Boka" in page
        assert LIBRARY not in page
        assert OFFICE not in page


def test_a_way_that_is_gone_is_said_beside_the_ways_that_are_left(
    database: Database, world: World, sign_in: SignIn
) -> None:
    form = {"at": rules.write_start(at(MONDAY, 9)), "mode": "phone", "key": str(uuid.uuid4())}
    answer = sign_in(world.participant).post("/meetings/book", data=form)
    assert answer.status_code == 422
    assert "Det går inte att ses så den tiden." in text_of(answer)
    assert 'value="on_site"' in answer.get_data(as_text=True)
    gone = {**form, "at": rules.write_start(at(MONDAY, 20))}
    answer = sign_in(world.participant).post("/meetings/book", data=gone)
    assert (answer.status_code, "Tiden är inte ledig längre." in text_of(answer)) == (422, True)


def test_moving_shows_the_place_of_the_new_time(world: World, booked: Booked, sign_in: SignIn) -> None:
    meeting = booked(at(WEDNESDAY, 9), mode="on_site")
    browser = sign_in(world.participant)
    to = rules.write_start(at(MONDAY, 9))
    assert LIBRARY in text_of(browser.get(f"/meetings/{meeting.id}/move?at={to}"))
    assert rules.write_start(at(TUESDAY, 9)) not in browser.get(
        f"/meetings/{meeting.id}/move?more=4"
    ).get_data(as_text=True)


def test_staff_read_why_a_time_is_not_offered_and_book_it_anyway(
    database: Database, world: World, booked: Booked, sign_in: SignIn
) -> None:
    rule(database, world, most_a_day=1)
    booked(at(TUESDAY, 13))
    browser, page = sign_in(world.coach), f"/staff/people/{world.participant.id}/meetings/book"
    assert "klockan 13.00 i dag · Telefon" in text_of(browser.get(page))
    today = browser.get(f"{page}?at={rules.write_start(at(date(2026, 11, 24), 13))}")
    assert "checked" in _box(today.get_data(as_text=True), "phone")
    form = {"day": "2026-12-01", "at": "10:00", "minutes": "60", "mode": "walk", "key": str(uuid.uuid4())}
    answer = browser.post(page, data=form)
    assert answer.status_code == 422
    assert "Coachen har inte sådana möten den tiden." in text_of(answer)
    assert "Coachen har redan så många möten som går den dagen." in text_of(answer)
    assert browser.post(page, data={**form, "anyway": "1"}).status_code == 303
