"""Booking as a machine: whatever is booked, moved, cancelled and brought back, nothing overlaps (S49)."""

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime, WeeklyHours
from portal.availability.rules import MEETING
from portal.booking import service
from portal.booking.models import Appointment, MeetingChange
from portal.booking.network.models import MeetingParty
from portal.booking.time_service import Wish
from portal.db import Database
from portal.interpreting.order_models import InterpreterOrder
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from portal.web.errors import Refused
from tests.booking.conftest import AskAs
from tests.support.rooms import add_room
from tests.support.world import World

MONDAY_8 = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
BUFFERS = {
    "on_site": timedelta(minutes=15),
    "phone": timedelta(0),
    "walk": timedelta(minutes=30),
    "video": timedelta(minutes=15),
}
MOST = 3
LIBRARY = "Biblioteket"
HOUSE = {"buffer_phone_minutes": 0, "buffer_walk_minutes": 30, "most_a_day": MOST}
# Quarters of an hour over two working days: near enough to each other to meet often.
starts = st.integers(0, 80).map(lambda quarter: MONDAY_8 + timedelta(minutes=15 * quarter))
half_hours = st.integers(0, 40).map(lambda half: MONDAY_8 + timedelta(minutes=30 * half))
who = st.integers(0, 2)
which = st.integers(0, 20)
modes = st.sampled_from(sorted(BUFFERS))
# No room twice as often as each of the two: what is held on site in none must work too.
lengths = st.sampled_from([15, 30, 60, 90])
halls = st.sampled_from([None, None, 0, 1])
Row = TypeVar("Row", Appointment, InterpreterOrder, MeetingParty)


