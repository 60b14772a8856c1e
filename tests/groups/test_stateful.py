"""Seats and offers as a machine: never one too many, offers in order, each told once (S49)."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.db import Database
from portal.groups import rules, seat_service, seating_service, service
from portal.groups.models import Group, GroupPart, GroupSeat, GroupSession
from portal.identity.models import Person
from portal.web.asker import Asker
from portal.web.errors import Refused
from tests.booking.conftest import AskAs
from tests.groups.conftest import Made, about, seats, sessions
from tests.support.world import World

PEOPLE, MOST = 5, 3
who = st.integers(0, PEOPLE - 1)


class Seats(RuleBasedStateMachine):
    """Five participants and a group of few seats; `queue` is who waits, as the machine knows it."""

    def __init__(
        self,
        session: Session,
        group: Group,
        people: list[Asker],
        coach: Asker,
        said: list[Any],
        now: datetime,
    ) -> None:
        super().__init__()
        self.session, self.group, self.people, self.coach = session, group, people, coach
        self.said, self.now, self.queue = said, now, list[uuid.UUID]()
        said.clear()

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do it, or be refused; then look at who was let out of the queue."""
        with suppress(Refused):
            act()
        self.look()

    def look(self) -> None:
        """Whoever is offered a seat stood first of those who wait."""
        found = seats(self.session, self.group)
        waiting = {one for one, seat in found.items() if seat.state == rules.WAITING}
        offered = [one for one in self.queue if one not in waiting and found[one].state == rules.OFFERED]
        left = [one for one in self.queue if one not in waiting and found[one].state != rules.OFFERED]
        in_order = [one for one in self.queue if one not in left]
        assert in_order[: len(offered)] == offered
        new = sorted(waiting - set(self.queue), key=lambda one: found[one].turn or 0)
        self.queue = [one for one in self.queue if one in waiting] + new

    @rule(number=who)
    def join(self, number: int) -> None:
        """Somebody wants to be in."""
        self.attempt(lambda: seat_service.join(self.session, self.people[number], self.group.id, self.now))

    @rule(number=who)
    def leave(self, number: int) -> None:
        """Somebody leaves, whatever they have."""
        if self.people[number].person_id in seats(self.session, self.group):
            self.attempt(
                lambda: seat_service.leave(self.session, self.people[number], self.group.id, self.now)
            )

    @rule(number=who, yes=st.booleans())
    def answer_offer(self, number: int, yes: bool) -> None:
        """Somebody answers an offer, or what is none."""
        act = seat_service.accept if yes else seat_service.decline
        if self.people[number].person_id in seats(self.session, self.group):
            self.attempt(lambda: act(self.session, self.people[number], self.group.id, self.now))

    @rule(number=who)
    def take_out(self, number: int) -> None:
        """Staff take somebody out."""
        person_id = self.people[number].person_id
        if person_id in seats(self.session, self.group):
            self.attempt(
                lambda: seat_service.take_out(self.session, self.coach, self.group.id, person_id, self.now)
            )

    @rule(capacity=st.integers(1, MOST))
    def resize(self, capacity: int) -> None:
        """Staff change how many seats there are."""
        wish = about(capacity=capacity)
        self.attempt(lambda: service.change(self.session, self.coach, self.group.id, wish, self.now))

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        """Time passes, and the worker goes round."""
        self.now += timedelta(hours=hours)
        self.attempt(lambda: seat_service.round_of(self.session, self.now))

    @invariant()
    def never_over_capacity_and_no_seat_twice(self) -> None:
        """What the database guards."""
        found = list(self.session.scalars(select(GroupSeat)))
        numbers = [one.number for one in found if one.number is not None]
        capacity = self.session.scalars(select(Group.capacity)).one()
        assert len(numbers) == len(set(numbers)) <= capacity

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        """Each free seat is offered at once, as long as the group meets again."""
        found = list(self.session.scalars(select(GroupSeat)))
        ahead = [one for one in sessions(self.session, self.group) if one.starts_at > self.now]
        free = self.session.scalars(select(Group.capacity)).one() - sum(
            one.number is not None for one in found
        )
        waits = any(one.state == rules.WAITING for one in found)
        assert not (waits and free and ahead)

    @invariant()
    def each_offer_is_told_once(self) -> None:
        """As many messages as offers, and none alike."""
        assert len(self.said) == len(set(self.said))
        offers = sum(self.session.scalars(select(GroupSeat.offers)))
        assert len(self.said) == offers

    @invariant()
    def time_is_held_for_whoever_is_in_and_nobody_else(self) -> None:
        """A part in each session to come for whoever is in."""
        inside = {one for one, seat in seats(self.session, self.group).items() if seat.state == rules.IN}
        ahead = select(GroupSession.id).where(GroupSession.starts_at > self.now)
        parts = select(GroupPart).where(GroupPart.session_id.in_(ahead), GroupPart.out_at.is_(None))
        coming = [(one.session_id, one.person_id) for one in self.session.scalars(parts)]
        assert set(coming) == {(one, person) for one in self.session.scalars(ahead) for person in inside}
        held = select(BusyTime.subject_id).where(
            BusyTime.cause_kind == seating_service.PART, BusyTime.starts_at > self.now
        )
        assert sorted(self.session.scalars(held)) == sorted(person for _one, person in coming)

    def teardown(self) -> None:
        """Leave an empty group to the next run."""
        self.session.execute(delete(BusyTime).where(BusyTime.cause_kind == seating_service.PART))
        for table in (GroupPart, GroupSeat):
            self.session.execute(delete(table))
        self.session.execute(update(Group).values(capacity=2))
        self.session.expunge_all()


def test_no_sequence_of_acts_gives_a_seat_twice_or_passes_anybody_over_s49(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    crowd: Callable[[int], list[Person]],
    made: Made,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[Any] = []
    monkeypatch.setattr("portal.groups.told_service.tell", lambda *_said: None)
    monkeypatch.setattr("portal.groups.told_service.was_told", lambda *_asked: True)
    monkeypatch.setattr(
        "portal.groups.told_service.offer", lambda _session, seat, _now: said.append((seat.id, seat.offers))
    )
    group, people, coach = made(), [ask_as(one) for one in crowd(PEOPLE)], ask_as(world.coach)
    few = settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with database.writing() as session:
        mine = session.get_one(Group, group.id)

        class Here(Seats):
            def __init__(self) -> None:
                super().__init__(session, mine, people, coach, said=said, now=now)

        run_state_machine_as_test(Here, settings=few)
