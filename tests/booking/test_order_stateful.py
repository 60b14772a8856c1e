"""Orders as a machine on top of booking: an interpreter is in one place, an order is its meeting's (S49)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from portal.availability.models import BusyTime
from portal.booking import interpreter_service
from portal.db import Database
from portal.interpreting import assign_service
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_queries import CAUSE
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.booking.test_stateful import Booking, furnish, which
from tests.support.ordering import of_staff, outside
from tests.support.world import World

TWO = st.integers(0, 1)
LANGUAGES = st.sampled_from(["ar", "so", ""])
ACTS = {
    "confirm": assign_service.confirm,
    "unsay": assign_service.unsay,
    "decline": assign_service.decline,
    "let_go": assign_service.let_go,
}


class Orders(Booking):
    """Booking, with one interpreter from outside and the other coach, who interprets as well."""

    known: Sequence[Interpreter]

    def orders(self) -> list[InterpreterOrder]:
        """Every order that stands."""
        wanted = select(InterpreterOrder).where(InterpreterOrder.state != "cancelled")
        return self.as_made(self.session.scalars(wanted), lambda one: one.starts_at)

    def of_order(self, order: InterpreterOrder) -> Asker:
        """Whose participant it is for."""
        return self.of([one.person_id for one in self.people].index(order.person_id))

    @precondition(lambda self: self.meetings())
    @rule(number=which, language=LANGUAGES)
    def speak(self, number: int, language: str) -> None:
        """Staff want an interpreter of this language, or none."""
        meeting = self.pick(number)
        self.attempt(
            lambda: interpreter_service.set_interpreter(
                self.session, self.of_meeting(meeting), meeting.id, language, self.now
            )
        )

    @precondition(lambda self: self.orders())
    @rule(number=which, who=TWO)
    def assign(self, number: int, who: int) -> None:
        """Somebody is found."""
        found = self.orders()
        order = found[number % len(found)]
        self.attempt(
            lambda: assign_service.assign(
                self.session, self.of_order(order), order.id, self.known[who].id, self.now
            )
        )

    @precondition(lambda self: self.orders())
    @rule(number=which, act=st.sampled_from(sorted(ACTS)))
    def hear_from(self, number: int, act: str) -> None:
        """They say yes, or no, or staff think otherwise."""
        found = self.orders()
        order = found[number % len(found)]
        self.attempt(lambda: ACTS[act](self.session, self.of_order(order), order.id, self.now))

    @invariant()
    def an_order_is_as_its_meeting(self) -> None:
        """The times are the meeting's; what is cancelled, or needs no interpreter, has no order."""
        wanted = {
            (one.id, one.starts_at, one.ends_at, one.interpreter_language)
            for one in self.meetings()
            if one.state == "booked" and one.interpreter_language
        }
        found = [(one.meeting_id, one.starts_at, one.ends_at, one.language) for one in self.orders()]
        assert len(found) == len(set(found))
        assert set(found) == wanted

    @invariant()
    def an_interpreter_is_in_one_place(self) -> None:
        """Who is found holds exactly the times of their orders, and these never meet."""
        subjects = {one.id: one.subject_id for one in self.known}
        wanted = sorted(
            (subjects[one.interpreter_id], one.starts_at, one.ends_at)
            for one in self.orders()
            if one.interpreter_id
        )
        rows = self.session.scalars(select(BusyTime).where(BusyTime.cause_kind == CAUSE))
        assert sorted((row.subject_id, row.starts_at, row.ends_at) for row in rows) == wanted
        for one, two in pairwise(wanted):
            assert one[0] != two[0] or one[2] <= two[1]

    def teardown(self) -> None:
        """Leave no order to the next run."""
        self.session.execute(delete(InterpreterOrder))
        super().teardown()


def test_no_sequence_of_acts_has_an_interpreter_in_two_places_s49(
    database: Database, open_world: World, ask_as: AskAs, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notices.service.meeting_changed", lambda _session, **_said: None)
    theirs = (open_world.participant, open_world.second_participant, open_world.other_participant)
    people, admin = [ask_as(one) for one in theirs], ask_as(open_world.admin)
    coaches = [ask_as(open_world.coach), ask_as(open_world.other_coach)]
    few = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with database.transaction() as session:
        rooms = furnish(session, open_world, seats=3)
    with database.writing() as session:
        known = [
            outside(session, admin, now, "ar", "so"),
            of_staff(session, admin, open_world.other_coach.id, now, "ar", "so"),
        ]

        class Here(Orders):
            def __init__(self) -> None:
                super().__init__(session, people, coaches, rooms, now)
                self.known = known

        run_state_machine_as_test(Here, settings=few)
