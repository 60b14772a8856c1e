"""An interpreter's order follows its meeting, in one transaction; an interpreter is in one place (S49)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime, WeeklyHours
from portal.availability.service import Taken
from portal.booking import course_service, interpreter_service, rules, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.identity.models import Person
from portal.interpreting import assign_service
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_queries import CAUSE
from portal.interpreting.order_rules import OrderWish
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.support.ordering import of_staff, order_of, orders_of, outside
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
HOUR = timedelta(hours=1)
NEXT = datetime.fromisoformat("2026-12-01T09:00+00:00")
"""Tuesday at ten in Stockholm, a week from now."""
Span = tuple[datetime, datetime]


@dataclass
class Desk:
    """The coach's desk, and Samir, who interprets Arabic."""

    session: Session
    world: World
    ask_as: AskAs
    now: datetime
    samir: Interpreter

    @property
    def karin(self) -> Asker:
        return self.ask_as(self.world.coach)

    def meet(self, at: datetime = NEXT, person: Person | None = None, **wish: Any) -> Appointment:
        whom = person or self.world.participant
        wished = Wish(at, wish.pop("mode", "phone"), uuid.uuid4(), **{"interpreter": "ar", **wish})
        with APP.app_context():
            return service.book_for(self.session, self.karin, whom.id, wished, self.now, anyway=True)

    def elsewhere(self, at: datetime) -> Appointment:
        """Olof meets his own participant, with an interpreter of Arabic."""
        olof, whom = self.ask_as(self.world.other_coach), self.world.other_participant
        wish = Wish(at, "phone", uuid.uuid4(), interpreter="ar")
        with APP.app_context():
            return service.book_for(self.session, olof, whom.id, wish, self.now, anyway=True)

    def move(self, meeting: Appointment, hours: float, mode: str = "phone", place: str = "") -> None:
        wish = Wish(meeting.starts_at + hours * HOUR, mode, place=place)
        with APP.app_context():
            service.move_for(self.session, self.karin, meeting.id, wish, self.now, anyway=True)

    def cancel(self, meeting: Appointment) -> None:
        with APP.app_context():
            service.cancel_for(self.session, self.karin, meeting.id, "", self.now)

    def restore(self, meeting: Appointment) -> None:
        with APP.app_context():
            service.restore_for(self.session, self.karin, meeting.id, self.now)

    def assign(self, meeting: Appointment, who: Interpreter | None = None, *, yes: bool = False) -> None:
        order = self.order(meeting)
        assign_service.assign(self.session, self.karin, order.id, (who or self.samir).id, self.now)
        if yes:
            assign_service.confirm(self.session, self.karin, order.id, self.now)

    def order(self, meeting: Appointment) -> InterpreterOrder:
        return order_of(self.session, meeting.id)

    def held(self, subject: uuid.UUID) -> list[Span]:
        rows = self.session.scalars(
            select(BusyTime).where(BusyTime.subject_id == subject, BusyTime.cause_kind == CAUSE)
        )
        return sorted((row.starts_at, row.ends_at) for row in rows)


@pytest.fixture
def desk(session: Session, open_world: World, ask_as: AskAs, now: datetime) -> Desk:
    samir = outside(session, ask_as(open_world.admin), now)
    return Desk(session, open_world, ask_as, now, samir)


def test_an_order_is_made_with_the_meeting_and_none_without_a_language(desk: Desk) -> None:
    meeting = desk.meet(mode="on_site", order=OrderWish("irakiska", "woman"))
    row = desk.order(meeting)
    assert (row.state, row.language, row.dialect, row.gender, row.way, row.hidden) == (
        "asked",
        "ar",
        "irakiska",
        "woman",
        "place",
        False,
    )
    assert (row.starts_at, row.ends_at) == (meeting.starts_at, meeting.ends_at)
    assert orders_of(desk.session, desk.meet(NEXT + 3 * HOUR, interpreter="").id) == []


def test_what_was_wished_last_time_is_wished_again(desk: Desk, now: datetime) -> None:
    """A participant who books alone gets the interpreter whom they are used to."""
    desk.meet(order=OrderWish("irakiska", "woman"))
    amina = desk.ask_as(desk.world.participant)
    own = service.book_own(desk.session, amina, Wish(NEXT + 4 * HOUR, "phone", uuid.uuid4()), now)
    row = desk.order(own)
    assert (row.language, row.dialect, row.gender) == ("ar", "irakiska", "woman")


def test_an_interpreter_is_in_one_place(desk: Desk) -> None:
    """S49"""
    first, second = desk.elsewhere(NEXT), desk.meet(NEXT)
    desk.assign(first)
    with pytest.raises(Taken):
        desk.assign(second)
    assert desk.order(second).state == "asked"
    assert desk.held(desk.samir.id) == [(first.starts_at, first.ends_at)]


