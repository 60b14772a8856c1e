"""What an order must not lose between two rooms: an undo, an interpreter who has left, a move and back."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.booking import away_rules, interpreter_service, moving_queries, queries, rules, time_service
from portal.booking.models import Appointment, AppointmentBefore
from portal.identity.models import Person
from portal.interpreting import assign_service
from portal.interpreting.order_models import Interpreter
from portal.interpreting.order_rules import OrderWish
from tests.booking.test_away import Desk as AwayDesk
from tests.booking.test_away import desk as away
from tests.booking.test_moving_interpreter import busy
from tests.booking.test_orders import APP, HOUR, NEXT, Desk, desk
from tests.support.ordering import of_staff, order_of, orders_of, outside

__all__ = ["away", "desk"]


@pytest.fixture
def meeting(desk: Desk) -> Appointment:
    """Amina's meeting at ten, to which Samir has said yes; at two he is elsewhere."""
    made = desk.meet()
    desk.assign(made, yes=True)
    busy(desk, NEXT + 4 * HOUR, NEXT + 5 * HOUR)
    return made


def leave(desk: Desk, person: Person) -> None:
    desk.session.execute(update(Person).where(Person.id == person.id).values(disabled_at=desk.now))


def test_an_undo_that_changes_the_house_is_news_to_whoever_comes_there(desk: Desk) -> None:
    meeting = desk.meet(mode="on_site", place="Torget 1")
    before = AppointmentBefore(
        id=uuid.uuid4(),
        coach_id=meeting.coach_id,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        moved_count=0,
        room_id=None,
    )
    before.place = meeting.place
    desk.move(meeting, 0, mode="on_site", place="Biblioteket")
    desk.assign(meeting, yes=True)
    with APP.app_context():
        time_service.put_back(desk.session, desk.karin, meeting, before, desk.now)
    assert (meeting.place, desk.order(meeting).state) == ("Torget 1", "changed")


@pytest.fixture
def olof(desk: Desk) -> Interpreter:
    """The other coach, who interprets as well."""
    return of_staff(desk.session, desk.ask_as(desk.world.admin), desk.world.other_coach.id, desk.now)


def test_staff_who_have_left_are_not_carried_along(desk: Desk, olof: Interpreter) -> None:
    meeting = desk.meet()
    desk.assign(meeting, olof, yes=True)
    leave(desk, desk.world.other_coach)
    desk.move(meeting, 1)
    assert [row.state for row in orders_of(desk.session, meeting.id)] == ["cancelled", "asked"]


def test_staff_who_have_left_are_not_chosen(desk: Desk, olof: Interpreter) -> None:
    meeting = desk.meet()
    leave(desk, desk.world.other_coach)
    with pytest.raises(assign_service.CannotInterpret):
        desk.assign(meeting, olof)


def test_no_time_is_one_at_which_staff_who_have_left_can(desk: Desk, olof: Interpreter) -> None:
    meeting = desk.meet()
    desk.assign(meeting, olof)
    participant, span = desk.ask_as(desk.world.participant), Span(NEXT + HOUR, NEXT + 2 * HOUR)
    for kept in (True, False):
        offer = queries.offer(desk.session, participant, desk.now, meeting.id)
        assert offer is not None
        assert offer.interpreter == (rules.KEPT if kept else rules.LOST)
        assert moving_queries.interpreter_can(desk.session, desk.karin, meeting.id, span) is kept
        leave(desk, desk.world.other_coach)


def test_moved_and_straight_back_the_interpreter_is_as_before(desk: Desk, meeting: Appointment) -> None:
    row = desk.order(meeting)
    desk.move(meeting, 4)
    assert (row.state, desk.order(meeting).interpreter_id) == ("cancelled", None)
    desk.move(meeting, -4)
    assert desk.order(meeting).id == row.id
    assert (row.state, row.why, row.starts_at, row.interpreter_id) == ("confirmed", "", NEXT, desk.samir.id)
    assert (meeting.starts_at, meeting.ends_at) in desk.held(desk.samir.id)
    off = orders_of(desk.session, meeting.id)[0]
    assert (off.state, off.interpreter_id, off.by_agency) == ("cancelled", None, False)