class Booking(RuleBasedStateMachine):
    """Three participants of two coaches, and two rooms; `seen` holds each meeting's UID and last revision."""

    def __init__(
        self,
        session: Session,
        people: list[Asker],
        coaches: list[Asker],
        rooms: list[uuid.UUID],
        now: datetime,
    ) -> None:
        super().__init__()
        self.session, self.people, self.coaches, self.now = session, people, coaches, now
        self.coach, self.rooms = coaches[0], rooms
        self.seen: dict[uuid.UUID, tuple[uuid.UUID, int]] = {}
        self.places: dict[uuid.UUID, int] = {}

    def as_made(self, rows: Iterable[Row], key: Callable[[Row], Any]) -> list[Row]:
        """Rows in the order in which they came to be, those of one step by `key`.

        Their ids are by chance: in their order the same steps would meet other rows the next time.
        """
        found = sorted(rows, key=key)
        for one in found:
            self.places.setdefault(one.id, len(self.places))
        return sorted(found, key=lambda one: self.places[one.id])

    def meetings(self) -> list[Appointment]:
        """Every meeting, in one order."""
        return self.as_made(self.session.scalars(select(Appointment)), lambda one: one.starts_at)

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do it, or be refused."""
        with suppress(Refused):
            act()

    def pick(self, number: int) -> Appointment:
        """One of the meetings."""
        found = self.meetings()
        return found[number % len(found)]

    @rule(person=who, at=half_hours, mode=modes)
    def book(self, person: int, at: datetime, mode: str) -> None:
        """A participant books one of the free times, or what is none: Monday's hours are not for video."""
        wish = Wish(at, mode, uuid.uuid4())
        held = self.held_on(person, at.date())
        with suppress(Refused):
            meeting = service.book_own(self.session, self.people[person], wish, self.now)
            assert held < MOST
            if self.of(person) == self.coach:
                assert (meeting.starts_at.weekday(), mode) != (0, "video")
                assert meeting.place == (LIBRARY if mode == "walk" and at.weekday() == 0 else "")
            assert meeting.room_id in ({None} if mode != "on_site" else {None, self.rooms[0]})

    def of(self, person: int) -> Asker:
        """Whose participant this is: the last one is the colleague's."""
        return self.coaches[person // 2]

    def of_meeting(self, meeting: Appointment) -> Asker:
        """Whose meeting this is."""
        return next(one for one in self.coaches if one.person_id == meeting.coach_id)

    def held_on(self, person: int, day: date) -> int:
        """How many meetings their coach has on a day: all of them lie within one day, in UTC too."""
        return sum(
            one.state == "booked"
            and one.starts_at.date() == day
            and one.coach_id == self.of(person).person_id
            for one in self.meetings()
        )

    @rule(person=who, at=starts, minutes=lengths, hidden=st.booleans(), mode=modes, hall=halls)
    def book_for(
        self, person: int, at: datetime, minutes: int, hidden: bool, mode: str, hall: int | None
    ) -> None:
        """Staff book at any time, with any length, past the most on a day too, in a room or in none."""
        wish = Wish(
            at,
            mode,
            uuid.uuid4(),
            length=timedelta(minutes=minutes),
            in_portal=not hidden,
            room=None if hall is None else self.rooms[hall],
        )
        person_id, asker = self.people[person].person_id, self.of(person)
        self.attempt(lambda: service.book_for(self.session, asker, person_id, wish, self.now, anyway=True))

    @precondition(lambda self: self.meetings())
    @rule(number=which, at=half_hours)
    def move(self, number: int, at: datetime) -> None:
        """A participant moves a meeting that they can see."""
        meeting = self.pick(number)
        if meeting.in_portal:
            asker = next(one for one in self.people if one.person_id == meeting.person_id)
            self.attempt(lambda: service.move_own(self.session, asker, meeting.id, at, self.now))

    @precondition(lambda self: self.meetings())
    @rule(number=which, at=st.none() | starts, minutes=st.sampled_from([15, 60]), mode=modes, hall=halls)
    def move_for(self, number: int, at: datetime | None, minutes: int, mode: str, hall: int | None) -> None:
        """Staff move a meeting, or change only how or where one meets."""
        meeting = self.pick(number)
        length = timedelta(minutes=minutes) if at else None
        room = None if hall is None else self.rooms[hall]
        wish = Wish(at or meeting.starts_at, mode, length=length, room=room)
        asker = self.of_meeting(meeting)
        self.attempt(lambda: service.move_for(self.session, asker, meeting.id, wish, self.now, anyway=True))

    @precondition(lambda self: self.meetings())
    @rule(number=which)
    def cancel(self, number: int) -> None:
        """Staff cancel a meeting."""
        meeting = self.pick(number)
        self.attempt(
            lambda: service.cancel_for(self.session, self.of_meeting(meeting), meeting.id, "", self.now)
        )

    @precondition(lambda self: self.meetings())
    @rule(number=which)
    def restore(self, number: int) -> None:
        """Staff bring a meeting back."""
        meeting = self.pick(number)
        self.attempt(
            lambda: service.restore_for(self.session, self.of_meeting(meeting), meeting.id, self.now)
        )

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=hours)

    @invariant()
    def nothing_overlaps(self) -> None:
        """The coach has the buffer of its kind after each meeting; no room is in two places."""
        booked = sorted(
            (one for one in self.meetings() if one.state == "booked"), key=lambda one: one.starts_at
        )
        for index, one in enumerate(booked):
            for two in booked[index + 1 :]:
                if one.coach_id == two.coach_id:
                    assert one.ends_at + BUFFERS[one.mode] <= two.starts_at
                if one.room_id is not None and one.room_id == two.room_id:
                    assert one.ends_at <= two.starts_at

    @invariant()
    def what_is_booked_is_held_and_nothing_else(self) -> None:
        """The busy rows are exactly the booked meetings' times."""
        held = {
            (row.cause_id, row.subject_id, row.starts_at, row.ends_at)
            for row in self.session.scalars(select(BusyTime).where(BusyTime.cause_kind == MEETING))
        }
        wanted = set()
        for one in self.meetings():
            if one.state == "booked":
                wanted.add((one.id, one.coach_id, one.starts_at, one.ends_at + BUFFERS[one.mode]))
                if one.room_id is not None:
                    assert one.mode == "on_site"
                    wanted.add((one.id, one.room_id, one.starts_at, one.ends_at))
                if one.in_portal:
                    wanted.add((one.id, one.person_id, one.starts_at, one.ends_at))
        assert held == wanted

    @invariant()
    def a_uid_is_for_life_and_a_revision_never_falls(self) -> None:
        """What calendars rely on."""
        for one in self.meetings():
            uid, revision = self.seen.get(one.id, (one.uid, one.revision))
            assert (one.uid, one.revision >= revision) == (uid, True)
            self.seen[one.id] = (one.uid, one.revision)

    def teardown(self) -> None:
        """Leave an empty calendar to the next run."""
        for table in (BusyTime, MeetingChange, Appointment):
            self.session.execute(delete(table))
        self.session.expunge_all()


def furnish(session: Session, world: World, **room: Any) -> list[uuid.UUID]:
    """A house in which Monday's hours are for walks and the phone; the ids of two rooms."""
    session.get_one(Organisation, world.organisation.id).settings = HOUSE
    mine = select(WeeklyHours).where(WeeklyHours.person_id == world.coach.id)
    for row in session.scalars(mine.where(WeeklyHours.weekday == 0)):
        row.modes, row.place = ["phone", "walk"], LIBRARY
    return [add_room(session, world.coach, name, **room).id for name in ("Granen", "Tallen")]


def test_no_sequence_of_acts_makes_two_meetings_overlap_s49(
    database: Database, open_world: World, ask_as: AskAs, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notices.service.meeting_changed", lambda _session, **_said: None)
    theirs = (open_world.participant, open_world.second_participant, open_world.other_participant)
    people = [ask_as(one) for one in theirs]
    coaches = [ask_as(open_world.coach), ask_as(open_world.other_coach)]
    few = settings(
        max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with database.transaction() as session:
        rooms = furnish(session, open_world)
        for row in session.scalars(select(WeeklyHours).where(WeeklyHours.weekday == 1)):
            row.room_id = rooms[0]
    with database.writing() as session:

        class Here(Booking):
            def __init__(self) -> None:
                super().__init__(session, people, coaches, rooms, now)

        run_state_machine_as_test(Here, settings=few)