def test_the_interpreter_goes_along_to_a_time_when_they_can_and_says_yes_anew(desk: Desk) -> None:
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    desk.move(meeting, 2)
    row = desk.order(meeting)
    assert (row.state, row.interpreter_id, row.confirmed_at) == ("changed", desk.samir.id, None)
    assert (row.starts_at, row.ends_at) == (meeting.starts_at, meeting.ends_at)
    assert desk.held(desk.samir.id) == [(meeting.starts_at, meeting.ends_at)]
    assign_service.confirm(desk.session, desk.karin, row.id, desk.now)
    assert row.state == "confirmed"


def test_a_meeting_that_moves_a_little_is_not_in_its_own_interpreters_way(desk: Desk) -> None:
    meeting = desk.meet()
    desk.assign(meeting)
    desk.move(meeting, 0.5)
    assert desk.order(meeting).state == "changed"


def test_one_who_cannot_at_the_new_time_loses_it_and_another_is_asked_for(desk: Desk) -> None:
    desk.assign(desk.elsewhere(NEXT + 4 * HOUR))
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    was = (meeting.starts_at, meeting.ends_at)
    desk.move(meeting, 4)
    off, fresh = orders_of(desk.session, meeting.id)
    assert (off.state, off.why, off.told_at) == ("cancelled", "moved", None)
    assert (off.starts_at, off.ends_at) == was
    assert (fresh.state, fresh.why, fresh.interpreter_id) == ("asked", "moved", None)
    assert (fresh.starts_at, fresh.ends_at) == (meeting.starts_at, meeting.ends_at)
    assert was not in desk.held(desk.samir.id)


def test_an_agency_holds_nobodys_time_and_is_asked_again_when_it_moves(desk: Desk) -> None:
    meeting = desk.meet()
    row = desk.order(meeting)
    assign_service.assign_agency(desk.session, desk.karin, row.id, "Tolkbyrån", "T-1", desk.now)
    assign_service.confirm(desk.session, desk.karin, row.id, desk.now)
    desk.move(meeting, 2)
    assert (row.state, row.agency, row.reference, row.by_agency) == ("changed", "Tolkbyrån", "T-1", True)
    assert desk.session.scalars(select(BusyTime).where(BusyTime.cause_kind == CAUSE)).all() == []


@pytest.mark.parametrize("told", [False, True], ids=["nobody told", "told"])
def test_it_is_cancelled_with_its_meeting_and_comes_back_with_it(desk: Desk, told: bool) -> None:
    """Who has heard nothing of it stands by their yes; who was told that it is off must say yes anew."""
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    row = desk.order(meeting)
    desk.cancel(meeting)
    assert (row.state, row.why, desk.held(desk.samir.id)) == ("cancelled", "meeting", [])
    if told:
        assign_service.tell(desk.session, desk.karin, row.id, desk.now, told=True)
    desk.restore(meeting)
    assert orders_of(desk.session, meeting.id) == [row]
    assert (row.state, row.why, row.told_at) == ("changed" if told else "confirmed", "", None)
    assert desk.held(desk.samir.id) == [(meeting.starts_at, meeting.ends_at)]


def test_who_is_elsewhere_by_then_does_not_come_back(desk: Desk) -> None:
    meeting = desk.meet()
    desk.assign(meeting)
    desk.cancel(meeting)
    desk.assign(desk.elsewhere(NEXT))
    desk.restore(meeting)
    off, fresh = orders_of(desk.session, meeting.id)
    assert (off.state, fresh.state, fresh.interpreter_id) == ("cancelled", "asked", None)


def test_another_language_is_another_order_and_none_is_none(desk: Desk, now: datetime) -> None:
    meeting = desk.meet()
    desk.assign(meeting)
    interpreter_service.set_interpreter(desk.session, desk.karin, meeting.id, "so", now)
    assert [(row.language, row.state) for row in orders_of(desk.session, meeting.id)] == [
        ("ar", "cancelled"),
        ("so", "asked"),
    ]
    interpreter_service.set_interpreter(desk.session, desk.karin, meeting.id, "", now)
    assert {row.state for row in orders_of(desk.session, meeting.id)} == {"cancelled"}
    # By mistake: said again, it is as it was.
    interpreter_service.set_interpreter(desk.session, desk.karin, meeting.id, "ar", now)
    assert (desk.order(meeting).state, desk.order(meeting).interpreter_id) == ("assigned", desk.samir.id)


def test_other_wishes_ask_whoever_said_yes_anew(desk: Desk, now: datetime) -> None:
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    for _ in range(2):
        interpreter_service.set_interpreter(
            desk.session, desk.karin, meeting.id, "ar", now, OrderWish("irakiska", "man", "place")
        )
    row = desk.order(meeting)
    assert (row.state, row.dialect, row.gender, row.way) == ("changed", "irakiska", "man", "place")


def test_another_place_is_news_to_whoever_comes_there(desk: Desk) -> None:
    meeting = desk.meet(mode="on_site")
    desk.assign(meeting, yes=True)
    desk.move(meeting, 0, mode="on_site", place="Biblioteket")
    assert desk.order(meeting).state == "changed"
    desk.move(meeting, 0, mode="phone")
    assert desk.order(meeting).way == "phone"