def test_at_a_third_time_the_interpreter_who_can_is_asked_anew(desk: Desk, meeting: Appointment) -> None:
    row = desk.order(meeting)
    desk.move(meeting, 4)
    desk.move(meeting, -3)
    assert (desk.order(meeting).id, row.state, row.starts_at) == (row.id, "changed", NEXT + HOUR)


def test_who_has_been_told_or_is_elsewhere_by_now_is_not_given_back(desk: Desk, meeting: Appointment) -> None:
    row = desk.order(meeting)
    desk.move(meeting, 4)
    assign_service.tell(desk.session, desk.karin, row.id, desk.now, told=True)
    desk.move(meeting, -4)
    assert (desk.order(meeting).state, desk.order(meeting).starts_at) == ("asked", NEXT)
    desk.move(meeting, 4)
    assign_service.tell(desk.session, desk.karin, row.id, desk.now, told=False)
    busy(desk, NEXT, NEXT + HOUR, "also")
    desk.move(meeting, -4)
    assert desk.order(meeting).state == "asked"


def test_whoever_was_found_meanwhile_stays(desk: Desk, meeting: Appointment) -> None:
    leila = outside(desk.session, desk.ask_as(desk.world.admin), desk.now, name="Leila Saad")
    desk.move(meeting, 4)
    desk.assign(meeting, leila)
    desk.move(meeting, -4)
    assert desk.order(meeting).interpreter_id == leila.id


@pytest.mark.parametrize("when", ["at once", "meanwhile"])
def test_a_yes_to_another_house_is_not_given_back_as_a_yes(desk: Desk, when: str) -> None:
    meeting = desk.meet(mode="on_site", place="Torget 1")
    desk.assign(meeting, yes=True)
    busy(desk, NEXT + 4 * HOUR, NEXT + 5 * HOUR)
    desk.move(meeting, 4, "on_site", "Biblioteket" if when == "at once" else "Torget 1")
    if when == "meanwhile":
        desk.move(meeting, 0, "on_site", "Biblioteket")
    desk.move(meeting, -4, "on_site", "Biblioteket")
    row = desk.order(meeting)
    assert (row.interpreter_id, row.state) == (desk.samir.id, "assigned")


def test_what_is_wished_meanwhile_is_asked_of_whoever_comes_back(desk: Desk, meeting: Appointment) -> None:
    desk.move(meeting, 4, "on_site", "Torget 1")
    wish = OrderWish("irakiska", "man", "place")
    interpreter_service.set_interpreter(desk.session, desk.karin, meeting.id, "ar", desk.now, wish)
    desk.move(meeting, -4, "on_site", "Torget 1")
    row = desk.order(meeting)
    assert (row.interpreter_id, row.state) == (desk.samir.id, "changed")
    assert (row.dialect, row.gender, row.way) == ("irakiska", "man", "place")


def test_the_undo_of_an_absence_gives_the_interpreter_back(away: AwayDesk) -> None:
    """Every other time Samir is elsewhere."""
    session, admin = away.session, away.ask_as(away.world.admin)
    samir, meeting = outside(session, admin, away.now), away.meet()
    with APP.app_context():
        interpreter_service.set_interpreter(session, away.karin, meeting.id, "ar", away.now)
    row = order_of(session, meeting.id)
    assign_service.assign(session, away.karin, row.id, samir.id, away.now)
    assign_service.confirm(session, away.karin, row.id, away.now)
    session.add(
        BusyTime(
            subject_kind="interpreter",
            subject_id=samir.id,
            starts_at=NEXT + HOUR,
            ends_at=NEXT + timedelta(days=60),
            cause_kind="test",
            cause_id=samir.id,
        )
    )
    session.flush()
    away.decide({meeting: away_rules.MOVE})
    assert order_of(session, meeting.id).state == "asked"
    assert away.undo(HOUR / 60).back == 1
    assert order_of(session, meeting.id) is row
    assert row.state == "confirmed"
