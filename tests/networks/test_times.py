"""The times at which all who must be there can: staff within their hours, the interpreter, and the room."""

import uuid
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete

from portal.availability.models import WeeklyHours
from portal.availability.outside import service as outside
from portal.availability.outside.models import OutsideBusy
from portal.booking import service as booking
from portal.booking.network import offer_queries
from portal.booking.network.offer_queries import Asked
from portal.booking.network.service import Plan
from portal.booking.time_service import Wish
from tests.networks.conftest import FRIDAY_9, HOUR, Table
from tests.support.ordering import of_staff
from tests.support.rooms import add_room


def starts(
    table: Table,
    plan: Plan | None = None,
    *,
    mode: str = "phone",
    room: uuid.UUID | None = None,
    interpreter: str = "",
) -> list[datetime]:
    """When all can."""
    plan = plan or Plan("network", (table.world.other_coach.id,))
    asked = Asked(mode, HOUR, plan, room, interpreter)
    found = offer_queries.times(table.session, table.coach, table.world.participant.id, asked, table.now)
    assert found
    return [one.start for one in found.fitting]


def test_six_weeks_of_times_that_all_have(table: Table) -> None:
    found = starts(table)
    assert FRIDAY_9 in found
    assert found[-1] > table.now + timedelta(weeks=6, days=-4)


def test_a_colleagues_meetings_are_in_the_way_for_their_length(table: Table) -> None:
    wish = Wish(FRIDAY_9 + HOUR, "phone", length=HOUR)
    other = table.world.other_participant
    booking.book_for(table.session, table.colleague, other.id, wish, table.now, anyway=True)
    found = starts(table)
    assert not {FRIDAY_9 + HOUR / 2, FRIDAY_9 + HOUR, FRIDAY_9 + 1.5 * HOUR} & set(found)
    assert FRIDAY_9 + 4 * HOUR in found


def test_a_colleague_is_asked_in_their_own_hours_only_and_at_any_time_where_they_have_none(
    table: Table,
) -> None:
    theirs = WeeklyHours.person_id == table.world.other_coach.id
    table.session.execute(delete(WeeklyHours).where(theirs))
    assert FRIDAY_9 in starts(table)
    table.session.add(
        WeeklyHours(person_id=table.world.other_coach.id, weekday=4, starts=time(13), ends=time(14))
    )
    table.session.flush()
    found = starts(table)
    assert {one.weekday() for one in found} == {4}
    assert {(one + HOUR).hour for one in found} == {13}


def test_a_colleague_who_is_busy_in_their_own_calendar_is_not_asked_then(table: Table) -> None:
    address = "https://outlook.office365.com/owa/calendar/a/b/calendar.ics"
    calendar = outside.add(table.session, table.colleague, address, table.now)
    calendar.read_at = table.now
    table.session.flush()
    table.session.add(OutsideBusy(calendar_id=calendar.id, starts_at=FRIDAY_9, ends_at=FRIDAY_9 + HOUR / 2))
    table.session.flush()
    found = starts(table)
    assert FRIDAY_9 not in found
    assert FRIDAY_9 + HOUR / 2 in found


def test_an_interpreter_of_staff_is_asked_in_their_hours(table: Table) -> None:
    translator = table.world.translator
    who = of_staff(table.session, table.coach, translator.id, table.now)
    table.session.add(WeeklyHours(person_id=translator.id, weekday=2, starts=time(9), ends=time(12)))
    table.session.flush()
    found = starts(table, plan=Plan("sip", (), who.id), interpreter="ar")
    assert {one.weekday() for one in found} == {2}


def test_a_room_that_is_chosen_is_free_then(table: Table) -> None:
    room = add_room(table.session, table.world.coach, seats=5)
    wish = Wish(FRIDAY_9, "on_site", room=room.id, length=HOUR)
    other = table.world.other_participant
    booking.book_for(table.session, table.colleague, other.id, wish, table.now, anyway=True)
    plan = Plan("network", ())
    found = starts(table, mode="on_site", room=room.id, plan=plan)
    assert FRIDAY_9 not in found
    assert FRIDAY_9 + HOUR in found
    assert FRIDAY_9 in starts(table, mode="on_site", plan=plan)


def test_the_day_when_the_clock_is_set_forward_is_as_any_other_s54(table: Table) -> None:
    """S54"""
    for person in (table.world.coach, table.world.other_coach):
        table.session.add(WeeklyHours(person_id=person.id, weekday=6, starts=time(0), ends=time(12)))
    table.session.flush()
    now = datetime.combine(date(2028, 3, 23), time(8), tzinfo=table.now.tzinfo)
    asked = Asked("phone", HOUR, Plan("network", (table.world.other_coach.id,)), None, "")
    found = offer_queries.times(table.session, table.coach, table.world.participant.id, asked, now)
    assert found
    zone = table.coach.zone
    walls = [one.start.astimezone(zone) for one in found.fitting]
    that = [one.time() for one in walls if one.date() == date(2028, 3, 26)]
    assert time(2) not in that
    assert time(2, 30) not in that
    assert {time(1), time(3), time(11)} <= set(that)