@pytest.mark.parametrize("fate", [rules.ALONG, rules.STAY, rules.CANCEL])
def test_a_new_coach_gets_the_interpreter_with_the_meeting(desk: Desk, fate: str) -> None:
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    lead, olof = desk.ask_as(desk.world.lead), desk.world.other_coach.id
    with APP.app_context():
        course_service.hand_over(desk.session, lead, meeting.person_id, olof, {meeting.id: fate}, desk.now)
    (row,) = orders_of(desk.session, meeting.id)
    assert row.state == ("cancelled" if fate == rules.CANCEL else "confirmed")
    assert bool(desk.held(desk.samir.id)) is (fate != rules.CANCEL)


def test_staff_who_interpret_are_not_booked_as_a_coach_as_well(desk: Desk) -> None:
    """S49: the same person, whatever they are booked as."""
    olof = desk.world.other_coach
    also = of_staff(desk.session, desk.ask_as(desk.world.admin), olof.id, desk.now)
    meeting = desk.meet()
    desk.assign(meeting, also)
    assert desk.held(olof.id) == [(meeting.starts_at, meeting.ends_at)]
    with pytest.raises(Taken):
        desk.elsewhere(NEXT)
    own = desk.elsewhere(NEXT + 4 * HOUR)
    with pytest.raises(Taken):
        desk.assign(own, also)
    with pytest.raises(course_service.Collides), APP.app_context():
        course_service.hand_over(
            desk.session,
            desk.ask_as(desk.world.lead),
            meeting.person_id,
            olof.id,
            {meeting.id: rules.ALONG},
            desk.now,
        )


def test_staff_interpret_within_their_own_hours(desk: Desk) -> None:
    olof = desk.world.other_coach
    also = of_staff(desk.session, desk.ask_as(desk.world.admin), olof.id, desk.now)
    meeting = desk.meet()
    desk.assign(meeting, also)
    desk.move(meeting, 2.5)  # half past twelve: nobody's hour
    assert [row.state for row in orders_of(desk.session, meeting.id)] == ["cancelled", "asked"]
    desk.session.query(WeeklyHours).filter(WeeklyHours.person_id == olof.id).delete()
    desk.assign(meeting, also)
    desk.move(meeting, 0.5)
    assert desk.order(meeting).state == "changed"


def test_who_says_no_is_out_and_needs_no_telling(desk: Desk) -> None:
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    fresh = assign_service.decline(desk.session, desk.karin, desk.order(meeting).id, desk.now)
    off, stands = orders_of(desk.session, meeting.id)
    assert (off.why, off.told_at, stands, stands.why) == ("declined", desk.now, fresh, "declined")
    assert desk.held(desk.samir.id) == []


def test_a_slip_is_undone_without_a_trace_and_later_somebody_must_be_told(desk: Desk) -> None:
    meeting = desk.meet()
    desk.assign(meeting)
    assign_service.let_go(desk.session, desk.karin, desk.order(meeting).id, desk.now)
    (row,) = orders_of(desk.session, meeting.id)
    assert (row.state, row.interpreter_id, desk.held(desk.samir.id)) == ("asked", None, [])
    desk.assign(meeting)
    later = desk.now + timedelta(minutes=11)
    assign_service.let_go(desk.session, desk.karin, row.id, later)
    off, fresh = orders_of(desk.session, meeting.id)
    assert (off.why, off.told_at, fresh.state) == ("withdrawn", None, "asked")


def test_what_cannot_be_done_with_an_order_is_refused(desk: Desk) -> None:
    meeting, karin, now = desk.meet(), desk.karin, desk.now
    row = desk.order(meeting)
    for act in (assign_service.confirm, assign_service.decline, assign_service.let_go):
        with pytest.raises(assign_service.ChangedSince):
            act(desk.session, karin, row.id, now)
    with pytest.raises(assign_service.ChangedSince):
        assign_service.tell(desk.session, karin, row.id, now, told=True)
    somali = outside(desk.session, desk.ask_as(desk.world.admin), now, "so", name="Fadumo Ali")
    with pytest.raises(assign_service.CannotInterpret):
        desk.assign(meeting, somali)
    with pytest.raises(assign_service.Over):
        assign_service.assign(desk.session, karin, row.id, desk.samir.id, meeting.ends_at)
    desk.assign(meeting)
    desk.assign(meeting)
    with pytest.raises(assign_service.ChangedSince):
        assign_service.assign_agency(desk.session, karin, row.id, "Tolkbyrån", "", now)
    desk.cancel(meeting)
    with pytest.raises(assign_service.ChangedSince):
        assign_service.assign(desk.session, karin, row.id, desk.samir.id, now)


def test_a_yes_can_be_taken_back(desk: Desk) -> None:
    meeting = desk.meet()
    desk.assign(meeting, yes=True)
    row = desk.order(meeting)
    for _ in range(2):
        assign_service.unsay(desk.session, desk.karin, row.id, desk.now)
    assert (row.state, row.confirmed_at) == ("assigned", None)


def test_a_meeting_that_leaves_no_trace_has_an_order_that_is_in_no_list(desk: Desk) -> None:
    """S33"""
    meeting = desk.meet(in_portal=False)
    assert desk.order(meeting).hidden
