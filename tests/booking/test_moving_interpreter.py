"""Moving keeps the interpreter: what is offered are times when they can, as long as there are any."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from portal.availability.models import BusyTime, HoursException, OwnTerms, WeeklyHours
from portal.availability.rules import Span
from portal.booking import moving_queries, queries, rules, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from tests.booking.conftest import ZONE, AskAs
from tests.booking.test_orders import APP, HOUR, NEXT, Desk, desk
from tests.support.ordering import of_staff, orders_of

__all__ = ["desk"]


def busy(desk: Desk, start: datetime, end: datetime, why: str = "test") -> None:
    """The interpreter is at another place."""
    subject = desk.samir.id
    desk.session.add(
        BusyTime(
            subject_kind="interpreter",
            subject_id=subject,
            starts_at=start,
            ends_at=end,
            cause_kind=why,
            cause_id=subject,
        )
    )
    desk.session.flush()


@pytest.fixture
def meeting(desk: Desk) -> Appointment:
    """Amina's meeting on Tuesday at ten, at which Samir has said that he interprets."""
    made = desk.meet()
    desk.assign(made, yes=True)
    return made


def offered(desk: Desk, meeting: Appointment, tier: int = 2) -> tuple[set[datetime], str]:
    offer = queries.offer(desk.session, desk.ask_as(desk.world.participant, tier), desk.now, meeting.id)
    assert offer is not None
    return {one.start for one in offer.times}, offer.interpreter


def test_only_times_when_the_interpreter_can_are_offered(desk: Desk, meeting: Appointment) -> None:
    free, kept = offered(desk, meeting)
    assert kept == rules.KEPT
    assert NEXT + 4 * HOUR in free
    busy(desk, NEXT + 4 * HOUR, NEXT + 5 * HOUR)
    fewer, kept = offered(desk, meeting)
    assert kept == rules.KEPT
    assert free - fewer == {at for at in free if NEXT + 3 * HOUR < at < NEXT + 5 * HOUR}
    staff = queries.staff_offer(desk.session, desk.karin, meeting.person_id, desk.now, meeting.id)
    assert staff is not None
    starts = {one.start for one in staff.times}
    assert starts >= fewer
    assert NEXT + 4 * HOUR not in starts


def test_a_participant_moves_to_such_a_time_alone(desk: Desk, meeting: Appointment, ask_as: AskAs) -> None:
    busy(desk, NEXT + 4 * HOUR, NEXT + 5 * HOUR)
    amina = ask_as(desk.world.participant)
    with pytest.raises(service.NotFree):
        service.move_own(desk.session, amina, meeting.id, NEXT + 4 * HOUR, desk.now)
    service.move_own(desk.session, amina, meeting.id, NEXT + 24 * HOUR, desk.now)
    assert desk.order(meeting).state == "changed"


def test_where_the_interpreter_can_at_no_time_all_are_offered_and_another_is_asked_for(
    desk: Desk, meeting: Appointment, ask_as: AskAs
) -> None:
    free, _ = offered(desk, meeting)
    busy(desk, desk.now, NEXT, "before")
    busy(desk, NEXT + HOUR, NEXT + timedelta(days=60), "after")
    assert offered(desk, meeting) == (free, rules.LOST)
    assert offered(desk, meeting, tier=1)[1] == ""
    service.move_own(desk.session, ask_as(desk.world.participant), meeting.id, NEXT + 4 * HOUR, desk.now)
    assert [row.state for row in orders_of(desk.session, meeting.id)] == ["cancelled", "asked"]


def test_staff_are_told_and_can_move_it_anyway(desk: Desk, meeting: Appointment) -> None:
    busy(desk, NEXT + 4 * HOUR, NEXT + 5 * HOUR)
    wish = Wish(NEXT + 4 * HOUR, "phone")
    with APP.app_context():
        with pytest.raises(service.OutsideHours) as refused:
            service.move_for(desk.session, desk.karin, meeting.id, wish, desk.now)
        assert refused.value.reasons == (rules.NO_INTERPRETER,)
        service.move_for(desk.session, desk.karin, meeting.id, wish, desk.now, anyway=True)
    assert desk.order(meeting).state == "asked"


def test_staff_who_interpret_are_offered_within_their_own_hours(desk: Desk) -> None:
    """Olof is at work until noon alone, not on Wednesday, and has lunch at eleven."""
    olof = desk.world.other_coach
    also = of_staff(desk.session, desk.ask_as(desk.world.admin), olof.id, desk.now)
    made = desk.meet()
    desk.assign(made, also)
    hours = select(WeeklyHours).where(WeeklyHours.person_id == olof.id, WeeklyHours.starts > time(12))
    for row in desk.session.scalars(hours):
        desk.session.delete(row)
    wednesday = date(2026, 12, 2)
    desk.session.add(HoursException(person_id=olof.id, first_day=wednesday, last_day=wednesday))
    desk.session.add(OwnTerms(person_id=olof.id, lunch_starts=time(11), lunch_ends=time(12)))
    desk.session.flush()
    free, kept = offered(desk, made)
    assert kept == rules.KEPT
    walls = [at.astimezone(ZONE) for at in free]
    assert {wall.hour for wall in walls} <= {9, 10}
    assert wednesday not in {wall.date() for wall in walls}
    for at in (NEXT + timedelta(days=1), NEXT + 4 * HOUR, NEXT + timedelta(days=2)):
        can = moving_queries.interpreter_can(desk.session, desk.karin, made.id, Span(at, at + HOUR))
        assert can is (at in free)


def test_a_closed_interpreter_does_not_come_along(desk: Desk, meeting: Appointment) -> None:
    desk.samir.closed_at = desk.now
    assert offered(desk, meeting)[1] == rules.LOST
    desk.move(meeting, 4)
    assert desk.order(meeting).state == "asked"
